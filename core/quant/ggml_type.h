// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
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

/// All formats, ascending by number.
std::span<const GgmlTypeInfo> ggmlTypes();

/// Null for a number that names no format.
const GgmlTypeInfo *findGgmlType(uint32_t number);

/// Exists for every enumerator.
const GgmlTypeInfo &info(GgmlType type);
inline std::string_view name(GgmlType type) { return info(type).name; }

/// By name, letter case ignored ("q8_0", "F16").
std::optional<GgmlType> ggmlTypeFromName(std::string_view name);

/// Bytes of one row of `columns` elements; nothing where the block does not divide it or 64 bits do not hold it.
std::optional<uint64_t> rowBytes(GgmlType type, uint64_t columns);

} // namespace plimsoll
