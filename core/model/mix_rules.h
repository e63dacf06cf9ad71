// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "shape.h"

#include <plimsoll/quant/file_type.h>

#include <span>

namespace plimsoll {

/// Kinds of tensors the quantizer tells apart by name.
enum class MixCategory : uint8_t { Output, Embedding, Query, Key, Value, AttnOutput, Gate, Up, Down, Rest };

inline constexpr size_t mixCategories = static_cast<size_t>(MixCategory::Rest) + 1;

MixCategory mixCategory(const TensorSpec &tensor);

/// When an exception holds for the i-th of n tensors of a category (integer division; `More`: i < n/8, or i >= 7n/8, or
/// (i - n/8) mod 3 = 2; gqa: heads per KV head; matrix: importance matrix).
enum class MixWhen : uint8_t {
    Always, Gqa4, Gqa4OrExperts4, FirstTwo, FirstFour, FirstEighth, FirstEighthNotFalcon, FirstEighthWithMatrix, FirstEighthNoMatrix,
    FirstSixteenth, FirstSixteenthFalcon, Middle, More, MoreFalcon, MoreNotFalcon, MoreOrNotFalcon, MoreEightExperts, EightExperts,
    NotFalcon, NoMatrix,
};

struct MixRule
{
    FileType fileType;
    MixCategory category;
    MixWhen when;
    GgmlType type;
};

/// Exceptions from the base of a file type for a category: the first that holds counts.
std::span<const MixRule> mixRules(FileType fileType, MixCategory category);

/// `type`, or what the quantizer falls back to where its block does not divide the row.
GgmlType fittingType(GgmlType type, uint64_t columns);

} // namespace plimsoll
