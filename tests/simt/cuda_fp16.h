// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <plimsoll/engine/quant/reference.h>

#include <cstdint>

/// CUDA's half float, as far as the backend uses it: to and from float32, rounded to nearest even.
struct __half
{
    uint16_t bits;
};

inline __half __ushort_as_half(unsigned short bits) { return {bits}; }
inline unsigned short __half_as_ushort(__half half) { return half.bits; }
inline float __half2float(__half half) { return plimsoll::engine::halfToFloat(half.bits); }
inline __half __float2half_rn(float value) { return {plimsoll::engine::floatToHalf(value)}; }
