// SPDX-License-Identifier: Apache-2.0
#include "tensor_names.h"

#include <iterator>

namespace plimsoll {

namespace {

// In the order of TensorRole. Source: the tensor names of the GGUF format's reference implementation.
constexpr RoleName roleNames[] = {
    {TensorRole::TokenEmbedding, "token_embd"},
    {TensorRole::Output, "output"},
    {TensorRole::OutputNorm, "output_norm"},
    {TensorRole::OutputNormNamedEmbedding, "token_embd_norm"},
    {TensorRole::RopeFactors, "rope_freqs"},
    {TensorRole::RopeFactorsLong, "rope_factors_long"},
    {TensorRole::RopeFactorsShort, "rope_factors_short"},
    {TensorRole::AttnNorm, "attn_norm"},
    {TensorRole::AttnQ, "attn_q"},
    {TensorRole::AttnK, "attn_k"},
    {TensorRole::AttnV, "attn_v"},
    {TensorRole::AttnQkv, "attn_qkv"},
    {TensorRole::AttnOutput, "attn_output"},
    {TensorRole::AttnQNorm, "attn_q_norm"},
    {TensorRole::AttnKNorm, "attn_k_norm"},
    {TensorRole::AttnPostNorm, "post_attention_norm"},
    {TensorRole::AttnSinks, "attn_sinks"},
    {TensorRole::AttnGate, "attn_gate"},
    {TensorRole::AttnQA, "attn_q_a"},
    {TensorRole::AttnQANorm, "attn_q_a_norm"},
    {TensorRole::AttnQB, "attn_q_b"},
    {TensorRole::AttnKvA, "attn_kv_a_mqa"},
    {TensorRole::AttnKvANorm, "attn_kv_a_norm"},
    {TensorRole::AttnKvB, "attn_kv_b"},
    {TensorRole::AttnKB, "attn_k_b"},
    {TensorRole::AttnVB, "attn_v_b"},
    {TensorRole::FfnNorm, "ffn_norm"},
    {TensorRole::FfnNormNamedPost, "post_attention_norm"},
    {TensorRole::FfnNormNamedAttn, "attn_norm"},
    {TensorRole::FfnGate, "ffn_gate"},
    {TensorRole::FfnUp, "ffn_up"},
    {TensorRole::FfnDown, "ffn_down"},
    {TensorRole::FfnPostNorm, "post_ffw_norm"},
    {TensorRole::Router, "ffn_gate_inp"},
    {TensorRole::RouterBias, "exp_probs_b", ".bias"},
    {TensorRole::ExpertGate, "ffn_gate_exps"},
    {TensorRole::ExpertUp, "ffn_up_exps"},
    {TensorRole::ExpertGateUp, "ffn_gate_up_exps"},
    {TensorRole::ExpertDown, "ffn_down_exps"},
    {TensorRole::SharedGate, "ffn_gate_shexp"},
    {TensorRole::SharedUp, "ffn_up_shexp"},
    {TensorRole::SharedDown, "ffn_down_shexp"},
    {TensorRole::SharedRouter, "ffn_gate_inp_shexp"},
    {TensorRole::SsmIn, "ssm_in"},
    {TensorRole::SsmConv, "ssm_conv1d"},
    {TensorRole::SsmA, "ssm_a", ""},
    {TensorRole::SsmD, "ssm_d", ""},
    {TensorRole::SsmDt, "ssm_dt", ".bias"},
    {TensorRole::SsmNorm, "ssm_norm"},
    {TensorRole::SsmOut, "ssm_out"},
    {TensorRole::SsmBetaAlpha, "ssm_ba"},
    {TensorRole::SsmBeta, "ssm_beta"},
    {TensorRole::SsmAlpha, "ssm_alpha"},
    {TensorRole::ShortConv, "shortconv.conv"},
    {TensorRole::ShortConvIn, "shortconv.in_proj"},
    {TensorRole::ShortConvOut, "shortconv.out_proj"},
    {TensorRole::LayerEmbedding, "per_layer_token_embd"},
    {TensorRole::LayerEmbeddingProj, "per_layer_model_proj"},
    {TensorRole::LayerEmbeddingNorm, "per_layer_proj_norm"},
    {TensorRole::LayerInputGate, "inp_gate"},
    {TensorRole::LayerInputProj, "proj"},
    {TensorRole::LayerInputNorm, "post_norm"},
    {TensorRole::LayerScale, "layer_output_scale"},
    {TensorRole::RouterScale, "ffn_gate_inp", ".scale"},
    {TensorRole::ExpertNorm, "pre_ffw_norm_2"},
    {TensorRole::DensePostNorm, "post_ffw_norm_1"},
    {TensorRole::ExpertPostNorm, "post_ffw_norm_2"},
    {TensorRole::ExpertDownScale, "ffn_down_exps", ".scale"},
};

static_assert(std::size(roleNames) == static_cast<size_t>(TensorRole::Other));

constexpr bool inOrder()
{
    for (size_t i = 0; i < std::size(roleNames); ++i) {
        if (roleNames[i].role != static_cast<TensorRole>(i))
            return false;
    }
    return true;
}
static_assert(inOrder());

} // namespace

const RoleName &roleName(TensorRole role)
{
    return roleNames[static_cast<size_t>(role)];
}

std::string nameInBlock(TensorRole role, bool bias)
{
    const RoleName &entry = roleName(role);
    std::string name(entry.base);
    name += bias ? std::string_view(".bias") : entry.weight;
    return name;
}

} // namespace plimsoll
