// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "device.cuh"
#include "load_matrices.cuh"

/// Tensor cores over half floats and bfloat16, and what feeds them: global memory goes to shared memory beside the computation, from there
/// to registers by load_matrices.cuh. All lanes of a warp take part (PTX ISA: mma.sync, cp.async). Where a GPU lacks an instruction,
/// simpler ones take its place here. The processor's twins are in tests/simt.
///
/// Fragments of D[16, 8] += A[16, 16] · B[16, 8]. With g = lane / 4 and t = 2 · (lane % 4) a lane holds, two halves to a word, the lower
/// column or row in the lower half:
///     A  a[0]: row g, columns t and t + 1      a[1]: row g + 8      a[2]: row g, columns t + 8 and t + 9      a[3]: row g + 8
///     B  b0: rows t and t + 1 of column g      b1: rows t + 8 and t + 9
///     D  d[0], d[1]: row g, columns t and t + 1      d[2], d[3]: row g + 8
/// Two results side by side, columns [0, 16), rounded to half, are an A whose columns they are.
namespace plimsoll::engine::cuda {

/// Two floats rounded to nearest even, `low` in the lower half.
__device__ inline uint32_t packHalves(float low, float high)
{
#ifdef __CUDACC__
    const __half2 both = __floats2half2_rn(low, high);
    uint32_t word;
    std::memcpy(&word, &both, sizeof word);
    return word;
#else
    return toHalf(low) | static_cast<uint32_t>(toHalf(high)) << 16;
#endif
}

/// The half of a product with eight columns of A (its a0 and a1) and eight rows of B: all that tensor cores before 8.0 know.
__device__ inline void multiplyEight(float (&d)[4], uint32_t a0, uint32_t a1, uint32_t b)
{
#ifdef __CUDACC__
    asm("mma.sync.aligned.m16n8k8.row.col.f32.f16.f16.f32 {%0, %1, %2, %3}, {%4, %5}, {%6}, {%0, %1, %2, %3};"
        : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3])
        : "r"(a0), "r"(a1), "r"(b));
#else
    simt::multiplyEight(d, a0, a1, b);
#endif
}

/// D += A · B: products exact, sums in float32, in an order that NVIDIA does not tell.
__device__ inline void multiplyHalves(float (&d)[4], const uint32_t (&a)[4], uint32_t b0, uint32_t b1)
{
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 800
    asm("mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
        : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3])
        : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
#else
    multiplyEight(d, a[0], a[1], b0);
    multiplyEight(d, a[2], a[3], b1);
#endif
}

/// The same of bfloat16, which tensor cores know from 8.0 on; no others are asked.
__device__ inline void multiplyBfloats(float (&d)[4], const uint32_t (&a)[4], uint32_t b0, uint32_t b1)
{
#if !defined(__CUDACC__)
    simt::multiplyEightBfloats(d, a[0], a[1], b0);
    simt::multiplyEightBfloats(d, a[2], a[3], b1);
#elif defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 800
    asm("mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
        : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3])
        : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
#else
    __trap();
#endif
}

/// Sixteen bytes, both addresses multiples of 16, on their way until this thread waits for their group; past the first-level cache.
__device__ inline void copyLater(void *shared, const void *global)
{
#if !defined(__CUDACC__)
    simt::copyLater(shared, global, sizeof(uint4));
#elif defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 800
    asm volatile("cp.async.cg.shared.global [%0], [%1], 16;"
        :
        : "r"(static_cast<uint32_t>(__cvta_generic_to_shared(shared))), "l"(__cvta_generic_to_global(global))
        : "memory");
#else
    *static_cast<uint4 *>(shared) = *static_cast<const uint4 *>(global);
#endif
}

/// What this thread has sent off since the last group is a group, also where it is nothing.
__device__ inline void groupCopies()
{
#if !defined(__CUDACC__)
    simt::groupCopies();
#elif defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 800
    asm volatile("cp.async.commit_group;" ::: "memory");
#endif
}

/// Until all groups of this thread but the newest `Pending` have arrived. Other threads see them behind a barrier.
template <uint32_t Pending>
__device__ inline void waitForCopies()
{
#if !defined(__CUDACC__)
    simt::waitForCopies(Pending);
#elif defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 800
    asm volatile("cp.async.wait_group %0;" ::"n"(Pending) : "memory");
#endif
}

} // namespace plimsoll::engine::cuda
