// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <plimsoll/model/shape.h>

#include <optional>
#include <span>
#include <string_view>

namespace plimsoll {

/// How checkpoints of servers (vLLM, SGLang) store weights: not as blocks of GGUF, but whole tensors with scales beside them.
enum class Precision : uint8_t {
    Fp16,   // 16 bits each, also bfloat16
    Fp8,    // 8 bits, a float32 scale per 128 × 128; embedding, output and router at 16
    Int8,   // 8 bits, a 16-bit scale per row
    Int4,   // 4 bits, a 16-bit scale and a 4-bit zero point per 128
};

std::span<const Precision> precisions();
std::string_view name(Precision precision);   // "FP8"
std::optional<Precision> precisionFromName(std::string_view name);

/// Bytes of one tensor; vectors stay at 16 bits.
Bytes tensorBytes(const TensorSpec &tensor, Precision precision);

/// Sum of all tensors.
Bytes weightBytes(const ModelShape &shape, Precision precision);

/// The customary estimate of what a server needs: weights, and two fifths on top for cache and buffers.
inline constexpr double customaryOverhead = 1.4;

} // namespace plimsoll
