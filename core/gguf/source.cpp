// SPDX-License-Identifier: Apache-2.0
#include "source.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <system_error>

namespace plimsoll::gguf {

namespace {

/// The words of the operating system; a stream that fails without a reason counts as a failed transfer.
std::string reason(int failure)
{
    return std::generic_category().message(failure != 0 ? failure : EIO);
}

class FileSource final : public ByteSource
{
public:
    FileSource(std::string path, std::ifstream stream, uint64_t size)
        : m_path(std::move(path)), m_stream(std::move(stream)), m_size(size)
    {
    }

    const std::string &name() const override { return m_path; }
    uint64_t size() const override { return m_size; }

    Status read(uint64_t offset, std::span<std::byte> out) override
    {
        errno = 0;
        m_stream.clear();
        m_stream.seekg(static_cast<std::streamoff>(offset));
        m_stream.read(reinterpret_cast<char *>(out.data()), static_cast<std::streamsize>(out.size()));
        if (!m_stream)
            return Error{ErrorCode::FileUnreadable, {m_path, reason(errno)}};
        return {};
    }

private:
    std::string m_path;
    std::ifstream m_stream;
    uint64_t m_size;
};

class MemorySource final : public ByteSource
{
public:
    MemorySource(std::string name, std::span<const std::byte> bytes) : m_name(std::move(name)), m_bytes(bytes) {}

    const std::string &name() const override { return m_name; }
    uint64_t size() const override { return m_bytes.size(); }

    Status read(uint64_t offset, std::span<std::byte> out) override
    {
        if (!out.empty())
            std::memcpy(out.data(), m_bytes.data() + offset, out.size());
        return {};
    }

private:
    std::string m_name;
    std::span<const std::byte> m_bytes;
};

} // namespace

Result<std::unique_ptr<ByteSource>> openFile(const std::string &path)
{
    std::error_code failure;
    const auto status = std::filesystem::status(path, failure);
    if (status.type() == std::filesystem::file_type::not_found)
        return Error{ErrorCode::FileNotFound, {path}};
    if (failure)
        return Error{ErrorCode::FileUnreadable, {path, failure.message()}};
    // Opening a pipe or a device could wait for ever.
    if (status.type() != std::filesystem::file_type::regular) {
        const bool folder = status.type() == std::filesystem::file_type::directory;
        return Error{ErrorCode::FileUnreadable, {path, reason(folder ? EISDIR : EINVAL)}};
    }
    errno = 0;
    std::ifstream stream(path, std::ios::binary);
    if (!stream)
        return Error{ErrorCode::FileUnreadable, {path, reason(errno)}};
    const uint64_t size = std::filesystem::file_size(path, failure);
    if (failure)
        return Error{ErrorCode::FileUnreadable, {path, failure.message()}};
    return std::unique_ptr<ByteSource>(new FileSource(path, std::move(stream), size));
}

std::unique_ptr<ByteSource> fromMemory(std::string name, std::span<const std::byte> bytes)
{
    return std::make_unique<MemorySource>(std::move(name), bytes);
}

} // namespace plimsoll::gguf
