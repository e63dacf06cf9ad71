// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace plimsoll::engine {

/// How a text is cut into words before byte-pair merges, which never cross a cut. Each follows the regular expressions that the
/// tokenizer of that family was trained with, in the form GGUF files name by tokenizer.ggml.pre.
enum class PreTokenizer {
    Default,         // files that name none
    Gpt2,
    Starcoder,       // GPT-2 with every digit alone
    Llama3,
    Qwen2,           // Llama 3 with every digit alone
    DeepSeekLlm,
    DeepSeekCoder,
    DeepSeekV3,
    Afm,             // Arcee's: numbers in threes from their end
    Qwen35,          // Qwen 2 whose words may contain marks
    SeedCoder,
    ExaoneMoe,
    MiniCpm5,
    Jais2,
    Falcon,
    Bloom,
    Viking,
    Lines,           // Gemma 4: whole lines
    Laguna,
    Gpt4o,           // words end where small letters do
    Tekken,
    KimiK2,
    Youtu,
    TinyAya,
};
constexpr PreTokenizer lastPreTokenizer = PreTokenizer::TinyAya;

/// Nothing for a name not known.
std::optional<PreTokenizer> preTokenizerNamed(std::string_view name);
/// All names known, comma separated.
std::string preTokenizerNames();

/// Whether a word that is itself a token is taken whole, without merges.
bool takesWholeWords(std::string_view name);

/// The words of `text`, in order and without gaps, as views into it. Bytes that are not UTF-8 count as unassigned characters.
std::vector<std::string_view> splitWords(PreTokenizer kind, std::string_view text);

} // namespace plimsoll::engine
