// SPDX-License-Identifier: Apache-2.0
#include "pre_tokenizer.h"

#include "word_patterns.h"

namespace plimsoll::engine {

namespace {

struct Named
{
    std::string_view name;
    PreTokenizer kind;
    bool wholeWords = false;
};

constexpr Named named[] = {
    {"default", PreTokenizer::Default},
    {"gpt-2", PreTokenizer::Gpt2},
    {"phi-2", PreTokenizer::Gpt2},
    {"mpt", PreTokenizer::Gpt2},
    {"olmo", PreTokenizer::Gpt2},
    {"exaone4", PreTokenizer::Gpt2},
    {"starcoder", PreTokenizer::Starcoder},
    {"refact", PreTokenizer::Starcoder},
    {"smollm", PreTokenizer::Starcoder},
    {"command-r", PreTokenizer::Starcoder},
    {"llama-bpe", PreTokenizer::Llama3, true},
    {"llama3", PreTokenizer::Llama3, true},
    {"llama-v3", PreTokenizer::Llama3, true},
    {"falcon3", PreTokenizer::Llama3, true},
    {"smaug-bpe", PreTokenizer::Llama3},
    {"dbrx", PreTokenizer::Llama3},
    {"qwen2", PreTokenizer::Qwen2},
    {"deepseek-r1-qwen", PreTokenizer::Qwen2},
    {"stablelm2", PreTokenizer::Qwen2},
    {"megrez", PreTokenizer::Qwen2},
    {"deepseek-llm", PreTokenizer::DeepSeekLlm},
    {"deepseek-coder", PreTokenizer::DeepSeekCoder},
    {"deepseek-v3", PreTokenizer::DeepSeekV3},
};

std::span<const words::Pattern> patterns(PreTokenizer kind)
{
    switch (kind) {
    case PreTokenizer::Default: return words::standard();
    case PreTokenizer::Gpt2: return words::gpt2();
    case PreTokenizer::Starcoder: return words::starcoder();
    case PreTokenizer::Llama3: return words::llama3();
    case PreTokenizer::Qwen2: return words::qwen2();
    case PreTokenizer::DeepSeekLlm: return words::deepSeekLlm();
    case PreTokenizer::DeepSeekCoder: return words::deepSeekCoder();
    case PreTokenizer::DeepSeekV3: return words::deepSeekV3();
    }
    return words::gpt2();
}

/// Cuts [begin, end) into the matches of `pattern` and what lies between them; appends where each piece ends.
void cut(const words::Pattern &pattern, const words::Characters &text, size_t begin, size_t end, std::vector<size_t> &ends)
{
    size_t loose = begin;   // first character that no match has taken yet
    for (size_t at = begin; at < end;) {
        const bool insideSpace = pattern.whereSpaceBegins && at > begin && (text.flags[at - 1] & unicode::Space);
        const size_t length = insideSpace ? 0 : pattern.match(text, at, end);
        if (length == 0) {
            ++at;
            continue;
        }
        if (loose < at)
            ends.push_back(at);
        at += length;
        ends.push_back(at);
        loose = at;
    }
    if (loose < end)
        ends.push_back(end);
}

} // namespace

std::optional<PreTokenizer> preTokenizerNamed(std::string_view name)
{
    for (const Named &entry : named) {
        if (entry.name == name)
            return entry.kind;
    }
    return std::nullopt;
}

std::string preTokenizerNames()
{
    std::string all;
    for (const Named &entry : named)
        all += (all.empty() ? "" : ", ") + std::string(entry.name);
    return all;
}

bool takesWholeWords(std::string_view name)
{
    for (const Named &entry : named) {
        if (entry.name == name)
            return entry.wholeWords;
    }
    return false;
}

std::vector<std::string_view> splitWords(PreTokenizer kind, std::string_view text)
{
    const words::Characters characters(text);
    std::vector<size_t> ends;
    if (!characters.code.empty())
        ends.push_back(characters.code.size());
    std::vector<size_t> finer;
    for (const words::Pattern &pattern : patterns(kind)) {
        finer.clear();
        size_t begin = 0;
        for (const size_t end : ends) {
            cut(pattern, characters, begin, end, finer);
            begin = end;
        }
        ends.swap(finer);
    }
    std::vector<std::string_view> result;
    result.reserve(ends.size());
    size_t begin = 0;
    for (const size_t end : ends) {
        const size_t from = characters.offsets[begin];
        result.push_back(text.substr(from, characters.offsets[end] - from));
        begin = end;
    }
    return result;
}

} // namespace plimsoll::engine
