// SPDX-License-Identifier: Apache-2.0
#include "mix_rules.h"

#include <algorithm>

namespace plimsoll {

namespace {

using enum MixWhen;
using C = MixCategory;
using F = FileType;
using G = GgmlType;

// Grouped by file type, and in it by category.
constexpr MixRule rules[] = {
    {F::Q4_0, C::Down, FirstEighthWithMatrix, G::Q4_1},
    {F::Q5_0, C::Down, FirstEighthWithMatrix, G::Q5_1},

    {F::Q2_K, C::Value, Gqa4, G::Q4_K},
    {F::Q2_K, C::Value, Always, G::Q3_K},
    {F::Q2_K, C::Down, Always, G::Q3_K},
    {F::Q2_K, C::AttnOutput, EightExperts, G::Q5_K},
    {F::Q2_K, C::AttnOutput, NotFalcon, G::Q3_K},

    {F::Q2_K_S, C::Value, Gqa4, G::Q4_K},
    {F::Q2_K_S, C::Down, FirstEighth, G::Q4_K},

    {F::Q3_K_S, C::AttnOutput, EightExperts, G::Q5_K},

    {F::Q3_K_M, C::Value, FirstTwo, G::Q5_K},
    {F::Q3_K_M, C::Value, Always, G::Q4_K},
    {F::Q3_K_M, C::Down, FirstSixteenth, G::Q5_K},
    {F::Q3_K_M, C::Down, MoreOrNotFalcon, G::Q4_K},
    {F::Q3_K_M, C::AttnOutput, EightExperts, G::Q5_K},
    {F::Q3_K_M, C::AttnOutput, NotFalcon, G::Q4_K},

    {F::Q3_K_L, C::Value, Always, G::Q5_K},
    {F::Q3_K_L, C::Down, NotFalcon, G::Q5_K},
    {F::Q3_K_L, C::Down, Always, G::Q4_K},
    {F::Q3_K_L, C::AttnOutput, EightExperts, G::Q3_K},
    {F::Q3_K_L, C::AttnOutput, NotFalcon, G::Q5_K},
    {F::Q3_K_L, C::AttnOutput, Always, G::Q4_K},

    {F::Q4_K_S, C::Value, FirstFour, G::Q5_K},
    {F::Q4_K_S, C::Down, FirstEighthNotFalcon, G::Q5_K},
    {F::Q4_K_S, C::AttnOutput, EightExperts, G::Q5_K},

    {F::Q4_K_M, C::Value, More, G::Q6_K},
    {F::Q4_K_M, C::Down, FirstSixteenthFalcon, G::Q6_K},
    {F::Q4_K_M, C::Down, MoreFalcon, G::Q5_K},
    {F::Q4_K_M, C::Down, MoreNotFalcon, G::Q6_K},
    {F::Q4_K_M, C::AttnOutput, EightExperts, G::Q5_K},

    {F::Q5_K_M, C::Value, More, G::Q6_K},
    {F::Q5_K_M, C::Down, More, G::Q6_K},

    {F::IQ3_XXS, C::Embedding, Always, G::IQ3_S},
    {F::IQ3_XXS, C::Value, Gqa4, G::Q4_K},
    {F::IQ3_XXS, C::Value, NoMatrix, G::IQ3_S},
    {F::IQ3_XXS, C::Query, Always, G::IQ2_S},
    {F::IQ3_XXS, C::Key, Always, G::IQ2_S},
    {F::IQ3_XXS, C::Down, FirstEighthNoMatrix, G::Q4_K},
    {F::IQ3_XXS, C::Down, NoMatrix, G::Q3_K},
    {F::IQ3_XXS, C::AttnOutput, EightExperts, G::Q5_K},
    {F::IQ3_XXS, C::AttnOutput, NotFalcon, G::IQ3_S},

    {F::IQ3_XS, C::Value, Gqa4, G::Q4_K},
    {F::IQ3_XS, C::Query, Always, G::IQ3_XXS},
    {F::IQ3_XS, C::Key, Always, G::IQ3_XXS},
    {F::IQ3_XS, C::Gate, Middle, G::IQ3_XXS},
    {F::IQ3_XS, C::Up, Middle, G::IQ3_XXS},
    {F::IQ3_XS, C::AttnOutput, EightExperts, G::Q5_K},

    {F::IQ3_S, C::Value, Gqa4, G::Q4_K},
    {F::IQ3_S, C::AttnOutput, EightExperts, G::Q5_K},

    {F::IQ3_M, C::Value, Always, G::Q4_K},
    {F::IQ3_M, C::Down, FirstEighth, G::Q4_K},
    {F::IQ3_M, C::Down, MoreEightExperts, G::Q4_K},
    {F::IQ3_M, C::AttnOutput, EightExperts, G::Q5_K},
    {F::IQ3_M, C::AttnOutput, NotFalcon, G::Q4_K},

    {F::IQ4_NL, C::Value, Gqa4, G::Q5_K},
    {F::IQ4_NL, C::Down, FirstEighthNoMatrix, G::Q5_K},
    {F::IQ4_NL, C::AttnOutput, EightExperts, G::Q5_K},

    {F::IQ4_XS, C::Value, Gqa4, G::Q5_K},
    {F::IQ4_XS, C::Down, FirstEighthNoMatrix, G::Q5_K},
    {F::IQ4_XS, C::AttnOutput, EightExperts, G::Q5_K},

    {F::IQ1_S, C::Embedding, Always, G::Q2_K},
    {F::IQ1_S, C::Value, Gqa4OrExperts4, G::Q4_K},
    {F::IQ1_S, C::Value, Always, G::Q2_K},
    {F::IQ1_S, C::Key, EightExperts, G::Q4_K},
    {F::IQ1_S, C::Down, FirstEighth, G::Q2_K},
    {F::IQ1_S, C::AttnOutput, EightExperts, G::Q5_K},
    {F::IQ1_S, C::AttnOutput, Always, G::IQ2_XXS},

    {F::IQ1_M, C::Embedding, Always, G::Q2_K},
    {F::IQ1_M, C::Value, Gqa4OrExperts4, G::Q4_K},
    {F::IQ1_M, C::Value, Always, G::Q2_K},
    {F::IQ1_M, C::Key, EightExperts, G::Q4_K},
    {F::IQ1_M, C::Down, FirstEighth, G::Q2_K},
    {F::IQ1_M, C::AttnOutput, EightExperts, G::Q5_K},
    {F::IQ1_M, C::AttnOutput, Always, G::IQ2_XXS},

    {F::IQ2_XXS, C::Embedding, Always, G::Q2_K},
    {F::IQ2_XXS, C::Value, Gqa4OrExperts4, G::Q4_K},
    {F::IQ2_XXS, C::Value, Always, G::Q2_K},
    {F::IQ2_XXS, C::Key, EightExperts, G::Q4_K},
    {F::IQ2_XXS, C::Down, FirstEighth, G::Q2_K},
    {F::IQ2_XXS, C::AttnOutput, EightExperts, G::Q5_K},

    {F::IQ2_XS, C::Embedding, Always, G::Q2_K},
    {F::IQ2_XS, C::Value, Gqa4OrExperts4, G::Q4_K},
    {F::IQ2_XS, C::Value, Always, G::Q2_K},
    {F::IQ2_XS, C::Key, EightExperts, G::Q4_K},
    {F::IQ2_XS, C::Down, FirstEighth, G::Q2_K},
    {F::IQ2_XS, C::AttnOutput, EightExperts, G::Q5_K},

    {F::IQ2_S, C::Embedding, Always, G::IQ3_S},
    {F::IQ2_S, C::Value, Gqa4OrExperts4, G::Q4_K},
    {F::IQ2_S, C::Value, Always, G::IQ3_S},
    {F::IQ2_S, C::Key, EightExperts, G::Q4_K},
    {F::IQ2_S, C::Down, FirstEighth, G::IQ3_S},
    {F::IQ2_S, C::AttnOutput, EightExperts, G::Q5_K},
    {F::IQ2_S, C::AttnOutput, Always, G::IQ3_S},

    {F::IQ2_M, C::Embedding, Always, G::IQ3_S},
    {F::IQ2_M, C::Value, Gqa4OrExperts4, G::Q4_K},
    {F::IQ2_M, C::Value, Always, G::IQ3_S},
    {F::IQ2_M, C::Key, EightExperts, G::Q4_K},
    {F::IQ2_M, C::Down, FirstEighth, G::IQ3_S},
    {F::IQ2_M, C::AttnOutput, EightExperts, G::Q5_K},
    {F::IQ2_M, C::AttnOutput, Always, G::IQ3_S},

    {F::TQ1_0, C::Embedding, Always, G::Q4_K},
    {F::TQ2_0, C::Embedding, Always, G::Q4_K},
    {F::Q2_0, C::Embedding, Always, G::Q4_K},
};

MixCategory categoryOfName(std::string_view name)
{
    const auto has = [&](std::string_view part) { return name.find(part) != std::string_view::npos; };
    if (name == "output.weight")
        return C::Output;
    if (name == "token_embd.weight" || name == "per_layer_token_embd.weight")
        return C::Embedding;
    if (has("attn_qkv.weight") || has("attn_kv_b.weight") || has("attn_v.weight"))
        return C::Value;
    if (has("attn_k.weight"))
        return C::Key;
    if (has("attn_q.weight"))
        return C::Query;
    if (has("attn_output.weight"))
        return C::AttnOutput;
    if (has("ffn_up"))
        return C::Up;
    if (has("ffn_gate"))
        return C::Gate;
    if (has("ffn_down"))
        return C::Down;
    return C::Rest;
}

} // namespace

MixCategory mixCategory(const TensorSpec &tensor)
{
    if (tensor.bias)
        return C::Rest;
    switch (tensor.role) {
    case TensorRole::Output: return C::Output;
    case TensorRole::TokenEmbedding:
    case TensorRole::LayerEmbedding: return C::Embedding;
    case TensorRole::AttnQ: return C::Query;
    case TensorRole::AttnK: return C::Key;
    case TensorRole::AttnV:
    case TensorRole::AttnQkv:
    case TensorRole::AttnKvB: return C::Value;
    case TensorRole::AttnOutput: return C::AttnOutput;
    case TensorRole::FfnGate:
    case TensorRole::ExpertGate:
    case TensorRole::ExpertGateUp:
    case TensorRole::SharedGate: return C::Gate;
    case TensorRole::FfnUp:
    case TensorRole::ExpertUp:
    case TensorRole::SharedUp: return C::Up;
    case TensorRole::FfnDown:
    case TensorRole::ExpertDown:
    case TensorRole::SharedDown: return C::Down;
    case TensorRole::Other: return categoryOfName(tensor.otherName);
    default: return C::Rest;
    }
}

std::span<const MixRule> mixRules(FileType fileType, MixCategory category)
{
    const auto wanted = [&](const MixRule &rule) { return rule.fileType == fileType && rule.category == category; };
    const auto first = std::find_if(std::begin(rules), std::end(rules), wanted);
    return {first, std::find_if_not(first, std::end(rules), wanted)};
}

} // namespace plimsoll
