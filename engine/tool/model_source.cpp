// SPDX-License-Identifier: Apache-2.0
#include "model_source.h"

#include "read_input.h"
#include "url_source.h"

#include <plimsoll/gguf/opener.h>
#include <plimsoll/model/architecture.h>
#include <plimsoll/model/config_json.h>
#include <plimsoll/quant/file_type.h>

#include <nlohmann/json.hpp>

#include <filesystem>

namespace plimsoll::engine {
namespace {

namespace fs = std::filesystem;

constexpr uint64_t longestConfig = 4u << 20;

bool isFolder(const std::string &model)
{
    std::error_code ignored;
    return !namesUrl(model) && fs::is_directory(model, ignored);
}

/// An address without what follows its path.
std::string withoutQuery(const std::string &model)
{
    return namesUrl(model) ? model.substr(0, model.find_first_of("?#")) : model;
}

std::string configPath(const std::string &model)
{
    return isFolder(model) ? (fs::path(model) / "config.json").string() : model;
}

Result<nlohmann::json> readConfig(const std::string &path)
{
    const auto text = namesUrl(path) ? readUrl(path, longestConfig) : readInput(path, longestConfig);
    if (!text)
        return text.error();
    try {
        return nlohmann::json::parse(*text);
    } catch (const nlohmann::json::parse_error &error) {
        return Error{ErrorCode::JsonInvalid, {path, std::to_string(error.byte), "syntax"}};
    } catch (const nlohmann::json::out_of_range &) {   // a number that no float64 holds
        return Error{ErrorCode::JsonInvalid, {path, "0", "number"}};
    }
}

Result<ModelShape> shapeOfConfig(const std::string &model)
{
    const std::string path = configPath(model);
    const auto config = readConfig(path);
    if (!config)
        return config.error();
    auto shape = shapeFromConfig(*config, path);
    if (shape)
        shape->name = checkpointName(model);
    return shape;
}

} // namespace

ModelSource sourceOf(const std::string &model)
{
    const std::string path = withoutQuery(model);
    if (path.ends_with(".json") || isFolder(path))
        return ModelSource::Config;
    std::error_code ignored;
    const bool file = namesUrl(path) || path.ends_with(".gguf") || path.find('/') != std::string::npos || fs::exists(path, ignored);
    return file ? ModelSource::Gguf : ModelSource::Catalogue;
}

std::string quantizationOf(const gguf::Header &header)
{
    const auto number = header.unsignedAt("general.file_type");
    if (!number || !*number)
        return {};
    for (const FileTypeInfo &type : fileTypes()) {
        if (static_cast<uint64_t>(type.type) == **number)
            return std::string(type.name);
    }
    return "file type " + std::to_string(**number);
}

Result<gguf::Header> headerOf(const std::string &model)
{
    return namesUrl(model) ? gguf::readHeader(model, openUrl) : gguf::readHeader(model);
}

std::string checkpointFolder(const std::string &model)
{
    const fs::path folder = fs::path(configPath(withoutQuery(model))).parent_path();
    if (!namesUrl(model))
        return folder.empty() ? "." : folder.string();
    // The Hub's addresses: HOST/PUBLISHER/NAME/resolve/REVISION/config.json.
    const fs::path kind = folder.parent_path().filename();
    if (kind != "resolve" && kind != "raw")
        return folder.string();
    const fs::path repository = folder.parent_path().parent_path();
    return repository.parent_path().filename().string() + '/' + repository.filename().string();
}

std::string checkpointName(const std::string &model)
{
    std::error_code ignored;
    const fs::path folder = fs::absolute(checkpointFolder(model), ignored).lexically_normal();
    return folder.has_filename() ? folder.filename().string() : folder.parent_path().filename().string();
}

Result<ModelShape> shapeOf(Context &context, const std::string &model)
{
    const ModelSource source = sourceOf(model);
    if (source == ModelSource::Config)
        return shapeOfConfig(model);
    if (source == ModelSource::Gguf) {
        const auto header = headerOf(model);
        if (!header)
            return header.error();
        return shapeFromGguf(*header);
    }
    const auto catalog = context.catalog();
    if (!catalog)
        return catalog.error();
    const auto entry = (*catalog)->model(model);
    if (!entry)
        return entry.error();
    return (*entry)->shape;
}

} // namespace plimsoll::engine
