// SPDX-License-Identifier: Apache-2.0
#include "config_json.h"

#include "architecture.h"

#include <nlohmann/json.hpp>

#include <cmath>
#include <string_view>

namespace plimsoll {

using nlohmann::json;

namespace {

/// What a model_type differs in beyond the keys it has.
struct Type
{
    std::string_view name;
    std::string_view architecture;
    bool tied = false;             // where tie_word_embeddings is left out
    bool queryBias = false;        // biases of Q, K and V
    bool windows = false;          // some layers see a window
    uint32_t headDim = 0;          // where head_dim is left out; 0: hidden_size / heads
    double rotated = 1;            // share of a head, where partial_rotary_factor is left out
};

// Sorted by name.
constexpr Type types[] = {
    {"deepseek_v2", "deepseek2"},
    {"deepseek_v3", "deepseek2"},
    {"gemma2", "gemma2", true, false, true, 256},
    {"gemma3_text", "gemma3", true, false, true, 256},
    {"glm4_moe", "glm4moe", false, false, false, 0, 0.5},
    {"gpt_oss", "gpt-oss", false, true, true},
    {"kimi_k2", "deepseek2"},
    {"llama", "llama"},
    {"mistral", "llama"},
    {"mixtral", "llama"},
    {"phi3", "phi3"},
    {"qwen2", "qwen2", false, true},
    {"qwen3", "qwen3"},
    {"qwen3_5_moe_text", "qwen35moe", false, false, false, 256, 0.25},
    {"qwen3_5_text", "qwen35", false, false, false, 256, 0.25},
    {"qwen3_moe", "qwen3moe"},
};

struct Renamed
{
    const char *theirs;
    const char *ours;
};

constexpr Renamed needed[] = {
    {"num_hidden_layers", "block_count"},
    {"max_position_embeddings", "context_length"},
    {"hidden_size", "embedding_length"},
    {"vocab_size", "vocab_size"},
    {"num_attention_heads", "attention.head_count"},
    {"rms_norm_eps", "attention.layer_norm_rms_epsilon"},
};

constexpr Renamed taken[] = {
    {"intermediate_size", "feed_forward_length"},
    {"num_key_value_heads", "attention.head_count_kv"},
    {"rope_theta", "rope.freq_base"},
    {"num_local_experts", "expert_count"},
    {"num_experts", "expert_count"},
    {"n_routed_experts", "expert_count"},
    {"num_experts_per_tok", "expert_used_count"},
    {"moe_intermediate_size", "expert_feed_forward_length"},
    {"shared_expert_intermediate_size", "expert_shared_feed_forward_length"},
    {"n_shared_experts", "expert_shared_count"},
    {"first_k_dense_replace", "leading_dense_block_count"},
    {"n_group", "expert_group_count"},
    {"topk_group", "expert_group_used_count"},
    {"routed_scaling_factor", "expert_weights_scale"},
    {"norm_topk_prob", "expert_weights_norm"},
    {"attn_logit_softcapping", "attn_logit_softcapping"},
    {"final_logit_softcapping", "final_logit_softcapping"},
    {"full_attention_interval", "full_attention_interval"},
    {"linear_conv_kernel_dim", "ssm.conv_kernel"},
    {"linear_key_head_dim", "ssm.state_size"},
    {"linear_num_key_heads", "ssm.group_count"},
    {"linear_num_value_heads", "ssm.time_step_rank"},
};

class Converter
{
public:
    Converter(const json &config, const Type &type, std::string where) : m_config(config), m_type(type), m_where(std::move(where)) {}

    Result<json> entry()
    {
        for (const Renamed &key : needed)
            take(key, true);
        for (const Renamed &key : taken)
            take(key, false);
        if (m_type.architecture == "deepseek2")
            takeLatentAttention();
        else
            takeHeads();
        takeRope();
        takeLayers();
        takeExperts();
        if (!m_status.ok())
            return m_status.error();
        return json{{"id", m_where}, {"name", m_where}, {"architecture", m_type.architecture}, {"hyperparameters", m_values},
            {"optional_tensors", optionalTensors()}};
    }

private:
    void fail(const std::string &key, const char *what)
    {
        if (m_status.ok())
            m_status = Error{ErrorCode::JsonField, {m_where, key, what}};
    }

    /// Null where it is absent or null.
    static const json *find(const json &object, const char *key)
    {
        const auto it = object.find(key);
        return it == object.end() || it->is_null() ? nullptr : &*it;
    }

    void take(const Renamed &key, bool must)
    {
        const json *value = find(m_config, key.theirs);
        if (!value) {
            if (must)
                fail(key.theirs, "missing");
        } else if (value->is_number_unsigned() && value->get<uint64_t>() > static_cast<uint64_t>(INT64_MAX)) {
            fail(key.theirs, "range");
        } else if (!value->is_number() && !value->is_boolean()) {
            fail(key.theirs, "type");
        } else {
            m_values[key.ours] = *value;
        }
    }

    /// From 1 to a million; `fallback` where it is absent.
    uint64_t count(const char *key, uint64_t fallback)
    {
        const json *value = find(m_config, key);
        if (!value)
            return fallback;
        if (!value->is_number_integer()) {
            fail(key, "type");
            return fallback;
        }
        // A number beyond 63 bits reads as negative.
        const int64_t number = value->get<int64_t>();
        if (number < 1 || number > 1'000'000) {
            fail(key, "range");
            return fallback;
        }
        return static_cast<uint64_t>(number);
    }

    /// Above 0, finite; `fallback` where it is absent.
    double positive(const json &object, const char *key, double fallback)
    {
        const json *value = find(object, key);
        if (!value)
            return fallback;
        if (!value->is_number()) {
            fail(key, "type");
            return fallback;
        }
        const double number = value->get<double>();
        if (!std::isfinite(number) || number <= 0 || number > 1e9) {
            fail(key, "range");
            return fallback;
        }
        return number;
    }

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
            if (!find(m_config, key))
                fail(key, "missing");
        }
        if (find(m_config, "q_lora_rank"))
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
        const json *rope = find(m_config, "rope_parameters");
        if (!rope)
            rope = find(m_config, "rope_scaling");
        static const json none = json::object();
        if (rope && !rope->is_object())
            fail("rope_scaling", "type");
        const json &scaling = rope && rope->is_object() ? *rope : none;
        if (const double base = positive(scaling, "rope_theta", 0); base > 0)
            m_values["rope.freq_base"] = base;
        if (m_headDim > 0) {
            const double share = positive(scaling, "partial_rotary_factor", positive(m_config, "partial_rotary_factor", m_type.rotated));
            m_values["rope.dimension_count"] = static_cast<uint64_t>(static_cast<double>(m_headDim) * share);
        }
        const json *kind = find(scaling, "rope_type");
        if (!kind)
            kind = find(scaling, "type");
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
        if (const double original = positive(scaling, "original_max_position_embeddings", 0); original > 0 && kind == "yarn")
            m_values["rope.scaling.original_context_length"] = static_cast<uint64_t>(original);
        if (const double scale = positive(scaling, "mscale_all_dim", 0); scale > 0 && m_type.architecture == "deepseek2")
            m_values["rope.scaling.yarn_log_multiplier"] = 0.1 * scale;
    }

    /// 1 for each layer of `kind`.
    void takeLayerTypes(const json &layers, const char *kind, const char *ours)
    {
        json marks = json::array();
        for (const json &layer : layers) {
            if (!layer.is_string()) {
                fail("layer_types", "type");
                return;
            }
            marks.push_back(layer.get_ref<const std::string &>() == kind ? 1 : 0);
        }
        m_values[ours] = std::move(marks);
    }

    void takeLayers()
    {
        const json *layers = find(m_config, "layer_types");
        if (layers && (!layers->is_array() || layers->size() != count("num_hidden_layers", 0))) {
            fail("layer_types", layers->is_array() ? "range" : "type");
            return;
        }
        if (m_type.windows) {
            m_values["attention.sliding_window"] = count("sliding_window", 0);
            if (layers)
                takeLayerTypes(*layers, "sliding_attention", "attention.sliding_window_pattern");
        }
        if (const uint64_t valueHeads = count("linear_num_value_heads", 0); valueHeads > 0) {
            m_values["ssm.inner_size"] = valueHeads * count("linear_value_head_dim", 0);
            if (layers)
                takeLayerTypes(*layers, "linear_attention", "attention.recurrent_layers");
        }
    }

    void takeExperts()
    {
        if (m_type.architecture == "gpt-oss" && m_values.contains("feed_forward_length"))
            m_values["expert_feed_forward_length"] = m_values["feed_forward_length"];
        const json *gate = find(m_config, "scoring_func");
        if (gate && *gate != "softmax" && *gate != "sigmoid")
            fail("scoring_func", "value");
        if (gate || m_type.architecture == "glm4moe")
            m_values["expert_gating_func"] = !gate || *gate == "sigmoid" ? 2 : 1;
    }

    json optionalTensors() const
    {
        json names = json::array();
        const json *tied = find(m_config, "tie_word_embeddings");
        if (!(tied && tied->is_boolean() ? tied->get<bool>() : m_type.tied))
            names.push_back("output.weight");
        const json *bias = find(m_config, "attention_bias");
        if (m_type.queryBias || (bias && *bias == true))
            names.insert(names.end(), {"attn_q.bias", "attn_k.bias", "attn_v.bias"});
        if (m_type.architecture == "phi3")
            names.push_back("attn_qkv.weight");
        if (m_type.architecture == "gpt-oss")
            names.insert(names.end(), {"ffn_gate_inp.bias", "ffn_gate_exps.bias", "ffn_up_exps.bias", "ffn_down_exps.bias"});
        const json *method = find(m_config, "topk_method");
        if ((method && *method == "noaux_tc") || m_type.architecture == "glm4moe")
            names.push_back("exp_probs_b.bias");
        if (m_dividesFrequencies)
            names.push_back("rope_freqs.weight");
        if (m_longFactors)
            names.insert(names.end(), {"rope_factors_long.weight", "rope_factors_short.weight"});
        return names;
    }

    const json &m_config;
    const Type &m_type;
    std::string m_where;
    json m_values = json::object();
    uint64_t m_headDim = 0;             // 0: latent attention
    bool m_dividesFrequencies = false;
    bool m_longFactors = false;
    Status m_status;
};

std::string joinedTypes()
{
    std::string joined;
    for (const Type &type : types)
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
    for (const Type &type : types) {
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
    for (const Type &type : types)
        names.emplace_back(type.name);
    return names;
}

} // namespace plimsoll
