// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstddef>
#include <cstring>

namespace plimsoll::gguf {

static_assert(std::endian::native == std::endian::little, "numbers of a GGUF file are taken as they lie");

/// The number that lies at `at`, at whatever alignment.
template <typename T>
T load(const std::byte *at)
{
    T value;
    std::memcpy(&value, at, sizeof value);
    return value;
}

} // namespace plimsoll::gguf
