// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gguf.h"

#include <functional>

namespace plimsoll::gguf {

/// Opens what a path or an address names.
using Opener = std::function<Result<std::unique_ptr<ByteSource>>(const std::string &path)>;

/// As readHeader(path), through any opener: the parts of a split lie beside the first.
Result<Header> readHeader(const std::string &path, const Opener &open);

} // namespace plimsoll::gguf
