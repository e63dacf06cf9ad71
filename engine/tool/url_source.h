// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <plimsoll/gguf/source.h>

namespace plimsoll::engine {

/// "http://" or "https://".
bool namesUrl(const std::string &text);

/// A remote file whose bytes are asked for by range, so that a header costs its own length. Follows redirections; names no credentials.
/// Errors: FileNotFound (404), FileUnreadable (no connection, no ranges, another status).
Result<std::unique_ptr<gguf::ByteSource>> openUrl(const std::string &url);

/// All of a remote file. Errors: those of openUrl(), FileUnreadable above `most` bytes.
Result<std::string> readUrl(const std::string &url, uint64_t most);

} // namespace plimsoll::engine
