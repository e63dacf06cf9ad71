// SPDX-License-Identifier: Apache-2.0
#include "checkpoint_format.h"

#include "shape_builder.h"

#include <plimsoll/quant/name_match.h>

#include <algorithm>

namespace plimsoll {

namespace {

struct FormatName
{
    CheckpointFormat format;
    std::string_view name;
};
constexpr FormatName names[] = {
    {CheckpointFormat::F16, "f16"},
    {CheckpointFormat::Bf16, "bf16"},
    {CheckpointFormat::Fp8Tensor, "fp8-tensor"},
    {CheckpointFormat::Fp8Channel, "fp8-channel"},
    {CheckpointFormat::Fp8Block, "fp8-block"},
    {CheckpointFormat::Int8Channel, "int8"},
    {CheckpointFormat::Awq4, "awq-4bit"},
    {CheckpointFormat::Gptq4, "gptq-4bit"},
    {CheckpointFormat::Nf4, "nf4"},
    {CheckpointFormat::Nf4Double, "nf4-double"},
};

constexpr Precision nominal[] = {
    {"FP16", {CheckpointFormat::F16}},
    {"FP8", {CheckpointFormat::Fp8Block}},
    {"INT8", {CheckpointFormat::Int8Channel, 128, CheckpointScope::EveryMatrix}},
    {"INT4", {CheckpointFormat::Awq4, 128, CheckpointScope::EveryMatrix}},
};

uint64_t parts(uint64_t amount, uint64_t each)
{
    return (amount + each - 1) / each;
}

bool inScope(const TensorSpec &tensor, CheckpointScope scope)
{
    if (keptFloat(tensor))
        return false;
    switch (tensor.role) {
    case TensorRole::TokenEmbedding: return scope == CheckpointScope::EveryMatrix;
    case TensorRole::Output: return scope != CheckpointScope::Linear;
    default: return true;
    }
}

/// Eight codes in an int32.
Bytes packed(uint64_t rows, uint64_t columns)
{
    return Bytes{4} * rows * parts(columns, 8);
}

Bytes grouped(uint64_t inputs, uint64_t outputs, const CheckpointOptions &options)
{
    const uint64_t groups = parts(inputs, options.groupSize == 0 ? inputs : options.groupSize);
    const Bytes codes = options.format == CheckpointFormat::Awq4 ? packed(inputs, outputs) : packed(outputs, inputs);
    const Bytes order = options.format == CheckpointFormat::Gptq4 ? Bytes{4} * inputs : Bytes{};
    return codes + packed(groups, outputs) + Bytes{2} * groups * outputs + order;
}

Bytes normalFloat(uint64_t elements, bool twice)
{
    const uint64_t blocks = parts(elements, 64);
    const Bytes table = Bytes{16 * 4};
    const Bytes maxima = twice ? Bytes{blocks} + Bytes{4} * parts(blocks, 256) + Bytes{256 * 4} : Bytes{4} * blocks;
    return Bytes{parts(elements, 2)} + maxima + table;
}

Bytes matrixBytes(uint64_t inputs, uint64_t outputs, const CheckpointOptions &options)
{
    const Bytes elements = Bytes{inputs} * outputs;
    switch (options.format) {
    case CheckpointFormat::F16:
    case CheckpointFormat::Bf16: return elements * 2;
    case CheckpointFormat::Fp8Tensor: return elements + Bytes{8};
    case CheckpointFormat::Fp8Channel:
    case CheckpointFormat::Int8Channel: return elements + Bytes{4} * outputs;
    case CheckpointFormat::Fp8Block: return elements + Bytes{4} * parts(inputs, 128) * parts(outputs, 128);
    case CheckpointFormat::Awq4:
    case CheckpointFormat::Gptq4: return grouped(inputs, outputs, options);
    case CheckpointFormat::Nf4: return normalFloat(elements.value, false);
    case CheckpointFormat::Nf4Double: return normalFloat(elements.value, true);
    }
    return elements * 2;
}

} // namespace

std::string_view name(CheckpointFormat format)
{
    return names[static_cast<size_t>(format)].name;
}

std::optional<CheckpointFormat> checkpointFormatFromName(std::string_view text)
{
    const auto found = std::find_if(std::begin(names), std::end(names), [&](const FormatName &known) { return known.name == text; });
    return found == std::end(names) ? std::nullopt : std::optional(found->format);
}

std::span<const Precision> precisions()
{
    return nominal;
}

std::optional<CheckpointOptions> checkpointFromName(std::string_view text)
{
    for (const Precision &precision : nominal) {
        if (sameIgnoringCase(text, precision.name))
            return precision.stored;
    }
    for (const FormatName &known : names) {
        if (sameIgnoringCase(text, known.name))
            return CheckpointOptions{known.format};
    }
    return std::nullopt;
}

Bytes checkpointBytes(const TensorSpec &tensor, const CheckpointOptions &options)
{
    if (!inScope(tensor, options.scope))
        return Bytes{tensor.elements()} * 2;
    return matrixBytes(tensor.dims[0], tensor.dims[1], options) * (tensor.dims[2] * tensor.dims[3]);
}

Bytes checkpointBytes(const ModelShape &shape, const CheckpointOptions &options)
{
    Bytes sum;
    for (const TensorSpec &tensor : shape.tensors)
        sum += checkpointBytes(tensor, options);
    return sum;
}

} // namespace plimsoll
