// SPDX-License-Identifier: Apache-2.0
#include <plimsoll/gguf/writer.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>

namespace fs = std::filesystem;
using namespace plimsoll;
using namespace plimsoll::gguf;

namespace {

Status fillZero(size_t, uint64_t, std::span<std::byte> out)
{
    std::fill(out.begin(), out.end(), std::byte{0});
    return {};
}

Status writeSeed(const std::string &path, uint32_t alignment, bool withTensors)
{
    Writer writer;
    writer.set("general.architecture", std::string("llama"));
    writer.set("split.count", uint32_t{1});
    writer.set("a.signed", int32_t{-1});
    writer.set("a.wide", uint64_t{1} << 40);
    writer.set("a.real", 1.5f);
    writer.set("a.truth", true);
    writer.set("a.words", std::vector<std::string>{"one", "", "three"});
    writer.set("a.reals", std::vector<float>{1.f, 2.f});
    writer.set("a.numbers", std::vector<int32_t>{1, 2, 3});
    if (withTensors) {
        for (OutTensor tensor : {OutTensor{"token_embd.weight", GgmlType::Q8_0, {32, 4}},
                 OutTensor{"blk.0.ffn_up_exps.weight", GgmlType::F16, {4, 2, 2}}})
            if (Status status = writer.add(std::move(tensor)); !status)
                return status;
    }
    return writer.write(path, fillZero, alignment);
}

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
    for (int kind = 0; kind <= 250; kind += kind < 22 ? 1 : kind == 22 ? 213 : 5) {   // all pre-tokenizers, 235, 240, 245, 250
        const std::string text = static_cast<char>(kind)
            + std::string("\376ab\376\xc4\xa0x\376<end>\377Hello, it's 1234  ab x<end>\n\n\xd0\xb6");
        if (Status status = writeText(folder / std::to_string(kind), text); !status)
            return status;
    }
    return {};
}

} // namespace

/// fuzz_seeds FOLDER CASES: small good files, templates (those of CASES) and texts to start from, a folder for each target.
int main(int argc, char **argv)
{
    if (argc != 3)
        return 2;
    const fs::path folder = argv[1];
    for (const char *target : {"gguf", "template", "tokenizer"})
        fs::create_directories(folder / target);
    for (const Status &status : {writeSeed((folder / "gguf/plain.gguf").string(), 32, false),
             writeSeed((folder / "gguf/tensors.gguf").string(), 32, true), writeSeed((folder / "gguf/aligned.gguf").string(), 64, true),
             writeTemplates(folder / "template", argv[2]), writeTokenizerTexts(folder / "tokenizer")}) {
        if (!status) {
            std::fprintf(stderr, "%s\n", std::string(codeName(status.error().code)).c_str());
            return 1;
        }
    }
    return 0;
}
