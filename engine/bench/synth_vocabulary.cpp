// SPDX-License-Identifier: Apache-2.0
#include "synth_metadata.h"

#include <string>
#include <string_view>

namespace plimsoll::engine {

namespace {

enum TokenType : int32_t { Normal = 1, Unknown = 2, Control = 3, Byte = 6 };

constexpr uint32_t controls = 3;
constexpr uint32_t bytes = 256;
constexpr std::string_view space = "\xE2\x96\x81";   // how SentencePiece writes a space: U+2581

std::string byteToken(uint32_t value)
{
    constexpr std::string_view digits = "0123456789ABCDEF";
    return std::string("<0x") + digits[value / 16] + digits[value % 16] + ">";
}

/// The n-th of a list of words without end, no two alike: syllables of a consonant and a vowel, every other with a space before it.
std::string word(uint32_t n)
{
    constexpr std::string_view consonants = "bdfghklmnprstvz";
    constexpr std::string_view vowels = "aeiou";
    constexpr auto syllables = static_cast<uint32_t>(consonants.size() * vowels.size());
    std::string text;
    for (uint32_t rest = n / 2 + 1; rest > 0; rest = (rest - 1) / syllables) {
        const uint32_t digit = (rest - 1) % syllables;
        text += consonants[digit / vowels.size()];
        text += vowels[digit % vowels.size()];
    }
    return n % 2 == 0 ? std::string(space) + text : text;
}

} // namespace

void setNoVocabulary(gguf::Writer &writer)
{
    writer.set("tokenizer.ggml.model", std::string("no_vocab"));
}

Status setByteVocabulary(gguf::Writer &writer, uint32_t size)
{
    if (size < controls + bytes)
        return Error{ErrorCode::InvalidArgument, {"vocab", std::to_string(size), "at least " + std::to_string(controls + bytes)}};
    std::vector<std::string> tokens{"<unk>", "<s>", "</s>"};
    std::vector<int32_t> types{Unknown, Control, Control};
    std::vector<float> scores(controls, 0.0f);
    for (uint32_t value = 0; value < bytes; ++value) {
        tokens.push_back(byteToken(value));
        types.push_back(Byte);
        scores.push_back(0.0f);
    }
    for (uint32_t i = 0; tokens.size() < size; ++i) {
        tokens.push_back(i == 0 ? std::string(space) : word(i - 1));
        types.push_back(Normal);
        scores.push_back(-static_cast<float>(i));
    }
    writer.set("tokenizer.ggml.model", std::string("llama"));
    writer.set("tokenizer.ggml.pre", std::string("default"));
    writer.set("tokenizer.ggml.tokens", std::move(tokens));
    writer.set("tokenizer.ggml.scores", std::move(scores));
    writer.set("tokenizer.ggml.token_type", std::move(types));
    writer.set("tokenizer.ggml.bos_token_id", uint32_t{1});
    writer.set("tokenizer.ggml.eos_token_id", uint32_t{2});
    writer.set("tokenizer.ggml.unknown_token_id", uint32_t{0});
    writer.set("tokenizer.ggml.add_bos_token", true);
    writer.set("tokenizer.ggml.add_eos_token", false);
    writer.set("tokenizer.ggml.add_space_prefix", false);
    return {};
}

} // namespace plimsoll::engine
