// SPDX-License-Identifier: Apache-2.0
#include "llama_graph.h"

#include "llama_graph_builder.h"

#include <algorithm>
#include <set>

namespace plimsoll {

uint64_t llamaStreams(const LlamaOptions &options)
{
    // The fork has one cache for all sequences.
    const bool shared = options.unifiedCache || options.variant == LlamaVariant::IkLlamaCpp;
    return shared ? 1 : std::max(options.sequences, 1u);
}

uint64_t llamaCells(const BlockSpec &block, const LlamaOptions &options)
{
    const uint64_t streams = llamaStreams(options);
    const uint64_t step = options.variant == LlamaVariant::LlamaCpp || options.flashAttention ? 256 : 32;
    const uint64_t cells = roundUp(std::max<uint64_t>(options.context / streams, 1), step);
    // The fork keeps windows as long as the context.
    if (block.attention.window == 0 || options.fullWindows || options.variant == LlamaVariant::IkLlamaCpp)
        return cells;
    const uint64_t sharing = streams == 1 ? std::max(options.sequences, 1u) : 1;
    return roundUp(std::min(cells, block.attention.window * sharing + options.microBatch), 256);
}

uint32_t llamaPipelineCopies(const Placement &placement)
{
    // The embedding always stays in RAM; everything else must lie on GPUs, and on more than one.
    std::set<DeviceIndex> gpus;
    for (size_t i = 1; i < placement.devices.size(); ++i)
        gpus.insert(placement.devices[i]);
    return gpus.size() > 1 && !gpus.contains(hostDevice) ? 4 : 1;
}

std::vector<Bytes> llamaComputeBytes(const ModelShape &shape, const WeightTypes &types, const Placement &placement,
    size_t deviceCount, const LlamaOptions &options)
{
    LlamaGraphBuilder builder(shape, types, placement, deviceCount, options);
    return builder.run();
}

} // namespace plimsoll
