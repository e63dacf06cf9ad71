// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "shape.h"

#include <plimsoll/quant/file_type.h>

#include <optional>

namespace plimsoll {

/// True for file types the quantizer refuses to make without an importance matrix.
bool needsImportanceMatrix(FileType fileType);

/// The block format that llama.cpp's quantizer would give every tensor of the shape, so that the size of a quantization that
/// does not exist yet is known. `importanceMatrix`: made with one; not said: only where it is needed. Source: the rules read from its
/// quantizer, August 2026.
WeightTypes mixTypes(const ModelShape &shape, FileType fileType, std::optional<bool> importanceMatrix = std::nullopt);

} // namespace plimsoll
