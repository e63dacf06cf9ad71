// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <plimsoll/engine/bench/synth.h>
#include <plimsoll/model/architecture.h>

#include <nlohmann/json.hpp>

#include <stdexcept>
#include <string>

/// Small models for tests, as catalogue entries. Widths are no powers of two, so that whatever is padded or tiled shows.
inline nlohmann::json tinyModel(const std::string &architecture, bool tied = false)
{
    nlohmann::json optional = nlohmann::json::array();
    if (!tied)
        optional.push_back("output.weight");
    if (architecture == "llama")
        optional.push_back("rope_freqs.weight");
    if (architecture == "qwen2")
        optional.insert(optional.end(), {"attn_q.bias", "attn_k.bias", "attn_v.bias"});
    return {{"id", "tiny"}, {"name", "Tiny"}, {"license", "none"}, {"repository", "none"}, {"source", "none"},
        {"architecture", architecture}, {"optional_tensors", optional},
        {"hyperparameters",
            {{"block_count", 3}, {"context_length", 128}, {"embedding_length", 96}, {"feed_forward_length", 160}, {"vocab_size", 259},
                {"attention.head_count", 6}, {"attention.head_count_kv", 3}, {"attention.key_length", 48}, {"attention.value_length", 48},
                {"rope.dimension_count", 48}, {"attention.layer_norm_rms_epsilon", 1e-5}, {"rope.freq_base", 10000.0}}}};
}

inline plimsoll::ModelShape shapeOf(const nlohmann::json &entry)
{
    auto shape = plimsoll::shapeFromCatalog(entry);
    if (!shape) {
        std::string text(plimsoll::codeName(shape.error().code));
        for (const std::string &argument : shape.error().arguments)
            text += " " + argument;
        throw std::runtime_error(text);
    }
    return *std::move(shape);
}

/// Writes the model to `path`.
inline plimsoll::Status make(const nlohmann::json &entry, plimsoll::FileType type, const std::string &path,
    plimsoll::engine::SynthOptions options = {})
{
    const auto written = plimsoll::engine::synthesize(shapeOf(entry), type, path, options);
    return written ? plimsoll::Status() : plimsoll::Status(written.error());
}

/// `count` token ids, all below `vocabulary`, the same every time.
inline std::vector<int32_t> someTokens(size_t count, uint32_t vocabulary, uint32_t start = 1)
{
    std::vector<int32_t> tokens;
    uint32_t state = start;
    for (size_t i = 0; i < count; ++i) {
        state = state * 1664525u + 1013904223u;
        tokens.push_back(int32_t((state >> 8) % vocabulary));
    }
    return tokens;
}
