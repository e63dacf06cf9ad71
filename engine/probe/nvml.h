// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <plimsoll/machine/machine.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace plimsoll::engine {

struct NvmlGpu
{
    Gpu gpu;                // overhead, reserve and throughput are not NVML's to tell
    std::string pciBusId;   // "00000000:01:00.0"
};

/// NVIDIA's management library, opened at run time and initialised; closed with the object. It knows free memory without making a
/// context, and sees the processes of others.
class Nvml
{
public:
    /// Nothing where the library, or a driver behind it, is not there.
    static std::optional<Nvml> open(const std::string &library);
    Nvml(Nvml &&) noexcept;
    Nvml &operator=(Nvml &&) noexcept;
    ~Nvml();

    /// Every GPU that answers. A figure that one does not tell stays unknown.
    std::vector<NvmlGpu> gpus() const;

private:
    struct Library;
    explicit Nvml(std::unique_ptr<Library> library);
    std::unique_ptr<Library> m_library;
};

} // namespace plimsoll::engine
