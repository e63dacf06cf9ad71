// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "kernel_checks.h"

/// Checks of the recurrent kernels of one table against plain loops in double.
namespace kernel_checks {

struct RecurrenceCase
{
    uint32_t dimK;
    uint32_t dimV;
    float decay;
    float write;
    bool corrects;        // delta rule; otherwise Mamba 2's
    float stateSize;      // of what the state holds before
};

/// How far a result in float32 may be from the exact one: each of `additions` is off by half a unit of at most `magnitude`.
inline double slackOf(double additions, double magnitude)
{
    return (additions + 8) * 0x1p-24 * magnitude + 1e-37;
}

/// One column of the state: what the kernel left there and read from it.
inline std::string checkColumn(const RecurrenceStep &step, const std::vector<float> &before, uint32_t column)
{
    const double decay = double{step.decay};
    const double keyScale = double{step.keyScale};
    double known = 0;
    double knownSize = 0;
    for (uint32_t i = 0; step.corrects && i < step.dimK; ++i) {
        const double term = double{step.key[i]} * double{before[i * step.dimV + column]};
        known += term;
        knownSize += std::fabs(term);
    }
    const double value = double{step.value[column]};
    const double rate = double{step.write} * keyScale;
    const double written = (value - known * keyScale * decay) * rate;
    const double writtenSlack = slackOf(step.dimK, (std::fabs(value) + knownSize * std::fabs(keyScale * decay)) * std::fabs(rate));
    double read = 0;
    double readSlack = 0;
    double readSize = 0;
    for (uint32_t i = 0; i < step.dimK; ++i) {
        const double key = double{step.key[i]};
        const double old = decay * double{before[i * step.dimV + column]};
        const double now = old + key * written;
        const double slack = slackOf(2, std::fabs(old) + std::fabs(key * written)) + std::fabs(key) * writtenSlack;
        const double got = double{step.state[i * step.dimV + column]};
        if (!(std::fabs(got - now) <= slack))
            return "state of key " + std::to_string(i) + ", column " + std::to_string(column) + ": " + std::to_string(got) + ", expected "
                + std::to_string(now);
        read += double{step.query[i]} * now;
        readSize += std::fabs(double{step.query[i]} * now);
        readSlack += std::fabs(double{step.query[i]}) * slack;
    }
    const double want = read * double{step.queryScale};
    const double slack = (slackOf(step.dimK, readSize) + readSlack) * std::fabs(double{step.queryScale}) + 1e-37;
    const double got = double{step.out[column]};
    if (!(std::fabs(got - want) <= slack))
        return "column " + std::to_string(column) + " reads " + std::to_string(got) + ", expected " + std::to_string(want);
    return {};
}

inline std::string checkRecurrence(const Kernels &kernels, const RecurrenceCase &c)
{
    constexpr float untouched = -12345.0f;
    std::vector<float> state = awkward(uint64_t{c.dimK} * c.dimV, 11, c.stateSize);
    state.push_back(untouched);
    const std::vector<float> before = state;
    const std::vector<float> key = awkward(c.dimK, 12);
    const std::vector<float> query = awkward(c.dimK, 13);
    const std::vector<float> value = awkward(c.dimV, 14);
    std::vector<float> out(c.dimV + 1, untouched);
    RecurrenceStep step;
    step.state = state.data();
    step.key = key.data();
    step.query = query.data();
    step.value = value.data();
    step.out = out.data();
    step.dimK = c.dimK;
    step.dimV = c.dimV;
    step.decay = c.decay;
    step.write = c.write;
    step.corrects = c.corrects;
    step.keyScale = c.corrects ? 0.03f : 1.0f;
    step.queryScale = c.corrects ? 0.2f : 1.0f;
    kernels.recur(step);
    for (uint32_t column = 0; column < c.dimV; ++column) {
        const std::string wrong = checkColumn(step, before, column);
        if (!wrong.empty())
            return std::to_string(c.dimK) + " x " + std::to_string(c.dimV) + (c.corrects ? ", delta rule: " : ": ") + wrong;
    }
    return state.back() == untouched && out.back() == untouched ? "" : "wrote past the end";
}

/// Widths with every remainder; decays that keep all, next to nothing, and nothing; states that are empty, ordinary, tiny and huge.
inline std::string checkRecurrences(const Kernels &kernels)
{
    for (const uint32_t dimV : {1u, 7u, 8u, 16u, 24u, 31u, 40u, 64u, 65u, 128u})
        for (const uint32_t dimK : {1u, 5u, 24u, 128u})
            for (const float decay : {1.0f, 0.97f, 1e-30f, 0.0f})
                for (const float stateSize : {0.0f, 1.0f, 1e-20f, 1e10f})
                    for (const bool corrects : {true, false}) {
                        const float write = decay == 1.0f ? 0.5f : 1.0f;
                        const std::string wrong = checkRecurrence(kernels, {dimK, dimV, decay, write, corrects, stateSize});
                        if (!wrong.empty())
                            return wrong + " (decay " + std::to_string(decay) + ", state " + std::to_string(stateSize) + ")";
                    }
    return {};
}

/// x · sigmoid(gate), with gates whose exponential overflows or vanishes.
inline std::string checkGates(const Kernels &kernels)
{
    for (uint32_t n = 1; n < 70; ++n) {
        std::vector<float> gate = awkward(n, n, 3.0f);
        gate[n - 1] = n % 3 == 0 ? 500.0f : n % 3 == 1 ? -500.0f : 0.0f;
        const std::vector<float> before = awkward(n, n + 100);
        std::vector<float> x = before;
        x.push_back(7.0f);
        kernels.gate(gate.data(), n, x.data());
        for (uint32_t i = 0; i < n; ++i) {
            const double want = double{before[i]} / (1 + std::exp(-double{gate[i]}));
            // e^x is good to 2^-22, and enters once; where it is below 1e-38 it is taken as 0.
            if (!near(double{x[i]}, want, 1e-6, 1e-30))
                return "gate " + std::to_string(gate[i]) + ": " + std::to_string(x[i]) + ", expected " + std::to_string(want);
        }
        if (x[n] != 7.0f)
            return "wrote past the end of " + std::to_string(n);
    }
    return {};
}

} // namespace kernel_checks
