// SPDX-License-Identifier: Apache-2.0
#include "read_input.h"

#include <plimsoll/units/bytes.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>

namespace plimsoll::engine {
namespace {

Result<std::string> readAll(std::istream &in, const std::string &name, uint64_t most)
{
    std::string text;
    std::array<char, 65536> block{};
    while (in.read(block.data(), block.size()) || in.gcount() > 0) {
        text.append(block.data(), static_cast<size_t>(in.gcount()));
        if (text.size() > most)
            return Error{ErrorCode::FileUnreadable, {name, "it is longer than " + toText(Bytes{most})}};
    }
    if (in.bad())
        return Error{ErrorCode::FileUnreadable, {name, "reading failed"}};
    return text;
}

} // namespace

Result<std::string> readInput(const std::string &path, uint64_t most)
{
    if (path == "-")
        return readAll(std::cin, "standard input", most);
    std::error_code code;
    const auto status = std::filesystem::status(path, code);
    if (status.type() == std::filesystem::file_type::not_found)
        return Error{ErrorCode::FileNotFound, {path}};
    if (std::filesystem::is_directory(status))
        return Error{ErrorCode::FileUnreadable, {path, "it is a folder"}};
    errno = 0;
    std::ifstream file(path, std::ios::binary);
    if (!file)
        return Error{ErrorCode::FileUnreadable, {path, std::strerror(errno)}};
    return readAll(file, path, most);
}

} // namespace plimsoll::engine
