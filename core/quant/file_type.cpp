// SPDX-License-Identifier: Apache-2.0
#include "file_type.h"

#include "name_match.h"

namespace plimsoll {

namespace {

constexpr FileTypeInfo types[] = {
    {FileType::F32, "F32", GgmlType::F32},
    {FileType::F16, "F16", GgmlType::F16},
    {FileType::Q4_0, "Q4_0", GgmlType::Q4_0},
    {FileType::Q4_1, "Q4_1", GgmlType::Q4_1},
    {FileType::Q8_0, "Q8_0", GgmlType::Q8_0},
    {FileType::Q5_0, "Q5_0", GgmlType::Q5_0},
    {FileType::Q5_1, "Q5_1", GgmlType::Q5_1},
    {FileType::Q2_K, "Q2_K", GgmlType::Q2_K},
    {FileType::Q3_K_S, "Q3_K_S", GgmlType::Q3_K},
    {FileType::Q3_K_M, "Q3_K_M", GgmlType::Q3_K},
    {FileType::Q3_K_L, "Q3_K_L", GgmlType::Q3_K},
    {FileType::Q4_K_S, "Q4_K_S", GgmlType::Q4_K},
    {FileType::Q4_K_M, "Q4_K_M", GgmlType::Q4_K},
    {FileType::Q5_K_S, "Q5_K_S", GgmlType::Q5_K},
    {FileType::Q5_K_M, "Q5_K_M", GgmlType::Q5_K},
    {FileType::Q6_K, "Q6_K", GgmlType::Q6_K},
    {FileType::IQ2_XXS, "IQ2_XXS", GgmlType::IQ2_XXS},
    {FileType::IQ2_XS, "IQ2_XS", GgmlType::IQ2_XS},
    {FileType::Q2_K_S, "Q2_K_S", GgmlType::Q2_K},
    {FileType::IQ3_XS, "IQ3_XS", GgmlType::IQ3_S},
    {FileType::IQ3_XXS, "IQ3_XXS", GgmlType::IQ3_XXS},
    {FileType::IQ1_S, "IQ1_S", GgmlType::IQ1_S},
    {FileType::IQ4_NL, "IQ4_NL", GgmlType::IQ4_NL},
    {FileType::IQ3_S, "IQ3_S", GgmlType::IQ3_S},
    {FileType::IQ3_M, "IQ3_M", GgmlType::IQ3_S},
    {FileType::IQ2_S, "IQ2_S", GgmlType::IQ2_XS},
    {FileType::IQ2_M, "IQ2_M", GgmlType::IQ2_S},
    {FileType::IQ4_XS, "IQ4_XS", GgmlType::IQ4_XS},
    {FileType::IQ1_M, "IQ1_M", GgmlType::IQ1_M},
    {FileType::BF16, "BF16", GgmlType::BF16},
    {FileType::TQ1_0, "TQ1_0", GgmlType::TQ1_0},
    {FileType::TQ2_0, "TQ2_0", GgmlType::TQ2_0},
    {FileType::MXFP4_MOE, "MXFP4_MOE", GgmlType::MXFP4},
    {FileType::NVFP4, "NVFP4", GgmlType::NVFP4},
    {FileType::Q1_0, "Q1_0", GgmlType::Q1_0},
    {FileType::Q2_0, "Q2_0", GgmlType::Q2_0},
};

struct Alias
{
    std::string_view name;
    FileType type;
};
constexpr Alias aliases[] = {{"Q3_K", FileType::Q3_K_M}, {"Q4_K", FileType::Q4_K_M}, {"Q5_K", FileType::Q5_K_M}};

} // namespace

std::span<const FileTypeInfo> fileTypes()
{
    return types;
}

const FileTypeInfo *findFileType(uint64_t number)
{
    for (const FileTypeInfo &known : types)
        if (static_cast<uint64_t>(known.type) == number)
            return &known;
    return nullptr;
}

const FileTypeInfo &info(FileType type)
{
    return *findFileType(static_cast<uint64_t>(type));
}

std::optional<FileType> fileTypeFromName(std::string_view name)
{
    for (const FileTypeInfo &known : types)
        if (sameIgnoringCase(known.name, name))
            return known.type;
    for (const Alias &alias : aliases)
        if (sameIgnoringCase(alias.name, name))
            return alias.type;
    return std::nullopt;
}

} // namespace plimsoll
