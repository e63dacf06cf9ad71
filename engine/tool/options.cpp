// SPDX-License-Identifier: Apache-2.0
#include "options.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace plimsoll::engine {
namespace {

Error invalid(const std::string &option, const std::string &text, std::string accepted)
{
    return Error{ErrorCode::InvalidArgument, {option, text, std::move(accepted)}};
}

std::string shortNumber(double value)
{
    std::string text = std::to_string(value);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.')
        text.pop_back();
    return text;
}

template <typename T>
bool parseWhole(const std::string &text, T &value)
{
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
    return code == std::errc() && end == text.data() + text.size() && !text.empty();
}

/// Sets `target` where `text` was given.
template <typename T>
Status applyCount(const char *option, const std::string &text, uint64_t least, uint64_t most, T &target)
{
    if (text.empty())
        return {};
    const auto value = countFrom(option, text, least, most);
    if (!value)
        return value.error();
    target = static_cast<T>(*value);
    return {};
}

} // namespace

Result<uint64_t> countFrom(const std::string &option, const std::string &text, uint64_t least, uint64_t most)
{
    uint64_t value = 0;
    if (!parseWhole(text, value) || value < least || value > most)
        return invalid(option, text, std::to_string(least) + " to " + std::to_string(most));
    return value;
}

Result<double> realFrom(const std::string &option, const std::string &text, double least, double most)
{
    double value = 0;
    if (!parseWhole(text, value) || !std::isfinite(value) || value < least || value > most)
        return invalid(option, text, shortNumber(least) + " to " + shortNumber(most));
    return value;
}

Result<Bytes> bytesFrom(const std::string &option, const std::string &text)
{
    const auto value = parseBytes(text);
    if (!value || value->overflowed() || value->value > gib(1u << 20).value)
        return invalid(option, text, "an amount such as 32GiB or 512MiB");
    return *value;
}

Result<GgmlType> kvTypeFrom(const std::string &option, const std::string &text)
{
    std::vector<GgmlType> known = cpuTraits().kvTypes;
    for (GgmlType type : cudaTraits().kvTypes) {
        if (std::find(known.begin(), known.end(), type) == known.end())
            known.push_back(type);
    }
    std::string names;
    const auto type = ggmlTypeFromName(text);
    for (GgmlType candidate : known) {
        if (type == candidate)
            return candidate;
        names += (names.empty() ? "" : ", ") + std::string(name(candidate));
    }
    return invalid(option, text, names);
}

void RunArguments::addTo(CLI::App &command, bool parallel)
{
    command.add_option("-c,--ctx", context, "Context length in tokens, per sequence")->type_name("N");
    command.add_option("-b,--batch", batch, "Most tokens in one forward call")->type_name("N");
    command.add_option("-t,--threads", threads, "Threads; the physical cores unless given")->type_name("N");
    command.add_option("--kv-type", kvType, "Number format of the KV cache: F16, F32")->type_name("TYPE");
    if (parallel)
        command.add_option("--parallel", sequences, "Sequences at once")->type_name("N");
}

Status RunArguments::apply(RunOptions &options) const
{
    if (auto status = applyCount("--ctx", context, 1, mostContext, options.context); !status)
        return status;
    if (auto status = applyCount("--batch", batch, 1, mostBatch, options.batch); !status)
        return status;
    if (auto status = applyCount("--threads", threads, 1, mostThreads, options.threads); !status)
        return status;
    if (auto status = applyCount("--parallel", sequences, 1, mostSequences, options.sequences); !status)
        return status;
    options.outputs = std::max(options.outputs, options.sequences);
    if (kvType.empty())
        return {};
    const auto type = kvTypeFrom("--kv-type", kvType);
    if (!type)
        return type.error();
    options.kvTypeK = options.kvTypeV = *type;
    return {};
}

} // namespace plimsoll::engine
