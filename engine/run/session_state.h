// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "session.h"

#include <plimsoll/engine/base/memory.h>
#include <plimsoll/engine/base/thread_pool.h>
#include <plimsoll/engine/model/forward.h>

#include <optional>

namespace plimsoll::engine {

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
    std::vector<TensorPlace> places;               // by tensor of the shape
    std::unique_ptr<ThreadPool> pool;
    std::unique_ptr<Backend> backend;
    std::vector<Device> devices;                   // by DeviceIndex
    std::vector<Weights> weights;                  // by DeviceIndex
    std::optional<Forward> forward;
    ProcessMemory before;                          // just before the first arena was made

    std::vector<uint32_t> lengths;                 // per sequence: positions that are in the cache
    std::vector<uint32_t> written;                 // per sequence: where it ended at its longest since it began
    bool recurs = false;                           // some layer keeps a state, which cannot go back
    uint32_t smallestRing = UINT32_MAX;            // cells of the layer with the fewest
    uint32_t largestWindow = 0;                    // of the layers with rings
    std::vector<uint32_t> next;                    // per sequence: where it ends after the batch being checked

    Status readModel(const std::string &path);
    Status settleOptions(const RunOptions &wanted);
    Status layOutOnHost();
    Status allocate();
    Status bind();
    Status warmUpWeights(const LoadOptions &load);
    Status check(std::span<const BatchToken> tokens);
    bool goesOnFrom(uint32_t sequence, uint32_t position) const;

private:
    Result<std::vector<const std::byte *>> placeWeights();
};

} // namespace plimsoll::engine
