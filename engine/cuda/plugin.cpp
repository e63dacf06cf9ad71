// SPDX-License-Identifier: Apache-2.0
#include "plugin.h"

#include <cstdio>
#include <filesystem>

namespace plimsoll::engine {
namespace {

#ifdef _WIN32
constexpr const char *fileName = "plimsoll_cuda.dll";
#else
constexpr const char *fileName = "libplimsoll_cuda.so";
#endif

constexpr int32_t cudaErrorNoDeviceNumber = 100;
constexpr int32_t mostDevices = 256;

Error unavailable(const char *reason, std::string detail)
{
    return Error{ErrorCode::CudaUnavailable, {reason, std::move(detail)}};
}

bool isFile(const std::string &path)
{
    std::error_code ignored;
    return std::filesystem::is_regular_file(path, ignored);
}

std::string uuidText(const uint8_t (&bytes)[16])
{
    std::string text = "GPU-";
    for (int i = 0; i < 16; ++i) {
        char two[3];
        std::snprintf(two, sizeof(two), "%02x", bytes[i]);
        if (i == 4 || i == 6 || i == 8 || i == 10)
            text += '-';
        text += two;
    }
    return text;
}

template <size_t N>
std::string textOf(const char (&field)[N])
{
    size_t length = 0;
    while (length < N && field[length] != '\0')
        ++length;
    return std::string(field, length);
}

CudaDevice deviceFrom(const CudaDeviceInfo &info)
{
    CudaDevice device;
    device.name = textOf(info.name);
    device.uuid = uuidText(info.uuid);
    device.pciBusId = textOf(info.pciBusId);
    device.computeCapability = std::to_string(info.computeMajor) + "." + std::to_string(info.computeMinor);
    device.total = Bytes{info.totalBytes};
    // Double data rate: two transfers per clock, each of the bus's width.
    device.bandwidth = Bandwidth{2.0 * info.memoryClockKhz * 1e3 * (info.memoryBusBits / 8)};
    return device;
}

} // namespace

Result<CudaPlugin> CudaPlugin::open(const std::string &path)
{
    if (!isFile(path))
        return unavailable("plugin", path);
    CudaPlugin plugin;
    plugin.m_library = SharedLibrary(path);
    if (!plugin.m_library)
        return unavailable("library", plugin.m_library.reason());
    const auto entry = plugin.m_library.find<CudaPluginEntry>(cudaPluginEntryName);
    if (!entry)
        return unavailable("build", path);
    const char *found = nullptr;
    plugin.m_api = entry(cudaPluginAbi, sizeof(CudaPluginApi), PLIMSOLL_VERSION, &found);
    if (!plugin.m_api || plugin.m_api->abi != cudaPluginAbi || plugin.m_api->bytes != sizeof(CudaPluginApi))
        return unavailable("build", found ? found : path);
    return plugin;
}

Result<CudaPlugin> CudaPlugin::find(const std::string &programFolder)
{
    const std::string beside = programFolder + "/" + fileName;
    if (isFile(beside))
        return open(beside);
    return open(programFolder + "/../lib/plimsoll/" + fileName);
}

Result<std::vector<CudaDevice>> CudaPlugin::devices() const
{
    CudaStatus status{};
    const int32_t count = m_api->deviceCount(&status);
    if (status.code != 0)
        return unavailable(status.code == cudaErrorNoDeviceNumber ? "device" : "driver", textOf(status.text));
    if (count <= 0 || count > mostDevices)
        return unavailable("device", std::to_string(count));
    std::vector<CudaDevice> devices;
    for (int32_t i = 0; i < count; ++i) {
        CudaDeviceInfo info{};
        if (!m_api->deviceInfo(i, &info, &status))
            return unavailable("device", textOf(status.text));
        devices.push_back(deviceFrom(info));
    }
    return devices;
}

Result<std::unique_ptr<Backend>> CudaPlugin::makeBackend(uint32_t device, Bytes freeBefore) const
{
    CudaStatus status{};
    std::unique_ptr<Backend> backend(m_api->makeBackend(static_cast<int32_t>(device), freeBefore.value, &status));
    if (!backend)
        return unavailable("device", textOf(status.text));
    return backend;
}

Status CudaPlugin::cublas() const
{
    CudaStatus status{};
    if (!m_api->cublasFound(&status))
        return unavailable("library", textOf(status.text));
    return {};
}

} // namespace plimsoll::engine
