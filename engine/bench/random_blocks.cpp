// SPDX-License-Identifier: Apache-2.0
#include "random_blocks.h"

#include <plimsoll/engine/quant/reference.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numbers>

namespace plimsoll::engine {

namespace {

constexpr uint64_t mostElements = uint64_t{1} << 20;

uint64_t mixed(uint64_t z)
{
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

/// Few bits shrink: what is stored is the mean of what it stands for. This is the deviation that normal values of deviation `scale` have
/// once they are stored.
float storedDeviation(GgmlType type, float scale, uint64_t seed)
{
    constexpr size_t sample = 4096;
    std::vector<float> values(sample);
    for (size_t i = 0; i < sample; ++i)
        values[i] = scale * randomNormal(seed, i);
    std::vector<std::byte> blocks(*rowBytes(type, sample));
    quantize(type, values, blocks.data());
    double before = 0;
    double after = 0;
    for (const float value : values)
        before += double{value} * double{value};
    dequantize(type, blocks.data(), values);
    for (const float value : values)
        after += double{value} * double{value};
    return before > 0 && after > 0 ? scale * static_cast<float>(std::sqrt(after / before)) : scale;
}

/// (0, 1]
double unit(uint64_t bits)
{
    return static_cast<double>((bits >> 11) + 1) * 0x1p-53;
}

} // namespace

uint64_t randomBits(uint64_t seed, uint64_t n)
{
    return mixed(mixed(seed) + (n + 1) * 0x9e3779b97f4a7c15u);
}

float randomNormal(uint64_t seed, uint64_t n)
{
    // Box and Muller's transform.
    const double radius = std::sqrt(-2.0 * std::log(unit(randomBits(seed, 2 * n))));
    return static_cast<float>(radius * std::cos(2.0 * std::numbers::pi * unit(randomBits(seed, 2 * n + 1))));
}

RandomBlocks::RandomBlocks(GgmlType type, float scale, uint64_t elements, uint64_t seed) : m_seed(seed)
{
    m_stretches = std::max<uint64_t>(1, (std::min(elements, mostElements) + stretchElements - 1) / stretchElements);
    m_stretchBytes = *rowBytes(type, stretchElements);
    m_pool.resize(m_stretches * m_stretchBytes);
    if (info(type).blockElements > 1)
        scale *= scale / storedDeviation(type, scale, seed);
    std::vector<float> values(stretchElements);
    for (uint64_t stretch = 0; stretch < m_stretches; ++stretch) {
        for (uint64_t i = 0; i < stretchElements; ++i)
            values[i] = scale * randomNormal(seed, stretch * stretchElements + i);
        quantize(type, values, m_pool.data() + stretch * m_stretchBytes);
    }
}

void RandomBlocks::read(uint64_t offset, std::span<std::byte> out) const
{
    for (uint64_t done = 0; done < out.size();) {
        const uint64_t at = offset + done;
        const uint64_t inside = at % m_stretchBytes;
        const uint64_t stretch = at / m_stretchBytes;
        const uint64_t drawn = stretch < m_stretches ? stretch : randomBits(~m_seed, stretch) % m_stretches;
        const uint64_t count = std::min<uint64_t>(m_stretchBytes - inside, out.size() - done);
        std::memcpy(out.data() + done, m_pool.data() + drawn * m_stretchBytes + inside, count);
        done += count;
    }
}

} // namespace plimsoll::engine
