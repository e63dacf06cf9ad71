// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <plimsoll/model/shape.h>
#include <plimsoll/result/result.h>
#include <plimsoll/units/bytes.h>

namespace plimsoll {

/// Servers that give the cache a pool of pages: vLLM and SGLang.
struct PagedServerOptions
{
    uint32_t tensorParallel = 1;       // cards that share every layer
    uint32_t pipelineParallel = 1;     // groups of them that share the layers
    double memoryShare = 0.9;          // of a card's total: vLLM's --gpu-memory-utilization, SGLang's --mem-fraction-static
    bool shareIsStatic = false;        // SGLang: weights and pool only; activations lie in the rest
    uint32_t context = 4096;           // --max-model-len, --context-length
    uint32_t batchedTokens = 8192;     // most tokens in one step: --max-num-batched-tokens, --chunked-prefill-size
    uint32_t sequences = 256;          // --max-num-seqs, --max-running-requests
    uint32_t blockTokens = 16;         // --block-size, --page-size
    uint32_t cacheElementBytes = 2;    // 1: --kv-cache-dtype fp8
    Bytes graphs = mib(512);           // of recorded CUDA graphs; 0 with --enforce-eager. Estimated
};

/// One card, the fullest of the first stage.
struct PagedServerMemory
{
    Bytes budget;               // what may be used
    Bytes weights;
    Bytes activations;          // of one step of batchedTokens, and the logits of all sequences
    Bytes overhead;             // driver context, libraries, recorded graphs
    Bytes pool;                 // what is left for the cache
    Bytes cachePerSequence;     // of one sequence as long as the context
    uint64_t blocks = 0;        // pages in the pool, where every layer attends to everything
    uint64_t tokens = 0;        // that they hold
    double concurrency = 0;     // sequences as long as the context that fit at once
    bool fits = false;          // at least one
    Bytes shortage;             // missing for one
};

/// As many of `gpus` cards as the heads can be divided over: at least 1.
uint32_t tensorParallelCards(const ModelShape &shape, size_t gpus);

/// Bytes one card of a tensor-parallel group holds of a tensor of `bytes`: matrices are cut, along outputs or inputs; vectors and
/// the projections into a latent space are on every card; of keys and values at least one head.
Bytes shareOfCard(const ModelShape &shape, const TensorSpec &tensor, Bytes bytes, uint32_t tensorParallel);

/// Cache one card holds of a sequence of `tokens`: pages of its layers and heads, windows at most as long as they are, states.
/// A latent cache lies on every card.
Bytes pagedCache(const ModelShape &shape, const PagedServerOptions &options, uint64_t tokens);

/// Peak of one step: residual stream, the widest projection with what it makes, experts' rows, and float32 logits of all sequences
/// with a copy for sampling. Modelled on what a profiling run of vLLM allocates; an estimate.
Bytes pagedActivations(const ModelShape &shape, const PagedServerOptions &options);

/// `weights`: bytes of each tensor of the shape, as the checkpoint stores them. `cardTotal`: what the driver reports.
/// Errors: InvalidArgument (counts of 0, a share outside 0 to 1, heads that the cards do not divide, more stages than layers).
Result<PagedServerMemory> pagedServerMemory(const ModelShape &shape, const std::vector<Bytes> &weights, Bytes cardTotal,
    Bytes cardOverhead, const PagedServerOptions &options);

} // namespace plimsoll
