// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "blocks_avx2.h"

/// Products of bytes as the panels multiply them, with nothing around: what the processor can do at most.
namespace {

inline constexpr uint32_t peakChains = 8;   // hide the latency of what sums them
inline constexpr uint32_t peakSteps = 8;    // of a sub-block

template <typename Isa, typename Panel>
uint32_t multiplyAtPeak(uint32_t rounds)
{
    constexpr uint32_t bytes = sizeof(typename Isa::Lanes::F);
    alignas(64) uint8_t numbers[peakSteps][bytes];
    alignas(64) int8_t activations[peakChains][bytes];
    for (uint32_t i = 0; i < sizeof numbers; ++i)
        numbers[i / bytes][i % bytes] = static_cast<uint8_t>((i + rounds) % 16);
    for (uint32_t i = 0; i < sizeof activations; ++i)
        activations[i / bytes][i % bytes] = static_cast<int8_t>(i % 100);
    using Bytes = decltype(Isa::loadBytes(nullptr));
    Bytes x[peakChains];
    for (uint32_t chain = 0; chain < peakChains; ++chain)
        x[chain] = Isa::loadBytes(activations[chain]);
    Bytes total = x[0];
    for (uint32_t round = 0; round < rounds; ++round) {
        typename Isa::template Sum<Panel> dots[peakChains];
#pragma GCC unroll 8
        for (uint32_t step = 0; step < peakSteps; ++step) {
            const Bytes w = Isa::loadBytes(numbers[(step + round) % peakSteps]);   // others in each round, or they would be multiplied once
#pragma GCC unroll 8
            for (uint32_t chain = 0; chain < peakChains; ++chain)
                dots[chain].add(w, x[chain], step);
        }
        for (const auto &each : dots)
            total = Isa::added(total, each.total());
    }
    uint32_t first;
    std::memcpy(&first, &total, sizeof first);
    return first;
}

/// Products of one round.
template <typename Isa>
inline constexpr uint32_t peakProducts = peakChains * peakSteps * sizeof(typename Isa::Lanes::F);

} // namespace
