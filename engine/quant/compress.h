// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sub_block.h"

#include <span>

/// One block of each format from as many values as it holds. Scales are chosen for the smallest squared error; values that are not numbers
/// give some valid block.
namespace plimsoll::engine {

void compress(std::span<const float> x, BlockQ4_0 &block);
void compress(std::span<const float> x, BlockQ4_1 &block);
void compress(std::span<const float> x, BlockQ5_0 &block);
void compress(std::span<const float> x, BlockQ5_1 &block);
void compress(std::span<const float> x, BlockQ8_0 &block);
void compress(std::span<const float> x, BlockQ2_K &block);
void compress(std::span<const float> x, BlockQ3_K &block);
void compress(std::span<const float> x, BlockQ4_K &block);
void compress(std::span<const float> x, BlockQ5_K &block);
void compress(std::span<const float> x, BlockQ6_K &block);
void compress(std::span<const float> x, BlockIQ4_NL &block);
void compress(std::span<const float> x, BlockIQ4_XS &block);
void compress(std::span<const float> x, BlockMXFP4 &block);
void compress(std::span<const float> x, BlockNVFP4 &block);
void compress(std::span<const float> x, BlockIQ2_XXS &block);
void compress(std::span<const float> x, BlockIQ2_XS &block);
void compress(std::span<const float> x, BlockIQ2_S &block);
void compress(std::span<const float> x, BlockIQ3_XXS &block);
void compress(std::span<const float> x, BlockIQ3_S &block);
void compress(std::span<const float> x, BlockIQ1_S &block);
void compress(std::span<const float> x, BlockIQ1_M &block);
void compress(std::span<const float> x, BlockTQ1_0 &block);
void compress(std::span<const float> x, BlockTQ2_0 &block);
void compress(std::span<const float> x, BlockQ1_0 &block);
void compress(std::span<const float> x, BlockQ2_0 &block);

} // namespace plimsoll::engine
