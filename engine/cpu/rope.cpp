// SPDX-License-Identifier: Apache-2.0
#include "rope.h"

#include <cmath>

namespace plimsoll::engine::cpu {

void rotationAt(const RopeTable &table, int32_t position, Rotation &rotation)
{
    for (uint32_t i = 0; i < table.pairs; ++i) {
        const double angle = position * table.frequency[i];
        rotation.cosine[i] = static_cast<float>(std::cos(angle)) * table.magnitude;
        rotation.sine[i] = static_cast<float>(std::sin(angle)) * table.magnitude;
    }
}

void rotate(const RopeTable &table, const Rotation &rotation, float *head)
{
    const bool neighbours = table.layout == RopeLayout::Norm;
    for (uint32_t i = 0; i < table.pairs; ++i) {
        float &a = head[neighbours ? 2 * i : i];
        float &b = head[neighbours ? 2 * i + 1 : i + table.pairs];
        const float x = a;
        const float y = b;
        a = x * rotation.cosine[i] - y * rotation.sine[i];
        b = x * rotation.sine[i] + y * rotation.cosine[i];
    }
}

} // namespace plimsoll::engine::cpu
