// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "block_rows.h"
#include "blocks_avx2_any.h"
#include "float_product.h"

#include <bit>
#include <type_traits>

/// Rows of blocks times many rows of quantized activations: the reading of a prompt, bound by arithmetic. Two registers of rows of weights
/// at a time are unpacked once into a panel whose 32-bit lanes are rows, so that no product is ever summed across a register; then every
/// token passes by.
namespace {

inline constexpr uint32_t panelVectors = 2;      // more rows would leave no registers, fewer would load an activation for each product
inline constexpr uint32_t panelSubBlocks = 64;   // of 32 columns: more than the first-level cache holds, but tiles begin and end less often

/// From this many tokens on unpacking pays.
inline constexpr uint32_t blockPanelTokens = 4;

/// Four neighbouring columns of one row are four neighbouring bytes.
template <typename Isa>
struct BlockPanel
{
    static constexpr uint32_t rows = panelVectors * Isa::Lanes::width;

    uint8_t q[panelSubBlocks][8][rows][4];
    float scale[panelSubBlocks][2][rows];
    float offset[panelSubBlocks][2][rows];
};

/// Writes row i of a transposed 8 × 8 to out + i · stride (in 32-bit words).
inline __attribute__((always_inline)) void storeTransposed(__m256i (&v)[8], void *out, uint32_t stride, uint32_t rows)
{
    Avx2Lanes::transpose(v);
    for (uint32_t i = 0; i < rows; ++i)
        _mm256_storeu_si256(reinterpret_cast<__m256i *>(static_cast<uint32_t *>(out) + i * stride), v[i]);
}

/// What the tiles need to know of a format. Signed numbers are stored higher by the largest where that leaves them small enough for the
/// products of unsigned ones. Where zero is not 0, integer sums begin at −zero · Σ activations, which costs the tile nothing. Pairs of
/// products are added up in 16 bits as long as they cannot leave them: with numbers up to n and activations up to 127 a pair is at most
/// 254·n, and 32767 / (254·n) pairs fit; `run` of them, a power of two.
template <uint32_t Halves, bool Signed, int32_t Zero, uint32_t Run>
struct PanelKind
{
    static constexpr uint32_t halves = Halves;
    static constexpr bool isSigned = Signed;
    static constexpr int32_t zero = Zero;
    static constexpr bool hasOffsets = !Signed && Zero == 0;
    static constexpr uint32_t run = Run;
};

template <typename Isa, typename Format>
inline constexpr bool raised = Format::isSigned && (Isa::unsignedPanels || 2 * 254 * Format::largest <= 32767);

template <typename Isa, typename Format>
inline constexpr uint32_t runOf
    = Isa::unsignedPanels ? 1 : std::bit_floor(smaller(8 / Format::halves, 32767 / (254 * Format::largest * (raised<Isa, Format> ? 2 : 1))));

template <typename Isa, typename Format>
using PanelOf = PanelKind<Format::halves, Format::isSigned && !raised<Isa, Format>, raised<Isa, Format> ? Format::largest : Format::zero,
    runOf<Isa, Format>>;

/// The form in which panels take a format: one scale for each sub-block instead of two where bytes without a sign hold what becomes of it.
template <typename Isa, typename Format>
using PanelForm = std::conditional_t<Isa::unsignedPanels && std::is_same_v<Format, FormatQ3_K>, FormatQ3_KScaled, Format>;

/// Sub-blocks [first, first + count), at most a group, of eight rows into lanes [lane, lane + 8) of the panel's sub-blocks from `at` on.
template <typename Isa, typename Format>
void packGroup(const Product &product, uint32_t row, uint32_t first, uint32_t count, BlockPanel<Isa> &panel, uint32_t at, uint32_t lane)
{
    constexpr uint32_t rows = BlockPanel<Isa>::rows;
    constexpr bool raise = raised<Isa, Format>;
    constexpr bool offsets = PanelOf<Isa, Format>::hasOffsets;
    const typename Format::Block *blocks[8];
    GroupScales scales[8];
    for (uint32_t r = 0; r < 8; ++r) {
        blocks[r] = blocksAt<Format>(product.weight + uint64_t{row + r} * product.rowBytes, first);
        scales[r] = Format::scales(blocks[r], count);
    }
    __m256i v[8];
    for (uint32_t h = 0; h < Format::halves; ++h) {
        for (uint32_t r = 0; r < 8; ++r)
            v[r] = _mm256_castps_si256(scales[r].scale[h]);
        storeTransposed(v, &panel.scale[at][h][lane], 2 * rows, count);
        if constexpr (offsets) {
            for (uint32_t r = 0; r < 8; ++r)
                v[r] = _mm256_castps_si256(scales[r].offset[h]);
            storeTransposed(v, &panel.offset[at][h][lane], 2 * rows, count);
        }
    }
    for (uint32_t j = 0; j < count; ++j) {
        for (uint32_t r = 0; r < 8; ++r) {
            v[r] = Format::numbers(blocks[r], j);
            if constexpr (raise)
                v[r] = _mm256_add_epi8(v[r], _mm256_set1_epi8(static_cast<char>(Format::largest)));
        }
        storeTransposed(v, panel.q[at + j][0][lane], rows, 8);
    }
}

int32_t fourBytes(const int8_t *p)
{
    int32_t word;
    std::memcpy(&word, p, sizeof word);
    return word;
}

/// Activations of a few tokens as a tile multiplies them: from sub-block `first` on, for each of `count` the scale, and what the tile adds
/// for all of a half: Σ q · scale to be multiplied by an offset, or −zero · Σ q.
template <typename Isa, typename Panel, uint32_t Tokens>
struct TileActivations
{
    const int8_t *q[Tokens];
    float scale[Tokens][panelSubBlocks];
    float sum[Tokens][Panel::halves][panelSubBlocks];       // where there are offsets
    int32_t start[Tokens][Panel::halves][panelSubBlocks];   // where zero is not 0

    TileActivations(const ActivationRow *x, uint32_t first, uint32_t count)
    {
        for (uint32_t t = 0; t < Tokens; ++t) {
            const int32_t *const halves[2] = {x[t].firstSums + first, x[t].secondSums + first};
            q[t] = x[t].q + 32 * first;
            mapRows<typename Isa::Lanes>(x[t].scales + first, nullptr, count, scale[t], [](auto a, auto) { return a; });
            for (uint32_t h = 0; h < Panel::halves; ++h)
#pragma GCC ivdep
                for (uint32_t b = 0; b < count; ++b) {
                    const int32_t all = Panel::halves == 1 ? halves[0][b] + halves[1][b] : halves[h][b];
                    if constexpr (Panel::hasOffsets)
                        sum[t][h][b] = static_cast<float>(all) * scale[t][b];
                    else if constexpr (Panel::zero != 0)
                        start[t][h][b] = -Panel::zero * all;
                }
        }
    }
};

/// out[t][rows of the panel] = or += its first `count` sub-blocks times the activations of token t from sub-block `first` on.
template <typename Isa, typename Panel, uint32_t Tokens>
void blockTile(const BlockPanel<Isa> &panel, const ActivationRow *rows, uint32_t first, uint32_t count, bool add, float *const *out)
{
    using V = typename Isa::Lanes;
    constexpr uint32_t groups = 8 / Panel::halves;   // of four columns, that share a scale
    const TileActivations<Isa, Panel, Tokens> x(rows, first, count);
    typename V::F sum[Tokens][panelVectors];
    for (uint32_t t = 0; t < Tokens; ++t)
        for (uint32_t v = 0; v < panelVectors; ++v)
            sum[t][v] = add ? V::load(out[t] + v * V::width) : V::zero();
    for (uint32_t b = 0; b < count; ++b)
        for (uint32_t h = 0; h < Panel::halves; ++h) {
            typename Isa::template Sum<Panel> dots[Tokens][panelVectors];
            if constexpr (Panel::zero != 0)
                for (uint32_t t = 0; t < Tokens; ++t)
                    dots[t][0].wide = dots[t][1].wide = Isa::fourTimes(x.start[t][h][b]);
#pragma GCC unroll 8
            for (uint32_t g = 0; g < groups; ++g) {
                const auto &columns = panel.q[b][h * groups + g];
                const auto w0 = Isa::loadBytes(columns[0]);
                const auto w1 = Isa::loadBytes(columns[V::width]);
                for (uint32_t t = 0; t < Tokens; ++t) {
                    const auto four = Isa::fourTimes(fourBytes(x.q[t] + 32 * b + 4 * (h * groups + g)));
                    dots[t][0].add(w0, four, g);
                    dots[t][1].add(w1, four, g);
                }
            }
            for (uint32_t v = 0; v < panelVectors; ++v) {
                const auto weightScale = V::load(&panel.scale[b][h][v * V::width]);
                for (uint32_t t = 0; t < Tokens; ++t) {
                    sum[t][v] = V::fma(Isa::toFloat(dots[t][v].total()), V::mul(weightScale, V::set(x.scale[t][b])), sum[t][v]);
                    if constexpr (Panel::hasOffsets)
                        sum[t][v] = V::fma(V::load(&panel.offset[b][h][v * V::width]), V::set(x.sum[t][h][b]), sum[t][v]);
                }
            }
        }
    for (uint32_t t = 0; t < Tokens; ++t)
        for (uint32_t v = 0; v < panelVectors; ++v)
            V::store(out[t] + v * V::width, sum[t][v]);
}

template <typename Isa, typename Format>
void multiplyBlocks(const Product &product, uint32_t begin, uint32_t end, std::byte *scratch)
{
    if (Isa::template decode<Format>(product, begin, end, scratch))
        return;
    if (product.tokens < blockPanelTokens)
        return multiplyBlockRows<Isa, Format>(product, begin, end);
    using Form = PanelForm<Isa, Format>;
    using Panel = BlockPanel<Isa>;
    static_assert(sizeof(Panel) <= scratchBytes);
    auto &panel = *reinterpret_cast<Panel *>(scratch);
    const uint32_t subBlocks = product.columns / 32;
    const uint64_t activationBytes = activationRowBytes(product.columns);
    uint32_t row = begin;
    for (; row + Panel::rows <= end; row += Panel::rows)
        for (uint32_t first = 0; first < subBlocks; first += panelSubBlocks) {
            const uint32_t count = smaller(panelSubBlocks, subBlocks - first);
            for (uint32_t at = 0; at < count; at += groupBlocks)
                for (uint32_t lane = 0; lane < Panel::rows; lane += 8)
                    packGroup<Isa, Form>(product, row + lane, first + at, smaller(groupBlocks, count - at), panel, at, lane);
            inTiles<Isa::tileTokens>(product.tokens, [&]<uint32_t Tokens>(uint32_t t) {
                ActivationRow x[Tokens];
                float *out[Tokens];
                for (uint32_t e = 0; e < Tokens; ++e) {
                    x[e] = activationRow(product.quantized + xRow(product, t + e) * activationBytes, product.columns);
                    out[e] = product.out + uint64_t{t + e} * product.outStride + row;
                }
                blockTile<Isa, PanelOf<Isa, Form>, Tokens>(panel, x, first, count, first != 0, out);
            });
        }
    if (row < end)
        multiplyBlockRows<Isa, Format>(product, row, end);
}

/// The product of any format.
template <typename Isa>
void multiplyAny(const Product &product, uint32_t begin, uint32_t end, std::byte *scratch)
{
    using V = typename Isa::Lanes;
    switch (product.type) {
    case GgmlType::F32: return multiplyFloats<V, ReadF32<V>>(product, begin, end, scratch);
    case GgmlType::F16: return multiplyFloats<V, ReadF16<V>>(product, begin, end, scratch);
    case GgmlType::BF16: return multiplyFloats<V, ReadBF16<V>>(product, begin, end, scratch);
    default: break;
    }
    // Any other was refused when the model was loaded.
    withBlock(product.type, [&]<typename Block, uint32_t Elements>() {
        multiplyBlocks<Isa, typename FormatOf<Block, Elements>::Type>(product, begin, end, scratch);
    });
}

} // namespace
