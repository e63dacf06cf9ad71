// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <plimsoll/gguf/gguf.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>
#include <numeric>
#include <string>
#include <vector>

/// What sets a family apart, said by the test that uses it.
struct FamilyTraits
{
    bool halves = true;              // RoPE turns halves, not neighbours
    bool layerNorm = false;
    bool gelu = false;
    bool normalizeExperts = true;
    bool sigmoidRouter = false;
    bool weightedInput = false;      // router weights multiply the input of an expert
    bool normAfterRope = false;
    bool plainHeadNorm = false;      // of rotated layers
    size_t window = 0;               // of layers that are not global
    size_t globalEvery = 0;          // each so many layers sees all; 0: all do
    bool globalWithoutRope = false;
    double attentionScale = 0;       // 0: 1/sqrt(head)
    double residualScale = 1;
    double embeddingScale = 1;
    double logitScale = 1;
    double temperature = 0;
    size_t temperatureLength = 1;
    size_t temperatureOffset = 0;
    bool temperatureInGlobalOnly = false;
    double ropeBase = 500;
};

/// Transformers of many families in double precision, token after token, straight from a float32 file. Which norms, biases, gates and
/// experts there are follows from the tensors that are there. It shares nothing with the engine but the reading of the header.
class ReferenceFamilies
{
public:
    using Row = std::vector<double>;

    ReferenceFamilies(const std::string &path, const FamilyTraits &traits)
        : m_header(*plimsoll::gguf::readHeader(path)), m_file(path, std::ios::binary), m_traits(traits)
    {
        m_architecture = std::string(**m_header.stringAt("general.architecture"));
        m_heads = count("attention.head_count");
        m_kvHeads = count("attention.head_count_kv");
        m_headDim = count("attention.key_length");
        m_rotated = count("rope.dimension_count");
        m_layers = count("block_count");
        m_used = m_header.unsignedAt(m_architecture + ".expert_used_count").value() ? count("expert_used_count") : 0;
        m_epsilon = **m_header.realAt(
            m_architecture + (traits.layerNorm ? ".attention.layer_norm_epsilon" : ".attention.layer_norm_rms_epsilon"));
    }

    /// Logits after every token, [tokens, vocabulary].
    std::vector<float> logits(const std::vector<int32_t> &tokens)
    {
        m_keys.assign(m_layers, {});
        m_values.assign(m_layers, {});
        std::vector<float> all;
        for (size_t position = 0; position < tokens.size(); ++position) {
            Row x = row("token_embd.weight", size_t(tokens[position]));
            for (double &v : x)
                v *= m_traits.embeddingScale;
            for (size_t layer = 0; layer < m_layers; ++layer)
                runLayer(layer, position, x);
            const bool tied = !has("output.weight");
            for (const double v : multiply(tied ? "token_embd" : "output", norm(x, "output_norm")))
                all.push_back(float(v * m_traits.logitScale + 0.0));
        }
        return all;
    }

private:
    size_t count(const std::string &key) { return size_t(**m_header.unsignedAt(m_architecture + "." + key)); }
    std::string name(size_t layer, const std::string &rest) const { return "blk." + std::to_string(layer) + "." + rest; }
    bool has(const std::string &tensorName) const { return m_header.tensor(tensorName) != nullptr; }
    bool global(size_t layer) const { return m_traits.globalEvery == 0 || (layer + 1) % m_traits.globalEvery == 0; }
    bool rotates(size_t layer) const { return !(m_traits.globalEvery > 0 && global(layer) && m_traits.globalWithoutRope); }

    const std::vector<float> &tensor(const std::string &tensorName)
    {
        std::vector<float> &values = m_tensors[tensorName];
        if (values.empty()) {
            const plimsoll::gguf::TensorInfo *const info = m_header.tensor(tensorName);
            values.resize(info->elements());
            m_file.seekg(std::streamoff(info->offset));
            m_file.read(reinterpret_cast<char *>(values.data()), std::streamsize(values.size() * sizeof(float)));
        }
        return values;
    }

    Row row(const std::string &tensorName, size_t index)
    {
        const size_t width = m_header.tensor(tensorName)->dims[0];
        const std::vector<float> &all = tensor(tensorName);
        return Row(all.begin() + std::ptrdiff_t(index * width), all.begin() + std::ptrdiff_t((index + 1) * width));
    }

    /// Matrix `expert` of a stack, or the only one, with its bias where there is one.
    Row multiply(const std::string &matrix, const Row &x, size_t expert = 0)
    {
        const std::vector<float> &weights = tensor(matrix + ".weight");
        const size_t rows = m_header.tensor(matrix + ".weight")->dims[1];
        Row out(rows);
        for (size_t r = 0; r < rows; ++r)
            for (size_t i = 0; i < x.size(); ++i)
                out[r] += double(weights[(expert * rows + r) * x.size() + i]) * x[i];
        if (has(matrix + ".bias"))
            for (size_t r = 0; r < rows; ++r)
                out[r] += double(tensor(matrix + ".bias")[r]);
        return out;
    }

    /// With `weight` beginning at `offset`; null: without weights.
    Row norm(const Row &x, const std::vector<float> *weight, size_t offset, const std::vector<float> *bias, bool layerNorm) const
    {
        const double n = double(x.size());
        const double mean = layerNorm ? std::accumulate(x.begin(), x.end(), 0.0) / n : 0.0;
        double squares = 0;
        for (const double v : x)
            squares += (v - mean) * (v - mean);
        const double scale = 1.0 / std::sqrt(squares / n + m_epsilon);
        Row out(x.size());
        for (size_t i = 0; i < x.size(); ++i)
            out[i] = (x[i] - mean) * scale * (weight ? double((*weight)[offset + i]) : 1.0) + (bias ? double((*bias)[i]) : 0.0);
        return out;
    }

    /// The input itself where there is no such norm.
    Row norm(const Row &x, const std::string &which)
    {
        if (!has(which + ".weight"))
            return x;
        const std::vector<float> *const bias = has(which + ".bias") ? &tensor(which + ".bias") : nullptr;
        return norm(x, &tensor(which + ".weight"), 0, bias, m_traits.layerNorm);
    }

    void runLayer(size_t layer, size_t position, Row &x)
    {
        const Row normed = norm(x, name(layer, "attn_norm"));
        Row mixed = attention(layer, normed, position);
        const bool behind = has(name(layer, "ffn_norm.weight")) || !has(name(layer, "attn_norm.weight"));
        const bool named = !behind && has(name(layer, "post_attention_norm.weight"));
        if (!named)
            mixed = norm(mixed, name(layer, "post_attention_norm"));
        const bool parallel = !behind && !named;
        add(x, mixed);
        const Row input = parallel ? normed : norm(x, name(layer, named ? "post_attention_norm" : "ffn_norm"));
        add(x, norm(ffn(layer, input), name(layer, "post_ffw_norm")));
    }

    void add(Row &x, const Row &y) const
    {
        for (size_t i = 0; i < x.size(); ++i)
            x[i] += m_traits.residualScale * y[i];
    }

    void rotate(Row &head, size_t position) const
    {
        for (size_t i = 0; i < m_rotated / 2; ++i) {
            const double angle = double(position) * std::pow(m_traits.ropeBase, -2.0 * double(i) / double(m_rotated));
            double &a = head[m_traits.halves ? i : 2 * i];
            double &b = head[m_traits.halves ? i + m_rotated / 2 : 2 * i + 1];
            const double turned = a * std::cos(angle) - b * std::sin(angle);
            b = a * std::sin(angle) + b * std::cos(angle);
            a = turned;
        }
    }

    /// The heads of queries or keys, normed and rotated.
    std::vector<Row> prepared(size_t layer, Row all, const std::string &which, size_t position)
    {
        const std::string weight = name(layer, which + ".weight");
        const plimsoll::gguf::TensorInfo *const info = m_header.tensor(weight);
        const bool wholeRow = info && info->dims[0] == all.size();
        const bool each = info && !wholeRow && info->dims[1] > 1;
        if (wholeRow)
            all = norm(all, &tensor(weight), 0, nullptr, m_traits.layerNorm);
        std::vector<Row> heads;
        for (size_t at = 0; at < all.size(); at += m_headDim) {
            Row head(all.begin() + std::ptrdiff_t(at), all.begin() + std::ptrdiff_t(at + m_headDim));
            if (m_traits.normAfterRope && rotates(layer))
                rotate(head, position);
            if (info && !wholeRow)
                head = norm(head, &tensor(weight), each ? at : 0, nullptr, m_traits.layerNorm);
            else if (m_traits.plainHeadNorm && rotates(layer))
                head = norm(head, nullptr, 0, nullptr, false);
            if (!m_traits.normAfterRope && rotates(layer))
                rotate(head, position);
            heads.push_back(head);
        }
        return heads;
    }

    Row attention(size_t layer, const Row &x, size_t position)
    {
        Row q, k, v;
        if (has(name(layer, "attn_qkv.weight"))) {
            const Row all = multiply(name(layer, "attn_qkv"), x);
            const auto keys = all.begin() + std::ptrdiff_t(m_heads * m_headDim);
            const auto values = keys + std::ptrdiff_t(m_kvHeads * m_headDim);
            q.assign(all.begin(), keys);
            k.assign(keys, values);
            v.assign(values, all.end());
        } else {
            q = multiply(name(layer, "attn_q"), x);
            k = multiply(name(layer, "attn_k"), x);
            v = multiply(name(layer, "attn_v"), x);
        }
        m_keys[layer].push_back(prepared(layer, k, "attn_k_norm", position));
        m_values[layer].push_back(v);
        const std::vector<Row> queries = prepared(layer, q, "attn_q_norm", position);
        Row out(m_heads * m_headDim);
        for (size_t head = 0; head < m_heads; ++head)
            attend(layer, head, queries[head], position, out);
        return multiply(name(layer, "attn_output"), out);
    }

    double scale(size_t layer, size_t position) const
    {
        const double plain = m_traits.attentionScale != 0 ? m_traits.attentionScale : 1.0 / std::sqrt(double(m_headDim));
        if (m_traits.temperature == 0 || (m_traits.temperatureInGlobalOnly && !global(layer)))
            return plain;
        const size_t steps = (position + m_traits.temperatureOffset) / m_traits.temperatureLength;
        return plain * (1.0 + m_traits.temperature * std::log(1.0 + double(steps)));
    }

    void attend(size_t layer, size_t head, const Row &query, size_t position, Row &out) const
    {
        const size_t shared = head / (m_heads / m_kvHeads);
        const bool all = m_traits.window == 0 || global(layer) || position + 1 <= m_traits.window;
        const size_t first = all ? 0 : position + 1 - m_traits.window;
        Row weights;
        double sum = 0;
        for (size_t cell = first; cell <= position; ++cell) {
            double score = 0;
            for (size_t i = 0; i < m_headDim; ++i)
                score += query[i] * m_keys[layer][cell][shared][i];
            weights.push_back(std::exp(score * scale(layer, position)));
            sum += weights.back();
        }
        for (size_t cell = first; cell <= position; ++cell)
            for (size_t i = 0; i < m_headDim; ++i)
                out[head * m_headDim + i] += weights[cell - first] / sum * m_values[layer][cell][shared * m_headDim + i];
    }

    double activated(double x) const
    {
        if (!m_traits.gelu)
            return x / (1.0 + std::exp(-x));
        return 0.5 * x * (1.0 + std::tanh(std::sqrt(2.0 / 3.14159265358979323846) * (x + 0.044715 * x * x * x)));
    }

    /// down(act(gate) · up), gate and up apart or in one matrix; down(act(up)) where the FFN has no gate.
    Row mlp(size_t layer, const std::string &suffix, const Row &x, size_t expert = 0)
    {
        Row up = multiply(name(layer, "ffn_up" + suffix), x, expert);
        Row inner = up;
        if (has(name(layer, "ffn_gate" + suffix + ".weight"))) {
            inner = multiply(name(layer, "ffn_gate" + suffix), x, expert);
        } else if (up.size() == 2 * m_header.tensor(name(layer, "ffn_down" + suffix + ".weight"))->dims[0]) {
            inner.assign(up.begin(), up.begin() + std::ptrdiff_t(up.size() / 2));
            up.erase(up.begin(), up.begin() + std::ptrdiff_t(up.size() / 2));
        } else {
            up.assign(up.size(), 1.0);
        }
        for (size_t i = 0; i < inner.size(); ++i)
            inner[i] = activated(inner[i]) * up[i];
        return multiply(name(layer, "ffn_down" + suffix), inner, expert);
    }

    Row ffn(size_t layer, const Row &x)
    {
        if (!has(name(layer, "ffn_gate_inp.weight")))
            return mlp(layer, "", x);
        Row out(x.size());
        routed(layer, x, out);
        if (!has(name(layer, "ffn_up_shexp.weight")))
            return out;
        const Row shared = mlp(layer, "_shexp", x);
        double weight = 1;
        if (has(name(layer, "ffn_gate_inp_shexp.weight")))
            weight = 1.0 / (1.0 + std::exp(-multiply(name(layer, "ffn_gate_inp_shexp"), x)[0]));
        for (size_t i = 0; i < out.size(); ++i)
            out[i] += weight * shared[i];
        return out;
    }

    void routed(size_t layer, const Row &x, Row &out)
    {
        Row probability = multiply(name(layer, "ffn_gate_inp"), x);
        double sum = 0;
        for (double &p : probability)
            sum += p = m_traits.sigmoidRouter ? 1.0 / (1.0 + std::exp(-p)) : std::exp(p);
        if (!m_traits.sigmoidRouter)
            for (double &p : probability)
                p /= sum;
        Row score = probability;
        if (has(name(layer, "exp_probs_b.bias")))
            for (size_t i = 0; i < score.size(); ++i)
                score[i] += double(tensor(name(layer, "exp_probs_b.bias"))[i]);
        std::vector<size_t> order(score.size());
        std::iota(order.begin(), order.end(), size_t(0));
        std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return score[a] > score[b]; });
        order.resize(m_used);
        double chosen = 0;
        for (const size_t expert : order)
            chosen += probability[expert];
        for (const size_t expert : order) {
            const double weight = probability[expert] / (m_traits.normalizeExperts ? chosen : 1.0);
            Row input = x;
            for (double &v : input)
                v *= m_traits.weightedInput ? weight : 1.0;
            const Row result = mlp(layer, "_exps", input, expert);
            for (size_t i = 0; i < out.size(); ++i)
                out[i] += (m_traits.weightedInput ? 1.0 : weight) * result[i];
        }
    }

    plimsoll::gguf::Header m_header;
    std::ifstream m_file;
    FamilyTraits m_traits;
    std::string m_architecture;
    size_t m_heads = 0, m_kvHeads = 0, m_headDim = 0, m_rotated = 0, m_layers = 0, m_used = 0;
    double m_epsilon = 0;
    std::map<std::string, std::vector<float>> m_tensors;
    std::vector<std::vector<std::vector<Row>>> m_keys;   // [layer][position][kv head]
    std::vector<std::vector<Row>> m_values;              // [layer][position], all kv heads
};
