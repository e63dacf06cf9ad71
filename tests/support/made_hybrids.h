// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "made_models.h"

/// Small hybrids as catalogue entries, of four layers, with sizes that no vector divides.
inline nlohmann::json tinyHybrid(const std::string &architecture)
{
    nlohmann::json entry = tinyModel("llama");
    entry["architecture"] = architecture;
    nlohmann::json &keys = entry["hyperparameters"];
    nlohmann::json &optional = entry["optional_tensors"];
    optional = {"output.weight"};
    keys["block_count"] = 4;
    if (architecture.starts_with("qwen"))
        keys.update({{"rope.dimension_count", 24}, {"attention.recurrent_layers", {1, 0, 1, 1}}, {"ssm.conv_kernel", 4},
            {"ssm.inner_size", 144}, {"ssm.state_size", 24}, {"ssm.time_step_rank", 6}, {"ssm.group_count", 3}});
    if (architecture.starts_with("qwen35"))
        keys["rope.dimension_sections"] = {4, 4, 3, 1};
    if (architecture == "qwen35moe" || architecture == "qwen3next")
        keys.update({{"expert_count", 5}, {"expert_used_count", 3}, {"expert_feed_forward_length", 40},
            {"expert_shared_feed_forward_length", 56}});
    if (architecture.starts_with("lfm2"))
        keys.update({{"attention.head_count_kv", {0, 3, 0, 0}}, {"shortconv.l_cache", 3}, {"embedding_length", 288}});
    if (architecture == "lfm2moe")
        keys.update({{"expert_count", 5}, {"expert_used_count", 2}, {"expert_feed_forward_length", 40}, {"leading_dense_block_count", 1},
            {"expert_gating_func", 2}});
    if (architecture == "lfm2moe")
        optional.push_back("exp_probs_b.bias");
    if (architecture.starts_with("nemotron_h") || architecture == "granitehybrid")
        keys.update({{"ssm.conv_kernel", 4}, {"ssm.inner_size", 192}, {"ssm.state_size", 20}, {"ssm.time_step_rank", 6},
            {"ssm.group_count", 3}});
    if (architecture.starts_with("nemotron_h"))
        keys.update({{"feed_forward_length", {0, 88, 0, 88}}, {"attention.head_count_kv", {0, 0, 3, 0}}});
    if (architecture == "nemotron_h_moe")
        keys.update({{"expert_count", 5}, {"expert_used_count", 3}, {"expert_feed_forward_length", 40}, {"expert_weights_norm", true},
            {"expert_shared_feed_forward_length", 56}, {"expert_weights_scale", 2.5}});
    if (architecture == "granitehybrid") {
        keys.update({{"attention.head_count_kv", {0, 3, 0, 0}}, {"embedding_scale", 12.0}, {"residual_scale", 0.22}, {"logit_scale", 6.0},
            {"attention.scale", 0.015625}, {"expert_count", 5}, {"expert_used_count", 2}, {"expert_shared_feed_forward_length", 56},
            {"rope.scaling.finetuned", false}});
        optional.push_back("ssm_norm.weight");
    }
    if (architecture.starts_with("nemotron_h"))
        optional.push_back("ssm_norm.weight");
    optional.push_back("ssm_conv1d.bias");
    return entry;
}

inline const char *const hybrids[] = {
    "qwen35", "qwen35moe", "qwen3next", "lfm2", "lfm2moe", "nemotron_h", "nemotron_h_moe", "granitehybrid"};
