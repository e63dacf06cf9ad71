// SPDX-License-Identifier: Apache-2.0
#include "shape_difference.h"

#include <plimsoll/catalog/catalog.h>
#include <plimsoll/model/config_json.h>

#include <nlohmann/json.hpp>

#include <QTest>

#include <algorithm>

using namespace plimsoll;
using nlohmann::json;

namespace {

json denseConfig(const char *type)
{
    return {{"model_type", type}, {"num_hidden_layers", 2}, {"max_position_embeddings", 4096}, {"hidden_size", 64},
        {"intermediate_size", 128}, {"vocab_size", 1000}, {"num_attention_heads", 4}, {"num_key_value_heads", 2},
        {"rms_norm_eps", 1e-5}, {"rope_theta", 10000.0}, {"tie_word_embeddings", false}};
}

json latentConfig()
{
    json config = denseConfig("deepseek_v3");
    config.update({{"kv_lora_rank", 32}, {"q_lora_rank", 48}, {"qk_rope_head_dim", 8}, {"qk_nope_head_dim", 16}, {"v_head_dim", 16},
        {"n_routed_experts", 8}, {"num_experts_per_tok", 2}, {"n_shared_experts", 1}, {"moe_intermediate_size", 32},
        {"first_k_dense_replace", 1}, {"scoring_func", "sigmoid"}, {"topk_method", "noaux_tc"},
        {"rope_scaling", {{"type", "yarn"}, {"factor", 40}, {"original_max_position_embeddings", 4096}, {"mscale_all_dim", 1.0}}}});
    return config;
}

constexpr uint64_t embeddings = 2 * 1000 * 64 + 64;
constexpr uint64_t attention = 64 * 64 * 2 + 2 * 64 * 32;
constexpr uint64_t feedForward = 3 * 64 * 128;
constexpr uint64_t norms = 2 * 64;

} // namespace

class TestConfigJson : public QObject
{
    Q_OBJECT

private slots:
    void counts_data()
    {
        QTest::addColumn<QString>("type");
        QTest::addColumn<quint64>("parameters");
        QTest::newRow("llama") << "llama" << quint64{embeddings + 2 * (attention + feedForward + norms)};
        QTest::newRow("mistral") << "mistral" << quint64{embeddings + 2 * (attention + feedForward + norms)};
        QTest::newRow("qwen2") << "qwen2" << quint64{embeddings + 2 * (attention + feedForward + norms + 64 + 2 * 32)};
        QTest::newRow("qwen3") << "qwen3" << quint64{embeddings + 2 * (attention + feedForward + norms + 2 * 16)};
        QTest::newRow("phi3") << "phi3" << quint64{embeddings + 2 * (attention + feedForward + norms)};
        for (const char *type : {"ernie4_5", "ministral3", "smollm3"})
            QTest::newRow(type) << type << quint64{embeddings + 2 * (attention + feedForward + norms)};
        QTest::newRow("glm4") << "glm4" << quint64{embeddings + 2 * (attention + feedForward + 2 * norms)};
        QTest::newRow("hunyuan") << "hunyuan_v1_dense" << quint64{embeddings + 2 * (attention + feedForward + norms + 2 * 16)};
        QTest::newRow("olmo2") << "olmo2" << quint64{embeddings + 2 * (attention + feedForward + norms + 64 + 32)};
        QTest::newRow("seed_oss") << "seed_oss" << quint64{embeddings + 2 * (attention + feedForward + norms + 64 + 2 * 32)};
    }

    void counts()
    {
        QFETCH(QString, type);
        QFETCH(quint64, parameters);
        json config = denseConfig(qPrintable(type));
        config["head_dim"] = 16;
        const auto shape = shapeFromConfig(config, "config.json");
        QVERIFY2(shape.ok(), shape.ok() ? "" : shape.error().arguments.back().c_str());
        QCOMPARE(shape->parameters(), parameters);
        QCOMPARE(shape->contextTrained, 4096u);
        QVERIFY(shape->kvKnown && !shape->tiedOutput);
    }

    void tiedAndScaled()
    {
        json config = denseConfig("llama");
        config["tie_word_embeddings"] = true;
        config["rope_scaling"] = {{"rope_type", "llama3"}, {"factor", 8.0}};
        const auto shape = shapeFromConfig(config, "config.json");
        QVERIFY(shape.ok());
        QVERIFY(shape->tiedOutput);
        QCOMPARE(shape->parameters(), embeddings - 64000 + 2 * (attention + feedForward + norms) + 8);
    }

    void experts()
    {
        json config = denseConfig("mixtral");
        config.update({{"num_local_experts", 4}, {"num_experts_per_tok", 2}});
        const auto shape = shapeFromConfig(config, "config.json");
        QVERIFY(shape.ok());
        QCOMPARE(shape->parameters(), embeddings + 2 * (attention + 4 * feedForward + 4 * 64 + norms));
        QCOMPARE(shape->blocks[0].ffn.expertsUsed, 2u);
    }

    void latentAttention()
    {
        const auto shape = shapeFromConfig(latentConfig(), "config.json");
        QVERIFY2(shape.ok(), shape.ok() ? "" : shape.error().arguments.back().c_str());
        QCOMPARE(shape->blocks[0].attention.kvLoraRank, 32u);
        QCOMPARE(shape->blocks[0].ffn.kind, FfnKind::Dense);
        QCOMPARE(shape->blocks[1].ffn.kind, FfnKind::Experts);
        QCOMPARE(shape->blocks[1].ffn.gate, RouterGate::Sigmoid);
        QCOMPARE(shape->blocks[0].attention.rope.factor, 40.0f);
    }

    void windowsByLayer()
    {
        json text = denseConfig("gemma3_text");
        text.update({{"sliding_window", 512}, {"head_dim", 16}, {"layer_types", {"full_attention", "sliding_attention"}}});
        const auto shape = shapeFromConfig({{"model_type", "gemma3"}, {"text_config", text}}, "config.json");
        QVERIFY2(shape.ok(), shape.ok() ? "" : shape.error().arguments.back().c_str());
        QCOMPARE(shape->blocks[0].attention.window, 0u);
        QCOMPARE(shape->blocks[1].attention.window, 512u);
    }

    void linearLayers()
    {
        json config = denseConfig("qwen3_5_text");
        config.update({{"head_dim", 16}, {"linear_num_value_heads", 4}, {"linear_value_head_dim", 8}, {"linear_key_head_dim", 8},
            {"linear_num_key_heads", 2}, {"linear_conv_kernel_dim", 4}, {"layer_types", {"linear_attention", "full_attention"}}});
        config["rope_parameters"] = {{"rope_theta", 1e7}, {"partial_rotary_factor", 0.25}, {"rope_type", "default"}};
        const auto shape = shapeFromConfig(config, "config.json");
        QVERIFY2(shape.ok(), shape.ok() ? "" : shape.error().arguments.back().c_str());
        QCOMPARE(shape->blocks[0].mixer, MixerKind::GatedDelta);
        QCOMPARE(shape->blocks[1].mixer, MixerKind::Attention);
        QCOMPARE(shape->blocks[1].attention.rope.dims, 4u);
    }

    /// One norm for attention and FFN side by side, none with a bias; the embedding is the output too.
    void parallelBlocks()
    {
        json config = denseConfig("cohere2");
        config.erase("rms_norm_eps");
        config.erase("tie_word_embeddings");
        config.update({{"layer_norm_eps", 1e-5}, {"logit_scale", 0.25}, {"sliding_window", 512}, {"head_dim", 16},
            {"layer_types", {"sliding_attention", "full_attention"}}});
        const auto shape = shapeFromConfig(config, "config.json");
        QVERIFY2(shape.ok(), shape.ok() ? "" : shape.error().arguments.back().c_str());
        QVERIFY(shape->tiedOutput && shape->blocks[0].parallel);
        QCOMPARE(shape->blocks[0].norm, NormKind::Layer);
        QCOMPARE(shape->blocks[0].attention.window, 512u);
        QCOMPARE(shape->blocks[1].attention.window, 0u);
        QCOMPARE(shape->logitScale, 0.25f);
        QCOMPARE(shape->parameters(), embeddings - 64000 + 2 * (attention + feedForward + 64));
    }

    void graniteScales()
    {
        json config = denseConfig("granitemoeshared");
        config.update({{"logits_scaling", 8.0}, {"attention_multiplier", 0.5}, {"residual_multiplier", 0.25}, {"embedding_multiplier", 12},
            {"num_local_experts", 4}, {"num_experts_per_tok", 2}, {"shared_intermediate_size", 96}});
        const auto shape = shapeFromConfig(config, "config.json");
        QVERIFY2(shape.ok(), shape.ok() ? "" : shape.error().arguments.back().c_str());
        QCOMPARE(shape->logitScale, 0.125f);
        QCOMPARE(shape->embeddingScale, 12.0f);
        QCOMPARE(shape->blocks[0].residualScale, 0.25f);
        QCOMPARE(shape->blocks[0].attention.scale, 0.5f);
        QCOMPARE(shape->blocks[0].ffn.sharedWidth, 96u);
        QCOMPARE(shape->parameters(), embeddings + 2 * (attention + 4 * feedForward + 4 * 64 + 3 * 64 * 96 + norms));
    }

    /// Widths and counts of experts that three families give other names.
    void expertsByOtherNames()
    {
        json ernie = denseConfig("ernie4_5_moe");
        ernie.update({{"moe_num_experts", 8}, {"moe_k", 2}, {"moe_intermediate_size", 32}, {"moe_num_shared_experts", 2},
            {"moe_layer_start_index", 1}, {"moe_layer_interval", 1}, {"moe_use_aux_free", true}});
        const auto first = shapeFromConfig(ernie, "config.json");
        QVERIFY2(first.ok(), first.ok() ? "" : first.error().arguments.back().c_str());
        QCOMPARE(first->blocks[0].ffn.kind, FfnKind::Dense);
        QCOMPARE(first->blocks[1].ffn.expertsUsed, 2u);
        QCOMPARE(first->blocks[1].ffn.sharedWidth, 64u);
        QVERIFY(first->find(TensorRole::RouterBias, 1));

        json llama = denseConfig("llama4_text");
        llama.update({{"num_local_experts", 4}, {"num_experts_per_tok", 1}, {"intermediate_size", 48}, {"intermediate_size_mlp", 96},
            {"interleave_moe_layer_step", 2}, {"head_dim", 16}});
        const auto second = shapeFromConfig({{"model_type", "llama4"}, {"text_config", llama}}, "config.json");
        QVERIFY2(second.ok(), second.ok() ? "" : second.error().arguments.back().c_str());
        QCOMPARE(second->blocks[0].ffn.width, 96u);
        QCOMPARE(second->blocks[1].ffn.expertWidth, 48u);

        json hunyuan = denseConfig("hunyuan_v1_moe");
        hunyuan.update({{"num_experts", 4}, {"moe_topk", {2, 2}}, {"moe_intermediate_size", {128, 128}}, {"num_shared_expert", {1, 1}}});
        const auto third = shapeFromConfig(hunyuan, "config.json");
        QVERIFY2(third.ok(), third.ok() ? "" : third.error().arguments.back().c_str());
        QCOMPARE(third->blocks[0].ffn.expertsUsed, 2u);
        hunyuan["moe_topk"] = {2, 4};
        QCOMPARE(shapeFromConfig(hunyuan, "config.json").error().arguments, (std::vector<std::string>{"config.json", "moe_topk", "value"}));
    }

    void minimaxRotatesAPart()
    {
        json config = denseConfig("minimax_m2");
        config.update({{"num_local_experts", 4}, {"num_experts_per_tok", 2}, {"rotary_dim", 8}, {"head_dim", 16},
            {"scoring_func", "sigmoid"}});
        const auto shape = shapeFromConfig(config, "config.json");
        QVERIFY2(shape.ok(), shape.ok() ? "" : shape.error().arguments.back().c_str());
        QCOMPARE(shape->blocks[0].attention.rope.dims, 8u);
        QCOMPARE(shape->blocks[0].ffn.gate, RouterGate::Sigmoid);
    }

    void convolutions()
    {
        json config = denseConfig("lfm2");
        config.erase("rms_norm_eps");
        config.erase("tie_word_embeddings");
        config.update({{"norm_eps", 1e-5}, {"conv_L_cache", 3}, {"block_ff_dim", 192}, {"block_auto_adjust_ff_dim", true},
            {"block_multiple_of", 32}, {"block_ffn_dim_multiplier", 1.0}, {"layer_types", {"conv", "full_attention"}}});
        const auto shape = shapeFromConfig(config, "config.json");
        QVERIFY2(shape.ok(), shape.ok() ? "" : shape.error().arguments.back().c_str());
        QVERIFY(shape->tiedOutput);
        QCOMPARE(shape->blocks[0].mixer, MixerKind::ShortConv);
        QCOMPARE(shape->blocks[1].mixer, MixerKind::Attention);
        QCOMPARE(shape->blocks[0].ffn.width, 128u);   // two thirds
        config.erase("layer_types");
        QCOMPARE(shapeFromConfig(config, "config.json").error().arguments.at(1), std::string("layer_types"));
        config["full_attn_idxs"] = json::array({1});
        QVERIFY(shapeFromConfig(config, "config.json").ok());
        config["full_attn_idxs"] = json::array({2});
        QCOMPARE(shapeFromConfig(config, "config.json").error().arguments.at(1), std::string("full_attn_idxs"));
    }

    void stateSpaces()
    {
        json config = denseConfig("granitemoehybrid");
        config.update({{"logits_scaling", 8.0}, {"layer_types", {"mamba", "attention"}}, {"mamba_n_heads", 4}, {"mamba_d_head", 32},
            {"mamba_d_state", 16}, {"mamba_n_groups", 1}, {"mamba_d_conv", 4}, {"mamba_conv_bias", true}, {"num_local_experts", 0},
            {"shared_intermediate_size", 160}, {"position_embedding_type", "nope"}});
        const auto shape = shapeFromConfig(config, "config.json");
        QVERIFY2(shape.ok(), shape.ok() ? "" : shape.error().arguments.back().c_str());
        QCOMPARE(shape->blocks[0].mixer, MixerKind::Mamba2);
        QCOMPARE(shape->blocks[0].recurrent.headDimV, 32u);
        QCOMPARE(shape->blocks[1].mixer, MixerKind::Attention);
        QCOMPARE(shape->blocks[1].attention.rope.layout, RopeLayout::None);
        QCOMPARE(shape->blocks[0].ffn.width, 160u);
        QVERIFY(shape->find(TensorRole::SsmConv, 0, true));
        config.erase("mamba_d_head");
        QCOMPARE(shapeFromConfig(config, "config.json").error().arguments.at(1), std::string("mamba_d_head"));
    }

    void layersAsLetters()
    {
        json config = denseConfig("nemotron_h");
        config.erase("rms_norm_eps");
        config.update({{"layer_norm_epsilon", 1e-5}, {"num_hidden_layers", 3}, {"hybrid_override_pattern", "M-*"}, {"head_dim", 16},
            {"mamba_num_heads", 4}, {"mamba_head_dim", 32}, {"ssm_state_size", 16}, {"n_groups", 2}, {"conv_kernel", 4}});
        const auto shape = shapeFromConfig(config, "config.json");
        QVERIFY2(shape.ok(), shape.ok() ? "" : shape.error().arguments.back().c_str());
        QCOMPARE(shape->architecture, std::string("nemotron_h"));
        QCOMPARE(shape->blocks[0].mixer, MixerKind::Mamba2);
        QCOMPARE(shape->blocks[1].ffn.width, 128u);
        QCOMPARE(shape->blocks[2].mixer, MixerKind::Attention);
        for (const char *wrong : {"M-", "M-X", ""}) {
            config["hybrid_override_pattern"] = wrong;
            QCOMPARE(shapeFromConfig(config, "config.json").error().arguments.at(1), std::string("hybrid_override_pattern"));
        }
    }

    void gemma4_data()
    {
        QTest::addColumn<QString>("id");
        QTest::addColumn<QByteArray>("text");
        // As published (google/gemma-4-*), without what does not tell dimensions.
        QTest::newRow("E2B") << "gemma-4-e2b" << QByteArray(R"({"model_type": "gemma4_text", "hidden_size": 1536, "num_hidden_layers": 35,
            "intermediate_size": 6144, "num_attention_heads": 8, "num_key_value_heads": 1, "num_global_key_value_heads": null,
            "num_kv_shared_layers": 20, "use_double_wide_mlp": true, "attention_k_eq_v": false, "enable_moe_block": false,
            "hidden_size_per_layer_input": 256, "max_position_embeddings": 131072, "sliding_window": 512, "period": 5})");
        QTest::newRow("E4B") << "gemma-4-e4b" << QByteArray(R"({"model_type": "gemma4_text", "hidden_size": 2560, "num_hidden_layers": 42,
            "intermediate_size": 10240, "num_attention_heads": 8, "num_key_value_heads": 2, "num_global_key_value_heads": null,
            "num_kv_shared_layers": 18, "use_double_wide_mlp": false, "attention_k_eq_v": false, "enable_moe_block": false,
            "hidden_size_per_layer_input": 256, "max_position_embeddings": 131072, "sliding_window": 512, "period": 6})");
        QTest::newRow("12B") << "gemma-4-12b" << QByteArray(R"({"model_type": "gemma4_unified_text", "hidden_size": 3840,
            "num_hidden_layers": 48, "intermediate_size": 15360, "num_attention_heads": 16, "num_key_value_heads": 8,
            "num_global_key_value_heads": 1, "attention_k_eq_v": true, "max_position_embeddings": 262144, "sliding_window": 1024,
            "period": 6})");
        QTest::newRow("26B A4B") << "gemma-4-26b-a4b" << QByteArray(R"({"model_type": "gemma4_text", "hidden_size": 2816,
            "num_hidden_layers": 30, "intermediate_size": 2112, "num_attention_heads": 16, "num_key_value_heads": 8,
            "num_global_key_value_heads": 2, "num_kv_shared_layers": 0, "use_double_wide_mlp": false, "attention_k_eq_v": true,
            "enable_moe_block": true, "num_experts": 128, "top_k_experts": 8, "moe_intermediate_size": 704,
            "hidden_size_per_layer_input": 0, "max_position_embeddings": 262144, "sliding_window": 1024, "period": 6})");
        QTest::newRow("31B") << "gemma-4-31b" << QByteArray(R"({"model_type": "gemma4_text", "hidden_size": 5376, "num_hidden_layers": 60,
            "intermediate_size": 21504, "num_attention_heads": 32, "num_key_value_heads": 16, "num_global_key_value_heads": 4,
            "num_kv_shared_layers": 0, "attention_k_eq_v": true, "enable_moe_block": false, "num_experts": null, "top_k_experts": null,
            "hidden_size_per_layer_input": 0, "max_position_embeddings": 262144, "sliding_window": 1024, "period": 6})");
    }

    /// The shape of the catalogue, which was read from GGUF files, with and without what the configuration may leave to its class.
    void gemma4()
    {
        QFETCH(QString, id);
        QFETCH(QByteArray, text);
        const auto catalog = loadCatalog(PLIMSOLL_SOURCE "/resources/catalog");
        QVERIFY(catalog.ok());
        const auto known = catalog->model(id.toStdString());
        QVERIFY(known.ok() && (*known)->id == id.toStdString());
        json config = json::parse(text.toStdString());
        const int period = config["period"];
        config.update({{"head_dim", 256}, {"global_head_dim", 512}, {"rms_norm_eps", 1e-6}, {"vocab_size", 262144},
            {"vocab_size_per_layer_input", 262144}, {"final_logit_softcapping", 30.0}, {"tie_word_embeddings", true},
            {"rope_parameters",
                {{"full_attention", {{"partial_rotary_factor", 0.25}, {"rope_theta", 1000000.0}, {"rope_type", "proportional"}}},
                    {"sliding_attention", {{"rope_theta", 10000.0}, {"rope_type", "default"}}}}}});
        for (int layer = 0; layer < config["num_hidden_layers"]; ++layer)
            config["layer_types"].push_back((layer + 1) % period == 0 ? "full_attention" : "sliding_attention");
        for (const bool brief : {false, true}) {
            if (brief) {
                for (const char *key : {"head_dim", "global_head_dim", "vocab_size_per_layer_input", "tie_word_embeddings",
                         "rope_parameters"})
                    config.erase(key);
                if (period == 6)
                    config.erase("layer_types");
            }
            const auto shape = shapeFromConfig({{"model_type", "gemma4"}, {"text_config", config}}, "config.json");
            QVERIFY2(shape.ok(), shape.ok() ? "" : shape.error().arguments.back().c_str());
            QCOMPARE(shapeDifference(*shape, (*known)->shape), std::string());
            QCOMPARE(shape->parameters(), (*known)->shape.parameters());
        }
    }

    void gemma4WithoutWhatItNeeds()
    {
        json config = denseConfig("gemma4_text");
        config.update({{"num_hidden_layers", 6}, {"head_dim", 16}, {"global_head_dim", 32}, {"hidden_size_per_layer_input", 8},
            {"vocab_size_per_layer_input", 1000}, {"sliding_window", 64}});
        QVERIFY(shapeFromConfig(config, "config.json").ok());
        const auto refused = [&](const char *key, const json &value) {
            json changed = config;
            changed[key] = value;
            const auto shape = shapeFromConfig(changed, "config.json");
            return shape.ok() ? std::string() : shape.error().arguments.at(1);
        };
        QCOMPARE(refused("vocab_size_per_layer_input", 999), std::string("vocab_size_per_layer_input"));
        QCOMPARE(refused("per_layer_config", json::object()), std::string("per_layer_config"));
        QCOMPARE(refused("enable_moe_block", true), std::string("num_experts"));
        QCOMPARE(refused("num_kv_shared_layers", -1), std::string("num_kv_shared_layers"));
        QCOMPARE(refused("num_key_value_heads", nullptr), std::string("num_key_value_heads"));
        QCOMPARE(refused("rope_parameters", {{"full_attention", 3}}), std::string("full_attention"));
        QCOMPARE(refused("rope_parameters", {{"sliding_attention", {{"rope_theta", -1}}}}), std::string("rope_theta"));
        QCOMPARE(refused("layer_types", json::array({"full_attention"})), std::string("layer_types"));
        QCOMPARE(refused("final_logit_softcapping", "30"), std::string("final_logit_softcapping"));
        QVERIFY(!refused("num_kv_shared_layers", 6).empty());
        QVERIFY(!refused("global_head_dim", 33).empty());
    }

    void eachNeededFieldIsNamed()
    {
        for (const char *key : {"model_type", "num_hidden_layers", "max_position_embeddings", "hidden_size", "vocab_size",
                 "num_attention_heads", "rms_norm_eps"}) {
            json config = denseConfig("llama");
            config.erase(key);
            const auto missing = shapeFromConfig(config, "config.json");
            QVERIFY2(!missing.ok(), key);
            QCOMPARE(missing.error().code, ErrorCode::JsonField);
            QCOMPARE(missing.error().arguments, (std::vector<std::string>{"config.json", key, "missing"}));
            config[key] = json::array();
            const auto wrong = shapeFromConfig(config, "config.json");
            QVERIFY2(!wrong.ok(), key);
            QCOMPARE(wrong.error().arguments, (std::vector<std::string>{"config.json", key, "type"}));
        }
        for (const char *key : {"kv_lora_rank", "qk_rope_head_dim", "qk_nope_head_dim", "v_head_dim"}) {
            json config = latentConfig();
            config.erase(key);
            const auto missing = shapeFromConfig(config, "config.json");
            QVERIFY2(!missing.ok(), key);
            QCOMPARE(missing.error().arguments.at(1), std::string(key));
        }
    }

    void hostile_data()
    {
        QTest::addColumn<QString>("key");
        QTest::addColumn<QByteArray>("value");
        QTest::newRow("no layers") << "num_hidden_layers" << QByteArray("0");
        QTest::newRow("negative layers") << "num_hidden_layers" << QByteArray("-1");
        QTest::newRow("many layers") << "num_hidden_layers" << QByteArray("1000000000");
        QTest::newRow("huge width") << "hidden_size" << QByteArray("18446744073709551615");
        QTest::newRow("no heads") << "num_attention_heads" << QByteArray("0");
        QTest::newRow("part of a head") << "num_attention_heads" << QByteArray("2.5");
        QTest::newRow("uneven heads") << "num_key_value_heads" << QByteArray("3");
        QTest::newRow("negative head") << "head_dim" << QByteArray("-16");
        QTest::newRow("head as text") << "head_dim" << QByteArray("\"16\"");
        QTest::newRow("huge epsilon") << "rms_norm_eps" << QByteArray("1e300");
        QTest::newRow("unknown scaling") << "rope_scaling" << QByteArray(R"({"rope_type": "magic"})");
        QTest::newRow("scaling as list") << "rope_scaling" << QByteArray("[1]");
        QTest::newRow("kind of scaling as number") << "rope_scaling" << QByteArray(R"({"type": 1})");
        QTest::newRow("negative factor") << "rope_scaling" << QByteArray(R"({"type": "yarn", "factor": -4})");
        QTest::newRow("negative base") << "rope_parameters" << QByteArray(R"({"rope_theta": -1})");
        QTest::newRow("large share of a head") << "partial_rotary_factor" << QByteArray("1e8");
        QTest::newRow("too few layer types") << "layer_types" << QByteArray(R"(["full_attention"])");
        QTest::newRow("layer types as text") << "layer_types" << QByteArray("\"full_attention\"");
        QTest::newRow("text part as list") << "text_config" << QByteArray("[]");
        QTest::newRow("other architecture") << "model_type" << QByteArray("\"something\"");
        QTest::newRow("unknown gate") << "scoring_func" << QByteArray("[]");
    }

    void hostile()
    {
        QFETCH(QString, key);
        QFETCH(QByteArray, value);
        json config = denseConfig("llama");
        config[key.toStdString()] = json::parse(value.toStdString());
        const auto shape = shapeFromConfig(config, "config.json");
        QVERIFY(!shape.ok());
        const ErrorCode code = shape.error().code;
        QVERIFY(code == ErrorCode::JsonField || code == ErrorCode::ModelInvalid || code == ErrorCode::UnknownArchitecture);
    }

    void namesAreSorted()
    {
        const auto names = knownModelTypes();
        QVERIFY(std::is_sorted(names.begin(), names.end()));
        for (const json &odd : {json(), json::array(), json("text"), json(1)})
            QVERIFY(!shapeFromConfig(odd, "config.json").ok());
    }
};

QTEST_GUILESS_MAIN(TestConfigJson)
#include "tst_config_json.moc"
