// SPDX-License-Identifier: Apache-2.0
#include "made_models.h"

#include <plimsoll/engine/bench/synth.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

namespace fs = std::filesystem;
using namespace plimsoll;

namespace {

Status writeText(const fs::path &path, const std::string &text)
{
    std::ofstream file(path, std::ios::binary);
    file << text;
    file.close();
    return file ? Status() : Status(Error{ErrorCode::FileUnwritable, {path.string(), "write"}});
}

/// The templates that the interpreter's tests render.
Status writeTemplates(const fs::path &folder, const char *casesPath)
{
    std::ifstream file(casesPath);
    const auto cases = nlohmann::json::parse(file, nullptr, false);
    if (!cases.is_array())
        return Error{ErrorCode::JsonInvalid, {casesPath, "0", "array"}};
    for (size_t i = 0; i < cases.size(); ++i) {
        const nlohmann::json &lines = cases[i]["template"];
        std::string text = lines.is_string() ? lines.get<std::string>() : std::string();
        for (size_t line = 0; lines.is_array() && line < lines.size(); ++line)
            text += (line ? "\n" : "") + lines[line].get<std::string>();
        if (Status status = writeText(folder / std::to_string(i), text); !status)
            return status;
    }
    return {};
}

/// One text for every kind of tokenizer; see fuzz_tokenizer.cpp for the form.
Status writeTokenizerTexts(const fs::path &folder)
{
    for (int kind = 0; kind < 256; kind = kind == 22 ? 245 : kind == 245 ? 250 : kind + 1) {
        const std::string text = static_cast<char>(kind) + std::string("\376ab\376\xc4\xa0x\376<end>\377Hello, it's 1234  ab x<end>\n\n\xd0\xb6");
        if (Status status = writeText(folder / std::to_string(kind), text); !status)
            return status;
        if (kind == 250)
            break;
    }
    return {};
}

/// Whole models, as small as they run.
Status writeModels(const fs::path &folder)
{
    for (const char *architecture : {"llama", "qwen2", "qwen3"}) {
        nlohmann::json entry = tinyModel(architecture, true);
        nlohmann::json &figures = entry["hyperparameters"];
        figures["block_count"] = 1;
        figures["embedding_length"] = figures["feed_forward_length"] = 32;
        figures["attention.head_count"] = 2;
        figures["attention.head_count_kv"] = 1;
        figures["attention.key_length"] = figures["attention.value_length"] = figures["rope.dimension_count"] = 16;
        const auto shape = shapeFromCatalog(entry);
        if (!shape)
            return shape.error();
        if (auto written = engine::synthesize(*shape, FileType::Q8_0, (folder / architecture).string()); !written)
            return written.error();
    }
    return {};
}

} // namespace

/// fuzz_seeds_engine FOLDER CASES: small good inputs for the targets of the engine, a folder for each.
int main(int argc, char **argv)
{
    if (argc != 3)
        return 2;
    const fs::path folder = argv[1];
    for (const char *target : {"template", "tokenizer", "loader"})
        fs::create_directories(folder / target);
    for (const Status &status : {writeTemplates(folder / "template", argv[2]), writeTokenizerTexts(folder / "tokenizer"),
             writeModels(folder / "loader")}) {
        if (!status) {
            std::fprintf(stderr, "%s\n", std::string(codeName(status.error().code)).c_str());
            return 1;
        }
    }
    return 0;
}
