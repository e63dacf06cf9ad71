// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "block.h"

#include <cstddef>
#include <cstdint>
#include <cstring>

/// What tensor cores and their loads do, for mma_half.cuh, mma_int8.cuh and load_matrices.cuh of engine/cuda/plugin, which have the
/// layouts. All lanes of a warp call together.
namespace simt {

/// d[16, 8] += a[16, 8] · b[8, 8] of half floats; sums in float32, by ascending column of a.
void multiplyEight(float (&d)[4], uint32_t a0, uint32_t a1, uint32_t b);
/// The same of bfloat16.
void multiplyEightBfloats(float (&d)[4], uint32_t a0, uint32_t a1, uint32_t b);

/// c[16, 8] += a[16, 16] · b[16, 8] of signed bytes.
void mmaM16N8K16(int32_t (&c)[4], uint32_t a0, uint32_t a1, uint32_t b);

/// The addresses of the rows that the lanes bring, [32].
const uint64_t *exchangeRows(const void *row);

/// Reads here, where shared memory is watched.
template <unsigned Matrices>
void loadMatrices(const void *row, uint32_t (&out)[Matrices])
{
    const uint64_t *const rows = exchangeRows(row);
    for (unsigned m = 0; m < Matrices; ++m)
        std::memcpy(&out[m], reinterpret_cast<const std::byte *>(rows[8 * m + laneOfThread() / 4]) + laneOfThread() % 4 * 4, sizeof out[m]);
}

inline void loadMatricesTransposed(const void *row, uint32_t (&out)[4])
{
    const uint64_t *const rows = exchangeRows(row) + laneOfThread() % 4 * 2;
    for (unsigned m = 0; m < 4; ++m) {
        const auto half = [&](unsigned i) { return uint32_t{reinterpret_cast<const uint16_t *>(rows[8 * m + i])[laneOfThread() / 4]}; };
        out[m] = half(0) | half(1) << 16;
    }
}

/// Copies happen as late as they may: in waitForCopies(); until then the destination holds nothing in particular. Ends the program where
/// a block leaves copies behind that its thread never waited for.
void copyLater(void *to, const void *from, size_t bytes);
void groupCopies();
void waitForCopies(unsigned pending);

} // namespace simt
