// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <plimsoll/engine/model/backend.h>

#include <cuda_runtime_api.h>

#include <vector>

namespace plimsoll::engine::cuda {

/// Cells that attention is cut for where a token sees at most so many: steps of an eighth at most, so that one recording serves many
/// positions.
uint32_t roundedSpan(uint32_t span);

/// Passes of few tokens as CUDA graphs. All that differs between two tokens (token, position, sequence) is read from the device's memory by
/// the kernels, so that a graph needs no change. A kind is run as it is the first time, which loads its kernels, recorded the second, and
/// queued whole from then on. A graph that the device does not take is done without. Who stops a call while one runs waits for its end, as
/// for that of the tokens before.
class PassGraphs
{
public:
    explicit PassGraphs(cudaStream_t stream) : m_stream(stream) {}
    ~PassGraphs() { forget(); }
    PassGraphs(const PassGraphs &) = delete;
    PassGraphs &operator=(const PassGraphs &) = delete;

    /// Addresses change: nothing recorded holds any more.
    void forget();
    /// Queues the graph of that kind, or begins to record it where it is time to. Throws CudaError.
    bool replay(PassKind kind);
    /// Part of what is being recorded was left out.
    void spoil() { m_spoiled = true; }
    /// Ends what replay() began, and queues it if `whole`. False: nothing of it was queued. Throws CudaError.
    bool end(bool whole);
    /// Of the device's memory, that the graphs took when they were made and first queued; in no layout, for only the driver knows it.
    uint64_t bytes() const;

private:
    static constexpr size_t most = 16;   // kinds that are kept

    struct Recorded
    {
        PassKind kind;
        cudaGraphExec_t graph = nullptr;
        bool refused = false;
        uint64_t used = 0;
        uint64_t bytes = 0;
    };
    Recorded &of(const PassKind &kind, bool &isNew);

    cudaStream_t m_stream;
    std::vector<Recorded> m_recorded;
    Recorded *m_recording = nullptr;
    bool m_spoiled = false;
    uint64_t m_uses = 0;
};

} // namespace plimsoll::engine::cuda
