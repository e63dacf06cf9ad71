// SPDX-License-Identifier: Apache-2.0
#include "precision.h"

#include <plimsoll/quant/name_match.h>

#include <array>

namespace plimsoll {

namespace {

constexpr std::array<Precision, 4> all{Precision::Fp16, Precision::Fp8, Precision::Int8, Precision::Int4};

constexpr uint64_t tile = 128;    // elements of a row, and rows, that share a scale

uint64_t tiles(uint64_t elements)
{
    return (elements + tile - 1) / tile;
}

bool staysWide(const TensorSpec &tensor)
{
    return tensor.role == TensorRole::TokenEmbedding || tensor.role == TensorRole::Output || tensor.role == TensorRole::Router;
}

} // namespace

std::span<const Precision> precisions()
{
    return all;
}

std::string_view name(Precision precision)
{
    switch (precision) {
    case Precision::Fp16: return "FP16";
    case Precision::Fp8: return "FP8";
    case Precision::Int8: return "INT8";
    case Precision::Int4: return "INT4";
    }
    return "";
}

std::optional<Precision> precisionFromName(std::string_view text)
{
    for (const Precision precision : all) {
        if (sameIgnoringCase(text, name(precision)))
            return precision;
    }
    return std::nullopt;
}

Bytes tensorBytes(const TensorSpec &tensor, Precision precision)
{
    const Bytes elements{tensor.elements()};
    const uint64_t row = tensor.dims[0];
    const uint64_t rows = tensor.dims[1];
    const uint64_t matrices = tensor.dims[2] * tensor.dims[3];
    if (precision == Precision::Fp16 || tensor.dimensions < 2)
        return elements * 2;
    switch (precision) {
    case Precision::Fp8: return staysWide(tensor) ? elements * 2 : elements + Bytes{4} * (tiles(row) * tiles(rows)) * matrices;
    case Precision::Int8: return elements + Bytes{2} * rows * matrices;
    // 20 bits a group; groups are counted over all rows so that half bytes are not lost.
    case Precision::Int4: return {(elements.value + 1) / 2 + (tiles(row) * rows * matrices * 20 + 7) / 8};
    default: return elements * 2;
    }
}

Bytes weightBytes(const ModelShape &shape, Precision precision)
{
    Bytes sum;
    for (const TensorSpec &tensor : shape.tensors)
        sum += tensorBytes(tensor, precision);
    return sum;
}

} // namespace plimsoll
