// SPDX-License-Identifier: Apache-2.0
#include "backend_impl.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <functional>

/// Recurrent mixers in three steps: the projections, cut into what each row holds; the convolution, channel by channel in place; the
/// recurrence, head by head. Both go through the tokens of the batch in order, so that sequences may be mixed in any way.
namespace plimsoll::engine::cpu {

namespace {

/// Channels of the convolution that a thread takes at once.
constexpr uint32_t channelsPerTask = 64;

float softplus(float x)
{
    return x > 20.0f ? x : std::log1p(std::exp(x));
}

float sigmoid(float x)
{
    return 1.0f / (1.0f + std::exp(-x));
}

/// What multiplies a vector to give it length 1; `smallest` bounds the length from below.
float inverseLength(const float *x, uint32_t n, float smallest)
{
    float squares = 0;
    for (uint32_t i = 0; i < n; ++i)
        squares += x[i] * x[i];
    return 1.0f / std::max(std::sqrt(squares), smallest);
}

} // namespace

/// Rows of `matrix` from m_cutRow on as one product more: they go to `columns` columns of `out` from `at` on.
void CpuBackend::cutProduct(const Tensor &matrix, const Rows &rows, uint32_t columns, float *out, uint32_t at, uint32_t outWidth)
{
    Product product = productOf(matrix, rows, out + at, m_cutRow, columns);
    product.outStride = outWidth;
    m_products.push_back(product);
    m_cutRow += columns;
}

void CpuBackend::projectDeltaNet(const RecurrentPhase &phase, const Rows &rows)
{
    const RecurrentSpec &spec = phase.block->recurrent;
    const uint32_t inner = spec.valueWidth();
    const uint32_t keys = spec.keyWidth();
    const uint32_t group = spec.stateHeads / spec.keyHeads;
    if (phase.all) {
        m_cutRow = 0;
        for (uint32_t head = 0; head < spec.keyHeads; ++head) {
            const uint32_t values = group * spec.headDimV;
            cutProduct(phase.all, rows, spec.headDimK, m_buffers.query, head * spec.headDimK, spec.convChannels);
            cutProduct(phase.all, rows, spec.headDimK, m_buffers.query, keys + head * spec.headDimK, spec.convChannels);
            cutProduct(phase.all, rows, values, m_buffers.query, 2 * keys + head * values, spec.convChannels);
            cutProduct(phase.all, rows, values, m_buffers.key, head * values, inner);
        }
    } else {
        m_products.push_back(productOf(phase.mixed, rows, m_buffers.query));
        m_products.push_back(productOf(phase.gate, rows, m_buffers.key));
    }
    const uint32_t rates = 2 * spec.stateHeads;
    m_cutRow = 0;
    if (phase.rates) {
        for (uint32_t head = 0; head < spec.keyHeads; ++head) {
            cutProduct(phase.rates, rows, group, m_buffers.value, head * group, rates);
            cutProduct(phase.rates, rows, group, m_buffers.value, spec.stateHeads + head * group, rates);
        }
        return;
    }
    cutProduct(phase.writeRate, rows, spec.stateHeads, m_buffers.value, 0, rates);
    m_cutRow = 0;
    cutProduct(phase.decayRate, rows, spec.stateHeads, m_buffers.value, spec.stateHeads, rates);
}

/// Query: what is convolved. Key: the gates. Value: the rates; for a short convolution the gate behind it.
void CpuBackend::projectRecurrent(const RecurrentPhase &phase)
{
    const RecurrentSpec &spec = phase.block->recurrent;
    const Tensor &first = phase.all ? phase.all : phase.mixed;
    bool quantized = false;
    for (const Tensor *each : {&phase.all, &phase.mixed, &phase.gate, &phase.rates, &phase.writeRate, &phase.decayRate})
        quantized = quantized || (*each && multipliesQuantized(each->type));
    normalizeHidden(phase.norm, first.columns, phase.count, quantized);
    const Rows rows{m_buffers.normed, first.columns, phase.count};
    m_products.clear();
    m_cutRow = 0;
    if (phase.block->mixer == MixerKind::GatedDelta) {
        projectDeltaNet(phase, rows);
    } else if (phase.block->mixer == MixerKind::Mamba2) {
        cutProduct(phase.all, rows, spec.valueWidth(), m_buffers.key, 0, spec.valueWidth());
        cutProduct(phase.all, rows, spec.convChannels, m_buffers.query, 0, spec.convChannels);
        cutProduct(phase.all, rows, spec.stateHeads, m_buffers.value, 0, spec.stateHeads);
    } else {
        for (float *const out : {m_buffers.key, m_buffers.value, m_buffers.query})
            cutProduct(phase.all, rows, spec.convChannels, out, 0, spec.convChannels);
    }
    multiply(m_products);
}

/// Channels [begin, begin + channels) of all tokens, in place, through the state of each token's sequence.
void CpuBackend::convolve(const RecurrentPhase &phase, uint32_t begin, uint32_t channels)
{
    const RecurrentSpec &spec = phase.block->recurrent;
    const uint32_t past = spec.convKernel - 1;
    const bool activated = phase.block->mixer != MixerKind::ShortConv;
    for (uint32_t token = 0; token < phase.count && !aborted(); ++token) {
        const TokenRow &row = m_buffers.tokens[token];
        float *const x = m_buffers.query + uint64_t{token} * spec.convChannels + begin;
        float *const state = phase.state.data + static_cast<uint64_t>(row.sequence) * spec.stateElements + spec.matrixElements() + begin;
        if (row.position == 0)
            for (uint32_t k = 0; k < past; ++k)
                std::fill_n(state + uint64_t{k} * spec.convChannels, channels, 0.0f);
        if (!activated) {
            const float *const gate = m_buffers.key + uint64_t{token} * spec.convChannels + begin;
            std::transform(x, x + channels, gate, x, std::multiplies<>());
        }
        for (uint32_t c = 0; c < channels; ++c) {
            const float *const taps = phase.convolution + uint64_t{begin + c} * spec.convKernel;
            float sum = phase.convolutionBias ? phase.convolutionBias[begin + c] : 0.0f;
            for (uint32_t k = 0; k < past; ++k) {
                float &cell = state[uint64_t{k} * spec.convChannels + c];
                sum += cell * taps[k];
                cell = k + 1 < past ? state[uint64_t{k + 1} * spec.convChannels + c] : x[c];
            }
            x[c] = sum + x[c] * taps[past];
        }
        if (activated)
            m_kernels.activate(Activation::Silu, x, nullptr, channels, x);
    }
}

/// All tokens of one head. The order within a convolved row is query, key, value for the delta rule; value, key, query for Mamba2.
void CpuBackend::recurHead(const RecurrentPhase &phase, uint32_t head)
{
    const RecurrentSpec &spec = phase.block->recurrent;
    const bool delta = phase.block->mixer == MixerKind::GatedDelta;
    const uint32_t inner = spec.valueWidth();
    const uint32_t keyOffset = spec.keyHeadOf(head) * spec.headDimK;
    const float queryScale = 1.0f / std::sqrt(static_cast<float>(spec.headDimK));
    RecurrenceStep step;
    step.dimK = spec.headDimK;
    step.dimV = spec.headDimV;
    step.corrects = delta;
    for (uint32_t token = 0; token < phase.count && !aborted(); ++token) {
        const TokenRow &row = m_buffers.tokens[token];
        const float *const x = m_buffers.query + uint64_t{token} * spec.convChannels;
        const float *const gate = m_buffers.key + uint64_t{token} * inner + uint64_t{head} * spec.headDimV;
        const float *const rates = m_buffers.value + uint64_t{token} * (delta ? 2 : 1) * spec.stateHeads;
        step.state = phase.state.data + static_cast<uint64_t>(row.sequence) * spec.stateElements
            + uint64_t{head} * spec.headDimK * spec.headDimV;
        if (row.position == 0)
            std::fill_n(step.state, uint64_t{spec.headDimK} * spec.headDimV, 0.0f);
        step.out = m_buffers.attentionOut + uint64_t{token} * inner + uint64_t{head} * spec.headDimV;
        step.key = x + (delta ? spec.keyWidth() : inner) + keyOffset;
        step.query = x + (delta ? 0 : inner + spec.keyWidth()) + keyOffset;
        step.value = x + (delta ? 2 * spec.keyWidth() : 0) + uint64_t{head} * spec.headDimV;
        const float time = softplus(rates[(delta ? spec.stateHeads : 0) + head] + phase.decayBias[head]);
        step.decay = std::exp(time * phase.decay[head]);
        step.write = delta ? sigmoid(rates[head]) : time;
        if (delta) {
            step.keyScale = inverseLength(step.key, spec.headDimK, phase.norm.epsilon);
            step.queryScale = queryScale * inverseLength(step.query, spec.headDimK, phase.norm.epsilon);
        }
        m_kernels.recur(step);
        if (phase.skip)
            m_kernels.addScaled(step.value, phase.skip[head], spec.headDimV, step.out);
        if (delta)
            normalize(phase.outNorm, step.out, spec.headDimV, step.out);
        m_kernels.activate(Activation::Silu, gate, step.out, spec.headDimV, step.out);
    }
}

void CpuBackend::recurrent(const RecurrentPhase &phase)
{
    const RecurrentSpec &spec = phase.block->recurrent;
    projectRecurrent(phase);
    m_pool.forEach((spec.convChannels + channelsPerTask - 1) / channelsPerTask, 1, [&](uint64_t task, uint64_t, uint32_t) {
        const auto begin = static_cast<uint32_t>(task) * channelsPerTask;
        convolve(phase, begin, std::min(channelsPerTask, spec.convChannels - begin));
    });
    if (phase.block->mixer == MixerKind::ShortConv) {
        const uint64_t elements = uint64_t{phase.count} * spec.convChannels;
        std::transform(m_buffers.query, m_buffers.query + elements, m_buffers.value, m_buffers.attentionOut, std::multiplies<>());
        return;
    }
    m_pool.forEach(spec.stateHeads, 1, [&](uint64_t head, uint64_t, uint32_t) { recurHead(phase, static_cast<uint32_t>(head)); });
    if (phase.block->mixer != MixerKind::Mamba2 || !phase.outNorm.weight)
        return;
    const uint32_t inner = spec.valueWidth();
    const uint32_t group = inner / spec.keyHeads;
    forTokens(phase.count, [&](uint32_t token) {
        for (uint32_t at = 0; at < inner; at += group) {
            Norm norm = phase.outNorm;
            norm.weight += at;
            float *const x = m_buffers.attentionOut + uint64_t{token} * inner + at;
            normalize(norm, x, group, x);
        }
    });
}

} // namespace plimsoll::engine::cpu
