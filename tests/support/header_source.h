// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <plimsoll/gguf/source.h>

#include <algorithm>
#include <cstring>
#include <utility>
#include <vector>

/// A file of which only the header exists, whatever data it speaks of; the rest reads as zeros.
class HeaderSource : public plimsoll::gguf::ByteSource
{
public:
    explicit HeaderSource(std::vector<std::byte> header) : m_header(std::move(header)) {}

    const std::string &name() const override { return m_name; }
    uint64_t size() const override { return uint64_t{1} << 42; }
    plimsoll::Status read(uint64_t offset, std::span<std::byte> out) override
    {
        std::fill(out.begin(), out.end(), std::byte{0});
        if (offset < m_header.size())
            std::memcpy(out.data(), m_header.data() + offset, std::min<uint64_t>(out.size(), m_header.size() - offset));
        return {};
    }

private:
    std::string m_name = "header";
    std::vector<std::byte> m_header;
};
