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
    {"jais", PreTokenizer::Gpt2},
    {"trillion", PreTokenizer::Gpt2},
    {"granite-docling", PreTokenizer::Gpt2},
    {"gigachat", PreTokenizer::Gpt2},
    {"a.x-4.0", PreTokenizer::Gpt2},
    {"mellum", PreTokenizer::Gpt2},
    {"modern-bert", PreTokenizer::Gpt2},
    {"jina-es", PreTokenizer::Gpt2},
    {"jina-de", PreTokenizer::Gpt2},
    {"jina-v1-en", PreTokenizer::Gpt2},
    {"jina-v2-es", PreTokenizer::Gpt2},
    {"jina-v2-de", PreTokenizer::Gpt2},
    {"jina-v2-code", PreTokenizer::Gpt2},
    {"roberta-bpe", PreTokenizer::Gpt2},
    {"starcoder", PreTokenizer::Starcoder},
    {"refact", PreTokenizer::Starcoder},
    {"smollm", PreTokenizer::Starcoder},
    {"command-r", PreTokenizer::Starcoder},
    {"codeshell", PreTokenizer::Starcoder},
    {"exaone", PreTokenizer::Starcoder},
    {"minerva-7b", PreTokenizer::Starcoder},
    {"mellum2", PreTokenizer::Starcoder},
    {"llama-bpe", PreTokenizer::Llama3, true},
    {"llama3", PreTokenizer::Llama3, true},
    {"llama-v3", PreTokenizer::Llama3, true},
    {"falcon3", PreTokenizer::Llama3, true},
    {"falcon-h1", PreTokenizer::Llama3, true},
    {"pixtral", PreTokenizer::Llama3, true},
    {"midm-2.0", PreTokenizer::Llama3, true},
    {"lfm2", PreTokenizer::Llama3, true},
    {"jina-v5-nano", PreTokenizer::Llama3, true},
    {"smaug-bpe", PreTokenizer::Llama3},
    {"dbrx", PreTokenizer::Llama3},
    {"glm4", PreTokenizer::Llama3},
    {"chatglm-bpe", PreTokenizer::Llama3},
    {"qwen2", PreTokenizer::Qwen2},
    {"deepseek-r1-qwen", PreTokenizer::Qwen2},
    {"kormo", PreTokenizer::Qwen2},
    {"f2llmv2", PreTokenizer::Qwen2},
    {"stablelm2", PreTokenizer::Qwen2},
    {"megrez", PreTokenizer::Qwen2},
    {"hunyuan", PreTokenizer::Qwen2},
    {"solar-open", PreTokenizer::Qwen2},
    {"bailingmoe", PreTokenizer::Qwen2},
    {"bailingmoe2", PreTokenizer::Qwen2},
    {"llada-moe", PreTokenizer::Qwen2},
    {"grok-2", PreTokenizer::Qwen2},
    {"deepseek-llm", PreTokenizer::DeepSeekLlm},
    {"deepseek-coder", PreTokenizer::DeepSeekCoder},
    {"deepseek-v3", PreTokenizer::DeepSeekV3},
    {"hunyuan-dense", PreTokenizer::DeepSeekV3},
    {"joyai-llm", PreTokenizer::DeepSeekV3},
    {"afmoe", PreTokenizer::Afm},
    {"qwen35", PreTokenizer::Qwen35},
    {"seed-coder", PreTokenizer::SeedCoder},
    {"exaone-moe", PreTokenizer::ExaoneMoe},
    {"minicpm5", PreTokenizer::MiniCpm5, true},
    {"jais-2", PreTokenizer::Jais2},
    {"falcon", PreTokenizer::Falcon},
    {"bloom", PreTokenizer::Bloom},
    {"poro-chat", PreTokenizer::Bloom},
    {"gpt3-finnish", PreTokenizer::Bloom},
    {"viking", PreTokenizer::Viking},
    {"gemma4", PreTokenizer::Lines},
    {"laguna", PreTokenizer::Laguna},
    {"gpt-4o", PreTokenizer::Gpt4o},
    {"llama4", PreTokenizer::Gpt4o},
    {"kanana2", PreTokenizer::Gpt4o},
    {"talkie", PreTokenizer::Gpt4o},
    {"minimax-m2", PreTokenizer::Gpt4o},
    {"tekken", PreTokenizer::Tekken, true},
    {"kimi-k2", PreTokenizer::KimiK2},
    {"youtu", PreTokenizer::Youtu, true},
    {"tiny_aya", PreTokenizer::TinyAya},
    {"cohere2moe", PreTokenizer::TinyAya},
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
    case PreTokenizer::Afm: return words::afm();
    case PreTokenizer::Qwen35: return words::qwen35();
    case PreTokenizer::SeedCoder: return words::seedCoder();
    case PreTokenizer::ExaoneMoe: return words::exaoneMoe();
    case PreTokenizer::MiniCpm5: return words::miniCpm5();
    case PreTokenizer::Jais2: return words::jais2();
    case PreTokenizer::Falcon: return words::falcon();
    case PreTokenizer::Bloom: return words::bloom();
    case PreTokenizer::Viking: return words::viking();
    case PreTokenizer::Lines: return words::lines();
    case PreTokenizer::Laguna: return words::laguna();
    case PreTokenizer::Gpt4o: return words::gpt4o();
    case PreTokenizer::Tekken: return words::tekken();
    case PreTokenizer::KimiK2: return words::kimiK2();
    case PreTokenizer::Youtu: return words::youtu();
    case PreTokenizer::TinyAya: return words::tinyAya();
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
