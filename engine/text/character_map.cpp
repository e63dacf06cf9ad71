// SPDX-License-Identifier: Apache-2.0
#include "character_map.h"

#include <algorithm>

namespace plimsoll::engine {

namespace {

const char key[] = "tokenizer.ggml.precompiled_charsmap";

constexpr uint32_t leafMark = uint32_t{1} << 31;   // of a unit that is a leaf: its other bits are the value

/// What a unit has to look like to be the child by a byte.
uint32_t labelOf(uint32_t unit) { return unit & (leafMark | 0xFF); }
bool hasLeaf(uint32_t unit) { return unit >> 8 & 1; }
/// From a node's place to that of its children, to be combined by XOR.
uint32_t offsetOf(uint32_t unit) { return unit >> 10 << ((unit >> 9 & 1) * 8); }

Error invalid(const char *what)
{
    return {ErrorCode::ModelInvalid, {key, what}};
}

bool hasOverlongText(const std::vector<char> &texts)
{
    for (auto begin = texts.begin(); begin != texts.end();) {
        const auto end = std::find(begin, texts.end(), '\0');
        if (end == texts.end() || end - begin > static_cast<std::ptrdiff_t>(CharacterMap::longestTo))
            return true;
        begin = end + 1;
    }
    return false;
}

} // namespace

Result<CharacterMap> CharacterMap::read(const gguf::Header &header)
{
    CharacterMap map;
    const auto list = header.arrayAt(key);
    if (!list)
        return list.error();
    if (!*list || (*list)->count() == 0)
        return map;
    const gguf::Array &bytes = **list;
    if (bytes.type() != gguf::ValueType::U8 && bytes.type() != gguf::ValueType::I8)
        return Error{ErrorCode::GgufKeyType, {header.parts.empty() ? std::string() : header.path(), key}};
    const auto unitAt = [&](uint64_t at) {
        uint32_t unit = 0;
        for (uint32_t i = 0; i < 4; ++i)
            unit |= (static_cast<uint32_t>(bytes.integer(at + i)) & 0xFF) << 8 * i;
        return unit;
    };
    if (bytes.count() < 4)
        return invalid("size");
    const uint64_t size = unitAt(0);
    if (size % 4 != 0 || size > bytes.count() - 4)
        return invalid("size");
    for (uint64_t at = 4; at < 4 + size; at += 4)
        map.m_units.push_back(unitAt(at));
    for (uint64_t at = 4 + size; at < bytes.count(); ++at)
        map.m_texts.push_back(static_cast<char>(bytes.integer(at)));
    if (hasOverlongText(map.m_texts))
        return invalid("texts");
    return map;
}

CharacterMap::Rule CharacterMap::find(std::string_view text) const
{
    Rule rule;
    if (m_units.empty())
        return rule;
    uint32_t node = offsetOf(m_units[0]);
    for (size_t i = 0; i < std::min(text.size(), longestFrom); ++i) {
        const uint8_t byte = static_cast<uint8_t>(text[i]);
        node ^= byte;
        if (byte == 0 || node >= m_units.size() || labelOf(m_units[node]) != byte)
            break;
        const uint32_t unit = m_units[node];
        node ^= offsetOf(unit);
        if (!hasLeaf(unit) || node >= m_units.size())
            continue;
        const uint32_t at = m_units[node] & ~leafMark;
        if (at < m_texts.size())
            rule = {i + 1, m_texts.data() + at};   // a zero follows, see read
    }
    return rule;
}

} // namespace plimsoll::engine
