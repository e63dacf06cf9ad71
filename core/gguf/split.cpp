// SPDX-License-Identifier: Apache-2.0
#include "opener.h"

namespace plimsoll::gguf {

namespace {

/// "name" of "name-00001-of-00003.gguf".
struct SplitName
{
    std::string stem;
    uint64_t number = 0;   // from 1
    uint64_t count = 0;

    std::string path(uint64_t wanted) const { return stem + '-' + padded(wanted) + "-of-" + padded(count) + ".gguf"; }

    static std::string padded(uint64_t value)
    {
        const std::string digits = std::to_string(value);
        return std::string(digits.size() < 5 ? 5 - digits.size() : 0, '0') + digits;
    }
};

std::optional<uint64_t> fiveDigits(std::string_view text)
{
    uint64_t value = 0;
    for (const char c : text) {
        if (c < '0' || c > '9')
            return std::nullopt;
        value = value * 10 + static_cast<uint64_t>(c - '0');
    }
    return value;
}

std::optional<SplitName> splitName(std::string_view path)
{
    constexpr std::string_view pattern = "-00000-of-00000.gguf";
    if (path.size() < pattern.size())
        return std::nullopt;
    const std::string_view tail = path.substr(path.size() - pattern.size());
    if (tail[0] != '-' || tail.substr(6, 4) != "-of-" || tail.substr(15) != ".gguf")
        return std::nullopt;
    const auto number = fiveDigits(tail.substr(1, 5));
    const auto count = fiveDigits(tail.substr(10, 5));
    if (!number || !count)
        return std::nullopt;
    return SplitName{std::string(path.substr(0, path.size() - pattern.size())), *number, *count};
}

/// What a part says about itself; a file that is not split is the only part of one.
struct SplitKeys
{
    uint64_t number = 0;   // from 0
    uint64_t count = 1;
    std::optional<uint64_t> tensors;   // of all parts
};

Result<SplitKeys> splitKeys(const Header &header)
{
    const auto number = header.unsignedAt("split.no");
    const auto count = header.unsignedAt("split.count");
    const auto tensors = header.unsignedAt("split.tensors.count");
    for (const auto *value : {&number, &count, &tensors})
        if (!*value)
            return value->error();
    SplitKeys keys{number->value_or(0), count->value_or(1), *tensors};
    if (keys.count == 0)
        keys.count = 1;
    if (keys.count > UINT16_MAX)
        return Error{ErrorCode::GgufKeyRange, {header.path(), "split.count", std::to_string(keys.count)}};
    return keys;
}

Error mismatch(const std::string &path, std::string what)
{
    return {ErrorCode::GgufSplitMismatch, {path, std::move(what)}};
}

Result<Header> readFile(const std::string &path, const Opener &open)
{
    auto source = open(path);
    if (!source)
        return source.error();
    return readHeader(**source);
}

/// Adds part `number` (from 1) to the whole.
Status appendPart(Header &whole, const SplitName &name, uint64_t number, const Opener &open)
{
    const std::string path = name.path(number);
    Result<Header> part = readFile(path, open);
    if (!part && part.error().code == ErrorCode::FileNotFound)
        return Error{ErrorCode::GgufSplitMissing, {path}};
    if (!part)
        return part.error();
    const Result<SplitKeys> keys = splitKeys(*part);
    if (!keys)
        return keys.error();
    if (keys->number + 1 != number)
        return mismatch(path, "split.no");
    if (keys->count != name.count)
        return mismatch(path, "split.count");
    for (TensorInfo &tensor : part->tensors)
        tensor.part = static_cast<uint32_t>(whole.parts.size());
    whole.tensors.insert(whole.tensors.end(), part->tensors.begin(), part->tensors.end());
    whole.parts.push_back(std::move(part->parts.front()));
    return {};
}

} // namespace

Result<Header> readHeader(const std::string &path)
{
    return readHeader(path, openFile);
}

Result<Header> readHeader(const std::string &path, const Opener &open)
{
    Result<Header> first = readFile(path, open);
    if (!first)
        return first;
    const Result<SplitKeys> keys = splitKeys(*first);
    if (!keys)
        return keys.error();
    if (keys->count == 1)
        return first;

    const auto name = splitName(path);
    if (!name || name->count != keys->count || name->number != keys->number + 1)
        return mismatch(path, "file name");
    if (keys->number != 0)
        return Error{ErrorCode::GgufSplitNotFirst, {path, name->path(1)}};
    for (uint64_t number = 2; number <= keys->count; ++number)
        if (Status status = appendPart(*first, *name, number, open); !status)
            return status.error();
    if (keys->tensors && *keys->tensors != first->tensors.size())
        return mismatch(path, "split.tensors.count");
    if (Status status = first->index(); !status)
        return status.error();
    return first;
}

} // namespace plimsoll::gguf
