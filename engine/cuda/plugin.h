// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plugin_abi.h"
#include "shared_library.h"

#include <plimsoll/engine/model/backend.h>
#include <plimsoll/result/result.h>
#include <plimsoll/units/bytes.h>
#include <plimsoll/units/rates.h>

#include <memory>
#include <string>
#include <vector>

namespace plimsoll::engine {

/// A device the engine could compute on.
struct CudaDevice
{
    std::string name;
    std::string uuid;                // "GPU-6f4c1c9e-…", as NVML writes it
    std::string pciBusId;            // "0000:01:00.0"
    std::string computeCapability;   // "8.9"
    Bytes total;
    Bandwidth bandwidth;             // memory clock × bus width, where told
};

/// The CUDA backend, opened at run time, so that the program starts where neither driver nor plugin is. Movable owner.
class CudaPlugin
{
public:
    /// Errors: CudaUnavailable with the reason
    /// `plugin` (no such file), `library` (does not load; the loader's words) or `build` (made for another build; which).
    static Result<CudaPlugin> open(const std::string &path);

    /// Opens libplimsoll_cuda.so in the program's folder or in ../lib/plimsoll of it.
    static Result<CudaPlugin> find(const std::string &programFolder);

    /// Asks the driver; makes no context on any device. Errors: CudaUnavailable with `driver` or `device`, and what CUDA says.
    Result<std::vector<CudaDevice>> devices() const;

    /// What computes on a device, in the order of devices(). It must be gone before the plugin is closed. `freeBefore`: what is free there
    /// now, from which it finds out what its context takes; 0: not known. Errors: CudaUnavailable with `device`.
    Result<std::unique_ptr<Backend>> makeBackend(uint32_t device, Bytes freeBefore = {}) const;

    /// Whether the matrix library the kernels will want is there. Errors: CudaUnavailable with `library`.
    Status cublas() const;

private:
    CudaPlugin() = default;

    SharedLibrary m_library;
    const CudaPluginApi *m_api = nullptr;
};

} // namespace plimsoll::engine
