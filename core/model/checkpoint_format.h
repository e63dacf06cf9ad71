// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "shape.h"

#include <optional>
#include <span>
#include <string_view>

namespace plimsoll {

/// How checkpoints for servers store matrices; norms, biases and routers keep 16 bits.
enum class CheckpointFormat : uint8_t {
    F16,             // float16
    Bf16,            // bfloat16
    Fp8Tensor,       // one byte each; one float32 scale for the matrix and one for its input
    Fp8Channel,      // one byte each; a float32 scale for each output
    Fp8Block,        // one byte each; a float32 scale for each tile of 128 × 128 (DeepSeek V3)
    Int8Channel,     // one byte each; a float32 scale for each output
    Awq4,            // four bits packed in int32; per group a float16 scale and a packed zero point
    Gptq4,           // the same, and for each input the int32 number of its group
    Nf4,             // bitsandbytes: four bits; a float32 maximum per block of 64, and the table of 16 values
    Nf4Double,       // the same with maxima of one byte, whose own are float32 per 256, and their table of 256
};

/// Which matrices are stored so; the others keep 16 bits.
enum class CheckpointScope : uint8_t {
    Linear,             // of linear layers: what published checkpoints do
    LinearAndOutput,    // the output too
    EveryMatrix,        // and the token embedding: what a nominal "INT4" counts
};

struct CheckpointOptions
{
    CheckpointFormat format = CheckpointFormat::Bf16;
    uint32_t groupSize = 128;        // of Awq4 and Gptq4, along the input; 0: the whole input
    CheckpointScope scope = CheckpointScope::Linear;
};

std::string_view name(CheckpointFormat format);   // "awq-4bit"
std::optional<CheckpointFormat> checkpointFormatFromName(std::string_view name);

/// What people call a precision without saying which checkpoint they mean.
struct Precision
{
    std::string_view name;   // "FP16", "FP8", "INT8", "INT4"
    CheckpointOptions stored;
};

/// 16 bits; DeepSeek's 8-bit floats; 8 bits with a scale per row; 4 bits with 20 bits per 128; the last two of every matrix.
std::span<const Precision> precisions();

/// A precision or a format, by its name in any case.
std::optional<CheckpointOptions> checkpointFromName(std::string_view name);

/// The customary estimate of what a server needs: weights, and two fifths on top for cache and buffers.
inline constexpr double customaryOverhead = 1.4;

/// Bytes of the tensors that stand for this one. Routed experts are matrices of their own. A group that does not divide the input
/// counts as whole; columns that do not fill an int32 take one.
/// Sources: the tensors of published checkpoints as their loaders in vLLM and Transformers declare them, August 2026.
Bytes checkpointBytes(const TensorSpec &tensor, const CheckpointOptions &options);

/// Sum of all tensors.
Bytes checkpointBytes(const ModelShape &shape, const CheckpointOptions &options);

} // namespace plimsoll
