// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <plimsoll/model/block_spec.h>

/// Rotary position embedding (Su et al., "RoFormer", 2021) with its stretched forms: what every backend rotates by.
namespace plimsoll::engine {

/// Most elements of a head.
inline constexpr uint32_t maxRopeDims = 576;

/// Radians per position of every rotated pair, and what multiplies sine and cosine.
struct RopeTable
{
    RopeLayout layout = RopeLayout::None;
    uint32_t pairs = 0;
    float magnitude = 1.0f;
    double frequency[maxRopeDims / 2];
};

/// `factors`: null, or a divisor of each frequency (Llama 3, LongRoPE). YaRN (Peng et al., 2023) leaves pairs that turn often
/// within the original context as they are, stretches those that turn rarely, and blends between.
RopeTable ropeTable(const RopeSpec &spec, const float *factors);

} // namespace plimsoll::engine
