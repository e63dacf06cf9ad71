// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "context.h"
#include "offload.h"
#include "options.h"

#include <plimsoll/engine/run/session.h>

#include <iosfwd>

/// What `run` and `logits` share: loading with progress, and the account of memory.
namespace plimsoll::engine {

/// `outputs`: most tokens per call whose logits are wanted. Errors: InvalidArgument; those of Session::load.
Result<std::unique_ptr<Session>> loadModel(Context &context, const std::string &path, const RunArguments &arguments,
    const DeviceArguments &devices, const Interruption &interruption, uint32_t outputs = 1);

void printMemory(std::ostream &out, const MemoryReport &memory);
/// A line; nothing where no weights were read.
void printLoading(std::ostream &out, const LoadReport &loading);

} // namespace plimsoll::engine
