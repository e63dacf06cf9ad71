// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "reference_rope.h"

#include <utility>

/// Attention of one layer over all tokens so far, every head with keys and values of its own, as it was trained.
class ReferenceAttention
{
public:
    using Row = ReferenceFile::Row;

    ReferenceAttention(ReferenceFile &file, const ReferenceTraits &traits, size_t layer, size_t context)
        : m_file(file), m_traits(traits), m_layer(layer), m_local(isLocal(file, traits, layer)), m_rope(file, traits, m_local, context)
    {
        m_heads = file.countAt("attention.head_count", layer);
        m_kvHeads = file.countAt("attention.head_count_kv", layer, m_heads);
        m_keyDim = file.count("attention.key_length", file.count("embedding_length") / std::max<size_t>(m_heads, 1));
        if (m_local)
            m_keyDim = file.count("attention.key_length_swa", m_keyDim);
        m_latent = file.is("deepseek2");
        if (m_latent) {
            m_kvHeads = m_heads;
            m_keyDim = file.count("attention.key_length_mla", m_keyDim);
        }
        m_window = m_local ? file.count("attention.sliding_window") : 0;
        m_scale = file.is("gemma4") ? 1 : file.real("attention.scale", 1 / std::sqrt(double(m_keyDim)));
        if (m_latent && file.text("rope.scaling.type") == "yarn")
            m_scale *= std::pow(1 + file.real("rope.scaling.yarn_log_multiplier") * std::log(file.real("rope.scaling.factor")), 2);
    }

    /// Whether it sees a window.
    bool local() const { return m_local; }

    /// Reads keys and values of that earlier layer instead of its own.
    void share(const ReferenceAttention &owner) { m_owner = &owner; }

    Row apply(const Row &x, double position)
    {
        m_gates.clear();
        const std::vector<Row> queries = m_latent ? latentQueries(x, position) : plainQueries(x, position);
        if (m_latent)
            addLatent(x, position);
        else if (!m_owner)
            addPlain(x, position);
        Row out;
        for (size_t head = 0; head < m_heads; ++head) {
            Row seen = attend(queries[head], head, scaleAt(position));
            for (size_t i = 0; i < seen.size() && !m_gates.empty(); ++i)
                seen[i] *= ReferenceFile::sigmoid(m_gates[head][i]);
            out.insert(out.end(), seen.begin(), seen.end());
        }
        return m_file.multiply(name("attn_output"), out);
    }

private:
    std::string name(const std::string &rest) const { return ReferenceFile::name(m_layer, rest); }

    static std::vector<Row> split(const Row &all, size_t parts)
    {
        std::vector<Row> rows;
        for (size_t i = 0; i < parts; ++i)
            rows.push_back(ReferenceFile::part(all, i * (all.size() / parts), all.size() / parts));
        return rows;
    }

    /// Part of the joined projection, in units of heads, or a projection of its own.
    std::vector<Row> raw(const std::string &which, size_t first, size_t count, const Row &x)
    {
        if (!m_file.tensor(name("attn_qkv.weight")))
            return split(m_file.multiply(name(which), x), count);
        const std::vector<Row> all = split(m_file.multiply(name("attn_qkv"), x), m_heads + 2 * m_kvHeads);
        return {all.begin() + std::ptrdiff_t(first), all.begin() + std::ptrdiff_t(first + count)};
    }

    /// Heads of queries or keys: normed, over the whole row or each, and turned, in the order of the family.
    std::vector<Row> prepared(std::vector<Row> heads, const std::string &which, double position)
    {
        const std::string weightName = name(which + ".weight");
        const std::vector<float> *const weight = m_file.tensor(weightName);
        const size_t width = heads.size() * m_keyDim;
        const bool wholeRow = weight && m_file.dims(weightName)[0] == width;
        if (wholeRow) {
            Row all;
            for (const Row &head : heads)
                all.insert(all.end(), head.begin(), head.end());
            heads = split(m_file.normBy(all, weight), heads.size());
        }
        for (size_t h = 0; h < heads.size(); ++h) {
            if (m_traits.normAfterRope)
                m_rope.turn(heads[h], 0, position);
            if (weight && !wholeRow)
                heads[h] = m_file.normBy(heads[h], weight, weight->size() == width ? h * m_keyDim : 0);
            else if (m_traits.plainHeadNorm && m_rope.rotates())
                heads[h] = m_file.normBy(heads[h], nullptr);
            if (!m_traits.normAfterRope)
                m_rope.turn(heads[h], 0, position);
        }
        return heads;
    }

    /// Where the projection is twice as long, each head's gate follows its query.
    std::vector<Row> plainQueries(const Row &x, double position)
    {
        std::vector<Row> heads = raw("attn_q", 0, m_heads, x);
        for (Row &head : heads) {
            if (head.size() != 2 * m_keyDim)
                continue;
            m_gates.push_back(ReferenceFile::part(head, m_keyDim, m_keyDim));
            head.resize(m_keyDim);
        }
        return prepared(std::move(heads), "attn_q_norm", position);
    }

    void addPlain(const Row &x, double position)
    {
        m_keys.push_back(prepared(raw("attn_k", m_heads, m_kvHeads, x), "attn_k_norm", position));
        const bool own = m_file.tensor(name("attn_v.weight")) || m_file.tensor(name("attn_qkv.weight"));
        m_values.push_back(raw(own ? "attn_v" : "attn_k", m_heads + m_kvHeads, m_kvHeads, x));
        if (m_file.is("gemma4"))
            for (Row &value : m_values.back())
                value = m_file.normBy(value, nullptr);
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
        const size_t rank = m_file.count("attention.kv_lora_rank");
        const Row latent = m_file.norm(ReferenceFile::part(both, 0, rank), name("attn_kv_a_norm"));
        Row turned = ReferenceFile::part(both, rank, both.size() - rank);
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
            return {ReferenceFile::part(all, 0, unturned), ReferenceFile::part(all, unturned, all.size() - unturned)};
        }
        // The keys' projection lies transposed in the file.
        const std::vector<float> &kB = *m_file.tensor(name("attn_k_b.weight"));
        Row key(unturned);
        for (size_t r = 0; r < latent.size(); ++r)
            for (size_t i = 0; i < unturned; ++i)
                key[i] += double(kB[(head * latent.size() + r) * unturned + i]) * latent[r];
        return {key, m_file.multiply(name("attn_v_b"), latent, head, m_heads)};
    }

    double scaleAt(double position) const
    {
        if (m_traits.temperature == 0 || (m_traits.temperatureInGlobalOnly && m_local))
            return m_scale;
        const double steps = std::floor((position + double(m_traits.temperatureOffset)) / double(m_traits.temperatureLength));
        return m_scale * (1 + m_traits.temperature * std::log(1 + steps));
    }

    Row attend(const Row &query, size_t head, double scale)
    {
        const std::vector<std::vector<Row>> &keys = m_owner ? m_owner->m_keys : m_keys;
        const std::vector<std::vector<Row>> &values = m_owner ? m_owner->m_values : m_values;
        const size_t shared = head / (m_heads / m_kvHeads);
        const size_t first = m_window > 0 && keys.size() > m_window ? keys.size() - m_window : 0;
        const double cap = m_traits.scoreCap;
        const std::vector<float> *const sinks = m_file.tensor(name("attn_sinks.weight"));
        double sum = sinks ? std::exp(double((*sinks)[head])) : 0;
        Row out(values[0][shared].size());
        for (size_t cell = first; cell < keys.size(); ++cell) {
            const double score = scale * ReferenceFile::dot(query, keys[cell][shared]);
            const double weight = std::exp(cap > 0 ? cap * std::tanh(score / cap) : score);
            sum += weight;
            ReferenceFile::add(out, values[cell][shared], weight);
        }
        return ReferenceFile::scaled(out, 1 / sum);
    }

    ReferenceFile &m_file;
    const ReferenceTraits &m_traits;
    size_t m_layer;
    bool m_local;
    ReferenceRope m_rope;
    bool m_latent = false;
    size_t m_heads = 0, m_kvHeads = 0, m_keyDim = 0, m_window = 0;
    double m_scale = 1;
    const ReferenceAttention *m_owner = nullptr;
    std::vector<Row> m_gates;                         // of the token at hand, per head
    std::vector<std::vector<Row>> m_keys, m_values;   // [position][kv head]
};
