// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "reference_attention.h"
#include "reference_ffn.h"

/// Transformers as the papers write them, in double precision, token after token, straight from the file: llama, qwen2, qwen3, qwen3moe,
/// gemma2, gemma3, gpt-oss, phi3, glm4moe, deepseek2.
class ReferenceForward
{
public:
    using Row = ReferenceFile::Row;

    explicit ReferenceForward(const std::string &path) : m_file(path) {}

    /// Logits after every token. `context`: what the run has room for, where that decides; absent: just these.
    std::vector<Row> logits(const std::vector<int32_t> &tokens, size_t context = 0)
    {
        const size_t layers = m_file.count("block_count") - m_file.count("nextn_predict_layers");
        const bool gemma = m_file.architecture().starts_with("gemma");
        const bool namedPost = m_file.is("gpt-oss") || m_file.is("glm4moe");
        std::vector<ReferenceAttention> attention;
        for (size_t layer = 0; layer < layers; ++layer)
            attention.emplace_back(m_file, layer, context > 0 ? context : tokens.size());
        ReferenceFfn ffn(m_file);
        const auto name = ReferenceFile::name;
        std::vector<Row> all;
        for (size_t position = 0; position < tokens.size(); ++position) {
            Row x = m_file.row("token_embd.weight", size_t(tokens[position]));
            if (gemma)
                ReferenceFile::add(x, x, std::sqrt(double(x.size())) - 1);
            for (size_t layer = 0; layer < layers; ++layer) {
                const Row mixed = attention[layer].apply(m_file.norm(x, name(layer, "attn_norm")), double(position));
                ReferenceFile::add(x, gemma ? m_file.norm(mixed, name(layer, "post_attention_norm")) : mixed);
                const Row fed = ffn.apply(layer, m_file.norm(x, name(layer, namedPost ? "post_attention_norm" : "ffn_norm")));
                ReferenceFile::add(x, gemma ? m_file.norm(fed, name(layer, "post_ffw_norm")) : fed);
            }
            all.push_back(output(x));
        }
        return all;
    }

private:
    Row output(const Row &x)
    {
        const bool tied = !m_file.tensor("output.weight");
        Row logits = m_file.multiply(tied ? "token_embd" : "output", m_file.norm(x, "output_norm"));
        if (const double cap = m_file.real("final_logit_softcapping", m_file.is("gemma2") ? 30.0 : 0.0); cap > 0)
            for (double &v : logits)
                v = cap * std::tanh(v / cap);
        return logits;
    }

    ReferenceFile m_file;
};
