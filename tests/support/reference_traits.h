// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "reference_file.h"

#include <initializer_list>

/// What sets a family apart and its file does not say; keys where the file says it. Which norms, biases, gates, mixers and experts there
/// are follows from the tensors.
struct ReferenceTraits
{
    enum class Activation { Silu, Gelu, SquaredRelu, Clamped };

    bool gemma = false;
    bool neighbours = false;             // RoPE turns neighbours, not halves
    bool rotates = true;
    Activation activation = Activation::Silu;
    bool sigmoidRouter = false;
    bool softmaxOfChosen = false;
    bool normalizeExperts = true;
    bool weightedInput = false;          // router weights multiply the input of an expert
    bool normAfterRope = false;
    bool plainHeadNorm = false;          // of rotated layers
    size_t period = 0;                   // all but the last layer of so many are local; 0: none is
    bool globalRotates = true;
    double embeddingScale = 1;
    double logitScale = 1;
    double softcap = 0;                  // of logits
    double scoreCap = 0;
    double temperature = 0;
    size_t temperatureLength = 1;
    size_t temperatureOffset = 0;
    bool temperatureInGlobalOnly = false;
};

inline bool isOneOf(const ReferenceFile &file, std::initializer_list<const char *> names)
{
    for (const char *each : names)
        if (file.is(each))
            return true;
    return false;
}

inline ReferenceTraits traitsOf(const ReferenceFile &file)
{
    const auto is = [&](std::initializer_list<const char *> names) { return isOneOf(file, names); };
    using Activation = ReferenceTraits::Activation;
    ReferenceTraits t;
    t.gemma = file.architecture().starts_with("gemma");
    t.neighbours = is({"llama", "deepseek2", "internlm2", "ernie4_5", "ernie4_5-moe", "mistral3", "granite", "granitemoe", "granitehybrid",
        "smollm3", "glm4", "command-r", "cohere2", "llama4"});
    t.rotates = !file.architecture().starts_with("nemotron") && file.flag("rope.scaling.finetuned", true);
    if (t.gemma || is({"starcoder2", "phi2"}))
        t.activation = Activation::Gelu;
    if (file.architecture().starts_with("nemotron"))
        t.activation = Activation::SquaredRelu;
    if (is({"gpt-oss"}))
        t.activation = Activation::Clamped;

    t.sigmoidRouter = file.count("expert_gating_func") == 2 || is({"glm4moe", "lfm2moe", "nemotron_h_moe", "llama4"});
    t.softmaxOfChosen = is({"gpt-oss"});
    t.normalizeExperts = file.flag("expert_weights_norm", !is({"qwen2moe", "llama4", "gpt-oss", "deepseek2"}));
    t.weightedInput = is({"llama4"});
    t.normAfterRope = is({"hunyuan-dense", "hunyuan-moe", "llama4"});
    t.plainHeadNorm = is({"llama4"});

    if (is({"gemma2", "gpt-oss"}))
        t.period = 2;
    if (is({"gemma3"}))
        t.period = file.count("attention.sliding_window_pattern", 6);
    if (is({"cohere2", "smollm3", "llama4"}) || (is({"olmo2"}) && file.has("attention.sliding_window"))
        || (is({"exaone4"}) && file.count("block_count") == 64))
        t.period = 4;
    t.globalRotates = t.period == 0 || !is({"cohere2", "smollm3", "llama4", "exaone4"});

    t.embeddingScale = t.gemma ? std::sqrt(double(file.count("embedding_length"))) : file.real("embedding_scale", 1);
    const double scale = file.real("logit_scale", 1);
    t.logitScale = is({"command-r", "cohere2"}) ? scale : 1 / scale;
    t.softcap = t.gemma ? file.real("final_logit_softcapping", is({"gemma3"}) ? 0 : 30) : 0;
    t.scoreCap = is({"gemma2"}) ? file.real("attn_logit_softcapping", 50) : 0;
    if (is({"mistral3"})) {
        t.temperature = file.real("attention.temperature_scale");
        t.temperatureLength = file.count("rope.scaling.original_context_length");
    }
    if (is({"llama4"})) {
        t.temperature = 0.1;
        t.temperatureLength = 8192;
        t.temperatureOffset = 1;
        t.temperatureInGlobalOnly = true;
    }
    return t;
}

/// Whether a layer sees a window (or is of the kind that could, where the model has none).
inline bool isLocal(const ReferenceFile &file, const ReferenceTraits &traits, size_t layer)
{
    if (file.is("gemma4"))
        return file.countAt("attention.sliding_window_pattern", layer) != 0;
    return traits.period > 0 && (layer + 1) % traits.period != 0;
}
