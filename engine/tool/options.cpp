// SPDX-License-Identifier: Apache-2.0
#include "options.h"


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

std::vector<GgmlType> runnableCacheTypes()
{
    std::vector<GgmlType> known = cpuTraits().kvTypes;
    for (GgmlType type : cudaTraits().kvTypes) {
        if (std::find(known.begin(), known.end(), type) == known.end())
            known.push_back(type);
    }
    return known;
}

void CacheArguments::addTo(const Command &command)
{
    command.addOption("--kv-type", both, "Number format of the KV cache: F16, F32, Q8_0, Q4_0 (F16)").typeName("TYPE");
    command.addOption("--kv-type-k", keys, "Number format of its keys, where it is another").typeName("TYPE");
    command.addOption("--kv-type-v", values, "Number format of its values, where it is another").typeName("TYPE");
}

Status CacheArguments::apply(std::span<const GgmlType> accepted, RunOptions &options) const
{
    const auto set = [accepted](const char *option, const std::string &text, std::initializer_list<GgmlType *> targets) -> Status {
        const auto type = ggmlTypeFromName(text);
        std::string names;
        for (GgmlType candidate : accepted) {
            if (type == candidate) {
                for (GgmlType *target : targets)
                    *target = candidate;
                return {};
            }
            names += (names.empty() ? "" : ", ") + std::string(name(candidate));
        }
        return text.empty() ? Status() : invalid(option, text, names);
    };
    Status status = set("--kv-type", both, {&options.kvTypeK, &options.kvTypeV});
    if (status)
        status = set("--kv-type-k", keys, {&options.kvTypeK});
    if (status)
        status = set("--kv-type-v", values, {&options.kvTypeV});
    return status;
}

void RunArguments::addTo(const Command &command, bool parallel)
{
    command.addOption("-c,--ctx", context, "Context length in tokens, per sequence").typeName("N");
    command.addOption("-b,--batch", batch, "Most tokens in one forward call").typeName("N");
    command.addOption("-t,--threads", threads, "Threads; the physical cores unless given").typeName("N");
    cache.addTo(command);
    if (!parallel)
        return;
    command.addOption("--parallel", sequences, "Sequences at once").typeName("N");
    command.addOption("--state-snapshots", snapshots,
            "Recurrent models: states kept per sequence, so that a prompt that begins as an earlier one is not computed again (1)")
        .typeName("N");
}

Status RunArguments::apply(RunOptions &options, std::span<const GgmlType> cacheTypes) const
{
    if (auto status = applyCount("--ctx", context, 1, mostContext, options.context); !status)
        return status;
    if (auto status = applyCount("--batch", batch, 1, mostBatch, options.batch); !status)
        return status;
    if (auto status = applyCount("--threads", threads, 1, mostThreads, options.threads); !status)
        return status;
    if (auto status = applyCount("--parallel", sequences, 1, mostSequences, options.sequences); !status)
        return status;
    if (auto status = applyCount("--state-snapshots", snapshots, 0, mostSnapshots, options.stateSnapshots); !status)
        return status;
    options.outputs = std::max(options.outputs, options.sequences);
    return cache.apply(cacheTypes, options);
}

} // namespace plimsoll::engine
