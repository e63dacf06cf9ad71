// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "shape.h"

#include <plimsoll/quant/file_type.h>

namespace plimsoll {

/// The block format that llama.cpp's quantizer would give every tensor of the shape, so that the size of a quantization that
/// does not exist yet is known. `importanceMatrix`: made with one. Source: the rules read from its quantizer, August 2026.
WeightTypes mixTypes(const ModelShape &shape, FileType fileType, bool importanceMatrix = false);

} // namespace plimsoll
