// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "session.h"
#include "weight_loader.h"

#include <plimsoll/engine/base/memory.h>
#include <plimsoll/engine/base/thread_pool.h>
#include <plimsoll/engine/model/forward.h>

#include <optional>

namespace plimsoll::engine {

/// What is remembered of one sequence.
struct SequenceState
{
    uint32_t length = 0;                // positions that the caches hold, and whose tokens the history has
    uint32_t written = 0;               // where it ended at its longest since it began
    bool stateLost = false;             // the recurrent state is of no position: a pass broke off
    std::vector<uint32_t> snapshots;    // positions the kept states are of; 0: none
    uint32_t oldest = 0;                // of these
};

/// Where a sequence can go on: as it is, or after a snapshot was brought back.
struct ReuseEntry
{
    uint32_t position = 0;
    std::optional<uint32_t> snapshot;
};

/// What a session owns, in the order in which it is made; freed in reverse.
struct Session::State
{
    gguf::Header header;
    ModelShape shape;
    std::unique_ptr<Tokenizer> tokenizer;
    RunOptions options;
    Placement placement;
    Layout layout;

    std::vector<MappedFile> files;                 // by part
    std::vector<TensorPlace> places;               // by tensor of the shape; while loading
    std::unique_ptr<ThreadPool> pool;
    std::vector<ComputeDevice> offered;            // DeviceIndex 1, 2, …
    std::unique_ptr<Backend> host;
    std::vector<std::unique_ptr<Backend>> others;  // DeviceIndex 1, 2, …; null where nothing was placed
    std::vector<Device> devices;                   // by DeviceIndex
    std::optional<Forward> forward;
    ProcessMemory before;                          // just before the first arena was made
    LoadReport loading;

    std::vector<SequenceState> sequences;
    bool recurs = false;                           // some layer keeps a state, which cannot go back
    uint32_t smallestRing = UINT32_MAX;            // cells of the layer with the fewest
    uint32_t largestWindow = 0;                    // of the layers with rings
    std::vector<uint32_t> next;                    // per sequence: where it ends after the batch being checked

    Status readModel(const std::string &path);
    Status settleOptions(const RunOptions &wanted);
    Status place(const LoadOptions &load);
    Status openDevices();
    Status layOutMemory();
    Status allocate();
    Status readWeights(const LoadOptions &load);
    Status bind();
    void forgetPlaces();
    Status check(std::span<const BatchToken> tokens);
    /// Whether a token at `position` finds all that it looks back on, after a snapshot of that position was brought back if `restored`.
    bool goesOnFrom(uint32_t sequence, uint32_t position, bool restored = false) const;
    /// The latest position from which `tokens` can go on.
    ReuseEntry entryFor(uint32_t sequence, std::span<const TokenId> tokens) const;
    /// What is not there any more once a pass begins that writes `position`.
    void beginWriting(uint32_t sequence, uint32_t position);
    /// The tokens of a sequence, [context].
    int32_t *history(uint32_t sequence) const
    {
        return devices[hostDevice].buffers.history + uint64_t{sequence} * options.context;
    }

    DeviceIndex deviceCount() const { return static_cast<DeviceIndex>(1 + others.size()); }
    /// Null where nothing was placed.
    Backend *backend(DeviceIndex device) const { return device == hostDevice ? host.get() : others[device - 1].get(); }
    std::string nameOf(DeviceIndex device) const { return device == hostDevice ? "RAM" : offered[device - 1].name; }

private:
    Status checkCacheTypes(DeviceIndex device) const;
    Status checkRoom(DeviceIndex device) const;
    std::vector<WeightCopy> copiesFor(DeviceIndex device) const;
    Status copyWeights(WeightLoader &loader, DeviceIndex device, std::span<const WeightCopy> copies);
    std::vector<std::span<const std::byte>> mappedRanges() const;
    std::vector<const std::byte *> addressesOn(DeviceIndex device) const;
};

} // namespace plimsoll::engine
