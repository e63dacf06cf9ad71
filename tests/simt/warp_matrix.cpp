// SPDX-License-Identifier: Apache-2.0
#include "warp_matrix.h"

#include "cuda_runtime.h"

#include <plimsoll/engine/quant/reference.h>

#include <array>
#include <cstring>
#include <deque>
#include <vector>

namespace simt {

namespace {

constexpr uint32_t allLanes = 0xffffffffu;
constexpr size_t rowBytes = 16;   // of eight half floats
constexpr size_t mostThreads = 1024;

using Value = float (*)(uint16_t);   // of a number of 16 bits

/// The words that four lanes from `first` on brought: a row or a column of eight.
std::array<float, 8> eightOf(const uint64_t *words, unsigned first, unsigned shift, Value value)
{
    std::array<float, 8> out{};
    for (unsigned i = 0; i < out.size(); ++i)
        out[i] = value(static_cast<uint16_t>(words[first + i / 2] >> (shift + 16 * (i % 2))));
    return out;
}

void multiplyEightOf(Value value, float (&d)[4], uint32_t a0, uint32_t a1, uint32_t b)
{
    const unsigned lane = laneOfThread();
    const unsigned row = lane / 4 * 4;        // its first lane
    const unsigned column = lane % 4 * 2;
    const uint64_t *const rows = exchange(Collective::Matrix, allLanes, a0 | static_cast<uint64_t>(a1) << 32);
    const std::array<float, 8> upper = eightOf(rows, row, 0, value);
    const std::array<float, 8> lower = eightOf(rows, row, 32, value);
    const uint64_t *const columns = exchange(Collective::Matrix, allLanes, b);
    for (unsigned c = 0; c < 2; ++c) {
        const std::array<float, 8> factors = eightOf(columns, (column + c) * 4, 0, value);
        for (unsigned i = 0; i < factors.size(); ++i) {
            d[c] += upper[i] * factors[i];
            d[2 + c] += lower[i] * factors[i];
        }
    }
}

struct Copy
{
    void *to;
    const void *from;
    size_t bytes;
};

/// Of one thread of a block.
struct Copies
{
    uint64_t block = 0;
    std::deque<std::vector<Copy>> groups;   // the oldest first; the last takes what is sent off
};

Copies &copiesOfThread()
{
    static std::vector<Copies> all(mostThreads);
    Copies &mine = all[threadIdx.x + blockDim.x * (threadIdx.y + blockDim.y * threadIdx.z)];
    if (mine.block == blocksBegun())
        return mine;
    for (const auto &group : mine.groups)
        if (!group.empty())
            fail("an earlier block did not wait for its copies");
    mine.block = blocksBegun();
    mine.groups.assign(1, {});
    return mine;
}

} // namespace

void multiplyEight(float (&d)[4], uint32_t a0, uint32_t a1, uint32_t b)
{
    multiplyEightOf(plimsoll::engine::halfToFloat, d, a0, a1, b);
}

void multiplyEightBfloats(float (&d)[4], uint32_t a0, uint32_t a1, uint32_t b)
{
    multiplyEightOf(plimsoll::engine::bfloatToFloat, d, a0, a1, b);
}

void mmaM16N8K16(int32_t (&c)[4], uint32_t a0, uint32_t a1, uint32_t b)
{
    const unsigned g = laneOfThread() / 4;
    const unsigned p = laneOfThread() % 4;
    uint64_t rows[4];   // g and g + 8, columns 4q to 4q + 3
    std::memcpy(rows, exchange(Collective::Matrix, allLanes, a0 | uint64_t{a1} << 32) + 4 * g, sizeof rows);
    const uint64_t *const columns = exchange(Collective::Matrix, allLanes, b);
    for (unsigned i = 0; i < 4; ++i)
        for (unsigned q = 0; q < 4; ++q)
            c[i] = __dp4a(static_cast<int>(rows[q] >> (32 * (i / 2))), static_cast<int>(columns[4 * (2 * p + i % 2) + q]), c[i]);
}

const uint64_t *exchangeRows(const void *row)
{
    checkAligned(row, rowBytes);
    return exchange(Collective::Matrix, allLanes, reinterpret_cast<uintptr_t>(row));
}

void copyLater(void *to, const void *from, size_t bytes)
{
    checkAligned(to, bytes);
    checkAligned(from, bytes);
    std::memset(to, 0xcb, bytes);
    copiesOfThread().groups.back().push_back({to, from, bytes});
}

void groupCopies()
{
    copiesOfThread().groups.emplace_back();
}

void waitForCopies(unsigned pending)
{
    auto &groups = copiesOfThread().groups;
    while (groups.size() > pending + 1) {
        for (const Copy &each : groups.front())
            std::memcpy(each.to, each.from, each.bytes);
        groups.pop_front();
    }
}

} // namespace simt
