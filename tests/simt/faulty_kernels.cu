// SPDX-License-Identifier: Apache-2.0
#include "faulty_kernels.h"

#include <device.cuh>
#include <launch.h>

namespace simt {
namespace {

using namespace plimsoll::engine::cuda;

constexpr unsigned mostThreads = 64;

__global__ void turnKernel(Fault fault, float *out)
{
    __shared__ float row[mostThreads];
    float *const dynamic = plimsoll::engine::cuda::dynamicShared();
    const unsigned i = threadIdx.x;
    const unsigned other = blockDim.x - 1 - i;
    if (fault == Fault::WritesBeforeWaiting)
        out[i] = 0;
    if (fault == Fault::NeverWaits)
        return;
    waitForPrevious();
    row[fault == Fault::SharedCounter ? 0 : fault == Fault::PastArray ? i + 1 : i] = static_cast<float>(i);
    dynamic[fault == Fault::PastDynamic ? i + 1 : i] = 1.0f;
    if (fault == Fault::ShuffleForBarrier)
        out[i] = warpSum(1.0f);
    else if (fault != Fault::NoBarrier)
        __syncthreads();
    out[i] = row[other] + dynamic[i];
    if (fault == Fault::NoBarrierAtTheEnd)
        row[i] = 0;
}

} // namespace

void runFaulty(Fault fault, unsigned threads)
{
    void *out = nullptr;
    plimsoll::engine::check(cudaMalloc(&out, mostThreads * sizeof(float)));
    launch(nullptr, {{1}, {threads}, threads * sizeof(float)}, turnKernel, fault, static_cast<float *>(out));
    cudaFree(out);
}

} // namespace simt
