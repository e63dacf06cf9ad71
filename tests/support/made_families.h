// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "made_models.h"

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
        {"attention.value_length_mla", 28}, {"attention.key_length", 52}, {"attention.value_length", 36},
        {"attention.q_lora_rank", 44}, {"attention.kv_lora_rank", 36}, {"rope.dimension_count", 16}});
    if (special == "groups")
        set({{"expert_gating_func", 2}, {"expert_group_count", 3}, {"expert_group_used_count", 2}, {"rope.scaling.type", "yarn"},
            {"rope.scaling.factor", 6.0}, {"rope.scaling.original_context_length", 24}, {"rope.scaling.yarn_log_multiplier", 0.0707}});
    if (special == "joined") {
        keys.erase("attention.key_length_mla");
        keys.erase("attention.value_length_mla");
        keys.erase("attention.q_lora_rank");
        // As many layers as V2-Lite: other engines know it by them.
        set({{"block_count", 27}, {"attention.key_length", 40}, {"attention.value_length", 28}, {"attention.head_count_kv", 3},
            {"expert_weights_norm", false}});
        optional.insert(optional.end(), {"attn_kv_b.weight", "ffn_gate_up_exps.weight"});
    }
}

/// Gemma 4 with embeddings for each layer and caches shared by the last three layers; "experts": with experts, and keys that are values.
inline void makeGemma4(nlohmann::json &keys, nlohmann::json &optional, const std::string &special)
{
    keys.update({{"block_count", 8}, {"attention.sliding_window", 9}, {"attention.sliding_window_pattern", {1, 1, 0, 1, 0, 1, 0, 1}},
        {"attention.head_count_kv", {3, 3, 2, 3, 2, 3, 2, 3}}, {"attention.key_length_swa", 40}, {"attention.value_length_swa", 40},
        {"rope.dimension_count_swa", 24}, {"rope.freq_base", 5000.0}, {"rope.freq_base_swa", 300.0}, {"final_logit_softcapping", 3.0}});
    optional.push_back("layer_output_scale.weight");
    if (special == "experts") {
        keys.update({{"embedding_length_per_layer_input", 0}, {"expert_count", 5}, {"expert_used_count", 2},
            {"expert_feed_forward_length", 56}, {"attention.values_are_keys", true}});
        optional.insert(optional.end(), {"attn_v.weight", "ffn_gate_up_exps.weight", "ffn_down_exps.scale"});
    } else {
        keys.update({{"embedding_length_per_layer_input", 20}, {"attention.shared_kv_layers", 3},
            {"feed_forward_length", {160, 160, 160, 160, 160, 320, 320, 320}}});
        optional.push_back("attn_v.weight");
    }
}

/// Small models of the families that most downloads are of: `name` is the architecture, or the architecture and what is special, behind
/// a slash.
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
    if (special == "experts" || architecture == "qwen3moe")
        experts(5, 2);
    if (architecture == "gemma2")
        set({{"attention.sliding_window", 9}, {"attn_logit_softcapping", 2.0}, {"final_logit_softcapping", 3.0}});
    if (architecture == "gemma3")
        set({{"attention.sliding_window", 9}, {"attention.sliding_window_pattern", 2}, {"rope.freq_base", 500000.0},
            {"rope.freq_base_swa", 300.0}, {"rope.scaling.type", "linear"}, {"rope.scaling.factor", 8.0}});
    if (architecture == "gemma4")
        makeGemma4(keys, optional, special);
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
    // Other engines expect their heads to share the embedding out.
    if (architecture == "qwen2" || architecture == "phi3")
        keys["embedding_length"] = 288;
    return entry;
}

/// What familyModel() makes.
inline const std::vector<std::string> &familyNames()
{
    static const std::vector<std::string> names{"llama", "llama/experts", "qwen2", "qwen3", "qwen3moe", "gemma2", "gemma3", "gemma4",
        "gemma4/experts", "gpt-oss", "phi3", "phi3/long", "glm4moe", "deepseek2", "deepseek2/groups", "deepseek2/joined"};
    return names;
}
