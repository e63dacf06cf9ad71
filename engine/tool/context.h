// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <plimsoll/catalog/catalog.h>
#include <plimsoll/result/result.h>

#include <nlohmann/json_fwd.hpp>

#include <atomic>
#include <functional>
#include <memory>
#include <string>

namespace plimsoll::engine {

inline constexpr int exitOk = 0;
inline constexpr int exitFailure = 1;   // expected: the sentence says what and what to do
inline constexpr int exitUsage = 2;     // the command line is wrong
inline constexpr int exitLoading = 3;   // serve: the model did not load; the parent process was told

/// What the subcommands share. Options are parsed into each command's own struct; `command` is what then runs.
struct Context
{
    bool json = false;
    std::string programPath;
    std::function<int()> command;

    /// Read on first use. Errors: FileNotFound, JsonInvalid, JsonField.
    Result<const Catalog *> catalog();

private:
    std::unique_ptr<Catalog> m_catalog;
};

/// Writes one JSON value and a line end to standard output. What is not UTF-8 (names in files) is replaced.
int printJson(const nlohmann::json &json);

/// `{"code":…,"arguments":[…],"message":…}`
nlohmann::json toJson(const Error &error);

/// Says the error on standard error, as JSON on standard output too where asked, and gives exit status 1.
int fail(const Context &context, const Error &error);

/// Flushes standard output; 1 where what was written got lost (closed pipe, full disk).
int finished();

/// Set by Ctrl+C while it stands; the second Ctrl+C ends the process. One at a time.
class Interruption
{
public:
    Interruption();
    ~Interruption();
    const std::atomic<bool> *flag() const;
};

} // namespace plimsoll::engine
