// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <vector>

/// What a stream was told to do while it was captured.
struct SimtGraph
{
    struct Node
    {
        std::function<void()> run;
        bool isKernel = false;
    };
    std::vector<Node> nodes;
    bool invalid = false;
    void *memory = nullptr;   // of the device, what one that can be launched takes
};

/// Work in order. Kernels run at once, after all that was put off before them, or are put off as well (simt::setKernelsLate); what is put
/// off runs when somebody waits for it, so that a copy whose source was given away too early, or whose destination is read too early, is
/// seen to be wrong.
struct SimtStream
{
    int device = 0;
    std::vector<std::function<void()>> later;
    uint64_t begun = 0;   // of all that was put off since the stream was made
    uint64_t kernels = 0;                              // so far
    uint64_t kernelsWaitedFor = 0;                     // of these, by the host
    std::map<const SimtStream *, uint64_t> kernelsOf;  // of other streams, which this one waits for
    std::optional<SimtGraph> captured;                 // as long as it is

    void putOff(std::function<void()> work) { later.push_back(std::move(work)); }
    uint64_t count() const { return begun + later.size(); }
    /// Runs what was put off, up to the `count`th.
    void catchUp(uint64_t count);
};

/// A place in a stream.
struct SimtEvent
{
    int device = 0;
    SimtStream *stream = nullptr;   // null: not set yet
    uint64_t count = 0;
    uint64_t kernels = 0;
};

namespace simt {

/// The device of the last cudaSetDevice.
int currentDevice();
/// The device that memory of cudaMalloc belongs to, where all of it does; otherwise -1.
int ownerOf(const void *memory, size_t bytes);
/// Whether cudaHostRegister was told of all of it.
bool isPinned(const void *memory, size_t bytes);
/// Whether somebody, the host or the stream, waited for all kernels of a device before what comes next on the stream.
bool waitedFor(int device, const SimtStream &stream);
/// Notes the work where the stream is captured; whether it is.
bool noted(SimtStream *stream, std::function<void()> work, bool isKernel = false);
/// Runs all that was put off; null, the default stream, puts nothing off.
void catchUp(SimtStream *stream);

} // namespace simt
