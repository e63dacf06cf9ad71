// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "context.h"
#include "options.h"

#include <plimsoll/engine/run/session.h>

#include <nlohmann/json_fwd.hpp>

#include <iosfwd>

/// What `run` and `logits` share: loading with progress, and the account of memory.
namespace plimsoll::engine {

/// `outputs`: most tokens per call whose logits are wanted. Errors: InvalidArgument; those of Session::load.
Result<std::unique_ptr<Session>> loadModel(const Context &context, const std::string &path, const RunArguments &arguments,
    const Interruption &interruption, uint32_t outputs = 1);

/// `{"predicted":{"owned":…,"mapped":…},"actual":{…}}`, bytes.
nlohmann::json toJson(const MemoryReport &memory);
void printMemory(std::ostream &out, const MemoryReport &memory);

} // namespace plimsoll::engine
