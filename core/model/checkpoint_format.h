// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "shape.h"

#include <plimsoll/result/result.h>

#include <optional>
#include <string_view>

namespace plimsoll {

/// How checkpoints for servers store the matrices of linear layers. Embedding, output, norms, biases and routers keep 16 bits.
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

struct CheckpointOptions
{
    CheckpointFormat format = CheckpointFormat::Bf16;
    uint32_t groupSize = 128;        // of Awq4 and Gptq4, along the input; 0: the whole input
    bool quantizesOutput = false;    // the output matrix too
};

std::string_view name(CheckpointFormat format);   // "awq-4bit"
std::optional<CheckpointFormat> checkpointFormatFromName(std::string_view name);

/// Bytes of the tensors that stand for this one. Routed experts are matrices of their own. A group that does not divide the input
/// counts as whole; columns that do not fill an int32 take one.
/// Sources: the tensors of published checkpoints as their loaders in vLLM and Transformers declare them, August 2026.
Bytes checkpointBytes(const TensorSpec &tensor, const CheckpointOptions &options);

/// Sum of all tensors. Errors: InvalidArgument (more than 64 bits).
Result<Bytes> checkpointBytes(const ModelShape &shape, const CheckpointOptions &options);

} // namespace plimsoll
