// SPDX-License-Identifier: Apache-2.0
#include "config_json.h"

#include "architecture.h"
#include "config_fields.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace plimsoll {

using nlohmann::json;

namespace {

class Converter
{
public:
    Converter(const json &config, const ConfigType &type, const std::string &where)
        : m_fields(config, where), m_values(m_fields.values), m_type(type), m_where(where), m_architecture(type.architecture)
    {
    }

    Result<json> entry()
    {
        for (const RenamedKey &key : neededConfigKeys())
            m_fields.take(key, true);
        for (const RenamedKey &key : optionalConfigKeys())
            m_fields.take(key, false);
        const bool layerNorm = std::string_view(m_type.epsilon) == "layer_norm_eps";
        m_fields.take({m_type.epsilon, layerNorm ? "attention.layer_norm_epsilon" : "attention.layer_norm_rms_epsilon"}, true);
        if (m_type.architecture == "deepseek2")
            takeLatentAttention();
        else
            takeHeads();
        takeRope();
        takeLayers();
        takeExperts();
        takeHybridLayers(m_fields, m_type.layers, m_architecture);
        if (!m_fields.status().ok())
            return m_fields.status().error();
        return json{{"id", m_where}, {"name", m_where}, {"architecture", m_architecture}, {"hyperparameters", m_values},
            {"optional_tensors", optionalTensors()}};
    }

private:
    void fail(const std::string &key, const char *what) { m_fields.fail(key, what); }
    const json *find(const char *key) const { return m_fields.find(key); }
    uint64_t count(const char *key, uint64_t fallback) { return m_fields.count(key, fallback); }
    double positive(const json &object, const char *key, double fallback) { return m_fields.positive(object, key, fallback); }

    void takeHeads()
    {
        const uint64_t heads = count("num_attention_heads", 1);
        const uint64_t share = m_type.headDim > 0 ? m_type.headDim : count("hidden_size", 1) / heads;
        const uint64_t length = count("head_dim", share);
        m_values["attention.key_length"] = length;
        m_values["attention.value_length"] = length;
        m_headDim = length;
    }

    void takeLatentAttention()
    {
        const uint64_t rank = count("kv_lora_rank", 0);
        const uint64_t rope = count("qk_rope_head_dim", 0);
        const uint64_t nope = count("qk_nope_head_dim", 0);
        const uint64_t value = count("v_head_dim", 0);
        for (const char *key : {"kv_lora_rank", "qk_rope_head_dim", "qk_nope_head_dim", "v_head_dim"}) {
            if (!find(key))
                fail(key, "missing");
        }
        if (find("q_lora_rank"))
            m_values["attention.q_lora_rank"] = count("q_lora_rank", 1);
        m_values["attention.head_count_kv"] = 1;
        m_values["attention.kv_lora_rank"] = rank;
        m_values["attention.key_length"] = rank + rope;
        m_values["attention.value_length"] = rank;
        m_values["attention.key_length_mla"] = nope + rope;
        m_values["attention.value_length_mla"] = value;
        m_values["rope.dimension_count"] = rope;
    }

    void takeRope()
    {
        const json *rope = find("rope_parameters");
        if (!rope)
            rope = find("rope_scaling");
        static const json none = json::object();
        if (rope && !rope->is_object())
            fail("rope_scaling", "type");
        const json &scaling = rope && rope->is_object() ? *rope : none;
        if (const double base = positive(scaling, "rope_theta", 0); base > 0)
            m_values["rope.freq_base"] = base;
        if (m_headDim > 0 && !m_values.contains("rope.dimension_count")) {
            const double outside = positive(m_fields.config(), "partial_rotary_factor", m_type.rotated);
            const double share = positive(scaling, "partial_rotary_factor", outside);
            m_values["rope.dimension_count"] = static_cast<uint64_t>(static_cast<double>(m_headDim) * share);
        }
        const json *kind = ConfigFields::find(scaling, "rope_type");
        if (!kind)
            kind = ConfigFields::find(scaling, "type");
        if (!kind)
            return;
        if (!kind->is_string()) {
            fail("rope_type", "type");
            return;
        }
        takeScaling(scaling, kind->get<std::string>());
    }

    void takeScaling(const json &scaling, const std::string &kind)
    {
        m_dividesFrequencies = kind == "llama3";
        m_longFactors = kind == "longrope" || kind == "su";
        if (kind == "yarn" || kind == "linear") {
            m_values["rope.scaling.type"] = kind;
            m_values["rope.scaling.factor"] = positive(scaling, "factor", 1);
        } else if (kind != "default" && kind != "mrope" && kind != "dynamic" && !m_dividesFrequencies && !m_longFactors) {
            fail("rope_type", "value");
        }
        if (const double beta = positive(scaling, "llama_4_scaling_beta", 0); beta > 0)
            m_values["attention.temperature_scale"] = beta;
        if (const double original = positive(scaling, "original_max_position_embeddings", 0); original > 0 && kind == "yarn")
            m_values["rope.scaling.original_context_length"] = static_cast<uint64_t>(original);
        if (const double scale = positive(scaling, "mscale_all_dim", 0); scale > 0 && m_type.architecture == "deepseek2")
            m_values["rope.scaling.yarn_log_multiplier"] = 0.1 * scale;
    }

    /// 1 for each layer of `kind`.
    void takeLayerTypes(const std::vector<std::string> &layers, std::string_view kind, const char *ours)
    {
        json marks = json::array();
        for (const std::string &layer : layers)
            marks.push_back(layer == kind ? 1 : 0);
        if (!layers.empty())
            m_values[ours] = std::move(marks);
    }

    void takeLayers()
    {
        if (m_type.layers != ConfigLayers::Alike)
            return;
        const std::vector<std::string> layers = m_fields.perLayer("layer_types");
        if (m_type.windows) {
            m_values["attention.sliding_window"] = count("sliding_window", 0);
            takeLayerTypes(layers, "sliding_attention", "attention.sliding_window_pattern");
        }
        if (const uint64_t valueHeads = count("linear_num_value_heads", 0); valueHeads > 0) {
            m_values["ssm.inner_size"] = valueHeads * count("linear_value_head_dim", 0);
            takeLayerTypes(layers, "linear_attention", "attention.recurrent_layers");
        }
    }

    void takeExperts()
    {
        if (m_type.architecture == "gpt-oss" && m_values.contains("feed_forward_length"))
            m_values["expert_feed_forward_length"] = m_values["feed_forward_length"];
        if (m_type.architecture == "llama4") {
            m_values["expert_feed_forward_length"] = count("intermediate_size", 1);
            m_values["feed_forward_length"] = count("intermediate_size_mlp", 1);
        }
        if (m_type.architecture == "hunyuan-moe")
            m_values["expert_used_count"] = count("moe_topk", 1);
        if (const uint64_t shared = count("moe_num_shared_experts", 0); shared > 0)
            m_values["expert_shared_feed_forward_length"] = shared * count("moe_intermediate_size", 1);
        const json *gate = find("scoring_func");
        if (gate && *gate != "softmax" && *gate != "sigmoid")
            fail("scoring_func", "value");
        if (gate || m_type.architecture == "glm4moe")
            m_values["expert_gating_func"] = !gate || *gate == "sigmoid" ? 2 : 1;
    }

    bool on(const char *key) const
    {
        const json *value = find(key);
        return value && *value == true;
    }

    bool choosesByBias() const
    {
        const json *method = find("topk_method");
        return (method && *method == "noaux_tc") || m_type.architecture == "glm4moe" || on("moe_use_aux_free") || on("use_expert_bias");
    }

    json optionalTensors() const
    {
        json names = json::array();
        const json *tied = find("tie_word_embeddings");
        if (!tied)
            tied = find("tie_embedding");
        if (!(tied && tied->is_boolean() ? tied->get<bool>() : m_type.tied))
            names.push_back("output.weight");
        if (m_type.queryBias || on("attention_bias"))
            names.insert(names.end(), {"attn_q.bias", "attn_k.bias", "attn_v.bias"});
        if (m_type.architecture == "phi3")
            names.push_back("attn_qkv.weight");
        if (m_type.architecture == "gpt-oss")
            names.insert(names.end(), {"ffn_gate_inp.bias", "ffn_gate_exps.bias", "ffn_up_exps.bias", "ffn_down_exps.bias"});
        if (choosesByBias())
            names.push_back("exp_probs_b.bias");
        if (m_type.layers == ConfigLayers::StateSpaces || m_type.layers == ConfigLayers::Letters)
            names.push_back("ssm_norm.weight");
        if (on("use_conv_bias") || on("mamba_conv_bias"))
            names.push_back("ssm_conv1d.bias");
        if (m_type.layers == ConfigLayers::WindowsApart) {
            names.insert(names.end(), {"attn_v.weight", "layer_output_scale.weight"});
            if (m_values.contains("expert_count"))
                names.insert(names.end(), {"ffn_gate_up_exps.weight", "ffn_down_exps.scale"});
            if (m_values.value("attention.shared_kv_layers", 0) > 0)   // they are stored, though never used
                names.insert(names.end(), {"attn_k.weight", "attn_k_norm.weight"});
        }
        if (m_dividesFrequencies)
            names.push_back("rope_freqs.weight");
        if (m_longFactors)
            names.insert(names.end(), {"rope_factors_long.weight", "rope_factors_short.weight"});
        return names;
    }

    ConfigFields m_fields;
    json &m_values;
    const ConfigType &m_type;
    std::string m_where;
    std::string m_architecture;
    uint64_t m_headDim = 0;             // 0: latent attention
    bool m_dividesFrequencies = false;
    bool m_longFactors = false;
};

std::string joinedTypes()
{
    std::string joined;
    for (const ConfigType &type : configTypes())
        joined += (joined.empty() ? "" : ", ") + std::string(type.name);
    return joined;
}

} // namespace

Result<json> catalogEntryFromConfig(const json &config, const std::string &where)
{
    if (!config.is_object())
        return Error{ErrorCode::JsonField, {where, "", "type"}};
    const auto inner = config.find("text_config");
    if (inner != config.end() && !inner->is_object())
        return Error{ErrorCode::JsonField, {where, "text_config", "type"}};
    json text = inner == config.end() ? config : *inner;
    if (!text.contains("tie_word_embeddings") && config.contains("tie_word_embeddings"))
        text["tie_word_embeddings"] = config["tie_word_embeddings"];
    const auto name = text.find("model_type");
    if (name == text.end() || !name->is_string())
        return Error{ErrorCode::JsonField, {where, "model_type", name == text.end() ? "missing" : "type"}};
    for (const ConfigType &type : configTypes()) {
        if (type.name == name->get_ref<const std::string &>())
            return Converter(text, type, where).entry();
    }
    return Error{ErrorCode::UnknownArchitecture, {name->get<std::string>(), joinedTypes()}};
}

Result<ModelShape> shapeFromConfig(const json &config, const std::string &where)
{
    const auto entry = catalogEntryFromConfig(config, where);
    if (!entry.ok())
        return entry.error();
    return shapeFromCatalog(*entry);
}

std::vector<std::string> knownModelTypes()
{
    std::vector<std::string> names;
    for (const ConfigType &type : configTypes())
        names.emplace_back(type.name);
    return names;
}

} // namespace plimsoll
