// SPDX-License-Identifier: Apache-2.0
#include "backend_impl.h"
#include "rope.h"

#include <plimsoll/engine/model/attention_widths.h>
#include <plimsoll/engine/quant/reference.h>

#include <algorithm>

// Latent attention (DeepSeek-V2, arXiv 2405.04434) in the absorbed form: the cache holds what keys and values are projected from, queries
// are taken there, and what attention gives is projected once per token instead of once per cell.
namespace plimsoll::engine::cpu {

void CpuBackend::latentInput(const MixerInputPhase &phase)
{
    const AttentionSpec &spec = phase.block->attention;
    const LatentTensors &latent = phase.latent;
    const Tensor &first = latent.qA ? latent.qA : phase.q;
    normalizeHidden(phase.norm, first.columns, phase.count, multipliesQuantized(first.type) || multipliesQuantized(latent.kvA.type));
    const Rows normed{m_buffers.normed, first.columns, phase.count};
    float *const compressed = m_buffers.key + uint64_t{phase.count} * latentWidth(spec);
    const Product products[2] = {productOf(first, normed, latent.qA ? compressed : m_buffers.value),
        productOf(latent.kvA, normed, m_buffers.key)};
    multiply(products);
    if (latent.qA) {
        const Rows rows{compressed, spec.qLoraRank, phase.count};
        forTokens(phase.count, [&](uint32_t token) {
            float *const row = compressed + uint64_t{token} * spec.qLoraRank;
            normalize(latent.qANorm, row, spec.qLoraRank, row);
        });
        if (multipliesQuantized(latent.qB.type))
            quantize(rows);
        const Product queries = productOf(latent.qB, rows, m_buffers.value);
        multiply({&queries, 1});
    }
    const RopeTable rope = ropeTable(spec.rope, phase.ropeFactors);
    forTokens(phase.count, [&](uint32_t token) { latentToken(phase, rope, token); });
    if (latent.kvB)
        absorbJoinedKeys(phase);
    else
        absorbKeys(phase);
}

/// Norm and RoPE of one token's latent and key on their way into the cache, and of the rotated parts of its queries.
void CpuBackend::latentToken(const MixerInputPhase &phase, const RopeTable &rope, uint32_t token)
{
    const AttentionSpec &spec = phase.block->attention;
    const TokenRow &at = m_buffers.tokens[token];
    Rotation rotation;
    rotationAt(rope, at.position, rotation);
    float *const row = m_buffers.key + uint64_t{token} * latentWidth(spec);
    normalize(phase.latent.kvANorm, row, spec.kvLoraRank, row);
    rotate(rope, rotation, row + spec.kvLoraRank);
    const KvCache &cache = phase.cache;
    const uint64_t cell = static_cast<uint64_t>(at.sequence) * cache.cells + static_cast<uint64_t>(at.position) % cache.cells;
    m_kernels.store(row, latentWidth(spec), cache.typeK, cache.k + cell * cache.rowBytesK);
    for (uint32_t head = 0; head < spec.heads; ++head) {
        const uint64_t index = uint64_t{token} * spec.heads + head;
        float *const query = m_buffers.query + index * latentWidth(spec) + spec.kvLoraRank;
        std::copy_n(m_buffers.value + index * spec.headDimK + spec.nopeDim, spec.ropeDim, query);
        rotate(rope, rotation, query);
    }
}

void CpuBackend::quantizeHeads(const Rows &rows, uint32_t heads, uint32_t stride, uint32_t columns)
{
    forTokens(rows.count, [&](uint32_t token) {
        for (uint32_t head = 0; head < heads; ++head)
            m_kernels.quantizeRow(rows.x + uint64_t{token} * rows.columns + uint64_t{head} * stride, columns,
                m_buffers.quantized + (uint64_t{head} * rows.count + token) * activationRowBytes(columns));
    });
}

/// query[head] = key projection of that head, transposed, times the unrotated part of its query.
void CpuBackend::absorbKeys(const MixerInputPhase &phase)
{
    const AttentionSpec &spec = phase.block->attention;
    const Tensor &kB = phase.latent.kB;
    const Rows raw{m_buffers.value, spec.heads * spec.headDimK, phase.count};
    if (multipliesQuantized(kB.type))
        quantizeHeads(raw, spec.heads, spec.headDimK, spec.nopeDim);
    m_products.resize(spec.heads);
    for (uint32_t head = 0; head < spec.heads; ++head) {
        Product &product = m_products[head];
        product = productOf(kB, raw, m_buffers.query + uint64_t{head} * latentWidth(spec));
        product.weight = kB.expert(head);
        product.x = raw.x + uint64_t{head} * spec.headDimK;
        product.quantized = m_buffers.quantized + uint64_t{head} * phase.count * activationRowBytes(spec.nopeDim);
        product.outStride = uint64_t{spec.heads} * latentWidth(spec);
    }
    multiply(m_products);
}

/// The same where the file holds the projections as they were trained: rows of it are added up, weighed by the query.
void CpuBackend::absorbJoinedKeys(const MixerInputPhase &phase)
{
    const AttentionSpec &spec = phase.block->attention;
    const Tensor &kvB = phase.latent.kvB;
    m_pool.forEach(spec.heads, 1, [&](uint64_t head, uint64_t, uint32_t) {
        float row[maxHeadDim];
        const auto query = [&](uint32_t token) { return m_buffers.query + (uint64_t{token} * spec.heads + head) * latentWidth(spec); };
        for (uint32_t token = 0; token < phase.count; ++token)
            std::fill_n(query(token), spec.kvLoraRank, 0.0f);
        for (uint32_t i = 0; i < spec.nopeDim && !aborted(); ++i) {
            dequantize(kvB.type, kvB.data + (head * (spec.nopeDim + spec.headDimV) + i) * kvB.rowBytes, {row, spec.kvLoraRank});
            for (uint32_t token = 0; token < phase.count; ++token) {
                const float weight = m_buffers.value[(uint64_t{token} * spec.heads + head) * spec.headDimK + i];
                m_kernels.addScaled(row, weight, spec.kvLoraRank, query(token));
            }
        }
    });
}

void CpuBackend::latentAttention(const AttentionPhase &phase)
{
    KvCache cache = phase.cache;
    cache.v = cache.k;
    cache.typeV = cache.typeK;
    cache.rowBytesV = cache.rowBytesK;
    attend(phase, absorbed(phase.block->attention), cache);
    projectValues(phase);
}

/// attentionOut[head] = value projection of that head times what attention gave it.
void CpuBackend::projectValues(const AttentionPhase &phase)
{
    const AttentionSpec &spec = phase.block->attention;
    const Tensor &stack = phase.latent.vB ? phase.latent.vB : phase.latent.kvB;
    const Rows seen{m_buffers.attentionOut, spec.heads * spec.kvLoraRank, phase.count};
    if (multipliesQuantized(stack.type))
        quantizeHeads(seen, spec.heads, spec.kvLoraRank, spec.kvLoraRank);
    m_products.resize(spec.heads);
    for (uint32_t head = 0; head < spec.heads; ++head) {
        Product &product = m_products[head];
        const uint32_t firstRow = phase.latent.vB ? head * spec.headDimV : head * (spec.nopeDim + spec.headDimV) + spec.nopeDim;
        product = productOf(stack, seen, m_buffers.value + uint64_t{head} * spec.headDimV, firstRow, spec.headDimV);
        product.x = seen.x + uint64_t{head} * spec.kvLoraRank;
        product.quantized = m_buffers.quantized + uint64_t{head} * phase.count * activationRowBytes(spec.kvLoraRank);
        product.outStride = uint64_t{spec.heads} * spec.headDimV;
    }
    multiply(m_products);
    std::copy_n(m_buffers.value, uint64_t{phase.count} * spec.heads * spec.headDimV, m_buffers.attentionOut);
}

} // namespace plimsoll::engine::cpu
