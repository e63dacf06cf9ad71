// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <plimsoll/quant/ggml_type.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace plimsoll::engine {

/// The n-th number of the random stream `seed`: 64 well-mixed bits (the finalizer of splitmix64, Steele et al. 2014).
uint64_t randomBits(uint64_t seed, uint64_t n);

/// The n-th of a stream of normally distributed numbers, deviation 1.
float randomNormal(uint64_t seed, uint64_t n);

/// An endless stream of random weights in one block format. Quantizing every weight of a large model would take minutes, so the first
/// million or so are, and each later stretch of the stream is one drawn from them at random: valid blocks, right statistics, rows that
/// differ from each other.
class RandomBlocks
{
public:
    static constexpr uint64_t stretchElements = 256;

    /// Weights are normal, and have the deviation `scale` after they were rounded. `elements`: how many will be read, where that is known
    /// to be few.
    RandomBlocks(GgmlType type, float scale, uint64_t elements, uint64_t seed);

    /// Bytes of the stream from `offset`; the same arguments give the same bytes.
    void read(uint64_t offset, std::span<std::byte> out) const;

private:
    std::vector<std::byte> m_pool;
    uint64_t m_stretchBytes = 0;   // what is drawn at once: whole blocks
    uint64_t m_stretches = 0;
    uint64_t m_seed = 0;
};

} // namespace plimsoll::engine
