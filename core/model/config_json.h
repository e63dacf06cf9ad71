// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "shape.h"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <vector>

namespace plimsoll {

/// The dimensions that the publisher's config.json states (Hugging Face's names, https://huggingface.co/docs/transformers), as an
/// entry of the catalogue: architecture, hyperparameters, optional tensors. A model with pictures or sound is described by its
/// text_config. `where` is what errors call the file.
/// Errors: JsonField (names the key of config.json), UnknownArchitecture (names model_type).
Result<nlohmann::json> catalogEntryFromConfig(const nlohmann::json &config, const std::string &where);

/// The shape of a conversion of that model. Errors: those of catalogEntryFromConfig() and of shapeFromCatalog().
Result<ModelShape> shapeFromConfig(const nlohmann::json &config, const std::string &where);

/// The values of model_type that are understood, sorted.
std::vector<std::string> knownModelTypes();

} // namespace plimsoll
