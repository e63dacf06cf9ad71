// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ggml_type.h"

#include <optional>
#include <span>
#include <string_view>

namespace plimsoll {

/// llama.cpp's file types by their number in `general.file_type`: a mix of block formats, named after its base.
enum class FileType : uint32_t {
    F32 = 0, F16 = 1, Q4_0 = 2, Q4_1 = 3, Q8_0 = 7, Q5_0 = 8, Q5_1 = 9, Q2_K = 10, Q3_K_S = 11, Q3_K_M = 12, Q3_K_L = 13,
    Q4_K_S = 14, Q4_K_M = 15, Q5_K_S = 16, Q5_K_M = 17, Q6_K = 18, IQ2_XXS = 19, IQ2_XS = 20, Q2_K_S = 21, IQ3_XS = 22,
    IQ3_XXS = 23, IQ1_S = 24, IQ4_NL = 25, IQ3_S = 26, IQ3_M = 27, IQ2_S = 28, IQ2_M = 29, IQ4_XS = 30, IQ1_M = 31,
    BF16 = 32, TQ1_0 = 36, TQ2_0 = 37, MXFP4_MOE = 38, NVFP4 = 39, Q1_0 = 40, Q2_0 = 41,
};

struct FileTypeInfo
{
    FileType type;
    std::string_view name;   // "Q4_K_M"
    GgmlType base;
};

/// All file types, ascending by number.
std::span<const FileTypeInfo> fileTypes();
/// Null for a number that names no file type; numbers come from files.
const FileTypeInfo *findFileType(uint64_t number);
/// Exists for every enumerator.
const FileTypeInfo &info(FileType type);
inline std::string_view name(FileType type) { return info(type).name; }
/// Letter case ignored; "Q3_K", "Q4_K", "Q5_K" mean their _M.
std::optional<FileType> fileTypeFromName(std::string_view name);

} // namespace plimsoll
