// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "shape.h"

#include <string_view>

namespace plimsoll {

/// How GGUF files name the tensor of a role: "blk.N." before it inside a block, ".weight" or ".bias" after it.
struct RoleName
{
    TensorRole role;
    std::string_view base;           // "attn_q"
    std::string_view weight = ".weight";   // what follows for the tensor itself; a few roles differ
};

/// Exists for every role but Other.
const RoleName &roleName(TensorRole role);

/// The name without "blk.N.": "attn_q.weight", "attn_q.bias". Not for Other.
std::string nameInBlock(TensorRole role, bool bias);

} // namespace plimsoll
