// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "command_line.h"

#include <plimsoll/layout/layout.h>
#include <plimsoll/result/result.h>

#include <cstdint>
#include <span>
#include <string>
#include <vector>

/// Values of the command line, checked by name: each gives InvalidArgument with the option, what was written, and what is accepted.
namespace plimsoll::engine {

/// Decimal digits only.
Result<uint64_t> countFrom(const std::string &option, const std::string &text, uint64_t least, uint64_t most);
Result<double> realFrom(const std::string &option, const std::string &text, double least, double most);
Result<Bytes> bytesFrom(const std::string &option, const std::string &text);
inline constexpr uint64_t mostContext = 16u << 20;   // tokens
inline constexpr uint64_t mostBatch = 65536;
inline constexpr uint64_t mostThreads = 1024;
inline constexpr uint64_t mostSequences = 256;
inline constexpr uint64_t mostSnapshots = 64;

/// Formats of the KV cache that some backend has.
std::vector<GgmlType> runnableCacheTypes();

/// Number formats of the KV cache: of both halves, or of keys and values apart, which go before it. Empty: the default.
struct CacheArguments
{
    std::string both;
    std::string keys;
    std::string values;

    /// Adds --kv-type, --kv-type-k and --kv-type-v.
    void addTo(const Command &command);
    Status apply(std::span<const GgmlType> accepted, RunOptions &options) const;
};

/// The options of a run that several subcommands take; empty: the default.
struct RunArguments
{
    std::string context;
    std::string batch;
    std::string sequences;
    std::string snapshots;
    std::string threads;
    CacheArguments cache;

    /// Adds --ctx, --batch, --threads, those of the cache; and --parallel and --state-snapshots where asked.
    void addTo(const Command &command, bool parallel);
    /// Over `options`, what was given; with formats of the cache that some backend has, or those of `cacheTypes`.
    Status apply(RunOptions &options) const { return apply(options, runnableCacheTypes()); }
    Status apply(RunOptions &options, std::span<const GgmlType> cacheTypes) const;
};

} // namespace plimsoll::engine
