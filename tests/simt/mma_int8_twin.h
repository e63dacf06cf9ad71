// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cuda_runtime.h"

/// What engine/cuda/plugin/mma_int8.cuh asks of tensor cores, by the lanes of a warp one after another: see the fragments drawn there.
namespace simt {

inline void mmaM16N8K16(int32_t (&c)[4], uint32_t a0, uint32_t a1, uint32_t b)
{
    const unsigned g = laneOfThread() / 4;
    const unsigned p = laneOfThread() % 4;
    uint64_t rows[4];   // g and g + 8, columns 4q to 4q + 3
    std::memcpy(rows, exchange(Collective::Matrix, ~0u, a0 | uint64_t{a1} << 32) + 4 * g, sizeof rows);
    const uint64_t *const columns = exchange(Collective::Matrix, ~0u, b);
    for (unsigned i = 0; i < 4; ++i)
        for (unsigned q = 0; q < 4; ++q)
            c[i] = __dp4a(static_cast<int>(rows[q] >> (32 * (i / 2))), static_cast<int>(columns[4 * (2 * p + i % 2) + q]), c[i]);
}

template <unsigned Matrices>
void loadMatrices(const void *row, uint32_t (&out)[Matrices])
{
    checkAligned(row, 16);
    const uint64_t *const rows = exchange(Collective::Matrix, ~0u, reinterpret_cast<uintptr_t>(row));
    for (unsigned m = 0; m < Matrices; ++m)
        std::memcpy(&out[m], reinterpret_cast<const std::byte *>(rows[8 * m + laneOfThread() / 4]) + laneOfThread() % 4 * 4, sizeof out[m]);
}

} // namespace simt
