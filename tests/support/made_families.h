// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "made_models.h"

#include <plimsoll/gguf/writer.h>

#include <cmath>
#include <cstring>

/// A value of a catalogue entry as the file holds it.
inline plimsoll::gguf::OutValue outValue(const nlohmann::json &value)
{
    if (value.is_boolean())
        return value.get<bool>();
    if (value.is_string())
        return value.get<std::string>();
    if (value.is_array())
        return value.get<std::vector<uint32_t>>();
    if (value.is_number_float())
        return value.get<float>();
    return value.get<uint32_t>();
}

/// Random numbers that keep a model alive: products keep their size, norms are near 1, divisors of frequencies from 1 to 2, biases small.
inline std::vector<float> liveValues(const plimsoll::TensorSpec &spec, uint32_t &state)
{
    const auto next = [&state] {
        state = state * 1664525u + 1013904223u;
        return float(int32_t(state >> 8)) / float(1 << 23) - 1.0f;
    };
    using Role = plimsoll::TensorRole;
    const bool factors = spec.role == Role::RopeFactors || spec.role == Role::RopeFactorsShort || spec.role == Role::RopeFactorsLong;
    const bool additive = spec.bias || spec.role == Role::RouterBias || spec.role == Role::AttnSinks;
    std::vector<float> values(spec.elements());
    for (float &value : values) {
        if (factors)
            value = 1.5f + 0.5f * next() + (spec.role == Role::RopeFactorsLong ? 1.0f : 0.0f);
        else if (additive)
            value = 0.3f * next();
        else if (spec.dimensions == 1)
            value = 1.0f + 0.2f * next();
        else
            value = 1.7f * next() / std::sqrt(float(spec.dims[0]));
    }
    return values;
}

/// Writes a float32 model with exactly the keys and tensors of a catalogue entry.
inline plimsoll::Status makeExact(const nlohmann::json &entry, const std::string &path)
{
    const plimsoll::ModelShape shape = shapeOf(entry);
    plimsoll::gguf::Writer writer;
    writer.set("general.architecture", shape.architecture);
    writer.set("tokenizer.ggml.model", std::string("no_vocab"));
    for (const auto &[key, value] : entry.at("hyperparameters").items())
        writer.set(shape.architecture + "." + key, outValue(value));
    std::vector<std::vector<float>> values;
    uint32_t state = 7;
    for (const plimsoll::TensorSpec &spec : shape.tensors) {
        values.push_back(liveValues(spec, state));
        const plimsoll::Status added =
            writer.add({plimsoll::tensorName(spec), plimsoll::GgmlType::F32, {spec.dims.begin(), spec.dims.begin() + spec.dimensions}});
        if (!added)
            return added;
    }
    return writer.write(path, [&values](size_t index, uint64_t offset, std::span<std::byte> out) -> plimsoll::Status {
        std::memcpy(out.data(), reinterpret_cast<const std::byte *>(values[index].data()) + offset, out.size());
        return {};
    });
}

/// DeepSeek 2 with queries through a rank; "groups": V3's routing and stretched by YaRN; "joined": as older files of V2-Lite.
inline void makeLatent(nlohmann::json &entry, const std::string &special)
{
    nlohmann::json &keys = entry["hyperparameters"];
    nlohmann::json &optional = entry["optional_tensors"];
    const auto set = [&keys](std::initializer_list<std::pair<const char *, nlohmann::json>> values) {
        for (const auto &[key, value] : values)
            keys[key] = value;
    };
    set({{"attention.head_count", 3}, {"attention.head_count_kv", 1}, {"attention.key_length_mla", 40},
        {"attention.value_length_mla", 28}, {"attention.q_lora_rank", 44}, {"attention.kv_lora_rank", 36}, {"rope.dimension_count", 16}});
    if (special == "groups")
        set({{"expert_gating_func", 2}, {"expert_group_count", 3}, {"expert_group_used_count", 2}, {"rope.scaling.type", "yarn"},
            {"rope.scaling.factor", 6.0}, {"rope.scaling.original_context_length", 24}, {"rope.scaling.yarn_log_multiplier", 0.0707}});
    if (special == "joined") {
        keys.erase("attention.key_length_mla");
        keys.erase("attention.value_length_mla");
        keys.erase("attention.q_lora_rank");
        set({{"attention.key_length", 40}, {"attention.value_length", 28}, {"attention.head_count_kv", 3},
            {"expert_weights_norm", false}});
        optional.insert(optional.end(), {"attn_kv_b.weight", "ffn_gate_up_exps.weight"});
    }
}

/// Small models of every family: `name` is the architecture, or the architecture and what is special, behind a slash.
inline nlohmann::json familyModel(const std::string &name)
{
    const std::string architecture = name.substr(0, name.find('/'));
    const std::string special = name.size() > architecture.size() ? name.substr(architecture.size() + 1) : "";
    nlohmann::json entry = tinyModel(architecture);
    nlohmann::json &keys = entry["hyperparameters"];
    nlohmann::json &optional = entry["optional_tensors"];
    const auto set = [&keys](std::initializer_list<std::pair<const char *, nlohmann::json>> values) {
        for (const auto &[key, value] : values)
            keys[key] = value;
    };
    const auto experts = [&](uint32_t count, uint32_t used) {
        set({{"expert_count", count}, {"expert_used_count", used}, {"expert_feed_forward_length", 56}});
    };
    if (architecture == "llama" || architecture == "qwen3moe")
        experts(5, 2);
    if (architecture == "gemma2")
        set({{"attention.sliding_window", 9}, {"attn_logit_softcapping", 2.0}, {"final_logit_softcapping", 3.0}});
    if (architecture == "gemma3")
        set({{"attention.sliding_window", 9}, {"attention.sliding_window_pattern", 2}, {"rope.freq_base", 500000.0},
            {"rope.freq_base_swa", 300.0}, {"rope.scaling.type", "linear"}, {"rope.scaling.factor", 8.0}});
    if (architecture == "gpt-oss") {
        experts(3, 2);
        set({{"attention.sliding_window", 9}, {"rope.scaling.type", "yarn"}, {"rope.scaling.factor", 4.0},
            {"rope.scaling.original_context_length", 32}, {"rope.freq_base", 150.0}});
        for (const char *bias : {"attn_q", "attn_k", "attn_v", "ffn_gate_inp", "ffn_gate_exps", "ffn_up_exps", "ffn_down_exps"})
            optional.push_back(std::string(bias) + ".bias");
    }
    if (architecture == "phi3") {
        optional.insert(optional.end(), {"attn_qkv.weight", "rope_factors_long.weight", "rope_factors_short.weight"});
        set({{"rope.scaling.original_context_length", special == "long" ? 20 : 64}, {"rope.scaling.attn_factor", 1.2},
            {"rope.dimension_count", 32}});
    }
    if (architecture == "glm4moe" || architecture == "deepseek2") {
        experts(special == "groups" ? 6 : 5, 2);
        set({{"leading_dense_block_count", 1}, {"expert_shared_count", 2}, {"expert_weights_scale", 1.7}, {"expert_weights_norm", true},
            {"rope.dimension_count", 24}});
        optional.push_back("exp_probs_b.bias");
    }
    if (architecture == "glm4moe")
        optional.insert(optional.end(), {"attn_q.bias", "attn_k.bias", "attn_v.bias", "attn_q_norm.weight"});
    if (architecture == "deepseek2")
        makeLatent(entry, special);
    return entry;
}

/// What familyModel() makes.
inline const std::vector<std::string> &familyNames()
{
    static const std::vector<std::string> names{"llama/experts", "qwen3moe", "gemma2", "gemma3", "gpt-oss", "phi3", "phi3/long", "glm4moe",
        "deepseek2", "deepseek2/groups", "deepseek2/joined"};
    return names;
}
