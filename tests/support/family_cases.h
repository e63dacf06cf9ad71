// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "made_families.h"
#include "made_family.h"
#include "made_hybrids.h"

#include <algorithm>

/// A made model of a family.
struct FamilyCase
{
    std::string name;
    nlohmann::json entry;
};

namespace families {

using Json = nlohmann::json;

inline const Json layerNorm = {{"attention.layer_norm_rms_epsilon", nullptr}, {"attention.layer_norm_epsilon", 1e-5}};

inline Json with(Json keys, const Json &more)
{
    keys.update(more);
    return keys;
}

inline void addLlamaLike(std::vector<FamilyCase> &cases)
{
    cases.push_back({"internlm2", madeFamily("internlm2", Json::object())});
    cases.push_back({"ernie4_5", madeFamily("ernie4_5", Json::object())});
    cases.push_back({"mistral3", madeFamily("mistral3", {{"attention.temperature_scale", 0.5}, {"rope.scaling.type", "none"},
        {"rope.scaling.original_context_length", 9}})});
    const Json scales = {{"logit_scale", 3.0}, {"residual_scale", 0.25}, {"embedding_scale", 5.0}, {"attention.scale", 0.125}};
    cases.push_back({"granite", madeFamily("granite", scales)});
    cases.push_back({"granitemoe", madeFamily("granitemoe", with(scales, {{"expert_count", 5}, {"expert_used_count", 3},
        {"expert_shared_feed_forward_length", 52}}))});
    cases.push_back({"smollm3", madeFamily("smollm3", Json::object())});
    cases.push_back({"seed_oss", madeFamily("seed_oss", Json::object(), {"attn_q.bias", "attn_k.bias", "attn_v.bias"})});
    cases.push_back({"glm4", madeFamily("glm4", {{"rope.dimension_count", 10}}, {"attn_q.bias", "attn_k.bias", "attn_v.bias"})});
}

inline void addNormedElsewhere(std::vector<FamilyCase> &cases)
{
    cases.push_back({"olmo2", madeFamily("olmo2", Json::object())});
    cases.push_back({"olmo3", madeFamily("olmo2", {{"attention.sliding_window", 7}})});
    cases.push_back({"exaone4", madeFamily("exaone4", Json::object())});
    cases.push_back({"exaone4-windows", madeFamily("exaone4", {{"block_count", 64}, {"embedding_length", 24}, {"attention.head_count", 3},
        {"attention.key_length", 8}, {"attention.value_length", 8}, {"rope.dimension_count", 8}, {"feed_forward_length", 20},
        {"attention.sliding_window", 7}})});
    cases.push_back({"hunyuan-dense", madeFamily("hunyuan-dense", Json::object())});
}

inline void addLayerNormed(std::vector<FamilyCase> &cases)
{
    cases.push_back({"command-r", madeFamily("command-r", with(layerNorm, {{"logit_scale", 0.5}}))});
    cases.push_back({"command-r-plus", madeFamily("command-r", with(layerNorm, {{"logit_scale", 0.5}, {"block_count", 64},
        {"embedding_length", 24}, {"attention.head_count", 3}, {"attention.key_length", 8}, {"attention.value_length", 8},
        {"rope.dimension_count", 8}, {"feed_forward_length", 20}}))});
    cases.push_back({"cohere2", madeFamily("cohere2", with(layerNorm, {{"logit_scale", 0.5}, {"attention.sliding_window", 7}}))});
    cases.push_back({"starcoder2", madeFamily("starcoder2", layerNorm, {"attn_q.bias", "attn_k.bias", "attn_v.bias"})});
    cases.push_back({"phi2", madeFamily("phi2", with(layerNorm, {{"rope.dimension_count", 10}, {"attention.head_count_kv", 6}}),
        {"attn_qkv.weight", "attn_qkv.bias"})});
    cases.push_back({"stablelm", madeFamily("stablelm", with(layerNorm, {{"rope.dimension_count", 10}}),
        {"ffn_norm.weight", "ffn_norm.bias", "attn_q.bias", "attn_k.bias", "attn_v.bias"})});
    cases.push_back({"stablelm-12b", madeFamily("stablelm", with(layerNorm, {{"rope.dimension_count", 10}}),
        {"attn_q_norm.weight", "attn_k_norm.weight"})});
}

inline void addExpertFamilies(std::vector<FamilyCase> &cases)
{
    const Json experts = {{"expert_count", 5}, {"expert_used_count", 3}, {"expert_feed_forward_length", 36}};
    const Json deepseek = with(experts, {{"leading_dense_block_count", 1}, {"expert_shared_count", 2}, {"expert_weights_norm", true},
        {"expert_gating_func", 2}});
    cases.push_back({"qwen2moe", madeFamily("qwen2moe", with(experts, {{"expert_shared_feed_forward_length", 52}}),
        {"attn_q.bias", "attn_k.bias", "attn_v.bias"})});
    cases.push_back({"minimax-m2", madeFamily("minimax-m2", with(experts, {{"rope.dimension_count", 10}, {"expert_gating_func", 2},
        {"feed_forward_length", 36}}))});
    cases.push_back({"ernie4_5-moe", madeFamily("ernie4_5-moe", with(experts, {{"leading_dense_block_count", 1},
        {"interleave_moe_layer_step", 1}, {"expert_shared_feed_forward_length", 52}}), {"exp_probs_b.bias"})});
    cases.push_back({"hunyuan-moe", madeFamily("hunyuan-moe", with(experts, {{"expert_shared_feed_forward_length", 52},
        {"feed_forward_length", 36}}))});
    cases.push_back({"dots1", madeFamily("dots1", with(deepseek, {{"attention.head_count_kv", 6}}), {"exp_probs_b.bias"})});
    cases.push_back({"bailingmoe2", madeFamily("bailingmoe2", with(deepseek, {{"rope.dimension_count", 10},
        {"expert_shared_feed_forward_length", 20}}), {"attn_qkv.weight", "exp_probs_b.bias"})});
    cases.push_back({"llama4", madeFamily("llama4", with(experts, {{"expert_count", 3}, {"expert_used_count", 1},
        {"interleave_moe_layer_step", 2}}))});
}

} // namespace families

/// Every family, with file names for names.
inline std::vector<FamilyCase> familyCases()
{
    std::vector<FamilyCase> cases;
    for (const std::string &name : familyNames()) {
        std::string file = name;
        std::replace(file.begin(), file.end(), '/', '-');
        cases.push_back({file, familyModel(name)});
    }
    for (const char *each : hybrids)
        cases.push_back({each, tinyHybrid(each)});
    families::addLlamaLike(cases);
    families::addNormedElsewhere(cases);
    families::addLayerNormed(cases);
    families::addExpertFamilies(cases);
    return cases;
}
