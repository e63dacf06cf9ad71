// SPDX-License-Identifier: Apache-2.0
#include "backend_impl.h"

#include <plimsoll/engine/model/attention_widths.h>

#include <algorithm>

// Latent attention (DeepSeek-V2, arXiv 2405.04434) in the absorbed form: the cache holds what keys and values are projected from, queries
// are taken there, and what attention gives is projected once per token instead of once per cell.
namespace plimsoll::engine::cuda {

void CudaBackend::latentInput(const MixerInputPhase &what)
{
    const AttentionSpec &spec = what.block->attention;
    const LatentTensors &latent = what.latent;
    const Tensor &first = latent.qA ? latent.qA : what.q;
    const Input normed = normalizeHidden(what.norm, first.columns, what.count,
        wantsQuantized(first, what.count) || wantsQuantized(latent.kvA, what.count));
    float *const compressed = m_buffers.key + uint64_t{what.count} * latentWidth(spec);
    const Product products[2] = {productOf(first, normed, latent.qA ? compressed : m_buffers.value),
        productOf(latent.kvA, normed, m_buffers.key)};
    m_multiplier->multiply(products);
    if (latent.qA) {
        RowNorm norm;
        norm.norm = latent.qANorm;
        norm.x = norm.out = compressed;
        norm.xStride = norm.outStride = norm.columns = spec.qLoraRank;
        norm.quantized = wantsQuantized(latent.qB, what.count) ? m_buffers.quantized : nullptr;
        norm.rows = what.count;
        normRows(m_stream, norm);
        m_multiplier->multiply(productOf(latent.qB, {compressed, spec.qLoraRank, what.count}, m_buffers.value));
    }
    LatentFinish work;
    work.norm = latent.kvANorm;
    work.latentDim = spec.kvLoraRank;
    work.ropeDim = spec.ropeDim;
    work.nopeDim = spec.nopeDim;
    work.heads = spec.heads;
    work.cache = what.cache;
    const uint32_t step = m_rotations.tokensAtOnce(spec.rope);
    for (uint32_t begin = 0; begin < what.count; begin += step) {
        work.count = std::min(step, what.count - begin);
        work.latent = m_buffers.key + uint64_t{begin} * latentWidth(spec);
        work.projected = m_buffers.value + uint64_t{begin} * spec.heads * spec.headDimK;
        work.query = m_buffers.query + uint64_t{begin} * spec.heads * latentWidth(spec);
        work.tokens = m_buffers.tokens + begin;
        work.rotations = m_rotations.of(m_stream, spec.rope, what.ropeFactors, m_buffers.tokens, begin, work.count);
        finishLatent(m_stream, work);
    }
    absorbKeys(what);
}

/// query[head] = key projection of that head, transposed, times the unrotated part of its query. Where the file holds the projections as
/// they were trained, rows of them are added up, weighed by the query.
void CudaBackend::absorbKeys(const MixerInputPhase &what)
{
    const AttentionSpec &spec = what.block->attention;
    if (const Tensor &kvB = what.latent.kvB) {
        RowSum work;
        work.matrix = kvB.data;
        work.rowBytes = kvB.rowBytes;
        work.columns = spec.kvLoraRank;
        work.headRows = spec.nopeDim + spec.headDimV;
        work.depth = spec.nopeDim;
        work.heads = spec.heads;
        work.x = m_buffers.value;
        work.xStride = spec.headDimK;
        work.out = m_buffers.query;
        work.outStride = latentWidth(spec);
        work.tokens = what.count;
        return m_multiplier->sumRows(kvB.type, work);
    }
    const Tensor &kB = what.latent.kB;
    const Input raw{m_buffers.value, spec.heads * spec.headDimK, what.count};
    if (wantsQuantized(kB, what.count, spec.heads))
        quantizeHeads(raw, spec.heads, spec.headDimK, spec.nopeDim);
    Product product = cutProduct(kB, raw, m_buffers.query, uint64_t{spec.heads} * latentWidth(spec), 0, spec.kvLoraRank, spec.heads,
        kB.rows, latentWidth(spec));
    product.xStep = spec.headDimK;
    product.quantizedStep = what.count * activationRowBytes(spec.nopeDim);
    m_multiplier->multiply(product);
}

void CudaBackend::latentAttention(const AttentionPhase &what)
{
    KvCache cache = what.cache;
    cache.v = cache.k;
    cache.typeV = cache.typeK;
    cache.rowBytesV = cache.rowBytesK;
    attendHeads(what, absorbed(what.block->attention), cache);
    projectValues(what);
}

/// attentionOut[head] = value projection of that head times what attention gave it.
void CudaBackend::projectValues(const AttentionPhase &what)
{
    const AttentionSpec &spec = what.block->attention;
    const bool apart = static_cast<bool>(what.latent.vB);
    const Tensor &stack = apart ? what.latent.vB : what.latent.kvB;
    const Input seen{m_buffers.attentionOut, spec.heads * spec.kvLoraRank, what.count};
    if (wantsQuantized(stack, what.count, spec.heads))
        quantizeHeads(seen, spec.heads, spec.kvLoraRank, spec.kvLoraRank);
    const uint32_t width = spec.heads * spec.headDimV;
    Product product = cutProduct(stack, seen, m_buffers.value, width, apart ? 0 : spec.nopeDim, spec.headDimV, spec.heads,
        apart ? spec.headDimV : spec.nopeDim + spec.headDimV, spec.headDimV);
    product.xStep = spec.kvLoraRank;
    product.quantizedStep = what.count * activationRowBytes(spec.kvLoraRank);
    m_multiplier->multiply(product);
    copyRows(m_stream, m_buffers.value, width, m_buffers.attentionOut, width, width, what.count);
}

} // namespace plimsoll::engine::cuda
