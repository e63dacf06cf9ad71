// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <plimsoll/layout/layout.h>
#include <plimsoll/result/result.h>

#include <cstdint>
#include <string>

namespace CLI {
class App;
}

/// Values of the command line, checked by name: each gives InvalidArgument with the option, what was written, and what is accepted.
namespace plimsoll::engine {

/// Decimal digits only.
Result<uint64_t> countFrom(const std::string &option, const std::string &text, uint64_t least, uint64_t most);
Result<double> realFrom(const std::string &option, const std::string &text, double least, double most);
Result<Bytes> bytesFrom(const std::string &option, const std::string &text);
/// A format of the KV cache that some backend has.
Result<GgmlType> kvTypeFrom(const std::string &option, const std::string &text);

inline constexpr uint64_t mostContext = 16u << 20;   // tokens
inline constexpr uint64_t mostBatch = 65536;
inline constexpr uint64_t mostThreads = 1024;
inline constexpr uint64_t mostSequences = 256;

/// The options of a run that several subcommands take; empty: the default.
struct RunArguments
{
    std::string context;
    std::string batch;
    std::string sequences;
    std::string threads;
    std::string kvType;

    /// Adds --ctx, --batch, --threads, --kv-type, and --parallel where asked.
    void addTo(CLI::App &command, bool parallel);
    /// Over `options`, what was given.
    Status apply(RunOptions &options) const;
};

} // namespace plimsoll::engine
