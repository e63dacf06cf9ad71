// SPDX-License-Identifier: Apache-2.0
#include "compress.h"
#include "scale_search.h"

#include <bit>
#include <cstring>
#include <vector>

/// Writing the IQ formats of grids: runs of four or eight elements become the nearest allowed point of a lattice.
namespace plimsoll::engine {

namespace {

/// Finds nearest entries of a grid. For every point of the lattice, allowed or not, the entries next to it are worked out once.
class Grid
{
public:
    template <typename Entry, size_t Count>
    Grid(const std::array<Entry, Count> &entries, std::vector<int8_t> levels)
        : m_levels(std::move(levels)), m_elements(sizeof(Entry)), m_entries(Count * sizeof(Entry))
    {
        std::memcpy(m_entries.data(), entries.data(), m_entries.size());
        findNeighbours();
    }

    uint32_t elements() const { return m_elements; }
    float largest() const { return static_cast<float>(m_levels.back()); }
    const int8_t *entry(uint32_t index) const { return m_entries.data() + index * m_elements; }

    /// Of v [elements], in the units of the entries.
    uint32_t nearest(const float *v) const
    {
        size_t point = 0;
        for (uint32_t i = m_elements; i-- > 0;) {
            uint32_t digit = 0;
            while (digit + 1 < m_levels.size() && 2 * v[i] > static_cast<float>(m_levels[digit] + m_levels[digit + 1]))
                ++digit;
            point = point * m_levels.size() + digit;
        }
        const uint16_t *const near = m_neighbours.data() + point * kept;
        if (m_allowed[point])
            return near[0];
        uint32_t best = near[0];
        float bestDistance = INFINITY;
        for (uint32_t k = 0; k < kept; ++k) {
            float distance = 0;
            for (uint32_t i = 0; i < m_elements; ++i) {
                const float miss = v[i] - static_cast<float>(entry(near[k])[i]);
                distance += miss * miss;
            }
            if (distance < bestDistance) {
                bestDistance = distance;
                best = near[k];
            }
        }
        return best;
    }

private:
    static constexpr uint32_t kept = 8;

    void findNeighbours()
    {
        size_t points = 1;
        for (uint32_t i = 0; i < m_elements; ++i)
            points *= m_levels.size();
        m_neighbours.resize(points * kept);
        m_allowed.resize(points);
        for (size_t point = 0; point < points; ++point) {
            int8_t at[8];
            size_t rest = point;
            for (uint32_t i = 0; i < m_elements; ++i, rest /= m_levels.size())
                at[i] = m_levels[rest % m_levels.size()];
            m_allowed[point] = keepNearest(at, m_neighbours.data() + point * kept);
        }
    }

    /// The nearest entries first; whether the first is the point itself.
    bool keepNearest(const int8_t *at, uint16_t *near) const
    {
        int distances[kept];
        std::fill(distances, distances + kept, INT32_MAX);
        const auto count = static_cast<uint32_t>(m_entries.size() / m_elements);
        for (uint32_t index = 0; index < count && distances[0] != 0; ++index) {
            int distance = 0;
            for (uint32_t i = 0; i < m_elements && distance < distances[kept - 1]; ++i)
                distance += (at[i] - entry(index)[i]) * (at[i] - entry(index)[i]);
            if (distance >= distances[kept - 1])
                continue;
            uint32_t place = kept - 1;
            for (; place > 0 && distances[place - 1] > distance; --place) {
                distances[place] = distances[place - 1];
                near[place] = near[place - 1];
            }
            distances[place] = distance;
            near[place] = static_cast<uint16_t>(index);
        }
        return distances[0] == 0;
    }

    std::vector<int8_t> m_levels;          // ascending
    uint32_t m_elements;
    std::vector<int8_t> m_entries;         // [entries][elements]
    std::vector<uint16_t> m_neighbours;    // [points][kept], the nearest first
    std::vector<uint8_t> m_allowed;        // [points]: the point is an entry
};

/// Constant tables, each made when first needed.
template <const auto &Entries>
const Grid &gridOf(std::vector<int8_t> (*levels)())
{
    static const Grid grid(Entries, levels());
    return grid;
}

std::vector<int8_t> levelsIq2() { return {8, 25, 43}; }
std::vector<int8_t> levelsIq1() { return {-8, 0, 8}; }
std::vector<int8_t> levelsIq3Xxs() { return {4, 12, 20, 28, 36, 44, 52, 62}; }
std::vector<int8_t> levelsIq3S() { return {1, 3, 5, 7, 9, 11, 13, 15}; }

/// What is stored of the elements that share a scale: grid indices, and a bit per element or run of eight.
struct Codes
{
    uint16_t index[8];
    uint32_t bits;   // signs, set for negative elements; in IQ1 per run of eight, set for a shift down
};

/// Magnitudes from a grid and signs; `even`: of every eight elements an even number is negative.
struct SignedGrid
{
    const Grid &grid;
    bool even;

    float largest() const { return grid.largest(); }

    void operator()(std::span<const float> x, float scale, int8_t *q, Codes &codes) const
    {
        codes.bits = 0;
        for (uint32_t i = 0; i < x.size(); i += 8) {
            float v[8];
            uint32_t signs = 0;
            uint32_t smallest = 0;
            for (uint32_t e = 0; e < 8; ++e) {
                v[e] = std::fabs(x[i + e]) * inverse(scale);
                signs |= (x[i + e] < 0 ? 1u : 0u) << e;
                smallest = v[e] < v[smallest] ? e : smallest;
            }
            if (even && std::popcount(signs) % 2 == 1) {
                signs ^= 1u << smallest;
                v[smallest] = -v[smallest];
            }
            codes.bits |= signs << i;
            for (uint32_t e = 0; e < 8; e += grid.elements()) {
                const uint32_t index = grid.nearest(v + e);
                codes.index[(i + e) / grid.elements()] = static_cast<uint16_t>(index);
                for (uint32_t k = 0; k < grid.elements(); ++k)
                    q[i + e + k] = static_cast<int8_t>(signs >> (e + k) & 1 ? -grid.entry(index)[k] : grid.entry(index)[k]);
            }
        }
    }
};

/// Entries of IQ1's grid, moved up or down by an eighth; `run` elements are moved alike.
struct ShiftedGrid
{
    const Grid &grid;
    uint32_t run;

    float largest() const { return 9; }

    void operator()(std::span<const float> x, float scale, int8_t *q, Codes &codes) const
    {
        codes.bits = 0;
        for (uint32_t i = 0; i < x.size(); i += run) {
            const std::span<const float> part = x.subspan(i, run);
            const float up = place(part, scale, 1, q + i, codes.index + i / 8);
            uint16_t index[8];
            int8_t moved[32];
            if (!(place(part, scale, -1, moved, index) < up))
                continue;
            std::copy(moved, moved + run, q + i);
            std::copy(index, index + run / 8, codes.index + i / 8);
            codes.bits |= ((1u << (run / 8)) - 1) << (i / 8);
        }
    }

private:
    float place(std::span<const float> x, float scale, int shift, int8_t *q, uint16_t *index) const
    {
        for (uint32_t i = 0; i < x.size(); i += 8) {
            float v[8];
            for (uint32_t e = 0; e < 8; ++e)
                v[e] = x[i + e] * inverse(scale) - static_cast<float>(shift);
            index[i / 8] = static_cast<uint16_t>(grid.nearest(v));
            for (uint32_t e = 0; e < 8; ++e)
                q[i + e] = static_cast<int8_t>(grid.entry(index[i / 8])[e] + shift);
        }
        return squaredError(x, scale, q);
    }
};

/// The scales a block can have: d·(base + step·s), s from 0 to `top`, each for `group` elements.
struct ScaleSteps
{
    float base;
    float step;
    int top;
    uint32_t group;
};

struct Coded
{
    uint16_t d;
    uint8_t scales[16];
    Codes codes[16];   // of each group
};

/// Scales for each group apart; then d, for which each is rounded to the step that serves its group best.
template <typename Encode>
Coded code(std::span<const float> x, const ScaleSteps &steps, const Encode &encode)
{
    Coded out;
    int8_t q[32];
    float wanted[16];
    float most = 0;
    const auto groups = static_cast<uint32_t>(x.size() / steps.group);
    const auto part = [&](uint32_t g) { return x.subspan(g * steps.group, steps.group); };
    for (uint32_t g = 0; g < groups; ++g) {
        wanted[g] = std::fabs(searchedScale(part(g), encode.largest(), wideReach,
            [&](std::span<const float> v, float scale, int8_t *into) { encode(v, std::fabs(scale), into, out.codes[g]); }));
        most = std::max(most, wanted[g]);
    }
    out.d = floatToHalf(most / (steps.base + steps.step * static_cast<float>(steps.top)));
    const float d = halfToFloat(out.d);
    const auto scaleAt = [&](int s) { return d * (steps.base + steps.step * static_cast<float>(s)); };
    for (uint32_t g = 0; g < groups; ++g) {
        const int middle = nearest((wanted[g] * inverse(d) - steps.base) / steps.step, 0, steps.top);
        float best = INFINITY;
        out.scales[g] = static_cast<uint8_t>(middle);
        for (int s = std::max(0, middle - 1); s <= std::min(steps.top, middle + 1); ++s) {
            encode(part(g), scaleAt(s), q, out.codes[g]);
            if (const float error = squaredError(part(g), scaleAt(s), q); error < best) {
                best = error;
                out.scales[g] = static_cast<uint8_t>(s);
            }
        }
        encode(part(g), scaleAt(out.scales[g]), q, out.codes[g]);
    }
    return out;
}

/// Seven of every eight sign bits, the lowest first, and a scale above them.
uint32_t packSevens(uint32_t signs, uint32_t scale)
{
    return (signs & 127) | (signs >> 8 & 127) << 7 | (signs >> 16 & 127) << 14 | (signs >> 24 & 127) << 21 | scale << 28;
}

} // namespace

void compress(std::span<const float> x, BlockIQ2_XXS &block)
{
    const SignedGrid grid{gridOf<gridIq2Xxs>(levelsIq2), true};
    const Coded coded = code(x, {0.125f, 0.25f, 15, 32}, grid);
    block.d = coded.d;
    for (uint32_t j = 0; j < 8; ++j) {
        for (uint32_t l = 0; l < 4; ++l)
            block.q[8 * j + l] = static_cast<uint8_t>(coded.codes[j].index[l]);
        const uint32_t word = packSevens(coded.codes[j].bits, coded.scales[j]);
        std::memcpy(block.q + 8 * j + 4, &word, sizeof word);
    }
}

void compress(std::span<const float> x, BlockIQ2_XS &block)
{
    const SignedGrid grid{gridOf<gridIq2Xs>(levelsIq2), true};
    const Coded coded = code(x, {0.125f, 0.25f, 15, 16}, grid);
    block.d = coded.d;
    for (uint32_t j = 0; j < 8; ++j)
        block.scales[j] = static_cast<uint8_t>(coded.scales[2 * j] | coded.scales[2 * j + 1] << 4);
    for (uint32_t l = 0; l < 32; ++l) {
        const Codes &codes = coded.codes[l / 2];
        block.q[l] = static_cast<uint16_t>(codes.index[l % 2] | (codes.bits >> (l % 2 * 8) & 127) << 9);
    }
}

void compress(std::span<const float> x, BlockIQ2_S &block)
{
    const SignedGrid grid{gridOf<gridIq2S>(levelsIq2), false};
    const Coded coded = code(x, {0.125f, 0.25f, 15, 16}, grid);
    block.d = coded.d;
    std::memset(block.high, 0, sizeof block.high);
    for (uint32_t j = 0; j < 8; ++j)
        block.scales[j] = static_cast<uint8_t>(coded.scales[2 * j] | coded.scales[2 * j + 1] << 4);
    for (uint32_t l = 0; l < 32; ++l) {
        const Codes &codes = coded.codes[l / 2];
        block.q[l] = static_cast<uint8_t>(codes.index[l % 2]);
        block.high[l / 4] |= static_cast<uint8_t>(codes.index[l % 2] >> 8 << (l % 4 * 2));
        block.signs[l] = static_cast<uint8_t>(codes.bits >> (l % 2 * 8));
    }
}

void compress(std::span<const float> x, BlockIQ3_XXS &block)
{
    const SignedGrid grid{gridOf<gridIq3Xxs>(levelsIq3Xxs), true};
    const Coded coded = code(x, {0.25f, 0.5f, 15, 32}, grid);
    block.d = coded.d;
    for (uint32_t j = 0; j < 8; ++j) {
        for (uint32_t l = 0; l < 8; ++l)
            block.q[8 * j + l] = static_cast<uint8_t>(coded.codes[j].index[l]);
        const uint32_t word = packSevens(coded.codes[j].bits, coded.scales[j]);
        std::memcpy(block.words + 4 * j, &word, sizeof word);
    }
}

void compress(std::span<const float> x, BlockIQ3_S &block)
{
    const SignedGrid grid{gridOf<gridIq3S>(levelsIq3S), false};
    const Coded coded = code(x, {1, 2, 15, 32}, grid);
    block.d = coded.d;
    std::memset(block.high, 0, sizeof block.high);
    for (uint32_t j = 0; j < 8; ++j) {
        for (uint32_t l = 0; l < 8; ++l) {
            block.q[8 * j + l] = static_cast<uint8_t>(coded.codes[j].index[l]);
            block.high[j] |= static_cast<uint8_t>(coded.codes[j].index[l] >> 8 << l);
        }
        std::memcpy(block.signs + 4 * j, &coded.codes[j].bits, 4);
    }
    for (uint32_t k = 0; k < 4; ++k)
        block.scales[k] = static_cast<uint8_t>(coded.scales[2 * k] | coded.scales[2 * k + 1] << 4);
}

void compress(std::span<const float> x, BlockIQ1_S &block)
{
    const ShiftedGrid grid{gridOf<gridIq1>(levelsIq1), 32};
    const Coded coded = code(x, {0.125f, 0.25f, 7, 32}, grid);
    block.d = coded.d;
    for (uint32_t j = 0; j < 8; ++j) {
        const Codes &codes = coded.codes[j];
        uint32_t high = static_cast<uint32_t>(coded.scales[j]) << 12 | (codes.bits & 1) << 15;
        for (uint32_t l = 0; l < 4; ++l) {
            block.q[4 * j + l] = static_cast<uint8_t>(codes.index[l]);
            high |= static_cast<uint32_t>(codes.index[l] >> 8) << (3 * l);
        }
        block.high[j] = static_cast<uint16_t>(high);
    }
}

void compress(std::span<const float> x, BlockIQ1_M &block)
{
    const ShiftedGrid grid{gridOf<gridIq1>(levelsIq1), 8};
    const Coded coded = code(x, {0.125f, 0.25f, 7, 16}, grid);
    std::memset(block.high, 0, sizeof block.high);
    for (uint32_t l = 0; l < 32; ++l) {
        const Codes &codes = coded.codes[l / 2];
        block.q[l] = static_cast<uint8_t>(codes.index[l % 2]);
        const uint32_t high = codes.index[l % 2] >> 8 | (codes.bits >> (l % 2) & 1) << 3;
        block.high[l / 2] |= static_cast<uint8_t>(high << (l % 2 * 4));
    }
    for (uint32_t k = 0; k < 4; ++k) {
        uint32_t word = (coded.d >> (4 * k) & 15u) << 12;
        for (uint32_t g = 0; g < 4; ++g)
            word |= static_cast<uint32_t>(coded.scales[4 * k + g]) << (3 * g);
        const auto stored = static_cast<uint16_t>(word);
        std::memcpy(block.scales + 2 * k, &stored, sizeof stored);
    }
}

} // namespace plimsoll::engine
