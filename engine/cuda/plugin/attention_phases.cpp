// SPDX-License-Identifier: Apache-2.0
#include "backend_impl.h"

#include <plimsoll/engine/model/attention_widths.h>

#include <algorithm>

namespace plimsoll::engine::cuda {

namespace {

const float *shifted(const float *vector, uint32_t by)
{
    return vector ? vector + by : nullptr;
}

/// Tokens from `first` on of a batch's rows.
HeadFinish from(HeadFinish work, uint32_t first, uint32_t count)
{
    for (int part = 0; part < 3; ++part)
        work.rows[part] += first * work.strides[part];
    work.tokens += first;
    work.count = count;
    return work;
}

} // namespace

void CudaBackend::mixerInput(const MixerInputPhase &what)
{
    phase([&] {
        if (what.block->mixer == MixerKind::LatentAttention)
            return latentInput(what);
        const AttentionSpec &spec = what.block->attention;
        const Tensor &first = what.qkv ? what.qkv : what.q;
        const bool quantized = wantsQuantized(first, what.count, spec.gated ? spec.heads : 1)
            || (what.k && wantsQuantized(what.k, what.count)) || (what.v && wantsQuantized(what.v, what.count));
        const Input normed = normalizeHidden(what.norm, first.columns, what.count, quantized);
        std::vector<Product> products;
        if (what.qkv) {
            products.push_back(productOf(what.qkv, normed, m_buffers.query, 0, queryWidth(spec)));
            products.push_back(productOf(what.qkv, normed, m_buffers.key, queryWidth(spec), keyWidth(spec)));
            products.push_back(productOf(what.qkv, normed, m_buffers.value, queryWidth(spec) + keyWidth(spec), valueWidth(spec)));
        } else if (spec.gated) {
            // The rows of the matrix alternate between heads of queries and of gates; in the buffer all queries come first.
            for (const uint32_t part : {0u, 1u})
                products.push_back(cutProduct(what.q, normed, m_buffers.query + part * queryWidth(spec), queryStride(spec),
                    part * spec.headDimK, spec.headDimK, spec.heads, 2 * spec.headDimK, spec.headDimK));
        } else {
            products.push_back(productOf(what.q, normed, m_buffers.query));
        }
        if (what.k)
            products.push_back(productOf(what.k, normed, m_buffers.key));
        if (what.v)
            products.push_back(productOf(what.v, normed, m_buffers.value));
        m_multiplier->multiply(products);
        if (what.k && !what.v)
            copyRows(m_stream, m_buffers.key, keyWidth(spec), m_buffers.value, valueWidth(spec), valueWidth(spec), what.count);
        finishQueries(what);
    });
}

HeadFinish CudaBackend::headFinish(const MixerInputPhase &what) const
{
    const AttentionSpec &spec = what.block->attention;
    HeadFinish work;
    float *const rows[3] = {m_buffers.query, m_buffers.key, m_buffers.value};
    const uint64_t strides[3] = {queryStride(spec), keyWidth(spec), valueWidth(spec)};
    const float *const biases[3] = {what.qkv ? what.qkvBias : what.qBias, what.qkv ? shifted(what.qkvBias, queryWidth(spec)) : what.kBias,
        what.qkv ? shifted(what.qkvBias, queryWidth(spec) + keyWidth(spec)) : what.vBias};
    const Norm norms[3] = {what.qNorm, what.kNorm, what.vNorm};
    for (int part = 0; part < 3; ++part) {
        work.rows[part] = rows[part];
        work.strides[part] = strides[part];
        work.biases[part] = biases[part];
        work.norms[part] = norms[part];
    }
    work.weightsOfEach = what.normsOfEachHead;
    work.normsLate = spec.normAfterRope;
    work.heads = spec.heads;
    work.kvHeads = what.qkv || what.k ? spec.kvHeads : 0;
    work.dimK = spec.headDimK;
    work.dimV = spec.headDimV;
    work.tokens = m_buffers.tokens;
    work.count = what.count;
    work.temperatureScale = spec.temperatureScale;
    work.temperatureLength = spec.temperatureLength;
    work.temperatureOffset = spec.temperatureOffset;
    work.cache = what.cache;
    return work;
}

/// Norms over whole rows are a step of their own, before the heads or between two passes over them.
void CudaBackend::finishQueries(const MixerInputPhase &what)
{
    const AttentionSpec &spec = what.block->attention;
    HeadFinish work = headFinish(what);
    const uint32_t lengths[2] = {what.qNormLength, what.kNormLength};
    const uint32_t parts = work.kvHeads > 0 ? 2 : 1;
    bool wholeRows = false;
    for (uint32_t part = 0; part < parts; ++part)
        wholeRows = wholeRows || (work.norms[part].weight && lengths[part] != spec.headDimK);
    const auto normWholeRows = [&](bool biased) {
        for (uint32_t part = 0; part < parts; ++part) {
            RowNorm norm;
            norm.norm = work.norms[part];
            norm.x = norm.out = work.rows[part];
            norm.xStride = norm.outStride = work.strides[part];
            norm.bias = biased ? work.biases[part] : nullptr;
            norm.columns = work.norms[part].weight ? lengths[part] : spec.headDimK;
            norm.units = (part == 0 ? queryWidth(spec) : keyWidth(spec)) / norm.columns;
            norm.weightsOfEach = what.normsOfEachHead;
            norm.rows = what.count;
            normRows(m_stream, norm);
            work.norms[part] = {};
            work.biases[part] = nullptr;
        }
    };
    if (wholeRows && !spec.normAfterRope)
        normWholeRows(true);
    const uint32_t step = m_rotations.tokensAtOnce(spec.rope);
    for (uint32_t first = 0; first < what.count; first += step) {
        HeadFinish pass = from(work, first, std::min(step, what.count - first));
        pass.rotations = m_rotations.of(m_stream, spec.rope, what.ropeFactors, m_buffers.tokens, first, pass.count);
        if (wholeRows && spec.normAfterRope) {
            for (Norm &norm : pass.norms)
                norm = {};
            pass.temperatureScale = 0;
            pass.stores = false;
        }
        finishHeads(m_stream, pass);
    }
    if (!wholeRows || !spec.normAfterRope)
        return;
    normWholeRows(false);
    work.norms[2] = what.vNorm;
    work.biases[2] = nullptr;
    finishHeads(m_stream, work);
}

void CudaBackend::attention(const AttentionPhase &what)
{
    phase([&] {
        if (what.block->mixer == MixerKind::LatentAttention)
            return latentAttention(what);
        attendHeads(what, what.block->attention, what.cache);
    });
}

void CudaBackend::attendHeads(const AttentionPhase &what, const AttentionSpec &spec, const KvCache &cache)
{
    AttentionWork work;
    work.heads = spec.heads;
    work.kvHeads = spec.kvHeads;
    work.dimK = spec.headDimK;
    work.dimV = spec.headDimV;
    work.scale = spec.scale;
    work.softcap = spec.softcap;
    work.window = spec.window;
    work.chunked = spec.chunked;
    work.sinks = what.sinks;
    work.query = m_buffers.query;
    work.queryStride = queryStride(spec);
    work.gates = spec.gated ? m_buffers.query + queryWidth(spec) : nullptr;
    work.out = m_buffers.attentionOut;
    work.cache = cache;
    work.tokens = m_buffers.tokens;
    work.count = what.count;
    work.longestSpan = roundedSpan(what.longestSpan);
    attend(m_stream, work, what.tokens, m_room);
}

void CudaBackend::project(const ProjectPhase &what)
{
    phase([&] {
        addProduct(what.weight, {m_buffers.attentionOut, what.weight.columns, what.count}, what.bias, what.postNorm, what.residualScale);
    });
}

} // namespace plimsoll::engine::cuda
