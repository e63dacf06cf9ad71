// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <plimsoll/engine/quant/reference.h>

#include <bit>
#include <cmath>
#include <cstdint>

namespace {

/// One float32 at a time, with the interface that the vectors of each instruction set have.
struct ScalarLanes
{
    using F = float;
    static constexpr uint32_t width = 1;
    static constexpr uint32_t tileTokens = 4;
    static constexpr uint32_t panelWidth = 16;

    static F zero() { return 0.0f; }
    static F set(float x) { return x; }
    static F load(const float *p) { return *p; }
    static F loadHalf(const uint16_t *p) { return plimsoll::engine::halfToFloat(*p); }
    static F loadBf(const uint16_t *p) { return plimsoll::engine::bfloatToFloat(*p); }
    static F setHalf(uint16_t half) { return plimsoll::engine::halfToFloat(half); }
    static F loadBytes(const int8_t *p) { return static_cast<float>(*p); }
    /// Four bits less 8.
    static F loadLowNibbles(const uint8_t *p) { return static_cast<float>((*p & 15) - 8); }
    static F loadHighNibbles(const uint8_t *p) { return static_cast<float>((*p >> 4) - 8); }
    static void store(float *p, F x) { *p = x; }
    static void storeHalf(uint16_t *p, F x) { *p = plimsoll::engine::floatToHalf(x); }
    static F add(F a, F b) { return a + b; }
    static F sub(F a, F b) { return a - b; }
    static F mul(F a, F b) { return a * b; }
    static F div(F a, F b) { return a / b; }
    static F fma(F a, F b, F c) { return a * b + c; }
    static F min(F a, F b) { return a < b ? a : b; }
    static F max(F a, F b) { return a > b ? a : b; }
    static F round(F x) { return std::nearbyintf(x); }
    /// 2^n for whole n from -127 (which gives 0) to 127.
    static F pow2(F n) { return std::bit_cast<float>(static_cast<uint32_t>(static_cast<int32_t>(n) + 127) << 23); }
    static float sum(F x) { return x; }
    static F sumEach(const F *x) { return *x; }
    static void transpose(F (&)[1]) {}
};

} // namespace
