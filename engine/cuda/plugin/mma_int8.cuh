// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "load_matrices.cuh"

/// Tensor cores on signed bytes: a warp multiplies small matrices that its lanes hold together, C += A · B, A [16, 32], B [32, 8],
/// C [16, 8] of int32. Lane 4g + p (g 0 to 7, p 0 to 3) holds (PTX ISA, "Matrix Fragments for mma.m16n8k32", .s8):
///
///     A           columns 4p … 4p+3   16+4p … 16+4p+3       C           columns 2p, 2p+1
///     row g            a[0]                a[2]             row g           c[0], c[1]
///     row g + 8        a[1]                a[3]             row g + 8       c[2], c[3]
///
///     B           rows 4p … 4p+3      16+4p … 16+4p+3
///     column g         b0                  b1
///
/// The halves of 16 columns of A, with their rows of B, are fragments by themselves. The twins for the processor are in tests/simt.
namespace plimsoll::engine::cuda {

/// C += A[:, 16 columns] · B[16 rows, :]. Turing multiplies 8 rows at a time.
__device__ inline void mmaM16N8K16(int32_t (&c)[4], uint32_t a0, uint32_t a1, uint32_t b)
{
#if !defined(__CUDACC__)
    simt::mmaM16N8K16(c, a0, a1, b);
#elif __CUDA_ARCH__ >= 800
    asm("mma.sync.aligned.m16n8k16.row.col.s32.s8.s8.s32 {%0, %1, %2, %3}, {%4, %5}, {%6}, {%0, %1, %2, %3};"
        : "+r"(c[0]), "+r"(c[1]), "+r"(c[2]), "+r"(c[3]) : "r"(a0), "r"(a1), "r"(b));
#else
    asm("mma.sync.aligned.m8n8k16.row.col.s32.s8.s8.s32 {%0, %1}, {%2}, {%3}, {%0, %1};" : "+r"(c[0]), "+r"(c[1]) : "r"(a0), "r"(b));
    asm("mma.sync.aligned.m8n8k16.row.col.s32.s8.s8.s32 {%0, %1}, {%2}, {%3}, {%0, %1};" : "+r"(c[2]), "+r"(c[3]) : "r"(a1), "r"(b));
#endif
}

/// C += A · B.
__device__ inline void mmaM16N8K32(int32_t (&c)[4], const uint32_t (&a)[4], uint32_t b0, uint32_t b1)
{
#if defined(__CUDACC__) && __CUDA_ARCH__ >= 800
    asm("mma.sync.aligned.m16n8k32.row.col.s32.s8.s8.s32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
        : "+r"(c[0]), "+r"(c[1]), "+r"(c[2]), "+r"(c[3]) : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
#else
    mmaM16N8K16(c, a[0], a[1], b0);
    mmaM16N8K16(c, a[2], a[3], b1);
#endif
}

} // namespace plimsoll::engine::cuda
