// SPDX-License-Identifier: Apache-2.0
#include "config_fields.h"

namespace plimsoll {

using nlohmann::json;

namespace {

/// Key-value heads by layer: none where the layer is of `kind`, or of another kind than "full_attention" and "attention".
void takeHeads(ConfigFields &fields, const std::vector<std::string> &layers)
{
    const uint64_t heads = fields.count("num_key_value_heads", fields.count("num_attention_heads", 1));
    json byLayer = json::array();
    for (const std::string &layer : layers)
        byLayer.push_back(layer == "full_attention" || layer == "attention" ? heads : 0);
    fields.values["attention.head_count_kv"] = std::move(byLayer);
}

/// LFM2 names its FFN's width before it is made smaller and rounded.
void takeAdjustedWidth(ConfigFields &fields)
{
    const uint64_t named = fields.count("block_ff_dim", fields.count("intermediate_size", 0));
    uint64_t width = named;
    if (fields.flag("block_auto_adjust_ff_dim", true)) {
        const double multiplier = fields.positive(fields.config(), "block_ffn_dim_multiplier", 1);
        const uint64_t step = fields.count("block_multiple_of", 256);
        width = static_cast<uint64_t>(multiplier * static_cast<double>(2 * named / 3));
        width = (width + step - 1) / step * step;
    }
    fields.values["feed_forward_length"] = width;
}

void takeConvolutions(ConfigFields &fields)
{
    std::vector<std::string> layers = fields.perLayer("layer_types");
    if (layers.empty()) {
        // Older files list the layers with attention.
        layers.assign(fields.count("num_hidden_layers", 1), "conv");
        const json *attention = fields.find("full_attn_idxs");
        if (!attention || !attention->is_array())
            fields.fail("layer_types", "missing");
        for (const json &index : attention && attention->is_array() ? *attention : json::array()) {
            const int64_t layer = index.is_number_integer() ? index.get<int64_t>() : -1;
            if (layer < 0 || layer >= static_cast<int64_t>(layers.size()))
                fields.fail("full_attn_idxs", "range");
            else
                layers[static_cast<size_t>(layer)] = "full_attention";
        }
    }
    takeHeads(fields, layers);
    if (!fields.values.contains("expert_count"))
        takeAdjustedWidth(fields);
}

/// Width of all heads of a state, by the number of heads and of each.
void takeStateWidth(ConfigFields &fields, const char *heads, const char *width)
{
    for (const char *key : {heads, width}) {
        if (!fields.find(key))
            fields.fail(key, "missing");
    }
    fields.values["ssm.inner_size"] = fields.count(heads, 1) * fields.count(width, 1);
}

void takeStateSpaces(ConfigFields &fields)
{
    const std::vector<std::string> layers = fields.perLayer("layer_types");
    if (layers.empty())
        fields.fail("layer_types", "missing");
    takeHeads(fields, layers);
    takeStateWidth(fields, "mamba_n_heads", "mamba_d_head");
    const json *position = fields.find("position_embedding_type");
    if (!position || *position != "rope")
        fields.values["rope.scaling.finetuned"] = false;
    // Without routed experts the shared one is the FFN.
    if (fields.values.value("expert_count", json(0)) == 0) {
        fields.values["feed_forward_length"] = fields.count("shared_intermediate_size", 1);
        for (const char *key : {"expert_count", "expert_used_count", "expert_shared_feed_forward_length"})
            fields.values.erase(key);
    }
}

void takeLetters(ConfigFields &fields, std::string &architecture)
{
    const json *pattern = fields.find("hybrid_override_pattern");
    if (!pattern || !pattern->is_string()) {
        fields.fail("hybrid_override_pattern", pattern ? "type" : "missing");
        return;
    }
    const auto &letters = pattern->get_ref<const std::string &>();
    if (letters.size() != fields.count("num_hidden_layers", 0) || letters.find_first_not_of("M*-E") != std::string::npos)
        fields.fail("hybrid_override_pattern", "range");
    const uint64_t heads = fields.count("num_key_value_heads", 1);
    const uint64_t dense = letters.find('-') == std::string::npos ? 0 : fields.count("intermediate_size", 1);
    const uint64_t expert = letters.find('E') == std::string::npos ? 0 : fields.count("moe_intermediate_size", 1);
    json widths = json::array();
    json keyHeads = json::array();
    for (const char letter : letters) {
        widths.push_back(letter == '-' ? dense : letter == 'E' ? expert : 0);
        keyHeads.push_back(letter == '*' ? heads : 0);
    }
    fields.values["feed_forward_length"] = std::move(widths);
    fields.values["attention.head_count_kv"] = std::move(keyHeads);
    takeStateWidth(fields, "mamba_num_heads", "mamba_head_dim");
    if (expert > 0)
        architecture += "_moe";
    else
        fields.values.erase("expert_count");
}

} // namespace

void takeHybridLayers(ConfigFields &fields, ConfigLayers kind, std::string &architecture)
{
    switch (kind) {
    case ConfigLayers::Alike: return;
    case ConfigLayers::Convolutions: return takeConvolutions(fields);
    case ConfigLayers::StateSpaces: return takeStateSpaces(fields);
    case ConfigLayers::WindowsApart: return takeWindowsApart(fields);
    case ConfigLayers::Letters: return takeLetters(fields, architecture);
    }
}

} // namespace plimsoll
