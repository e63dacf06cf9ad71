// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "float_kernels.h"
#include "lanes_scalar.h"

/// One step of a linear recurrence with a matrix of state: the gated delta rule (Yang et al., 2024) and Mamba2's (Dao and Gu, 2024), which
/// only differ in whether what the state already answers to the key is taken off the value first.
namespace {

/// x *= 1 / (1 + e^-gate)
template <typename V>
void gateRow(const float *gate, uint32_t n, float *x)
{
    mapRows<V>(gate, x, n, x, [](auto g, auto a) { return V::div(a, V::add(V::set(1.0f), exponential<V>(V::sub(V::zero(), g)))); });
}

/// Columns [at, at + Vectors · width) of the state, from the keys down, twice: what it answers, then what it becomes.
template <typename V, uint32_t Vectors>
void recurColumns(const RecurrenceStep &step, uint32_t at)
{
    using F = typename V::F;
    const F decay = V::set(step.decay);
    F written[Vectors];
    F read[Vectors];
    for (uint32_t v = 0; v < Vectors; ++v)
        written[v] = read[v] = V::zero();
    float *state = step.state + at;
    for (uint32_t i = 0; step.corrects && i < step.dimK; ++i)
        for (uint32_t v = 0; v < Vectors; ++v)
            written[v] = V::fma(V::set(step.key[i]), V::load(state + uint64_t{i} * step.dimV + v * V::width), written[v]);
    for (uint32_t v = 0; v < Vectors; ++v) {
        const F answered = V::mul(V::mul(written[v], V::set(step.keyScale)), decay);
        written[v] = V::mul(V::sub(V::load(step.value + at + v * V::width), answered), V::set(step.write * step.keyScale));
    }
    for (uint32_t i = 0; i < step.dimK; ++i) {
        const F key = V::set(step.key[i]);
        const F query = V::set(step.query[i]);
        for (uint32_t v = 0; v < Vectors; ++v) {
            float *const cell = state + uint64_t{i} * step.dimV + v * V::width;
            const F now = V::fma(key, written[v], V::mul(V::load(cell), decay));
            V::store(cell, now);
            read[v] = V::fma(query, now, read[v]);
        }
    }
    for (uint32_t v = 0; v < Vectors; ++v)
        V::store(step.out + at + v * V::width, V::mul(read[v], V::set(step.queryScale)));
}

template <typename V>
void recur(const RecurrenceStep &step)
{
    uint32_t at = 0;
    for (; at + 4 * V::width <= step.dimV; at += 4 * V::width)
        recurColumns<V, 4>(step, at);
    for (; at + V::width <= step.dimV; at += V::width)
        recurColumns<V, 1>(step, at);
    for (; at < step.dimV; ++at)
        recurColumns<ScalarLanes, 1>(step, at);
}

} // namespace
