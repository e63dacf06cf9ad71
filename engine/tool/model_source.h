// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "context.h"

#include <plimsoll/gguf/gguf.h>
#include <plimsoll/model/shape.h>

#include <string>

/// What a command's `--model` means.
namespace plimsoll::engine {

enum class ModelSource : uint8_t {
    Catalogue,   // a name in it
    Gguf,        // a file here or at an address
    Config,      // the publisher's config.json here or at an address, or the folder that holds it
};

/// Nothing is opened: an address, what exists, has a '/' or ends in ".gguf" or ".json" is a file.
ModelSource sourceOf(const std::string &model);

/// What `general.file_type` names; "file type 99" for a number not known, empty where there is none.
std::string quantizationOf(const gguf::Header &header);

/// The header of a file here or at an address. Errors: those of reading.
Result<gguf::Header> headerOf(const std::string &model);

/// What a server that loads the checkpoint of a config.json is told: its folder, or of an address of the Hub "publisher/name".
std::string checkpointFolder(const std::string &model);

/// The last part of that, as people name a checkpoint: "Qwen3-8B".
std::string checkpointName(const std::string &model);

/// The shape of a file, of a config.json or of a catalogue entry. Errors: those of reading, JsonInvalid, those of shapeFromConfig(),
/// UnknownModel.
Result<ModelShape> shapeOf(Context &context, const std::string &model);

} // namespace plimsoll::engine
