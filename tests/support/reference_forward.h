// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "reference_attention.h"
#include "reference_ffn.h"
#include "reference_recurrent.h"

/// Models of every family as the papers write them, in double precision, token after token, straight from the file.
class ReferenceForward
{
public:
    using Row = ReferenceFile::Row;

    explicit ReferenceForward(const std::string &path) : m_file(path), m_traits(traitsOf(m_file)) {}

    /// Logits after every token, [tokens, vocabulary]. `context`: what the run has room for, where that decides; absent: just these.
    std::vector<float> logits(const std::vector<int32_t> &tokens, size_t context = 0)
    {
        begin(context > 0 ? context : tokens.size());
        std::vector<float> all;
        for (size_t position = 0; position < tokens.size(); ++position) {
            Row x = ReferenceFile::scaled(m_file.row("token_embd.weight", size_t(tokens[position])), m_traits.embeddingScale);
            const std::vector<Row> inputs = layerInputs(size_t(tokens[position]), x);
            for (size_t layer = 0; layer < m_layers; ++layer) {
                runLayer(layer, double(position), x);
                if (!inputs.empty())
                    addLayerInput(layer, inputs[layer], x);
                if (const std::vector<float> *scale = m_file.tensor(ReferenceFile::name(layer, "layer_output_scale.weight")))
                    x = ReferenceFile::scaled(x, double((*scale)[0]));
            }
            const Row last = output(x);
            all.insert(all.end(), last.begin(), last.end());
        }
        return all;
    }

private:
    void begin(size_t context)
    {
        m_layers = m_file.count("block_count") - m_file.count("nextn_predict_layers");
        m_attention.clear();
        m_recurrent.clear();
        for (size_t layer = 0; layer < m_layers; ++layer) {
            m_attention.emplace_back(m_file, m_traits, layer, context);
            m_recurrent.emplace_back(m_file, layer);
        }
        const size_t firstShared = m_layers - m_file.count("attention.shared_kv_layers");
        for (size_t layer = firstShared; layer < m_layers; ++layer)
            m_attention[layer].share(m_attention[firstShared - (m_attention[layer].local() ? 2 : 1)]);
    }

    /// The norm of the FFN's input has a name of its own, or that of attention's post norm; where there is none, a model with norms behind
    /// takes the row as it is, a parallel block what attention read, and a layer without a mixer the only norm there is.
    void runLayer(size_t layer, double position, Row &x)
    {
        const auto named = [&](const char *rest) { return ReferenceFile::name(layer, rest); };
        const auto has = [&](const char *rest) { return m_file.tensor(named(rest)) != nullptr; };
        const Row normed = m_file.norm(x, named("attn_norm"));
        const bool own = has("ffn_norm.weight") || !has("attn_norm.weight");
        const bool namedPost = !own && has("post_attention_norm.weight");
        Row input = normed;
        if (m_recurrent[layer].there() || has("attn_output.weight")) {
            const Row mixed = m_recurrent[layer].there() ? m_recurrent[layer].apply(normed) : m_attention[layer].apply(normed, position);
            addTo(x, namedPost ? mixed : m_file.norm(mixed, named("post_attention_norm")));
            if (own || namedPost)
                input = m_file.norm(x, named(namedPost ? "post_attention_norm" : "ffn_norm"));
        }
        ReferenceFfn ffn(m_file, m_traits);
        if (has("post_ffw_norm_1.weight"))
            addTo(x, m_file.norm(ffn.beside(layer, x), named("post_ffw_norm")));
        else if (has("ffn_down.weight") || has("ffn_down_exps.weight"))
            addTo(x, m_file.norm(ffn.apply(layer, input), named("post_ffw_norm")));
    }

    void addTo(Row &x, const Row &y) { ReferenceFile::add(x, y, m_file.real("residual_scale", 1)); }

    /// What each layer takes of its own: a row of a table and a projection of the embedding, halved in energy.
    std::vector<Row> layerInputs(size_t token, const Row &x)
    {
        std::vector<Row> parts;
        if (!m_file.tensor("per_layer_token_embd.weight"))
            return parts;
        const Row table = m_file.row("per_layer_token_embd.weight", token);
        const Row projected = ReferenceFile::scaled(m_file.multiply("per_layer_model_proj", x), 1 / std::sqrt(double(x.size())));
        const size_t width = table.size() / m_layers;
        for (size_t layer = 0; layer < m_layers; ++layer) {
            Row part = m_file.norm(ReferenceFile::part(projected, layer * width, width), "per_layer_proj_norm");
            ReferenceFile::add(part, ReferenceFile::part(table, layer * width, width), std::sqrt(double(width)));
            parts.push_back(ReferenceFile::scaled(part, std::sqrt(0.5)));
        }
        return parts;
    }

    void addLayerInput(size_t layer, const Row &input, Row &x)
    {
        const auto named = [&](const char *rest) { return ReferenceFile::name(layer, rest); };
        Row gate = m_file.multiply(named("inp_gate"), x);
        for (size_t i = 0; i < gate.size(); ++i)
            gate[i] = ReferenceFfn::gelu(gate[i]) * input[i];
        ReferenceFile::add(x, m_file.norm(m_file.multiply(named("proj"), gate), named("post_norm")));
    }

    Row output(const Row &x)
    {
        const bool tied = !m_file.tensor("output.weight");
        const bool namedEmbedding = m_file.tensor("token_embd_norm.weight") != nullptr;
        const Row normed = m_file.norm(x, namedEmbedding ? "token_embd_norm" : "output_norm");
        Row logits = ReferenceFile::scaled(m_file.multiply(tied ? "token_embd" : "output", normed), m_traits.logitScale);
        for (double &v : logits)
            v = m_traits.softcap > 0 ? m_traits.softcap * std::tanh(v / m_traits.softcap) : v;
        return logits;
    }

    ReferenceFile m_file;
    ReferenceTraits m_traits;
    size_t m_layers = 0;
    std::vector<ReferenceAttention> m_attention;
    std::vector<ReferenceRecurrent> m_recurrent;
};
