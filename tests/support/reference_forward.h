// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <plimsoll/engine/quant/reference.h>
#include <plimsoll/gguf/gguf.h>

#include <cmath>
#include <fstream>
#include <map>
#include <optional>
#include <string>
#include <vector>

/// The transformer of llama, qwen2 and qwen3 files as the papers write it, in double precision, token after token, straight from the file:
/// it shares no code with the engine but the reading of the header and of blocks.
class ReferenceForward
{
public:
    using Row = std::vector<double>;

    explicit ReferenceForward(const std::string &path) : m_header(*plimsoll::gguf::readHeader(path)), m_file(path, std::ios::binary)
    {
        m_architecture = std::string(**m_header.stringAt("general.architecture"));
        m_heads = count("attention.head_count");
        m_kvHeads = count("attention.head_count_kv");
        m_headDim = count("attention.key_length");
        m_rotated = count("rope.dimension_count");
        m_layers = count("block_count");
        m_epsilon = real("attention.layer_norm_rms_epsilon");
        m_base = real("rope.freq_base");
    }

    /// Logits after every token.
    std::vector<Row> logits(const std::vector<int32_t> &tokens)
    {
        m_keys.assign(m_layers, {});
        m_values.assign(m_layers, {});
        std::vector<Row> all;
        for (size_t position = 0; position < tokens.size(); ++position) {
            Row x = embedding(tokens[position]);
            for (size_t layer = 0; layer < m_layers; ++layer) {
                add(x, attention(layer, norm(x, name(layer, "attn_norm")), double(position)));
                add(x, ffn(layer, norm(x, name(layer, "ffn_norm"))));
            }
            const bool tied = !m_header.tensor("output.weight");
            all.push_back(multiply(tied ? "token_embd" : "output", norm(x, "output_norm")));
        }
        return all;
    }

private:
    size_t count(const std::string &key) { return size_t(**m_header.unsignedAt(m_architecture + "." + key)); }
    double real(const std::string &key) { return **m_header.realAt(m_architecture + "." + key); }
    static std::string name(size_t layer, const std::string &rest) { return "blk." + std::to_string(layer) + "." + rest; }

    /// Null where the file has no such tensor.
    const std::vector<float> *tensor(const std::string &tensorName)
    {
        const plimsoll::gguf::TensorInfo *const info = m_header.tensor(tensorName);
        if (!info)
            return nullptr;
        std::vector<float> &values = m_tensors[tensorName];
        if (values.empty()) {
            std::vector<std::byte> bytes(info->bytes);
            m_file.seekg(std::streamoff(info->offset));
            m_file.read(reinterpret_cast<char *>(bytes.data()), std::streamsize(bytes.size()));
            values.resize(info->elements());
            plimsoll::engine::dequantize(info->type, bytes.data(), values);
        }
        return &values;
    }

    Row embedding(int32_t token)
    {
        const std::vector<float> &table = *tensor("token_embd.weight");
        const size_t width = m_header.tensor("token_embd.weight")->dims[0];
        const auto begin = table.begin() + std::ptrdiff_t(size_t(token) * width);
        return Row(begin, begin + std::ptrdiff_t(width));
    }

    Row multiply(const std::string &matrix, const Row &x)
    {
        const std::vector<float> &weights = *tensor(matrix + ".weight");
        const std::vector<float> *const bias = tensor(matrix + ".bias");
        Row out(weights.size() / x.size());
        for (size_t row = 0; row < out.size(); ++row) {
            out[row] = bias ? double((*bias)[row]) : 0.0;
            for (size_t i = 0; i < x.size(); ++i)
                out[row] += double(weights[row * x.size() + i]) * x[i];
        }
        return out;
    }

    Row norm(const Row &x, const std::string &which) { return norm(x, *tensor(which + ".weight")); }
    Row norm(const Row &x, const std::vector<float> &weight) const
    {
        double squares = 0;
        for (const double v : x)
            squares += v * v;
        const double scale = 1.0 / std::sqrt(squares / double(x.size()) + m_epsilon);
        Row out(x.size());
        for (size_t i = 0; i < x.size(); ++i)
            out[i] = x[i] * scale * double(weight[i]);
        return out;
    }

    static void add(Row &x, const Row &y)
    {
        for (size_t i = 0; i < x.size(); ++i)
            x[i] += y[i];
    }

    /// One head: normed where the model does that, then rotated.
    Row prepared(const Row &all, size_t head, const std::vector<float> *headNorm, double position)
    {
        const auto begin = all.begin() + std::ptrdiff_t(head * m_headDim);
        Row x(begin, begin + std::ptrdiff_t(m_headDim));
        if (headNorm)
            x = norm(x, *headNorm);
        const std::vector<float> *const divisors = tensor("rope_freqs.weight");
        const bool neighbours = m_architecture == "llama";
        for (size_t i = 0; i < m_rotated / 2; ++i) {
            double angle = position * std::pow(m_base, -2.0 * double(i) / double(m_rotated));
            if (divisors)
                angle /= double((*divisors)[i]);
            double &a = x[neighbours ? 2 * i : i];
            double &b = x[neighbours ? 2 * i + 1 : i + m_rotated / 2];
            const double turned = a * std::cos(angle) - b * std::sin(angle);
            b = a * std::sin(angle) + b * std::cos(angle);
            a = turned;
        }
        return x;
    }

    Row attention(size_t layer, const Row &x, double position)
    {
        const Row q = multiply(name(layer, "attn_q"), x);
        const Row k = multiply(name(layer, "attn_k"), x);
        const Row v = multiply(name(layer, "attn_v"), x);
        const std::vector<float> *const qNorm = tensor(name(layer, "attn_q_norm.weight"));
        const std::vector<float> *const kNorm = tensor(name(layer, "attn_k_norm.weight"));
        std::vector<Row> keys;
        for (size_t head = 0; head < m_kvHeads; ++head)
            keys.push_back(prepared(k, head, kNorm, position));
        m_keys[layer].push_back(keys);
        m_values[layer].push_back(v);
        Row out(m_heads * m_headDim);
        for (size_t head = 0; head < m_heads; ++head)
            attend(layer, head, prepared(q, head, qNorm, position), out);
        return multiply(name(layer, "attn_output"), out);
    }

    void attend(size_t layer, size_t head, const Row &query, Row &out) const
    {
        const size_t shared = head / (m_heads / m_kvHeads);
        Row weights;
        double sum = 0;
        for (const std::vector<Row> &keys : m_keys[layer]) {
            double score = 0;
            for (size_t i = 0; i < m_headDim; ++i)
                score += query[i] * keys[shared][i];
            weights.push_back(std::exp(score / std::sqrt(double(m_headDim))));
            sum += weights.back();
        }
        for (size_t cell = 0; cell < weights.size(); ++cell)
            for (size_t i = 0; i < m_headDim; ++i)
                out[head * m_headDim + i] += weights[cell] / sum * m_values[layer][cell][shared * m_headDim + i];
    }

    Row ffn(size_t layer, const Row &x)
    {
        Row gate = multiply(name(layer, "ffn_gate"), x);
        const Row up = multiply(name(layer, "ffn_up"), x);
        for (size_t i = 0; i < gate.size(); ++i)
            gate[i] = gate[i] / (1.0 + std::exp(-gate[i])) * up[i];
        return multiply(name(layer, "ffn_down"), gate);
    }

    plimsoll::gguf::Header m_header;
    std::ifstream m_file;
    std::string m_architecture;
    size_t m_heads = 0, m_kvHeads = 0, m_headDim = 0, m_rotated = 0, m_layers = 0;
    double m_epsilon = 0, m_base = 0;
    std::map<std::string, std::vector<float>> m_tensors;
    std::vector<std::vector<std::vector<Row>>> m_keys;   // [layer][position][kv head]
    std::vector<std::vector<Row>> m_values;              // [layer][position], all kv heads
};
