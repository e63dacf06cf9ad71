// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "shape.h"

#include <plimsoll/gguf/gguf.h>

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <vector>

namespace plimsoll {

/// The dimensions a family needs to build a shape, under the names of GGUF's metadata keys (the architecture's prefix left out:
/// "block_count", "attention.head_count_kv", …). Filled from GGUF metadata, from config.json, or from a catalogue entry, so that
/// each family is written once.
class Hyperparameters;

/// The shape of the model in this file, with exactly the tensors it has. An architecture that is not listed gives a shape with
/// kvKnown = false and all tensors as `Other`.
/// Errors: GgufKeyMissing, GgufKeyType, GgufKeyRange, ModelInvalid, TensorMissing, TensorWrongShape.
Result<ModelShape> shapeFromGguf(const gguf::Header &header);

/// The shape of a catalogue entry (see resources/catalog/README.md), with every tensor a conversion would have.
Result<ModelShape> shapeFromCatalog(const nlohmann::json &entry);

/// Architectures the planner knows in full, sorted.
std::vector<std::string> knownArchitectures();

} // namespace plimsoll
