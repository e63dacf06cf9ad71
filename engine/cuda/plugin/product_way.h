// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

/// Which kernel multiplies a matrix by so many tokens. The numbers are guesses from what data sheets say of integer and bfloat16 rates and
/// of memory, until somebody measures them on a GPU; nothing else needs to change then.
namespace plimsoll::engine::cuda {

enum class ProductWay {
    Vector,   // a row of weights at a time, matrix_vector.cuh
    Tiles,    // blocks on integer tensor cores, matrix_integer_tile.cuh; plain numbers in float32, matrix_tile.cuh; see below for experts
    Cublas,   // as bfloat16, gemm.h
};

/// Up to so many tokens each matrix is read in one pass, a row at a time; and every choice of an expert reads it by itself.
inline constexpr uint32_t mostVectorTokens = 8;

/// Experts that so many tokens chose in the mean are multiplied in large tiles: blocks as integers, numbers of 16 bits as bfloat16.
inline constexpr uint32_t fewestLargeGroup = 64;

/// From that compute capability on tensor cores multiply bfloat16.
inline constexpr uint32_t bfloatCapability = 80;

/// Fewest tokens that go to cuBLAS, for matrices of plain numbers and of blocks. Blocks have to be turned to bfloat16 before, 4 bytes of
/// traffic for each weight; that pays for many tokens, and only where bfloat16 is as fast as what integer tiles reach beside their scales.
struct CublasThresholds
{
    uint32_t plain = UINT32_MAX;
    uint32_t blocks = UINT32_MAX;
};

/// Of a compute capability, as 10 · major + minor.
constexpr CublasThresholds cublasThresholds(uint32_t capability)
{
    constexpr uint32_t never = UINT32_MAX;
    switch (capability) {
    case 80: return {64, 512};
    case 90:
    case 100:
    case 103: return {64, 128};
    default: return capability < bfloatCapability ? CublasThresholds{never, never} : CublasThresholds{64, never};
    }
}

} // namespace plimsoll::engine::cuda
