// SPDX-License-Identifier: Apache-2.0
#include "config_types.h"

namespace plimsoll {

namespace {

// Defaults as the configuration classes of Transformers have them.
constexpr ConfigType types[] = {
    {"cohere", "command-r", true, false, false, 0, 1, "layer_norm_eps"},
    {"cohere2", "cohere2", true, false, true, 0, 1, "layer_norm_eps"},
    {"deepseek_v2", "deepseek2"},
    {"deepseek_v3", "deepseek2"},
    {"ernie4_5", "ernie4_5", true, false, false, 128},
    {"ernie4_5_moe", "ernie4_5-moe", true},
    {"gemma2", "gemma2", true, false, true, 256},
    {"gemma3_text", "gemma3", true, false, true, 256},
    {"gemma4_text", "gemma4", true, false, true, 256, 1, "rms_norm_eps", ConfigLayers::WindowsApart},
    {"gemma4_unified_text", "gemma4", true, false, true, 256, 1, "rms_norm_eps", ConfigLayers::WindowsApart},
    {"glm4", "glm4", false, false, false, 128, 0.5},
    {"glm4_moe", "glm4moe", false, false, false, 0, 0.5},
    {"gpt_oss", "gpt-oss", false, true, true},
    {"granite", "granite"},
    {"granitemoe", "granitemoe"},
    {"granitemoehybrid", "granitehybrid", false, false, false, 0, 1, "rms_norm_eps", ConfigLayers::StateSpaces},
    {"granitemoeshared", "granitemoe"},
    {"hunyuan_v1_dense", "hunyuan-dense"},
    {"hunyuan_v1_moe", "hunyuan-moe"},
    {"kimi_k2", "deepseek2"},
    {"lfm2", "lfm2", true, false, false, 0, 1, "norm_eps", ConfigLayers::Convolutions},
    {"lfm2_moe", "lfm2moe", true, false, false, 0, 1, "norm_eps", ConfigLayers::Convolutions},
    {"llama", "llama"},
    {"llama4_text", "llama4", false, false, false, 128},
    {"minimax_m2", "minimax-m2"},
    {"ministral3", "mistral3", false, false, false, 128},
    {"mistral", "llama"},
    {"mixtral", "llama"},
    {"nemotron_h", "nemotron_h", false, false, false, 128, 1, "layer_norm_epsilon", ConfigLayers::Letters},
    {"olmo2", "olmo2"},
    {"olmo3", "olmo2", false, false, true},
    {"phi3", "phi3"},
    {"qwen2", "qwen2", false, true},
    {"qwen2_moe", "qwen2moe", false, true},
    {"qwen3", "qwen3"},
    {"qwen3_5_moe_text", "qwen35moe", false, false, false, 256, 0.25},
    {"qwen3_5_text", "qwen35", false, false, false, 256, 0.25},
    {"qwen3_moe", "qwen3moe"},
    {"qwen3_next", "qwen3next", false, false, false, 256, 0.25},
    {"seed_oss", "seed_oss", false, true, false, 128},
    {"smollm3", "smollm3", true},
};

constexpr RenamedKey needed[] = {
    {"num_hidden_layers", "block_count"},
    {"max_position_embeddings", "context_length"},
    {"hidden_size", "embedding_length"},
    {"vocab_size", "vocab_size"},
    {"num_attention_heads", "attention.head_count"},
};

constexpr RenamedKey taken[] = {
    {"intermediate_size", "feed_forward_length"},
    {"num_key_value_heads", "attention.head_count_kv"},
    {"rope_theta", "rope.freq_base"},
    {"rotary_dim", "rope.dimension_count"},
    {"num_local_experts", "expert_count"},
    {"num_experts", "expert_count"},
    {"n_routed_experts", "expert_count"},
    {"moe_num_experts", "expert_count"},
    {"num_experts_per_tok", "expert_used_count"},
    {"moe_k", "expert_used_count"},
    {"top_k_experts", "expert_used_count"},
    {"moe_intermediate_size", "expert_feed_forward_length"},
    {"shared_expert_intermediate_size", "expert_shared_feed_forward_length"},
    {"moe_shared_expert_intermediate_size", "expert_shared_feed_forward_length"},
    {"shared_intermediate_size", "expert_shared_feed_forward_length"},
    {"n_shared_experts", "expert_shared_count"},
    {"first_k_dense_replace", "leading_dense_block_count"},
    {"num_dense_layers", "leading_dense_block_count"},
    {"moe_layer_start_index", "leading_dense_block_count"},
    {"interleave_moe_layer_step", "interleave_moe_layer_step"},
    {"moe_layer_interval", "interleave_moe_layer_step"},
    {"n_group", "expert_group_count"},
    {"topk_group", "expert_group_used_count"},
    {"routed_scaling_factor", "expert_weights_scale"},
    {"norm_topk_prob", "expert_weights_norm"},
    {"moe_latent_size", "moe_latent_size"},
    {"attn_logit_softcapping", "attn_logit_softcapping"},
    {"final_logit_softcapping", "final_logit_softcapping"},
    {"attention_multiplier", "attention.scale"},
    {"embedding_multiplier", "embedding_scale"},
    {"residual_multiplier", "residual_scale"},
    {"logits_scaling", "logit_scale"},
    {"logit_scale", "logit_scale"},
    {"full_attention_interval", "full_attention_interval"},
    {"conv_L_cache", "shortconv.l_cache"},
    {"linear_conv_kernel_dim", "ssm.conv_kernel"},
    {"linear_key_head_dim", "ssm.state_size"},
    {"linear_num_key_heads", "ssm.group_count"},
    {"linear_num_value_heads", "ssm.time_step_rank"},
    {"conv_kernel", "ssm.conv_kernel"},
    {"ssm_state_size", "ssm.state_size"},
    {"n_groups", "ssm.group_count"},
    {"mamba_num_heads", "ssm.time_step_rank"},
    {"mamba_d_conv", "ssm.conv_kernel"},
    {"mamba_d_state", "ssm.state_size"},
    {"mamba_n_groups", "ssm.group_count"},
    {"mamba_n_heads", "ssm.time_step_rank"},
};

} // namespace

std::span<const ConfigType> configTypes()
{
    return types;
}

std::span<const RenamedKey> neededConfigKeys()
{
    return needed;
}

std::span<const RenamedKey> optionalConfigKeys()
{
    return taken;
}

} // namespace plimsoll
