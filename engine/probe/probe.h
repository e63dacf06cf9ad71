// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <plimsoll/machine/machine.h>
#include <plimsoll/result/result.h>

#include <memory>
#include <optional>
#include <string>

namespace plimsoll {
struct Catalog;
}

/// Detects this computer. Nothing here makes a context on a GPU, needs a privilege, or fails: what cannot be found out is left empty.
namespace plimsoll::engine {

struct ProbeOptions
{
    std::string nvmlLibrary = "libnvidia-ml.so.1";   // a path, or a name for the system's loader; empty: not asked
    std::string cudaPlugin;                          // path of the plugin; empty: looked for around `programFolder`
    std::string programFolder;                       // empty: that of the running program
    std::string overheadFile;                        // what was measured when models ran here (remembered_overhead.h); empty: not asked
    const Catalog *catalog = nullptr;                // fills in what drivers do not tell of a GPU; must outlive the probe
};

/// Keeps the driver's libraries open between readings. One thread at a time.
class Probe
{
public:
    explicit Probe(const ProbeOptions &options = {});
    ~Probe();

    /// Everything but what must be measured: Cpu::readBandwidth, Cpu::int8 and Disk::read stay unknown.
    Machine machine() const;

    /// Fresh free memory, temperature, power, utilization and processes for the GPUs and the RAM of `machine`.
    void refresh(Machine &machine) const;

    /// Why the engine cannot compute on a GPU here (CudaUnavailable); nothing where it could.
    const std::optional<Error> &cudaNotice() const;
    /// Whether cuBLAS can be loaded. Takes a moment. Errors: CudaUnavailable.
    Status cublas() const;

private:
    struct State;
    std::unique_ptr<State> m_state;
};

/// One reading. GPUs stand in CUDA's order where CUDA is there, otherwise in NVML's.
Machine probe(const ProbeOptions &options = {});

/// Measures how fast the disk that holds `file` reads, in at most a tenth of a second, and notes it there. Nothing is written; where the
/// file is too short or its file system cannot be read past the page cache, the disk's speed stays unknown.
void measureDisk(Machine &machine, const std::string &file);

/// Path of the running program; empty where the system does not tell.
std::string programPath();

} // namespace plimsoll::engine
