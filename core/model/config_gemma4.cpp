// SPDX-License-Identifier: Apache-2.0
#include "config_fields.h"

namespace plimsoll {

using nlohmann::json;

namespace {

/// Which layers see a window: as listed, or five to one that sees all. The last one always sees all.
std::vector<bool> windowsOf(ConfigFields &fields)
{
    const std::vector<std::string> kinds = fields.perLayer("layer_types");
    const uint64_t layers = fields.count("num_hidden_layers", 1);
    std::vector<bool> windows;
    for (uint64_t i = 0; i < layers && i < 1024; ++i)
        windows.push_back(i < kinds.size() ? kinds[i] == "sliding_attention" : (i + 1) % 6 != 0);
    if (!windows.empty())
        windows.back() = false;
    return windows;
}

/// One number for the layers with a window and one for the others.
json byWindow(const std::vector<bool> &windows, uint64_t with, uint64_t without)
{
    json list = json::array();
    for (const bool window : windows)
        list.push_back(window ? with : without);
    return list;
}

void takeRotation(ConfigFields &fields, uint64_t headDim, uint64_t windowHeadDim)
{
    static const json none = json::object();
    const json *all = fields.find("rope_parameters");
    const auto of = [&](const char *kind) -> const json & {
        const json *own = all && all->is_object() ? ConfigFields::find(*all, kind) : nullptr;
        if (own && !own->is_object())
            fields.fail(kind, "type");
        return own && own->is_object() ? *own : none;
    };
    const json &local = of("sliding_attention");
    fields.values["rope.freq_base"] = fields.positive(of("full_attention"), "rope_theta", 1'000'000);
    fields.values["rope.freq_base_swa"] = fields.positive(local, "rope_theta", 10'000);
    // Where all is seen, divisors in the file say which part of a head turns.
    fields.values["rope.dimension_count"] = headDim;
    fields.values["rope.dimension_count_swa"]
        = static_cast<uint64_t>(static_cast<double>(windowHeadDim) * fields.positive(local, "partial_rotary_factor", 1));
}

/// A number that may be 0, or null for none.
uint64_t countOrNone(ConfigFields &fields, const char *key, uint64_t fallback)
{
    const auto it = fields.config().find(key);
    if (it == fields.config().end())
        return fallback;
    return it->is_null() || *it == 0 ? 0 : fields.count(key, 0);
}

void takeExperts(ConfigFields &fields)
{
    if (fields.flag("enable_moe_block", false)) {
        for (const char *key : {"num_experts", "top_k_experts", "moe_intermediate_size"}) {
            if (!fields.find(key))
                fields.fail(key, "missing");
        }
        return;
    }
    for (const char *key : {"expert_count", "expert_used_count", "expert_feed_forward_length"})
        fields.values.erase(key);
}

} // namespace

void takeWindowsApart(ConfigFields &fields)
{
    if (fields.find("per_layer_config"))
        fields.fail("per_layer_config", "value");   // it would say what is read from elsewhere here
    if (!fields.find("num_key_value_heads"))
        fields.fail("num_key_value_heads", "missing");
    const bool unified = fields.config().value("model_type", "") == "gemma4_unified_text";
    const std::vector<bool> windows = windowsOf(fields);
    json &values = fields.values;
    values["attention.sliding_window"] = fields.count("sliding_window", unified ? 1024 : 512);
    values["attention.sliding_window_pattern"] = byWindow(windows, 1, 0);

    const uint64_t headDim = fields.count("global_head_dim", 512);
    const uint64_t windowHeadDim = fields.count("head_dim", 256);
    values["attention.key_length"] = values["attention.value_length"] = headDim;
    values["attention.key_length_swa"] = values["attention.value_length_swa"] = windowHeadDim;
    takeRotation(fields, headDim, windowHeadDim);

    const bool valuesAreKeys = fields.flag("attention_k_eq_v", false);
    values["attention.values_are_keys"] = valuesAreKeys;
    const uint64_t heads = fields.count("num_key_value_heads", 1);
    const uint64_t allHeads = valuesAreKeys ? fields.count("num_global_key_value_heads", heads) : heads;
    values["attention.head_count_kv"] = byWindow(windows, heads, allHeads);

    const uint64_t shared = countOrNone(fields, "num_kv_shared_layers", 0);
    values["attention.shared_kv_layers"] = shared;
    const uint64_t width = fields.count("intermediate_size", 1);
    if (fields.flag("use_double_wide_mlp", false)) {
        json widths = json::array();
        for (size_t i = 0; i < windows.size(); ++i)
            widths.push_back(i + shared < windows.size() ? width : 2 * width);
        values["feed_forward_length"] = std::move(widths);
    }
    takeExperts(fields);

    const uint64_t layerInput = unified ? 0 : countOrNone(fields, "hidden_size_per_layer_input", 256);
    values["embedding_length_per_layer_input"] = layerInput;
    const uint64_t vocabulary = fields.count("vocab_size", 1);
    if (layerInput > 0 && fields.count("vocab_size_per_layer_input", 262'144) != vocabulary)
        fields.fail("vocab_size_per_layer_input", "value");
    // Files without the key mean 30; a configuration without it means none.
    const bool capped = fields.find("final_logit_softcapping");
    values["final_logit_softcapping"] = capped ? fields.positive(fields.config(), "final_logit_softcapping", 30) : 0.0;
}

} // namespace plimsoll
