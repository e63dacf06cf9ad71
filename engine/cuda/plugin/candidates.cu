// SPDX-License-Identifier: Apache-2.0
#include "candidates.h"

#include "device.cuh"
#include "launch.h"

#include <algorithm>
#include <bit>
#include <cfloat>

/// Each block sorts a part of a row by Batcher's bitonic network (1968) and keeps the best of it; what the parts keep is again cut into
/// parts, until there is one. A key holds the logit, in an order of unsigned numbers, above the token, turned around: of equal logits the
/// lower token is the larger key, no two are equal, and so the result depends on no order of threads.
namespace plimsoll::engine::cuda {

namespace {

constexpr uint32_t candidateThreads = 256;
constexpr uint32_t partKeys = 2048;   // of a block
constexpr uint32_t signBit = 0x80000000u;

/// What is no number comes last, with −∞; +∞ counts as the largest number, and −0 as 0. Never 0, which stands for no key.
__device__ uint64_t keyOf(float logit, uint32_t token)
{
    float value = logit > -INFINITY ? fminf(logit, FLT_MAX) : -INFINITY;
    if (value == 0)
        value = 0;
    const uint32_t bits = __float_as_uint(value);
    return static_cast<uint64_t>(bits & signBit ? ~bits : bits | signBit) << 32 | ~token;
}

__device__ TokenCandidate candidateOf(uint64_t key)
{
    const auto ordered = static_cast<uint32_t>(key >> 32);
    return {static_cast<int32_t>(~static_cast<uint32_t>(key)), __uint_as_float(ordered & signBit ? ordered & ~signBit : ~ordered)};
}

/// Sorts keys[count], shared, count a power of two, the largest first; between barriers of its own.
__device__ void sortDescending(uint64_t *keys, uint32_t count)
{
    for (uint32_t size = 2; size <= count; size *= 2)
        for (uint32_t stride = size / 2; stride > 0; stride /= 2) {
            __syncthreads();
            for (uint32_t i = threadIdx.x; i < count / 2; i += blockDim.x) {
                const uint32_t a = 2 * i - (i & (stride - 1));
                const uint32_t b = a + stride;
                const uint64_t first = keys[a];
                const uint64_t second = keys[b];
                if ((first < second) == ((a & size) == 0)) {
                    keys[a] = second;
                    keys[b] = first;
                }
            }
        }
    __syncthreads();
}

/// The largest of keys[count], shared, goes to keys[0], between barriers of its own.
__device__ void bringLargest(uint64_t *keys, uint32_t count)
{
    __syncthreads();
    uint64_t best = 0;
    for (uint32_t i = threadIdx.x; i < count; i += blockDim.x)
        best = max(best, keys[i]);
    for (int lanes = 16; lanes > 0; lanes /= 2)
        best = max(best, __shfl_xor_sync(allLanes, best, lanes));
    __syncthreads();
    if (threadIdx.x % warpLanes == 0)
        keys[threadIdx.x / warpLanes] = best;
    __syncthreads();
    if (threadIdx.x == 0)
        for (uint32_t warp = 1; warp < blockDim.x / warpLanes; ++warp)
            keys[0] = max(keys[0], keys[warp]);
}

/// Of part blockIdx.x of row blockIdx.y: keys [rows, parts, kept].
__device__ void keepBest(uint64_t *keys, uint32_t count, uint32_t kept, uint64_t *out)
{
    kept > 1 ? sortDescending(keys, count) : bringLargest(keys, count);
    uint64_t *const to = out + (uint64_t{blockIdx.y} * gridDim.x + blockIdx.x) * kept;
    for (uint32_t i = threadIdx.x; i < kept; i += blockDim.x)
        to[i] = i < count ? keys[i] : 0;
}

/// Grid: (parts, rows). numbers [rows, parts]: whether there is any number in the part, of all columns.
__global__ void __launch_bounds__(candidateThreads) bestLogitsKernel(
    const float *logits, CandidatesPhase what, uint32_t count, uint64_t *out, uint32_t *numbers)
{
    waitForPrevious();
    __shared__ uint64_t keys[partKeys];
    __shared__ uint32_t votes[candidateThreads / warpLanes];
    const float *const row = logits + uint64_t{blockIdx.y} * what.columns;
    bool any = false;
    for (uint32_t i = threadIdx.x; i < count; i += blockDim.x) {
        const uint32_t column = blockIdx.x * partKeys + i;
        const float logit = column < what.columns ? row[column] : -INFINITY;
        any = any || (logit > -INFINITY && logit < INFINITY);
        keys[i] = column < what.choices ? keyOf(logit, column) : 0;
    }
    const uint32_t vote = __ballot_sync(allLanes, any);
    if (threadIdx.x % warpLanes == 0)
        votes[threadIdx.x / warpLanes] = vote;
    __syncthreads();
    if (threadIdx.x == 0) {
        uint32_t all = 0;
        for (const uint32_t each : votes)
            all |= each;
        numbers[blockIdx.y * gridDim.x + blockIdx.x] = all != 0;
    }
    keepBest(keys, count, what.kept, out);
}

/// The best of `total` keys of each row. Grid: (parts, rows).
__global__ void __launch_bounds__(candidateThreads) bestKeysKernel(
    const uint64_t *from, uint32_t total, uint32_t count, uint32_t kept, uint64_t *out)
{
    waitForPrevious();
    __shared__ uint64_t keys[partKeys];
    for (uint32_t i = threadIdx.x; i < count; i += blockDim.x) {
        const uint32_t at = blockIdx.x * partKeys + i;
        keys[i] = at < total ? from[uint64_t{blockIdx.y} * total + at] : 0;
    }
    keepBest(keys, count, kept, out);
}

/// Grid: (rows).
__global__ void __launch_bounds__(candidateThreads) writeCandidatesKernel(
    const uint64_t *keys, uint32_t kept, const uint32_t *numbers, uint32_t parts, TokenCandidate *out)
{
    waitForPrevious();
    TokenCandidate *const to = out + uint64_t{blockIdx.x} * (kept + 1);
    for (uint32_t i = threadIdx.x; i < kept; i += blockDim.x)
        to[i] = candidateOf(keys[uint64_t{blockIdx.x} * kept + i]);
    if (threadIdx.x != 0)
        return;
    uint32_t any = 0;
    for (uint32_t part = 0; part < parts; ++part)
        any |= numbers[blockIdx.x * parts + part];
    to[kept] = {static_cast<int32_t>(any), 0.0f};
}

uint32_t partsOf(uint32_t total)
{
    return ceilDivide(total, partKeys);
}

/// Keys that a block sorts.
uint32_t sortedOf(uint32_t total)
{
    return std::bit_ceil(std::min(total, partKeys));
}

/// Where it lies in the scratch.
struct Places
{
    uint64_t out, keys[2], numbers, end;
};

Places placesOf(const CandidatesPhase &what)
{
    const uint64_t perPart = uint64_t{what.outputs} * what.kept * sizeof(uint64_t);
    const uint32_t parts = partsOf(what.columns);
    Places places{};
    places.keys[0] = uint64_t{what.outputs} * (what.kept + 1) * sizeof(TokenCandidate);
    places.keys[1] = places.keys[0] + parts * perPart;
    places.numbers = places.keys[1] + partsOf(parts * what.kept) * perPart;
    places.end = places.numbers + uint64_t{what.outputs} * parts * sizeof(uint32_t);
    return places;
}

} // namespace

uint64_t candidateBytes(const CandidatesPhase &what)
{
    return placesOf(what).end;
}

void findCandidates(cudaStream_t stream, const CandidatesPhase &what, const float *logits, std::byte *scratch)
{
    static_assert(sizeof(TokenCandidate) == sizeof(uint64_t));
    const Places places = placesOf(what);
    const auto keys = [&](uint32_t which) { return reinterpret_cast<uint64_t *>(scratch + places.keys[which]); };
    auto *const numbers = reinterpret_cast<uint32_t *>(scratch + places.numbers);
    const uint32_t firstParts = partsOf(what.columns);
    const auto grid = [&](uint32_t parts) { return Grid{{parts, what.outputs}, {candidateThreads}}; };
    launch(stream, grid(firstParts), bestLogitsKernel, logits, what, sortedOf(what.columns), keys(0), numbers);
    uint32_t at = 0;
    for (uint32_t parts = firstParts; parts > 1; at ^= 1) {
        const uint32_t total = parts * what.kept;
        parts = partsOf(total);
        launch(stream, grid(parts), bestKeysKernel, keys(at), total, sortedOf(total), what.kept, keys(at ^ 1));
    }
    launch(stream, {{what.outputs}, {candidateThreads}}, writeCandidatesKernel, keys(at), what.kept, numbers, firstParts,
        reinterpret_cast<TokenCandidate *>(scratch + places.out));
}

} // namespace plimsoll::engine::cuda
