// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "shape.h"

#include <plimsoll/gguf/gguf.h>

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <vector>

namespace plimsoll {

/// The shape of the model in this file, with exactly the tensors it has. An architecture that is not listed gives a shape with
/// kvKnown = false and all tensors as `Other`.
/// Errors: GgufKeyMissing, GgufKeyType, GgufKeyRange, ModelInvalid, TensorMissing, TensorWrongShape.
Result<ModelShape> shapeFromGguf(const gguf::Header &header);

/// The shape of a catalogue entry (see resources/catalog/README.md), with every tensor a conversion would have.
/// Errors: JsonField, UnknownArchitecture, ModelInvalid.
Result<ModelShape> shapeFromCatalog(const nlohmann::json &entry);

/// Architectures the planner knows in full, sorted.
std::vector<std::string> knownArchitectures();
/// The same in one text, comma separated: for errors.
std::string joinedArchitectures();

} // namespace plimsoll
