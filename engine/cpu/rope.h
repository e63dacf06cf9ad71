// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "kernels.h"

/// Rotary position embedding (Su et al., "RoFormer", 2021) with its stretched forms.
namespace plimsoll::engine::cpu {

/// Radians per position of every rotated pair, and what multiplies sine and cosine.
struct RopeTable
{
    RopeLayout layout = RopeLayout::None;
    uint32_t pairs = 0;
    float magnitude = 1.0f;
    double frequency[maxHeadDim / 2];
};

/// `factors`: null, or a divisor of each frequency (Llama 3, LongRoPE). YaRN (Peng et al., 2023) leaves pairs that turn often
/// within the original context as they are, stretches those that turn rarely, and blends between.
RopeTable ropeTable(const RopeSpec &spec, const float *factors);

/// Sine and cosine of all pairs at one position.
struct Rotation
{
    float cosine[maxHeadDim / 2];
    float sine[maxHeadDim / 2];
};

void rotationAt(const RopeTable &table, int32_t position, Rotation &rotation);

/// Turns the first 2 × pairs elements of a head in place.
void rotate(const RopeTable &table, const Rotation &rotation, float *head);

} // namespace plimsoll::engine::cpu
