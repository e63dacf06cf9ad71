// SPDX-License-Identifier: Apache-2.0
#include "backend_impl.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace plimsoll::engine::cpu {

void CpuBackend::ffn(const FfnPhase &phase)
{
    const FfnSpec &spec = phase.block->ffn;
    const uint32_t columns = phase.up.columns;
    const uint32_t width = phase.down.columns;
    const bool quantized = multipliesQuantized(phase.up.type) || (phase.gate && multipliesQuantized(phase.gate.type));
    const Rows normed{m_buffers.normed, columns, phase.count};
    if (!phase.block->parallel)
        normalizeHidden(phase.norm, columns, phase.count, quantized);
    else if (quantized)
        quantize(normed);
    if (phase.gate) {
        multiplyGated(spec.activation, productOf(phase.gate, normed, m_buffers.ffnGate), phase.gateBias,
            productOf(phase.up, normed, m_buffers.ffnUp), phase.upBias);
    } else if (spec.gated) {
        multiplyGated(spec.activation, productOf(phase.up, normed, m_buffers.ffnGate, 0, width), phase.upBias,
            productOf(phase.up, normed, m_buffers.ffnUp, width, width), phase.upBias ? phase.upBias + width : nullptr);
    } else {
        multiplyGated(spec.activation, productOf(phase.up, normed, m_buffers.ffnGate), phase.upBias, Product{}, nullptr);
    }
    const Rows inner{m_buffers.ffnGate, width, phase.count};
    if (multipliesQuantized(phase.down.type))
        quantize(inner);
    // Beside experts what they made lies in `mixed`; the normed input is done with.
    const Product down = productOf(phase.down, inner, phase.besideExperts ? m_buffers.normed : m_buffers.mixed);
    multiply({&down, 1});
    if (phase.besideExperts) {
        forTokens(phase.count, [&](uint32_t token) {
            float *const row = m_buffers.normed + uint64_t{token} * columns;
            addBias(phase.downBias, columns, row);
            normalize(phase.ownNorm, row, columns, row);
            m_kernels.addScaled(row, 1.0f, columns, m_buffers.mixed + uint64_t{token} * columns);
        });
    }
    addToHidden(phase.besideExperts ? nullptr : phase.downBias, phase.postNorm, phase.block->residualScale, columns, phase.count);
}

void CpuBackend::router(const RouterPhase &phase)
{
    const FfnSpec &spec = phase.block->ffn;
    const uint32_t columns = phase.weight.columns;
    normalizeHidden(phase.ownNorm.weight ? phase.ownNorm : phase.norm, columns, phase.count, multipliesQuantized(phase.weight.type));
    const Product product = productOf(phase.weight, {m_buffers.normed, columns, phase.count}, m_buffers.routerLogits);
    multiply({&product, 1});
    if (phase.ownNorm.weight)
        normalizeHidden(phase.norm, columns, phase.count, false);
    auto *const choices = reinterpret_cast<ExpertChoice *>(m_buffers.expertChoice);
    forTokens(phase.count, [&](uint32_t token) {
        float *const logits = m_buffers.routerLogits + uint64_t{token} * spec.experts;
        ExpertChoice *const chosen = choices + uint64_t{token} * spec.expertsUsed;
        if (spec.routerScale != 1.0f)
            std::transform(logits, logits + spec.experts, logits, [&](float x) { return spec.routerScale * x; });
        addBias(phase.bias, spec.experts, logits);
        choose(spec, phase.selectionBias, logits, chosen);
        for (uint32_t slot = 0; phase.expertScale && slot < spec.expertsUsed; ++slot)
            chosen[slot].weight *= phase.expertScale[chosen[slot].expert];
    });
}

namespace {

void softmax(float *x, uint32_t n)
{
    const float top = *std::max_element(x, x + n);
    float sum = 0;
    for (uint32_t i = 0; i < n; ++i)
        sum += x[i] = std::exp(x[i] - top);
    for (uint32_t i = 0; i < n; ++i)
        x[i] /= sum;
}

/// Leaves only the experts of the best groups in `score`: a group is as good as its two best together (DeepSeek-V3).
void keepBestGroups(const FfnSpec &spec, float *score)
{
    if (spec.groups <= 1 || spec.groupsUsed >= spec.groups)
        return;
    const uint32_t size = spec.experts / spec.groups;
    const auto worth = [&](uint32_t group) {
        float best = -INFINITY;
        float second = -INFINITY;
        for (uint32_t i = group * size; i < (group + 1) * size; ++i) {
            second = std::max(second, std::min(best, score[i]));
            best = std::max(best, score[i]);
        }
        return size > 1 ? best + second : best;
    };
    // The group to drop is the worst of those left, as often as there are too many.
    for (uint32_t drop = spec.groupsUsed; drop < spec.groups; ++drop) {
        uint32_t worst = spec.groups;
        for (uint32_t group = 0; group < spec.groups; ++group)
            if (score[group * size] != -INFINITY && (worst == spec.groups || worth(group) < worth(worst)))
                worst = group;
        if (worst < spec.groups)
            std::fill_n(score + worst * size, size, -INFINITY);
    }
}

} // namespace

/// From the logits of one token (overwritten by what its gate makes of them) to its experts, best first.
void CpuBackend::choose(const FfnSpec &spec, const float *selectionBias, float *logits, ExpertChoice *chosen) const
{
    const uint32_t n = spec.experts;
    if (spec.gate == RouterGate::Softmax)
        softmax(logits, n);
    else if (spec.gate == RouterGate::Sigmoid)
        std::transform(logits, logits + n, logits, [](float x) { return 1 / (1 + std::exp(-x)); });
    float score[maxExperts];
    std::copy_n(logits, n, score);
    addBias(selectionBias, n, score);
    keepBestGroups(spec, score);
    // No expert twice, whatever the scores are: weights of a broken model may be no numbers.
    bool taken[maxExperts] = {};
    for (uint32_t slot = 0; slot < spec.expertsUsed; ++slot) {
        uint32_t best = n;
        for (uint32_t i = 0; i < n; ++i)
            if (!taken[i] && (best == n || score[i] > score[best]))
                best = i;
        chosen[slot] = {static_cast<int32_t>(best), logits[best]};
        taken[best] = true;
    }
    if (spec.gate == RouterGate::SoftmaxOfSelected) {
        float weights[maxExperts];
        for (uint32_t slot = 0; slot < spec.expertsUsed; ++slot)
            weights[slot] = chosen[slot].weight;
        softmax(weights, spec.expertsUsed);
        for (uint32_t slot = 0; slot < spec.expertsUsed; ++slot)
            chosen[slot].weight = weights[slot];
    }
    float sum = 0;
    for (uint32_t slot = 0; slot < spec.expertsUsed; ++slot)
        sum += chosen[slot].weight;
    // 2^-14: so small a sum says nothing, and its inverse would overflow.
    const float scale = spec.normalizeWeights ? spec.weightScale / std::max(sum, 6.103515625e-5f) : spec.weightScale;
    for (uint32_t slot = 0; slot < spec.expertsUsed; ++slot)
        chosen[slot].weight *= scale;
}

void CpuBackend::experts(const ExpertsPhase &phase)
{
    using enum ExpertsPart;
    const uint32_t columns = phase.columns;
    if (phase.part == Whole || phase.part == Routed) {
        std::memset(m_buffers.mixed, 0, uint64_t{phase.count} * columns * sizeof(float));
        if (phase.up)
            addExperts(phase, columns);
    }
    if (phase.sharedUp && (phase.part == Whole || phase.part == Shared))
        computeShared(phase, columns);
    if (phase.part == Routed || phase.part == Shared)
        return;
    if (phase.sharedUp)
        addShared(phase, columns);
    if (!phase.besideDense)
        return addToHidden(nullptr, phase.postNorm, phase.block->residualScale, columns, phase.count);
    forTokens(phase.count, [&](uint32_t token) {
        float *const row = m_buffers.mixed + uint64_t{token} * columns;
        normalize(phase.postNorm, row, columns, row);
    });
}

/// mixed += Σ weight · expert(normed): one expert after another, each with all tokens that chose it.
void CpuBackend::addExperts(const ExpertsPhase &phase, uint32_t columns)
{
    const FfnSpec &spec = phase.block->ffn;
    const auto *const choices = reinterpret_cast<const ExpertChoice *>(m_buffers.expertChoice);
    // Grows with the largest batch seen and stays.
    if (m_rowsOfExpert.size() < phase.count)
        m_rowsOfExpert.resize(phase.count);
    for (uint32_t expert = 0; expert < spec.experts && !aborted(); ++expert) {
        uint32_t count = 0;
        for (uint32_t token = 0; token < phase.count; ++token)
            for (uint32_t slot = 0; slot < spec.expertsUsed; ++slot)
                if (choices[uint64_t{token} * spec.expertsUsed + slot].expert == static_cast<int32_t>(expert))
                    m_rowsOfExpert[count++] = {token, choices[uint64_t{token} * spec.expertsUsed + slot].weight};
        if (count > 0)
            addExpert(phase, expert, count, columns);
    }
}

void CpuBackend::addExpert(const ExpertsPhase &phase, uint32_t expert, uint32_t count, uint32_t columns)
{
    const FfnSpec &spec = phase.block->ffn;
    const uint32_t width = phase.down.columns;
    const auto matrix = [expert](const Tensor &stack) {
        Tensor one = stack;
        one.data = stack.expert(expert);
        return one;
    };
    const auto biasOf = [expert](const float *biases, uint32_t n) { return biases ? biases + uint64_t{expert} * n : nullptr; };
    const bool quantized = multipliesQuantized(phase.up.type) || (phase.gate && multipliesQuantized(phase.gate.type));
    // The rows of this expert's tokens, close together.
    forTokens(count, [&](uint32_t i) {
        const float *const from = m_buffers.normed + uint64_t{m_rowsOfExpert[i].token} * columns;
        float *const row = m_buffers.expertRows + uint64_t{i} * columns;
        const float weight = spec.weightedInput ? m_rowsOfExpert[i].weight : 1.0f;
        std::transform(from, from + columns, row, [weight](float x) { return weight * x; });
        if (quantized)
            m_kernels.quantizeRow(row, columns, m_buffers.quantized + i * activationRowBytes(columns));
    });
    const Rows input{m_buffers.expertRows, columns, count};
    const bool joined = spec.gated && !phase.gate;
    const Product gate = phase.gate ? productOf(matrix(phase.gate), input, m_buffers.ffnGate)
                                    : productOf(matrix(phase.up), input, m_buffers.ffnGate, 0, width);
    const Product up = spec.gated ? productOf(matrix(phase.up), input, m_buffers.ffnUp, joined ? width : 0, width) : Product{};
    multiplyGated(spec.activation, gate, biasOf(spec.gated ? phase.gateBias : phase.upBias, width), up,
        spec.gated ? biasOf(phase.upBias, width) : nullptr);
    const Rows inner{m_buffers.ffnGate, width, count};
    if (multipliesQuantized(phase.down.type))
        quantize(inner);
    const Product down = productOf(matrix(phase.down), inner, m_buffers.expertRows);
    multiply({&down, 1});
    forTokens(count, [&](uint32_t i) {
        float *const row = m_buffers.expertRows + uint64_t{i} * columns;
        addBias(biasOf(phase.downBias, columns), columns, row);
        const float weight = spec.weightedInput ? 1.0f : m_rowsOfExpert[i].weight;
        m_kernels.addScaled(row, weight, columns, m_buffers.mixed + uint64_t{m_rowsOfExpert[i].token} * columns);
    });
}

/// normed = shared expert(normed); the logit of its own gate, where it has one, goes to `ffnUp`, one per token.
void CpuBackend::computeShared(const ExpertsPhase &phase, uint32_t columns)
{
    const Rows normed{m_buffers.normed, columns, phase.count};
    if (multipliesQuantized(phase.sharedUp.type) || multipliesQuantized(phase.sharedGate.type))
        quantize(normed);
    if (phase.sharedGate)
        multiplyGated(phase.block->ffn.activation, productOf(phase.sharedGate, normed, m_buffers.ffnGate), nullptr,
            productOf(phase.sharedUp, normed, m_buffers.ffnUp), nullptr);
    else
        multiplyGated(phase.block->ffn.activation, productOf(phase.sharedUp, normed, m_buffers.ffnGate), nullptr, Product{}, nullptr);
    if (phase.sharedRouter) {
        if (multipliesQuantized(phase.sharedRouter.type))
            quantize(normed);
        const Product gate = productOf(phase.sharedRouter, normed, m_buffers.ffnUp);
        multiply({&gate, 1});
    }
    const Rows inner{m_buffers.ffnGate, phase.sharedDown.columns, phase.count};
    if (multipliesQuantized(phase.sharedDown.type))
        quantize(inner);
    const Product down = productOf(phase.sharedDown, inner, m_buffers.normed);
    multiply({&down, 1});
}

/// mixed += what computeShared() left, times the sigmoid of its gate where it has one.
void CpuBackend::addShared(const ExpertsPhase &phase, uint32_t columns)
{
    forTokens(phase.count, [&](uint32_t token) {
        const float weight = phase.sharedRouter ? 1 / (1 + std::exp(-m_buffers.ffnUp[token])) : 1.0f;
        const uint64_t row = uint64_t{token} * columns;
        m_kernels.addScaled(m_buffers.normed + row, weight, columns, m_buffers.mixed + row);
    });
}

} // namespace plimsoll::engine::cpu
