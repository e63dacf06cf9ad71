// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "kernels.h"

#include <plimsoll/engine/model/rope_table.h>

namespace plimsoll::engine::cpu {

static_assert(maxRopeDims >= maxHeadDim);

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
