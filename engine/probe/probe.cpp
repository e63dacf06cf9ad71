// SPDX-License-Identifier: Apache-2.0
#include "probe.h"

#include "cpu_features.h"
#include "nvml.h"
#include "os_host.h"
#include "remembered_overhead.h"

#include <plimsoll/catalog/catalog.h>
#include <plimsoll/engine/base/memory.h>
#include <plimsoll/engine/cuda/plugin.h>

#include <algorithm>
#include <cstdio>

namespace plimsoll::engine {
namespace {

std::string folderOf(const std::string &path)
{
    const size_t slash = path.find_last_of('/');
    return slash == std::string::npos ? "." : path.substr(0, slash);
}

/// "0000:01:00.0" and "00000000:01:00.0" name one slot.
bool sameSlot(const std::string &a, const std::string &b)
{
    const auto parse = [](const std::string &text, unsigned (&slot)[4]) {
        return std::sscanf(text.c_str(), "%x:%x:%x.%x", &slot[0], &slot[1], &slot[2], &slot[3]) == 4;
    };
    unsigned first[4] = {}, second[4] = {};
    return parse(a, first) && parse(b, second) && std::equal(first, first + 4, second);
}

/// What CUDA can compute on, with what NVML knows about the same device. Without NVML nobody tells how much is free.
Gpu combine(const CudaDevice &device, const std::vector<NvmlGpu> &managed)
{
    Gpu gpu;
    const auto by = [&](auto &&same) { return std::find_if(managed.begin(), managed.end(), same); };
    auto match = by([&](const NvmlGpu &m) { return m.gpu.uuid == device.uuid; });
    if (match == managed.end())
        match = by([&](const NvmlGpu &m) { return sameSlot(m.pciBusId, device.pciBusId); });
    if (match != managed.end()) {
        gpu = match->gpu;
        // One slot, two names: a part of a divided device. CUDA's size is the part's.
        if (gpu.uuid != device.uuid && device.total < gpu.total) {
            gpu.total = device.total;
            gpu.free = std::min(gpu.free, device.total);
        }
    } else {
        gpu.total = gpu.free = device.total;
    }
    gpu.name = device.name;
    gpu.uuid = device.uuid;
    gpu.computeCapability = device.computeCapability;
    if (!gpu.bandwidth.known())
        gpu.bandwidth = device.bandwidth;
    return gpu;
}

void completeFromCatalog(Gpu &gpu, const Catalog &catalog)
{
    const auto entry = catalog.gpu(gpu.name);
    if (!entry)
        return;
    const Gpu &known = (*entry)->gpu;
    if (!gpu.bandwidth.known())
        gpu.bandwidth = known.bandwidth;
    if (!gpu.link.known())
        gpu.link = known.link;
    if (gpu.computeCapability.empty())
        gpu.computeCapability = known.computeCapability;
    gpu.fp16 = known.fp16;
    gpu.fp32 = known.fp32;
    gpu.int8 = known.int8;
    gpu.vendor = known.vendor;
    gpu.unified = known.unified;
    gpu.overhead = known.overhead;
    gpu.reserve = known.reserve;
}

} // namespace

struct Probe::State
{
    std::optional<Nvml> nvml;
    std::optional<CudaPlugin> cuda;
    std::vector<CudaDevice> cudaDevices;
    std::optional<Error> notice;
    const Catalog *catalog = nullptr;
    std::string overheadFile;

    std::vector<Gpu> gpus() const;
};

std::vector<Gpu> Probe::State::gpus() const
{
    const std::vector<NvmlGpu> managed = nvml ? nvml->gpus() : std::vector<NvmlGpu>();
    std::vector<Gpu> found;
    if (!cudaDevices.empty()) {
        for (const CudaDevice &device : cudaDevices)
            found.push_back(combine(device, managed));
    } else {
        for (const NvmlGpu &entry : managed)
            found.push_back(entry.gpu);
    }
    if (catalog) {
        for (Gpu &gpu : found)
            completeFromCatalog(gpu, *catalog);
    }
    for (Gpu &gpu : found) {
        const auto measured = overheadFile.empty() ? std::nullopt : rememberedOverhead(overheadFile, gpu);
        gpu.overheadMeasured = measured.has_value();
        gpu.overhead = measured.value_or(gpu.overhead);
    }
    return found;
}

Probe::Probe(const ProbeOptions &options) : m_state(std::make_unique<State>())
{
    m_state->catalog = options.catalog;
    m_state->overheadFile = options.overheadFile;
    if (!options.nvmlLibrary.empty())
        m_state->nvml = Nvml::open(options.nvmlLibrary);

    const std::string folder = options.programFolder.empty() ? folderOf(programPath()) : options.programFolder;
    auto plugin = options.cudaPlugin.empty() ? CudaPlugin::find(folder) : CudaPlugin::open(options.cudaPlugin);
    if (!plugin) {
        m_state->notice = plugin.error();
        return;
    }
    m_state->cuda = std::move(*plugin);
    auto devices = m_state->cuda->devices();
    if (devices)
        m_state->cudaDevices = std::move(*devices);
    else
        m_state->notice = devices.error();
}

Probe::~Probe() = default;

Machine Probe::machine() const
{
    Machine machine;
    machine.name = hostName();
    machine.gpus = m_state->gpus();
    machine.cpu.model = cpuModel();
    machine.cpu.physicalCores = physicalCores();
    machine.cpu.logicalCores = std::max(logicalCores(), machine.cpu.physicalCores);
    machine.cpu.instructionSets = cpuInstructionSets();
    const SystemMemory memory = systemMemory();
    machine.ram.total = Bytes{memory.total};
    machine.ram.available = Bytes{memory.available};
    machine.disks = disks();
    if (machine.gpus.empty() && m_state->notice)
        machine.gpuNotice = "cuda-unavailable:" + m_state->notice->arguments.front();
    return machine;
}

void Probe::refresh(Machine &machine) const
{
    const SystemMemory memory = systemMemory();
    machine.ram.total = Bytes{memory.total};
    machine.ram.available = Bytes{memory.available};
    for (Gpu &fresh : m_state->gpus()) {
        for (Gpu &gpu : machine.gpus) {
            if (gpu.uuid != fresh.uuid || gpu.name != fresh.name)
                continue;
            gpu.total = fresh.total;
            gpu.free = fresh.free;
            gpu.temperatureC = fresh.temperatureC;
            gpu.powerW = fresh.powerW;
            gpu.clockMHz = fresh.clockMHz;
            gpu.utilization = fresh.utilization;
            gpu.processes = std::move(fresh.processes);
        }
    }
}

const std::optional<Error> &Probe::cudaNotice() const
{
    return m_state->notice;
}

Status Probe::cublas() const
{
    if (!m_state->cuda)
        return *m_state->notice;
    return m_state->cuda->cublas();
}

void measureDisk(Machine &machine, const std::string &file)
{
    Disk *holder = nullptr;
    for (Disk &disk : machine.disks) {
        const std::string folder = disk.mount.ends_with('/') ? disk.mount : disk.mount + "/";
        if (file.starts_with(folder) && (!holder || disk.mount.size() > holder->mount.size()))
            holder = &disk;
    }
    if (holder)
        holder->read = directReadSpeed(file);
}

Machine probe(const ProbeOptions &options)
{
    return Probe(options).machine();
}

} // namespace plimsoll::engine
