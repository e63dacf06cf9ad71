// SPDX-License-Identifier: Apache-2.0
#include <plimsoll/engine/text/tokenizer.h>
#include <plimsoll/engine/text/unicode.h>
#include <plimsoll/gguf/writer.h>

#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

using namespace plimsoll;
using namespace plimsoll::engine;

namespace {

constexpr const char *preTokenizers[] = {"default", "gpt-2", "starcoder", "llama-bpe", "qwen2", "qwen35", "deepseek-llm", "deepseek-coder",
    "deepseek-v3", "afmoe", "seed-coder", "exaone-moe", "minicpm5", "jais-2", "falcon", "bloom", "viking", "laguna", "gpt-4o", "tekken",
    "kimi-k2", "youtu", "tiny_aya"};

/// A character map: the first half of the bytes are its double array, the rest its texts.
gguf::EncodedValue characterMap(const std::string &bytes)
{
    const uint32_t types[] = {static_cast<uint32_t>(gguf::ValueType::Array), static_cast<uint32_t>(gguf::ValueType::U8)};
    const uint64_t count = 4 + bytes.size() + 1;
    const uint32_t units = static_cast<uint32_t>(bytes.size() / 8 * 4);
    std::string encoded(reinterpret_cast<const char *>(types), sizeof types);
    encoded.append(reinterpret_cast<const char *>(&count), sizeof count);
    encoded.append(reinterpret_cast<const char *>(&units), sizeof units);
    encoded += bytes + '\0';
    const auto *begin = reinterpret_cast<const std::byte *>(encoded.data());
    return {{begin, begin + encoded.size()}};
}

/// A vocabulary of the given pieces, with all bytes in front; the first piece is a character map too.
std::unique_ptr<Tokenizer> make(const std::string &model, const std::string &pre, const std::vector<std::string> &pieces)
{
    gguf::Writer writer;
    std::vector<std::string> tokens = {"<unk>", "<s>", "</s>"};
    std::vector<int32_t> kinds = {2, 3, 3};
    std::vector<float> scores = {0, 0, 0};
    for (int byte = 0; byte < 256; ++byte) {
        static constexpr char digits[] = "0123456789ABCDEF";
        tokens.push_back({'<', '0', 'x', digits[byte >> 4], digits[byte & 15], '>'});
        kinds.push_back(6);
        scores.push_back(0);
    }
    std::vector<std::string> merges;
    for (const std::string &piece : pieces) {
        tokens.push_back(piece);
        kinds.push_back(piece.size() > 4 ? 4 : 1);
        scores.push_back(-static_cast<float>(piece.size()));
        if (piece.size() > 1)
            merges.push_back(piece.substr(0, piece.size() / 2) + " " + piece.substr(piece.size() / 2));
    }
    writer.set("tokenizer.ggml.model", model);
    writer.set("tokenizer.ggml.pre", pre);
    writer.set("tokenizer.ggml.tokens", tokens);
    writer.set("tokenizer.ggml.token_type", kinds);
    writer.set("tokenizer.ggml.scores", scores);
    writer.set("tokenizer.ggml.merges", merges);
    if (!pieces.empty())
        writer.set("tokenizer.ggml.precompiled_charsmap", characterMap(pieces.front()));
    const std::vector<std::byte> bytes = writer.header();
    const auto source = gguf::fromMemory("fuzz", bytes);
    const auto header = gguf::readHeader(*source);
    if (!header)
        return nullptr;
    auto tokenizer = makeTokenizer(*header);
    return tokenizer ? std::move(*tokenizer) : nullptr;
}

} // namespace

/// The first byte picks the kind; up to a byte 255 come the pieces of the vocabulary, each behind a byte 254; the rest is the text. Every
/// token is one of the vocabulary, and what is decoded never ends inside a character.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    const uint8_t kind = data[0];
    std::vector<std::string> pieces;
    size_t at = 1;
    for (; at < size && data[at] != 255; ++at) {
        if (data[at] == 254 || pieces.empty())
            pieces.emplace_back();
        if (data[at] != 254)
            pieces.back() += static_cast<char>(data[at]);
    }
    const std::string text(reinterpret_cast<const char *>(data) + std::min(at + 1, size), size - std::min(at + 1, size));
    const std::string model = kind >= 250 ? "llama" : kind >= 245 ? "gemma4" : kind >= 240 ? "bert" : kind >= 235 ? "t5" : "gpt2";
    const auto tokenizer = make(model, preTokenizers[kind % std::size(preTokenizers)], pieces);
    if (!tokenizer)
        return 0;
    Utf8Stream stream;
    std::string shown;
    for (const TokenId token : tokenizer->encode(text, {.addSpecial = true, .parseSpecial = true})) {
        if (token < 0 || static_cast<uint32_t>(token) >= tokenizer->vocabularySize())
            std::abort();
        shown += stream.push(tokenizer->decode(token));
    }
    shown += stream.finish();
    if (!unicode::isValid(shown))
        std::abort();
    return 0;
}
