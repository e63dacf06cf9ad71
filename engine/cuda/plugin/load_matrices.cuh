// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cuda_runtime.h>

#ifndef __CUDACC__
#include <warp_matrix.h>
#endif

/// From shared memory to the registers of a warp, as tensor cores want it (PTX ISA: ldmatrix). All lanes take part. The processor's twin is
/// in tests/simt.
///
/// Matrices are 8 rows of 16 bytes: 8 half floats or 16 signed bytes. Lane 8m + r brings the address of row r of matrix m, a multiple of
/// 16. With g = lane / 4 and p = lane % 4 a lane gets in out[m] bytes 4p to 4p + 3 of row g of matrix m: as A is held, and B whose columns
/// are those rows.
namespace plimsoll::engine::cuda {

__device__ inline void loadMatrices(const void *row, uint32_t (&out)[4])
{
#ifdef __CUDACC__
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0, %1, %2, %3}, [%4];"
        : "=r"(out[0]), "=r"(out[1]), "=r"(out[2]), "=r"(out[3])
        : "r"(static_cast<uint32_t>(__cvta_generic_to_shared(row)))
        : "memory");
#else
    simt::loadMatrices(row, out);
#endif
}

/// What lanes 16 to 31 say is not looked at.
__device__ inline void loadMatrices(const void *row, uint32_t (&out)[2])
{
#ifdef __CUDACC__
    asm volatile("ldmatrix.sync.aligned.m8n8.x2.shared.b16 {%0, %1}, [%2];"
        : "=r"(out[0]), "=r"(out[1])
        : "r"(static_cast<uint32_t>(__cvta_generic_to_shared(row)))
        : "memory");
#else
    simt::loadMatrices(row, out);
#endif
}

/// Of matrices of half floats transposed: rows 2p and 2p + 1 of column g.
__device__ inline void loadMatricesTransposed(const void *row, uint32_t (&out)[4])
{
#ifdef __CUDACC__
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%0, %1, %2, %3}, [%4];"
        : "=r"(out[0]), "=r"(out[1]), "=r"(out[2]), "=r"(out[3])
        : "r"(static_cast<uint32_t>(__cvta_generic_to_shared(row)))
        : "memory");
#else
    simt::loadMatricesTransposed(row, out);
#endif
}

} // namespace plimsoll::engine::cuda
