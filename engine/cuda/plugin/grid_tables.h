// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace plimsoll::engine::cuda {

/// The codebooks of engine/quant/grids.h in the GPU's memory.
struct GridTables
{
    int64_t iq2Xxs[256];
    int64_t iq2Xs[512];
    int64_t iq2S[1024];
    int64_t iq1[2048];
    int32_t iq3Xxs[256];
    int32_t iq3S[512];
};

} // namespace plimsoll::engine::cuda
