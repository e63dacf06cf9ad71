// SPDX-License-Identifier: Apache-2.0
#include "paged_server.h"

#include <plimsoll/layout/tensor_parallel.h>

#include <algorithm>

namespace plimsoll {

namespace {

Error invalid(std::string what, std::string value, std::string accepted)
{
    return {ErrorCode::InvalidArgument, {std::move(what), std::move(value), std::move(accepted)}};
}

Status check(const ModelShape &shape, const std::vector<Bytes> &weights, const PagedServerOptions &o)
{
    const std::pair<const char *, uint32_t> counts[] = {{"tensor-parallel-size", o.tensorParallel},
        {"pipeline-parallel-size", o.pipelineParallel}, {"max-model-len", o.context}, {"max-num-batched-tokens", o.batchedTokens},
        {"max-num-seqs", o.sequences}, {"block-size", o.blockTokens}, {"kv-cache-dtype", o.cacheElementBytes}};
    for (const auto &[option, value] : counts)
        if (value == 0)
            return invalid(option, "0", "at least 1");
    if (!(o.memoryShare > 0) || o.memoryShare > 1)
        return invalid("gpu-memory-utilization", std::to_string(o.memoryShare), "more than 0, at most 1");
    if (weights.size() != shape.tensors.size())
        return invalid("weights", std::to_string(weights.size()), std::to_string(shape.tensors.size()));
    if (o.pipelineParallel > std::max<size_t>(shape.blocks.size(), 1))
        return invalid("pipeline-parallel-size", std::to_string(o.pipelineParallel), "at most " + std::to_string(shape.blocks.size()));
    for (const BlockSpec &block : shape.blocks) {
        const AttentionSpec &a = block.attention;
        if (!headsDivide(block, o.tensorParallel))
            return invalid("tensor-parallel-size", std::to_string(o.tensorParallel),
                "a divisor of " + std::to_string(a.heads) + " that divides or is divided by " + std::to_string(a.kvHeads));
    }
    return {};
}

/// Layers of the first stage, which also holds the embedding: the rest goes to stages that hold less beside.
size_t layersOfStage(const ModelShape &shape, const PagedServerOptions &o)
{
    return partOf(shape.blocks.size(), o.pipelineParallel);
}

uint64_t headsOfCard(uint64_t heads, uint32_t cards)
{
    return std::max<uint64_t>(heads / cards, 1);
}

Bytes weightsOfCard(const ModelShape &shape, const std::vector<Bytes> &weights, const PagedServerOptions &o)
{
    const auto layers = static_cast<int32_t>(layersOfStage(shape, o));
    Bytes first;
    Bytes last;
    for (size_t i = 0; i < shape.tensors.size(); ++i) {
        const TensorSpec &tensor = shape.tensors[i];
        const Bytes share = shareOfCard(shape, tensor, weights[i], o.tensorParallel);
        const bool behind = tensor.role == TensorRole::Output || tensor.role == TensorRole::OutputNorm;
        const bool again = tensor.role == TensorRole::TokenEmbedding && shape.tiedOutput && o.pipelineParallel > 1;
        if (tensor.layer < 0 ? !behind : tensor.layer < layers)
            first += share;
        if (tensor.layer < 0 ? behind || again : tensor.layer >= static_cast<int32_t>(shape.blocks.size()) - layers)
            last += share;
    }
    if (o.pipelineParallel == 1) {
        first = {};
        for (size_t i = 0; i < shape.tensors.size(); ++i)
            first += shareOfCard(shape, shape.tensors[i], weights[i], o.tensorParallel);
        return first;
    }
    return std::max(first, last);
}

} // namespace

uint32_t tensorParallelCards(const ModelShape &shape, size_t gpus)
{
    auto cards = static_cast<uint32_t>(std::max<size_t>(gpus, 1));
    while (!headsDivide(shape, cards))
        --cards;
    return cards;
}

Bytes shareOfCard(const ModelShape &shape, const TensorSpec &tensor, Bytes bytes, uint32_t cards)
{
    switch (cutOf(tensor)) {
    case TensorCut::Whole:
    case TensorCut::LatentProjection: return bytes;
    case TensorCut::Cut: return {partOf(bytes.value, cards)};
    case TensorCut::KeyValueHeads: break;
    }
    const bool known = tensor.layer >= 0 && static_cast<size_t>(tensor.layer) < shape.blocks.size();
    return {partOf(bytes.value, known ? keyValueParts(shape.blocks[static_cast<size_t>(tensor.layer)], cards) : cards)};
}

Bytes pagedCache(const ModelShape &shape, const PagedServerOptions &o, uint64_t tokens)
{
    Bytes sum;
    for (size_t i = 0; i < layersOfStage(shape, o) && i < shape.blocks.size(); ++i) {
        const BlockSpec &block = shape.blocks[i];
        const KvRow row = kvRow(block);
        const uint64_t elements = (row.k + row.v) / keyValueParts(block, o.tensorParallel);
        const uint64_t window = block.attention.window;
        const uint64_t held = window > 0 ? std::min(tokens, window + o.batchedTokens) : tokens;
        sum += Bytes{elements} * roundUp(held, o.blockTokens) * o.cacheElementBytes;
        sum += Bytes{partOf(block.recurrent.stateElements, o.tensorParallel)} * 4;
    }
    return sum;
}

Bytes pagedActivations(const ModelShape &shape, const PagedServerOptions &o)
{
    uint64_t widest = 0;
    for (const BlockSpec &block : shape.blocks) {
        const AttentionSpec &a = block.attention;
        const uint64_t heads = headsOfCard(a.heads, o.tensorParallel);
        const uint64_t queries = heads * (uint64_t{2} * a.headDimK + a.headDimV) + kvRow(block).k + kvRow(block).v;
        const uint64_t dense = 3 * partOf(std::max(block.ffn.width, block.ffn.sharedWidth), o.tensorParallel);
        const uint64_t inner = 3 * partOf(block.ffn.expertWidth, o.tensorParallel);
        const uint64_t routed = block.ffn.expertsUsed * std::max<uint64_t>(inner, shape.embedding + inner / 3);
        widest = std::max({widest, queries, dense, routed + dense});
    }
    // Residual stream, its normed copy, and what a layer adds to it.
    const Bytes step = Bytes{3 * uint64_t{shape.embedding} + widest} * o.batchedTokens * 2;
    const Bytes logits = Bytes{shape.vocabulary} * o.sequences * 4 * 2;
    return std::max(step, logits);
}

Result<PagedServerMemory> pagedServerMemory(const ModelShape &shape, const std::vector<Bytes> &weights, Bytes cardTotal,
    Bytes cardOverhead, const PagedServerOptions &o)
{
    if (const Status valid = check(shape, weights, o); !valid.ok())
        return valid.error();
    PagedServerMemory memory;
    memory.budget = {static_cast<uint64_t>(static_cast<double>(cardTotal.value) * o.memoryShare)};
    memory.weights = weightsOfCard(shape, weights, o);
    memory.activations = pagedActivations(shape, o);
    memory.overhead = cardOverhead + o.graphs;
    Bytes taken = memory.weights;
    if (!o.shareIsStatic)
        taken += memory.activations + memory.overhead;
    memory.pool = memory.budget - taken;
    memory.cachePerSequence = pagedCache(shape, o, o.context);
    const Bytes page = pagedCache(shape, o, o.blockTokens);
    const bool windows = std::any_of(shape.blocks.begin(), shape.blocks.end(),
        [](const BlockSpec &block) { return block.attention.window > 0 || block.recurrent.stateElements > 0; });
    if (page.value > 0 && !windows) {
        memory.blocks = memory.pool.value / page.value;
        memory.tokens = memory.blocks * o.blockTokens;
    }
    if (memory.cachePerSequence.value > 0)
        memory.concurrency = static_cast<double>(memory.pool.value) / static_cast<double>(memory.cachePerSequence.value);
    memory.fits = taken <= memory.budget && memory.pool >= memory.cachePerSequence;
    memory.shortage = taken + memory.cachePerSequence - memory.budget;
    // What a static share leaves must hold the rest.
    if (o.shareIsStatic && memory.activations + memory.overhead > cardTotal - memory.budget) {
        memory.fits = false;
        memory.shortage = std::max(memory.shortage, memory.activations + memory.overhead - (cardTotal - memory.budget));
    }
    return memory;
}

} // namespace plimsoll
