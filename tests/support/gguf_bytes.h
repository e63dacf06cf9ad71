// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <plimsoll/gguf/gguf.h>

#include <cstring>
#include <string_view>

/// Builds headers byte by byte, also such as no writer would write.
class GgufBytes
{
public:
    GgufBytes(uint32_t version, uint64_t tensors, uint64_t keys)
    {
        raw("GGUF");
        number(version);
        number(tensors);
        number(keys);
    }

    template <typename T>
    GgufBytes &number(T value)
    {
        const auto *from = reinterpret_cast<const std::byte *>(&value);
        m_bytes.insert(m_bytes.end(), from, from + sizeof value);
        return *this;
    }
    GgufBytes &raw(std::string_view value)
    {
        const auto *from = reinterpret_cast<const std::byte *>(value.data());
        m_bytes.insert(m_bytes.end(), from, from + value.size());
        return *this;
    }
    GgufBytes &text(std::string_view value) { return number(uint64_t{value.size()}).raw(value); }
    GgufBytes &key(std::string_view name, plimsoll::gguf::ValueType type) { return text(name).number(static_cast<uint32_t>(type)); }
    GgufBytes &array(std::string_view name, plimsoll::gguf::ValueType type, uint64_t count)
    {
        return key(name, plimsoll::gguf::ValueType::Array).number(static_cast<uint32_t>(type)).number(count);
    }
    GgufBytes &tensor(std::string_view name, std::initializer_list<uint64_t> dims, uint32_t type, uint64_t offset)
    {
        text(name).number(static_cast<uint32_t>(dims.size()));
        for (const uint64_t dim : dims)
            number(dim);
        return number(type).number(offset);
    }
    /// The header so far, padded, and `data` bytes of tensor data.
    GgufBytes &data(uint64_t bytes, uint64_t alignment = 32)
    {
        m_bytes.resize((m_bytes.size() + alignment - 1) / alignment * alignment + bytes);
        return *this;
    }

    const std::vector<std::byte> &bytes() const { return m_bytes; }

    plimsoll::Result<plimsoll::gguf::Header> read() const
    {
        const auto source = plimsoll::gguf::fromMemory("memory", m_bytes);
        return plimsoll::gguf::readHeader(*source);
    }

private:
    std::vector<std::byte> m_bytes;
};
