// SPDX-License-Identifier: Apache-2.0
#include "remembered_overhead.h"

#include "os_host.h"

#include <nlohmann/json.hpp>

#include <filesystem>
#include <fstream>
#include <system_error>

namespace plimsoll::engine {
namespace {

using Json = nlohmann::json;

constexpr std::streamsize mostFileBytes = 64 * 1024;
constexpr size_t mostEntries = 64;
constexpr uint64_t leastOverhead = uint64_t{1} << 20;
constexpr uint64_t mostOverhead = uint64_t{8} << 30;

/// What the figure depends on: modules are part of the program.
Json keyOf(const Gpu &gpu)
{
    return {{"gpu", gpu.name}, {"driver", gpu.driver}, {"program", PLIMSOLL_VERSION}};
}

bool isPlausible(uint64_t bytes)
{
    return bytes >= leastOverhead && bytes <= mostOverhead;
}

/// Those of the file that make sense.
Json entriesOf(const std::string &file)
{
    std::ifstream in(file, std::ios::binary);
    std::string text(mostFileBytes + 1, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (!in.eof() || in.gcount() > mostFileBytes)
        return Json::array();
    text.resize(static_cast<size_t>(in.gcount()));
    Json entries = Json::array();
    const Json read = Json::parse(text, nullptr, false);
    if (!read.is_array())
        return entries;
    for (const Json &entry : read) {
        const auto bytes = entry.is_object() ? entry.find("bytes") : entry.end();
        if (entries.size() < mostEntries && bytes != entry.end() && bytes->is_number_unsigned() && isPlausible(bytes->get<uint64_t>()))
            entries.push_back(entry);
    }
    return entries;
}

bool isOf(const Json &entry, const Json &key)
{
    for (const auto &[name, value] : key.items()) {
        const auto found = entry.find(name);
        if (found == entry.end() || *found != value)
            return false;
    }
    return true;
}

} // namespace

std::string overheadFile()
{
    const std::string folder = cacheFolder();
    return folder.empty() ? folder : folder + "/overhead.json";
}

std::optional<Bytes> rememberedOverhead(const std::string &file, const Gpu &gpu)
{
    const Json key = keyOf(gpu);
    for (const Json &entry : entriesOf(file)) {
        if (isOf(entry, key))
            return Bytes{entry.at("bytes").get<uint64_t>()};
    }
    return std::nullopt;
}

void rememberOverhead(const std::string &file, const Gpu &gpu, Bytes overhead)
{
    if (file.empty() || gpu.name.empty() || gpu.driver.empty() || !isPlausible(overhead.value))
        return;
    Json entry = keyOf(gpu);
    Json entries = Json::array({entry});   // the newest first, so that the oldest are dropped
    entries.front()["bytes"] = overhead.value;
    for (Json &known : entriesOf(file)) {
        if (entries.size() < mostEntries && !isOf(known, entry))
            entries.push_back(std::move(known));
    }
    // Whole or not at all, also where several programs write.
    std::error_code failed;
    std::filesystem::create_directories(std::filesystem::path(file).parent_path(), failed);
    const std::string unfinished = file + "." + std::to_string(processNumber());
    std::ofstream out(unfinished, std::ios::binary);
    out << entries.dump(1, ' ', false, Json::error_handler_t::replace) << '\n';
    out.close();
    if (out)
        std::filesystem::rename(unfinished, file, failed);
    else
        failed = std::make_error_code(std::errc::io_error);
    if (failed)
        std::filesystem::remove(unfinished, failed);
}

} // namespace plimsoll::engine
