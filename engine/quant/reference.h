// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <plimsoll/quant/ggml_type.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

/// Scalar reference of every block format the engine runs: the twin each fast kernel is checked against. The layouts are ggml's.
namespace plimsoll::engine {

/// Whether dequantize() and dot products exist for this format.
bool hasReference(GgmlType type);

/// `out.size()` elements (a multiple of the block) from as many blocks as that takes.
void dequantize(GgmlType type, const std::byte *blocks, std::span<float> out);

/// Formats that can also be written (synth, quantizer, tests, quantized KV): all that can be read.
bool canQuantize(GgmlType type);
void quantize(GgmlType type, std::span<const float> values, std::byte *blocks);

/// Σ dequantize(row)[i] · x[i], in double.
double dot(GgmlType type, const std::byte *row, std::span<const float> x);

float halfToFloat(uint16_t half);
uint16_t floatToHalf(float value);   // round to nearest even
float bfloatToFloat(uint16_t bf);
uint16_t floatToBfloat(float value); // round to nearest even

} // namespace plimsoll::engine
