// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <iterator>
#include <optional>
#include <span>
#include <string_view>

namespace plimsoll {

/// Block formats by their number in GGUF files. Numbers not listed were removed from the format.
enum class GgmlType : uint32_t {
    F32 = 0, F16 = 1, Q4_0 = 2, Q4_1 = 3, Q5_0 = 6, Q5_1 = 7, Q8_0 = 8, Q8_1 = 9,
    Q2_K = 10, Q3_K = 11, Q4_K = 12, Q5_K = 13, Q6_K = 14, Q8_K = 15,
    IQ2_XXS = 16, IQ2_XS = 17, IQ3_XXS = 18, IQ1_S = 19, IQ4_NL = 20, IQ3_S = 21, IQ2_S = 22, IQ4_XS = 23,
    I8 = 24, I16 = 25, I32 = 26, I64 = 27, F64 = 28, IQ1_M = 29, BF16 = 30,
    TQ1_0 = 34, TQ2_0 = 35, MXFP4 = 39, NVFP4 = 40, Q1_0 = 41, Q2_0 = 42,
};

struct GgmlTypeInfo
{
    GgmlType type;
    std::string_view name;      // "Q4_K"
    uint32_t blockElements;     // 1 for plain numbers
    uint32_t blockBytes;

    constexpr double bitsPerWeight() const { return 8.0 * blockBytes / blockElements; }
};

/// All formats, ascending by number: elements and bytes of one block. Most formats hold a 16-bit scale and the packed codes of 32
/// elements, the K and IQ formats a super-block of 256 elements with several packed scales.
inline constexpr GgmlTypeInfo ggmlTypeTable[] = {
    {GgmlType::F32, "F32", 1, 4},
    {GgmlType::F16, "F16", 1, 2},
    {GgmlType::Q4_0, "Q4_0", 32, 18},
    {GgmlType::Q4_1, "Q4_1", 32, 20},
    {GgmlType::Q5_0, "Q5_0", 32, 22},
    {GgmlType::Q5_1, "Q5_1", 32, 24},
    {GgmlType::Q8_0, "Q8_0", 32, 34},
    {GgmlType::Q8_1, "Q8_1", 32, 36},
    {GgmlType::Q2_K, "Q2_K", 256, 84},
    {GgmlType::Q3_K, "Q3_K", 256, 110},
    {GgmlType::Q4_K, "Q4_K", 256, 144},
    {GgmlType::Q5_K, "Q5_K", 256, 176},
    {GgmlType::Q6_K, "Q6_K", 256, 210},
    {GgmlType::Q8_K, "Q8_K", 256, 292},
    {GgmlType::IQ2_XXS, "IQ2_XXS", 256, 66},
    {GgmlType::IQ2_XS, "IQ2_XS", 256, 74},
    {GgmlType::IQ3_XXS, "IQ3_XXS", 256, 98},
    {GgmlType::IQ1_S, "IQ1_S", 256, 50},
    {GgmlType::IQ4_NL, "IQ4_NL", 32, 18},
    {GgmlType::IQ3_S, "IQ3_S", 256, 110},
    {GgmlType::IQ2_S, "IQ2_S", 256, 82},
    {GgmlType::IQ4_XS, "IQ4_XS", 256, 136},
    {GgmlType::I8, "I8", 1, 1},
    {GgmlType::I16, "I16", 1, 2},
    {GgmlType::I32, "I32", 1, 4},
    {GgmlType::I64, "I64", 1, 8},
    {GgmlType::F64, "F64", 1, 8},
    {GgmlType::IQ1_M, "IQ1_M", 256, 56},
    {GgmlType::BF16, "BF16", 1, 2},
    {GgmlType::TQ1_0, "TQ1_0", 256, 54},
    {GgmlType::TQ2_0, "TQ2_0", 256, 66},
    {GgmlType::MXFP4, "MXFP4", 32, 17},
    {GgmlType::NVFP4, "NVFP4", 64, 36},
    {GgmlType::Q1_0, "Q1_0", 128, 18},
    {GgmlType::Q2_0, "Q2_0", 64, 18},
};

inline constexpr size_t ggmlTypeNumbers = static_cast<size_t>(std::end(ggmlTypeTable)[-1].type) + 1;

/// By number: the place in the table, one past its end for a number that names no format.
inline constexpr std::array<uint8_t, ggmlTypeNumbers> ggmlTypePlaces = [] {
    std::array<uint8_t, ggmlTypeNumbers> result{};
    result.fill(std::size(ggmlTypeTable));
    for (size_t i = 0; i < std::size(ggmlTypeTable); ++i)
        result[static_cast<size_t>(ggmlTypeTable[i].type)] = static_cast<uint8_t>(i);
    return result;
}();

// rowBytes() divides by shifting.
static_assert(std::ranges::all_of(ggmlTypeTable, [](const GgmlTypeInfo &known) { return std::has_single_bit(known.blockElements); }));

inline std::span<const GgmlTypeInfo> ggmlTypes()
{
    return ggmlTypeTable;
}

/// Null for a number that names no format.
inline const GgmlTypeInfo *findGgmlType(uint32_t number)
{
    const bool known = number < ggmlTypeNumbers && ggmlTypePlaces[number] < std::size(ggmlTypeTable);
    return known ? &ggmlTypeTable[ggmlTypePlaces[number]] : nullptr;
}

/// Exists for every enumerator.
inline const GgmlTypeInfo &info(GgmlType type)
{
    return ggmlTypeTable[ggmlTypePlaces[static_cast<size_t>(type)]];
}
inline std::string_view name(GgmlType type) { return info(type).name; }

/// By name, letter case ignored ("q8_0", "F16").
std::optional<GgmlType> ggmlTypeFromName(std::string_view name);

/// Bytes of one row of `columns` elements; nothing where the block does not divide it or 64 bits do not hold it.
inline std::optional<uint64_t> rowBytes(GgmlType type, uint64_t columns)
{
    const GgmlTypeInfo &known = info(type);
    uint64_t bytes = 0;
    const uint64_t blocks = columns >> std::countr_zero(known.blockElements);
    if ((columns & (known.blockElements - 1)) != 0 || __builtin_mul_overflow(blocks, uint64_t{known.blockBytes}, &bytes))
        return std::nullopt;
    return bytes;
}

} // namespace plimsoll
