// SPDX-License-Identifier: Apache-2.0
#include "selftest.h"

#include <plimsoll/gguf/gguf.h>
#include <plimsoll/gguf/writer.h>
#include <plimsoll/model/architecture.h>

#include <cstring>
#include <random>

namespace plimsoll::engine {
namespace {

/// Metadata of several kinds and two tensors: 1 to 2 KB in all.
std::vector<std::byte> sampleFile()
{
    gguf::Writer writer;
    writer.set("general.architecture", std::string("llama"));
    writer.set("general.name", std::string("sample"));
    writer.set("llama.block_count", uint32_t{1});
    writer.set("llama.embedding_length", uint32_t{32});
    writer.set("llama.rope.freq_base", 10000.0f);
    writer.set("tokenizer.ggml.tokens", std::vector<std::string>{"<unk>", "<s>", "</s>", "a", "b"});
    writer.set("tokenizer.ggml.scores", std::vector<float>{0, 0, 0, -1, -2});
    const bool added = writer.add({"token_embd.weight", GgmlType::F32, {32, 5}}).ok()
        && writer.add({"output_norm.weight", GgmlType::F32, {32}}).ok();
    std::vector<std::byte> bytes = writer.header();
    if (added)
        bytes.resize(bytes.size() + 32 * 5 * 4 + 32 * 4 + 64);
    return bytes;
}

/// Reads header and shape; gives whether the header was accepted. What matters is that it comes back.
bool accepted(const std::vector<std::byte> &bytes)
{
    const auto source = gguf::fromMemory("sample", bytes);
    const auto header = gguf::readHeader(*source);
    if (!header)
        return false;
    const auto shape = shapeFromGguf(*header);
    return header.ok() || shape.ok();
}

} // namespace

void checkBrokenFiles(SelftestResults &results)
{
    const std::vector<std::byte> whole = sampleFile();
    results.push_back({"GGUF sample is read", accepted(whole), std::to_string(whole.size()) + " bytes"});

    const size_t needed = whole.size() - 64;
    size_t wrong = 0;
    for (size_t length = 0; length + 1 < needed; ++length)
        wrong += accepted({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length)}) ? 1 : 0;
    results.push_back(
        {"GGUF cut short is refused", wrong == 0, std::to_string(wrong) + " of " + std::to_string(needed - 1) + " lengths accepted"});

    std::mt19937_64 random(7);
    constexpr int trials = 4000;
    int refused = 0;
    for (int trial = 0; trial < trials; ++trial) {
        std::vector<std::byte> damaged = whole;
        for (uint64_t flips = 1 + random() % 8; flips > 0; --flips)
            damaged[random() % damaged.size()] ^= static_cast<std::byte>(1u << random() % 8);
        refused += accepted(damaged) ? 0 : 1;
    }
    results.push_back(
        {"GGUF with flipped bits", true, std::to_string(refused) + " of " + std::to_string(trials) + " refused, the rest harmless"});
}

} // namespace plimsoll::engine
