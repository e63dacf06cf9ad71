// SPDX-License-Identifier: Apache-2.0
#include "selftest.h"

#include "messages.h"
#include "temporary_folder.h"
#include "text.h"

#include <plimsoll/engine/bench/synth.h>
#include <plimsoll/engine/run/session.h>
#include <plimsoll/model/architecture.h>

#include <nlohmann/json.hpp>

#include <cmath>

namespace plimsoll::engine {
namespace {

constexpr uint32_t prompt = 24;

/// A model small enough to be made and run in a moment: rows of one super-block, grouped queries, an output matrix of its own.
Result<ModelShape> tinyShape(const std::string &architecture)
{
    const nlohmann::json entry = {{"architecture", architecture}, {"name", "tiny " + architecture},
        {"optional_tensors", {"output.weight"}},
        {"hyperparameters",
            {{"block_count", 2}, {"context_length", 256}, {"embedding_length", 256}, {"feed_forward_length", 512}, {"vocab_size", 512},
                {"attention.head_count", 4}, {"attention.head_count_kv", 2}, {"attention.key_length", 64}, {"attention.value_length", 64},
                {"attention.layer_norm_rms_epsilon", 1e-5}, {"rope.dimension_count", 64}, {"rope.freq_base", 10000.0}}}};
    return shapeFromCatalog(entry);
}

Result<std::vector<double>> logitsAtOnce(Session &session)
{
    std::vector<BatchToken> batch;
    for (uint32_t i = 0; i < prompt; ++i)
        batch.push_back({static_cast<TokenId>(3 + i * 7), i, 0, i + 1 == prompt});
    const auto logits = session.forward(batch);
    if (!logits)
        return logits.error();
    return std::vector<double>(logits->begin(), logits->end());
}

Result<std::vector<float>> logitsOneByOne(Session &session)
{
    std::vector<float> last;
    for (uint32_t i = 0; i < prompt; ++i) {
        const BatchToken token{static_cast<TokenId>(3 + i * 7), i, 0, true};
        const auto logits = session.forward({&token, 1});
        if (!logits)
            return logits.error();
        last.assign(logits->begin(), logits->end());
    }
    return last;
}

/// Products of many tokens and of one may add in another order, and round activations of a batch alike: what is left is float32 noise
/// that two layers of 8-bit rounding can lift to this.
constexpr double agreement = 1e-3;

SelftestResult checkAgreement(const std::string &title, Session &session)
{
    const auto together = logitsAtOnce(session);
    if (!together)
        return {title, false, sentence(together.error())};
    const auto single = logitsOneByOne(session);
    if (!single)
        return {title, false, sentence(single.error())};
    const double error = normalizedError(*together, single->data());
    return {title, error <= agreement, figure(error, agreement)};
}

SelftestResult checkRepeats(const std::string &title, Session &session)
{
    const Tokenizer *tokenizer = session.tokenizer();
    if (!tokenizer)
        return {title, false, "no tokenizer"};
    const std::vector<TokenId> tokens = tokenizer->encode("Hello", {.addSpecial = true, .parseSpecial = false});
    Session::GenerateOptions options;
    options.maxTokens = 8;
    options.sampler.temperature = 0;
    options.ignoreEnd = true;
    const auto first = session.generate(tokens, options);
    const auto second = session.generate(tokens, options);
    if (!first || !second)
        return {title, false, sentence((first ? second : first).error())};
    const bool same = first->tokens == second->tokens && first->tokens.size() == options.maxTokens;
    return {title, same, std::to_string(first->tokens.size()) + " tokens, " + rateNumber(second->statistics.decodeRate()) + " tokens/s"};
}

SelftestResult checkRoundTrip(const std::string &title, const Tokenizer *tokenizer)
{
    const std::string text = "Grüße, 世界! 123\n";
    if (!tokenizer)
        return {title, false, "no tokenizer"};
    std::string back;
    for (TokenId token : tokenizer->encode(text, {}))
        back += tokenizer->decode(token);
    if (tokenizer->dropsLeadingSpace() && back.starts_with(' '))
        back.erase(0, 1);
    return {title, back == text, printable(back)};
}

void checkModel(const ModelShape &shape, FileType type, const TemporaryFolder &folder, SelftestResults &results)
{
    const std::string title = shape.architecture + " " + std::string(name(type)) + ": ";
    const std::string path = folder.file(shape.architecture + "-" + std::string(name(type)) + ".gguf");
    if (const auto written = synthesize(shape, type, path); !written) {
        results.push_back({title + "written", false, sentence(written.error())});
        return;
    }
    LoadOptions options;
    options.run.context = 64;
    options.run.batch = 32;
    options.run.threads = 2;
    auto session = Session::load(path, std::move(options));
    if (!session) {
        results.push_back({title + "loaded", false, sentence(session.error())});
        return;
    }
    results.push_back(checkRoundTrip(title + "text to tokens and back", (*session)->tokenizer()));
    results.push_back(checkAgreement(title + "prompt at once and token by token", **session));
    results.push_back(checkRepeats(title + "greedy text repeats", **session));
    std::error_code ignored;
    std::filesystem::remove(path, ignored);
}

} // namespace

void checkModels(SelftestResults &results)
{
    const TemporaryFolder folder;
    if (folder.path().empty()) {
        results.push_back({"temporary folder", false, "it could not be made"});
        return;
    }
    for (const char *architecture : {"llama", "qwen2", "qwen3"}) {
        const auto shape = tinyShape(architecture);
        if (!shape) {
            results.push_back({std::string(architecture) + ": shape", false, sentence(shape.error())});
            continue;
        }
        for (FileType type : {FileType::F16, FileType::Q8_0, FileType::Q4_K_M})
            checkModel(*shape, type, folder, results);
    }
}

} // namespace plimsoll::engine
