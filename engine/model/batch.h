// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace plimsoll::engine {

/// One token of a ragged batch: any mix of sequences, positions ascending within each.
struct BatchToken
{
    int32_t token = 0;
    uint32_t position = 0;
    uint32_t sequence = 0;
    bool wantsLogits = false;
};

} // namespace plimsoll::engine
