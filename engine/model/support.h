// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <plimsoll/model/shape.h>
#include <plimsoll/result/result.h>

#include <string>
#include <vector>

namespace plimsoll::engine {

/// Architectures the forward pass runs, sorted: all that core knows, as far as no block has a part that no phase computes.
std::vector<std::string> runnableArchitectures();

/// Whether the forward pass can run this shape. Errors: UnsupportedByEngine, naming the architecture or the part of it.
Status supported(const ModelShape &shape);

} // namespace plimsoll::engine
