// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "reference_rope.h"

#include <optional>

/// Attention of one layer over all tokens so far, every head with keys and values of its own, as it was trained.
class ReferenceAttention
{
public:
    using Row = ReferenceFile::Row;

    ReferenceAttention(ReferenceFile &file, size_t layer, size_t context)
        : m_file(file), m_layer(layer), m_local(isLocal(file, layer)), m_rope(file, m_local, context)
    {
        m_heads = file.count("attention.head_count");
        m_kvHeads = file.count("attention.head_count_kv", m_heads);
        m_keyDim = file.count("attention.key_length");
        m_latent = file.is("deepseek2");
        if (m_latent) {
            m_kvHeads = m_heads;
            m_keyDim = file.count("attention.key_length_mla", m_keyDim);
        }
        m_window = m_local ? file.count("attention.sliding_window") : 0;
        m_scale = 1 / std::sqrt(double(m_keyDim));
        if (m_latent && file.text("rope.scaling.type") == "yarn")
            m_scale *= std::pow(1 + file.real("rope.scaling.yarn_log_multiplier") * std::log(file.real("rope.scaling.factor")), 2);
    }

    Row apply(const Row &x, double position)
    {
        const std::vector<Row> queries = m_latent ? latentQueries(x, position) : heads("attn_q", 0, m_heads, x, position);
        if (m_latent)
            addLatent(x, position);
        else
            addPlain(x, position);
        Row out;
        for (size_t head = 0; head < m_heads; ++head) {
            const Row seen = attend(queries[head], head);
            out.insert(out.end(), seen.begin(), seen.end());
        }
        return m_file.multiply(name("attn_output"), out);
    }

private:
    std::string name(const std::string &rest) const { return ReferenceFile::name(m_layer, rest); }

    static bool isLocal(ReferenceFile &file, size_t layer)
    {
        const size_t period = file.is("gemma2") || file.is("gpt-oss") ? 2 : file.is("gemma3") ? 6 : 1;
        const size_t named = file.count("attention.sliding_window_pattern", period);
        return file.has("attention.sliding_window") && layer % named + 1 < named;
    }

    static std::vector<Row> split(const Row &all, size_t parts)
    {
        std::vector<Row> rows;
        const size_t width = all.size() / parts;
        for (size_t i = 0; i < parts; ++i)
            rows.emplace_back(all.begin() + std::ptrdiff_t(i * width), all.begin() + std::ptrdiff_t((i + 1) * width));
        return rows;
    }

    /// Part of the joined projection, in units of heads, or a projection of its own; normed where the model does that, and turned.
    std::vector<Row> heads(const std::string &which, size_t first, size_t count, const Row &x, double position)
    {
        std::vector<Row> rows = raw(which, first, count, x);
        const std::vector<float> *const headNorm = m_file.tensor(name(which + "_norm.weight"));
        for (Row &row : rows) {
            if (headNorm)
                row = m_file.norm(row, headNorm);
            m_rope.turn(row, 0, position);
        }
        return rows;
    }

    std::vector<Row> raw(const std::string &which, size_t first, size_t count, const Row &x)
    {
        if (!m_file.tensor(name("attn_qkv.weight")))
            return split(m_file.multiply(name(which), x), count);
        const std::vector<Row> all = split(m_file.multiply(name("attn_qkv"), x), m_heads + 2 * m_kvHeads);
        return {all.begin() + std::ptrdiff_t(first), all.begin() + std::ptrdiff_t(first + count)};
    }

    void addPlain(const Row &x, double position)
    {
        m_keys.push_back(heads("attn_k", m_heads, m_kvHeads, x, position));
        m_values.push_back(raw("attn_v", m_heads + m_kvHeads, m_kvHeads, x));
    }

    std::vector<Row> latentQueries(const Row &x, double position)
    {
        Row all;
        if (m_file.tensor(name("attn_q_a.weight")))
            all = m_file.multiply(name("attn_q_b"), m_file.norm(m_file.multiply(name("attn_q_a"), x), name("attn_q_a_norm")));
        else
            all = m_file.multiply(name("attn_q"), x);
        std::vector<Row> rows = split(all, m_heads);
        for (Row &row : rows)
            m_rope.turn(row, m_keyDim - m_file.count("rope.dimension_count"), position);
        return rows;
    }

    /// Keys and values of every head, projected up from the latent.
    void addLatent(const Row &x, double position)
    {
        const Row both = m_file.multiply(name("attn_kv_a_mqa"), x);
        const auto cut = both.begin() + std::ptrdiff_t(m_file.count("attention.kv_lora_rank"));
        const Row latent = m_file.norm(Row(both.begin(), cut), name("attn_kv_a_norm"));
        Row turned(cut, both.end());
        m_rope.turn(turned, 0, position);
        std::vector<Row> keys, values;
        for (size_t head = 0; head < m_heads; ++head) {
            auto [key, value] = projectedUp(latent, head, m_keyDim - turned.size());
            key.insert(key.end(), turned.begin(), turned.end());
            keys.push_back(key);
            values.push_back(value);
        }
        m_keys.push_back(keys);
        m_values.push_back(values);
    }

    std::pair<Row, Row> projectedUp(const Row &latent, size_t head, size_t unturned)
    {
        if (m_file.tensor(name("attn_kv_b.weight"))) {
            const Row all = m_file.multiply(name("attn_kv_b"), latent, head, m_heads);
            const auto cut = all.begin() + std::ptrdiff_t(unturned);
            return {Row(all.begin(), cut), Row(cut, all.end())};
        }
        // The keys' projection lies transposed in the file.
        const std::vector<float> &kB = *m_file.tensor(name("attn_k_b.weight"));
        Row key(unturned);
        for (size_t r = 0; r < latent.size(); ++r)
            for (size_t i = 0; i < unturned; ++i)
                key[i] += double(kB[(head * latent.size() + r) * unturned + i]) * latent[r];
        return {key, m_file.multiply(name("attn_v_b"), latent, head, m_heads)};
    }

    Row attend(const Row &query, size_t head)
    {
        const size_t shared = head / (m_heads / m_kvHeads);
        const size_t first = m_window > 0 && m_keys.size() > m_window ? m_keys.size() - m_window : 0;
        const double cap = m_file.is("gemma2") ? m_file.real("attn_logit_softcapping", 50.0) : 0;
        const std::vector<float> *const sinks = m_file.tensor(name("attn_sinks.weight"));
        double sum = sinks ? std::exp(double((*sinks)[head])) : 0;
        Row out(m_values[0][shared].size());
        for (size_t cell = first; cell < m_keys.size(); ++cell) {
            double score = 0;
            for (size_t i = 0; i < query.size(); ++i)
                score += m_scale * query[i] * m_keys[cell][shared][i];
            const double weight = std::exp(cap > 0 ? cap * std::tanh(score / cap) : score);
            sum += weight;
            ReferenceFile::add(out, m_values[cell][shared], weight);
        }
        for (double &v : out)
            v /= sum;
        return out;
    }

    ReferenceFile &m_file;
    size_t m_layer;
    bool m_local;
    ReferenceRope m_rope;
    bool m_latent = false;
    size_t m_heads = 0, m_kvHeads = 0, m_keyDim = 0, m_window = 0;
    double m_scale = 1;
    std::vector<std::vector<Row>> m_keys, m_values;   // [position][kv head]
};
