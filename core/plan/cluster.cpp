// SPDX-License-Identifier: Apache-2.0
#include "cluster.h"

#include <plimsoll/layout/needs.h>
#include <plimsoll/layout/tensor_parallel.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <tuple>

namespace plimsoll {

namespace {

/// What collectives keep on each card of a group of several (NCCL's rings and channels), as published logs of servers show.
constexpr Bytes collectives = mib(400);

/// Bytes of each block, and of what is outside, whole and replicated apart.
struct Parts
{
    std::vector<Bytes> cut;
    std::vector<Bytes> whole;
    Bytes embedding;
    Bytes output;
};

Parts partsOf(const ModelShape &shape, const TensorBytes &bytes)
{
    Parts parts;
    parts.cut.resize(shape.blocks.size());
    parts.whole.resize(shape.blocks.size());
    for (size_t i = 0; i < shape.tensors.size(); ++i) {
        const TensorSpec &tensor = shape.tensors[i];
        const Bytes size = bytes(i);
        if (tensor.layer < 0 || static_cast<size_t>(tensor.layer) >= shape.blocks.size()) {
            (pieceOf(tensor).kind == PieceKind::Output ? parts.output : parts.embedding) += size;
            continue;
        }
        // Whatever server: the least that a card must hold.
        const bool cuts = tensor.dimensions >= 2 && cutOf(tensor) != TensorCut::Whole;
        (cuts ? parts.cut : parts.whole)[static_cast<size_t>(tensor.layer)] += size;
    }
    if (shape.tiedOutput)
        parts.output += parts.embedding;
    return parts;
}

Bytes dividedUp(Bytes bytes, uint64_t by)
{
    return {partOf(bytes.value, by)};
}

/// Cache of `cells` tokens of one block on one card.
Bytes cacheOn(const BlockSpec &block, const RunOptions &options, uint32_t tensorParallel)
{
    RunOptions one = options;
    one.sequences = 1;
    const CacheBytes cache = cacheBytes(block, one);
    return dividedUp(cache.k + cache.v, keyValueParts(block, tensorParallel)) + dividedUp(cache.state, tensorParallel);
}

/// The fullest card of a division.
void fill(ClusterPlan &plan, const ModelShape &shape, const Parts &parts, const RunOptions &options, const Cluster &cluster)
{
    const uint32_t layers = shape.layers();
    const uint32_t each = (layers + plan.stages - 1) / plan.stages;
    for (uint32_t stage = 0, begin = 0; stage < plan.stages; ++stage) {
        const uint32_t end = std::min(begin + each, layers);
        Bytes weights = stage == 0 ? dividedUp(parts.embedding, plan.tensorParallel) : Bytes{};
        weights += stage + 1 == plan.stages ? dividedUp(parts.output, plan.tensorParallel) : Bytes{};
        Bytes cache;
        for (uint32_t layer = begin; layer < end; ++layer) {
            weights += dividedUp(parts.cut[layer], plan.tensorParallel) + parts.whole[layer];
            cache += cacheOn(shape.blocks[layer], options, plan.tensorParallel);
        }
        plan.weights = std::max(plan.weights, weights);
        plan.cachePerSequence = std::max(plan.cachePerSequence, cache);
        begin = end;
    }
    // Residual stream, one wide layer in between, and the logits' share, at 16 bits.
    const Bytes activations = Bytes{2} * options.batch * shape.embedding * 8 + Bytes{4} * options.sequences * shape.vocabulary;
    plan.compute = activations + (plan.tensorParallel > 1 ? collectives : Bytes{});
    plan.overhead = cluster.gpu.overhead;
    const Bytes fixed = plan.weights + plan.compute + plan.overhead;
    plan.left = cluster.gpu.total - fixed;
    const Bytes needed = fixed + plan.cachePerSequence;
    plan.shortage = needed - cluster.gpu.total;
    plan.sequences = plan.cachePerSequence.value > 0 ? plan.left.value / plan.cachePerSequence.value : 0;
    plan.fits = needed <= cluster.gpu.total;
}

} // namespace

TensorBytes bytesAt(const ModelShape &shape, const CheckpointOptions &stored)
{
    return [&shape, stored](size_t tensor) { return checkpointBytes(shape.tensors[tensor], stored); };
}

TensorBytes bytesAt(const ModelShape &shape, const WeightTypes &types)
{
    return [&shape, &types](size_t tensor) { return shape.tensors[tensor].bytes(types[tensor]); };
}

std::vector<ClusterPlan> divisions(const ModelShape &shape, const TensorBytes &bytes, const RunOptions &options, const Cluster &cluster)
{
    const Parts parts = partsOf(shape, bytes);
    const uint32_t perNode = std::max(cluster.gpusPerNode, 1u);
    const uint32_t most = perNode * std::max(cluster.mostNodes, 1u);
    std::vector<ClusterPlan> plans;
    for (uint32_t ways = 1; ways <= perNode; ++ways) {
        if (!headsDivide(shape, ways))
            continue;
        for (uint32_t stages = 1; stages * ways <= most && stages <= std::max(shape.layers(), 1u); ++stages) {
            ClusterPlan plan;
            plan.tensorParallel = ways;
            plan.stages = stages;
            plan.cards = ways * stages;
            const uint32_t groupsPerNode = std::max(perNode / ways, 1u);
            plan.nodes = (stages + groupsPerNode - 1) / groupsPerNode;
            fill(plan, shape, parts, options, cluster);
            plans.push_back(plan);
        }
    }
    std::stable_sort(plans.begin(), plans.end(), [](const ClusterPlan &a, const ClusterPlan &b) {
        return std::tuple(a.cards, b.tensorParallel) < std::tuple(b.cards, a.tensorParallel);
    });
    return plans;
}

const ClusterPlan *fewestCards(const std::vector<ClusterPlan> &all)
{
    const auto it = std::find_if(all.begin(), all.end(), [](const ClusterPlan &plan) { return plan.fits; });
    return it == all.end() ? nullptr : &*it;
}

const ClusterPlan *fewestNodes(const std::vector<ClusterPlan> &all, uint32_t gpusPerNode)
{
    const ClusterPlan *best = nullptr;
    for (const ClusterPlan &plan : all) {
        if (!plan.fits || plan.cards % gpusPerNode != 0)
            continue;
        if (!best || std::tuple(plan.nodes, best->sequences) < std::tuple(best->nodes, plan.sequences))
            best = &plan;
    }
    return best;
}

uint32_t cardsByBytes(Bytes weights, const Gpu &gpu)
{
    if (gpu.total.value == 0 || weights.overflowed())
        return UINT32_MAX;
    return static_cast<uint32_t>(std::min<uint64_t>((weights.value + gpu.total.value - 1) / gpu.total.value, UINT32_MAX));
}

Bytes cachePerToken(const ModelShape &shape, const RunOptions &options, uint32_t tensorParallel)
{
    RunOptions one = options;
    one.context = 1;
    Bytes sum;
    for (const BlockSpec &block : shape.blocks)
        sum += cacheOn(block, one, tensorParallel);
    return sum;
}

nlohmann::json toJson(const ClusterPlan &plan)
{
    return {{"tensorParallel", plan.tensorParallel}, {"stages", plan.stages}, {"cards", plan.cards}, {"nodes", plan.nodes},
        {"fits", plan.fits},
        {"card",
            {{"weights", plan.weights.value}, {"cachePerSequence", plan.cachePerSequence.value}, {"compute", plan.compute.value},
                {"overhead", plan.overhead.value}, {"leftForCache", plan.left.value}, {"shortage", plan.shortage.value}}},
        {"sequences", plan.sequences}};
}

} // namespace plimsoll
