// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

/// What tensor cores and their loads do, for engine/cuda/plugin/mma_half.cuh, which has the layouts. All lanes of a warp call together.
namespace simt {

/// d[16, 8] += a[16, 8] · b[8, 8] of half floats; sums in float32, by ascending column of a.
void multiplyEight(float (&d)[4], uint32_t a0, uint32_t a1, uint32_t b);

/// Four matrices of 8 × 8 half floats, whose rows the lanes bring.
void loadMatrices(const uint16_t *row, uint32_t (&out)[4], bool transposed);

/// Copies happen as late as they may: in waitForCopies(); until then the destination holds nothing in particular. Ends the program where
/// a block leaves copies behind that its thread never waited for.
void copyLater(void *to, const void *from, size_t bytes);
void groupCopies();
void waitForCopies(unsigned pending);

} // namespace simt
