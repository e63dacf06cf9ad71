// SPDX-License-Identifier: Apache-2.0
#include "nvml.h"

#include "nvml_abi.h"
#include "os_host.h"

#include <plimsoll/engine/cuda/shared_library.h>

#include <algorithm>
#include <array>

namespace plimsoll::engine {

using namespace nvml;

struct Nvml::Library
{
    SharedLibrary file;
    Return (*init)() = nullptr;
    Return (*shutdown)() = nullptr;
    Return (*driverVersion)(char *, unsigned) = nullptr;
    Return (*count)(unsigned *) = nullptr;
    Return (*handle)(unsigned, Device *) = nullptr;
    Return (*name)(Device, char *, unsigned) = nullptr;
    Return (*uuid)(Device, char *, unsigned) = nullptr;
    Return (*pci)(Device, PciInfo *) = nullptr;
    Return (*memory)(Device, Memory *) = nullptr;
    Return (*memoryV2)(Device, MemoryV2 *) = nullptr;
    Return (*temperature)(Device, unsigned, unsigned *) = nullptr;
    Return (*power)(Device, unsigned *) = nullptr;
    Return (*utilization)(Device, Utilization *) = nullptr;
    Return (*computeCapability)(Device, int *, int *) = nullptr;
    Return (*busWidth)(Device, unsigned *) = nullptr;
    Return (*clock)(Device, unsigned, unsigned *) = nullptr;
    Return (*maxClock)(Device, unsigned, unsigned *) = nullptr;
    Return (*linkGeneration)(Device, unsigned *) = nullptr;
    Return (*linkWidth)(Device, unsigned *) = nullptr;
    Return (*computeV2)(Device, unsigned *, ProcessV2 *) = nullptr;
    Return (*computeV1)(Device, unsigned *, ProcessV1 *) = nullptr;
    Return (*graphicsV2)(Device, unsigned *, ProcessV2 *) = nullptr;
    Return (*graphicsV1)(Device, unsigned *, ProcessV1 *) = nullptr;
    bool initialised = false;

    ~Library()
    {
        if (initialised)
            shutdown();
    }

    void bind();
    bool complete() const { return init && shutdown && count && handle && name && (memory || memoryV2); }
};

namespace {

template <typename Function>
void bindFirst(const SharedLibrary &file, Function &function, std::initializer_list<const char *> symbols)
{
    for (const char *symbol : symbols) {
        if (!function)
            function = file.find<Function>(symbol);
    }
}

/// A text that the library writes into a buffer of ours, which it may have filled to the brim.
template <typename Function, typename... Arguments>
std::string textFrom(Function function, Arguments... arguments)
{
    std::array<char, 128> buffer{};
    if (!function || function(arguments..., buffer.data(), static_cast<unsigned>(buffer.size() - 1)) != success)
        return {};
    return buffer.data();
}

std::optional<unsigned> number(Return (*function)(Device, unsigned *), Device device)
{
    unsigned value = 0;
    if (!function || function(device, &value) != success)
        return std::nullopt;
    return value;
}

std::optional<unsigned> number(Return (*function)(Device, unsigned, unsigned *), Device device, unsigned which)
{
    unsigned value = 0;
    if (!function || function(device, which, &value) != success)
        return std::nullopt;
    return value;
}

/// Bytes per second of one lane, encoding taken off, of PCI Express generations 1 to 7; from there on it would be a guess.
double laneBytesPerSecond(unsigned generation)
{
    constexpr std::array<double, 8> gigabytes{0, 0.25, 0.5, 0.985, 1.969, 3.938, 7.563, 15.125};
    return generation < gigabytes.size() ? gigabytes[generation] * 1e9 : 0;
}

/// Asks how many there are, then for all of them; processes that start in between are met by some spare room.
template <typename Process>
bool addProcesses(Return (*function)(Device, unsigned *, Process *), Device device, std::vector<GpuProcess> &processes)
{
    if (!function)
        return false;
    constexpr unsigned most = 4096;
    unsigned count = 0;
    const Return asked = function(device, &count, nullptr);
    if (asked == success && count == 0)
        return true;
    if ((asked != insufficientSize && asked != success) || count > most)
        return false;
    std::vector<Process> entries(count + 16);
    count = static_cast<unsigned>(entries.size());
    if (function(device, &count, entries.data()) != success)
        return false;
    entries.resize(std::min<size_t>(count, entries.size()));
    for (const Process &entry : entries) {
        const Bytes used{entry.usedMemory == notAvailable ? 0 : entry.usedMemory};
        const auto known = std::find_if(processes.begin(), processes.end(), [&](const GpuProcess &p) { return p.pid == entry.pid; });
        if (known != processes.end())
            known->used = std::max(known->used, used);   // draws and computes: the same memory, told twice
        else
            processes.push_back({entry.pid, processName(entry.pid), used});
    }
    return true;
}

} // namespace

void Nvml::Library::bind()
{
    bindFirst(file, init, {"nvmlInit_v2", "nvmlInit"});
    bindFirst(file, shutdown, {"nvmlShutdown"});
    bindFirst(file, driverVersion, {"nvmlSystemGetDriverVersion"});
    bindFirst(file, count, {"nvmlDeviceGetCount_v2", "nvmlDeviceGetCount"});
    bindFirst(file, handle, {"nvmlDeviceGetHandleByIndex_v2", "nvmlDeviceGetHandleByIndex"});
    bindFirst(file, name, {"nvmlDeviceGetName"});
    bindFirst(file, uuid, {"nvmlDeviceGetUUID"});
    bindFirst(file, pci, {"nvmlDeviceGetPciInfo_v3"});
    bindFirst(file, memory, {"nvmlDeviceGetMemoryInfo"});
    bindFirst(file, memoryV2, {"nvmlDeviceGetMemoryInfo_v2"});
    bindFirst(file, temperature, {"nvmlDeviceGetTemperature"});
    bindFirst(file, power, {"nvmlDeviceGetPowerUsage"});
    bindFirst(file, utilization, {"nvmlDeviceGetUtilizationRates"});
    bindFirst(file, computeCapability, {"nvmlDeviceGetCudaComputeCapability"});
    bindFirst(file, busWidth, {"nvmlDeviceGetMemoryBusWidth"});
    bindFirst(file, clock, {"nvmlDeviceGetClockInfo"});
    bindFirst(file, maxClock, {"nvmlDeviceGetMaxClockInfo"});
    bindFirst(file, linkGeneration, {"nvmlDeviceGetMaxPcieLinkGeneration"});
    bindFirst(file, linkWidth, {"nvmlDeviceGetMaxPcieLinkWidth"});
    bindFirst(file, computeV2, {"nvmlDeviceGetComputeRunningProcesses_v2", "nvmlDeviceGetComputeRunningProcesses_v3"});
    bindFirst(file, computeV1, {"nvmlDeviceGetComputeRunningProcesses"});
    bindFirst(file, graphicsV2, {"nvmlDeviceGetGraphicsRunningProcesses_v2", "nvmlDeviceGetGraphicsRunningProcesses_v3"});
    bindFirst(file, graphicsV1, {"nvmlDeviceGetGraphicsRunningProcesses"});
}

Nvml::Nvml(std::unique_ptr<Library> library) : m_library(std::move(library)) {}
Nvml::Nvml(Nvml &&) noexcept = default;
Nvml &Nvml::operator=(Nvml &&) noexcept = default;
Nvml::~Nvml() = default;

std::optional<Nvml> Nvml::open(const std::string &library)
{
    auto opened = std::make_unique<Library>();
    opened->file = SharedLibrary(library);
    if (!opened->file)
        return std::nullopt;
    opened->bind();
    if (!opened->complete() || opened->init() != success)
        return std::nullopt;
    opened->initialised = true;
    return Nvml(std::move(opened));
}

namespace {

template <typename Library>
bool readMemory(const Library &library, Device device, Gpu &gpu)
{
    MemoryV2 detailed;
    if (library.memoryV2 && library.memoryV2(device, &detailed) == success) {
        gpu.total = Bytes{detailed.total};
        gpu.free = Bytes{std::min(detailed.free, detailed.total)};
        return true;
    }
    Memory memory{};
    if (!library.memory || library.memory(device, &memory) != success)
        return false;
    gpu.total = Bytes{memory.total};
    gpu.free = Bytes{std::min(memory.free, memory.total)};
    return true;
}

template <typename Library>
void readSensors(const Library &library, Device device, Gpu &gpu)
{
    if (const auto celsius = number(library.temperature, device, temperatureOfGpu))
        gpu.temperatureC = *celsius;
    if (const auto milliwatts = number(library.power, device))
        gpu.powerW = *milliwatts / 1000.0;
    if (const auto megahertz = number(library.clock, device, clockOfProcessors))
        gpu.clockMHz = *megahertz;
    Utilization busy{};
    if (library.utilization && library.utilization(device, &busy) == success)
        gpu.utilization = std::min(busy.gpu, 100u) / 100.0;
}

template <typename Library>
void readHardware(const Library &library, Device device, NvmlGpu &found)
{
    PciInfo pci{};
    if (library.pci && library.pci(device, &pci) == success) {
        pci.busId[sizeof(pci.busId) - 1] = '\0';
        found.pciBusId = pci.busId;
    }
    int major = 0, minor = 0;
    if (library.computeCapability && library.computeCapability(device, &major, &minor) == success)
        found.gpu.computeCapability = std::to_string(major) + "." + std::to_string(minor);
    const auto bits = number(library.busWidth, device);
    const auto megahertz = number(library.maxClock, device, clockOfMemory);
    if (bits && megahertz)   // double data rate: two transfers per clock
        found.gpu.bandwidth = Bandwidth{2.0 * *megahertz * 1e6 * (*bits / 8)};
    const auto generation = number(library.linkGeneration, device);
    const auto lanes = number(library.linkWidth, device);
    if (generation && lanes)
        found.gpu.link = Bandwidth{laneBytesPerSecond(*generation) * *lanes};
}

} // namespace

std::vector<NvmlGpu> Nvml::gpus() const
{
    constexpr unsigned most = 256;
    unsigned count = 0;
    if (m_library->count(&count) != success || count > most)
        return {};
    const std::string driver = textFrom(m_library->driverVersion);
    std::vector<NvmlGpu> found;
    for (unsigned i = 0; i < count; ++i) {
        Device device = nullptr;
        NvmlGpu entry;
        if (m_library->handle(i, &device) != success || !readMemory(*m_library, device, entry.gpu))
            continue;
        entry.gpu.name = textFrom(m_library->name, device);
        entry.gpu.uuid = textFrom(m_library->uuid, device);
        entry.gpu.driver = driver;
        readHardware(*m_library, device, entry);
        readSensors(*m_library, device, entry.gpu);
        if (!addProcesses(m_library->computeV2, device, entry.gpu.processes))
            addProcesses(m_library->computeV1, device, entry.gpu.processes);
        if (!addProcesses(m_library->graphicsV2, device, entry.gpu.processes))
            addProcesses(m_library->graphicsV1, device, entry.gpu.processes);
        found.push_back(std::move(entry));
    }
    return found;
}

} // namespace plimsoll::engine
