// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <plimsoll/engine/quant/reference.h>
#include <plimsoll/gguf/gguf.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>
#include <string>
#include <vector>

/// Hybrids of recurrent layers and attention as the papers write them, in double precision, token after token, straight from the file;
/// which layer is what shows in its tensors. It shares no code with the engine but the reading of the header and of blocks.
class ReferenceRecurrent
{
public:
    using Row = std::vector<double>;

    explicit ReferenceRecurrent(const std::string &path) : m_header(*plimsoll::gguf::readHeader(path)), m_file(path, std::ios::binary)
    {
        m_architecture = std::string(**m_header.stringAt("general.architecture"));
        m_layers = size_t(number("block_count"));
        m_epsilon = number("attention.layer_norm_rms_epsilon");
    }

    /// Logits after every token.
    std::vector<Row> logits(const std::vector<int32_t> &tokens)
    {
        m_states.assign(m_layers, {});
        std::vector<Row> all;
        for (m_position = 0; m_position < tokens.size(); ++m_position) {
            Row x = scaled(embedding(tokens[m_position]), number("embedding_scale", 1));
            for (size_t layer = 0; layer < m_layers; ++layer) {
                m_layer = "blk." + std::to_string(layer) + ".";
                m_state = &m_states[layer];
                step(x);
            }
            m_layer.clear();
            const bool named = tensor("token_embd_norm.weight") != nullptr;
            const Row last = norm(x, *tensor(named ? "token_embd_norm.weight" : "output_norm.weight"));
            all.push_back(scaled(multiply(tensor("output.weight") ? "output" : "token_embd", last), 1 / number("logit_scale", 1)));
        }
        return all;
    }

private:
    struct State
    {
        std::vector<Row> inputs;              // of the convolution, so far
        std::vector<Row> matrices;            // per head, [keys, values]
        std::vector<Row> keys, values;        // of attention
    };

    double number(const std::string &key, double otherwise = 0)
    {
        const std::string whole = m_architecture + "." + key;
        if (const auto real = m_header.realAt(whole); real.ok() && *real)
            return **real;
        if (const auto count = m_header.unsignedAt(whole); count.ok() && *count)
            return double(**count);
        return otherwise;
    }

    bool flag(const std::string &key, bool otherwise)
    {
        const auto found = m_header.boolAt(m_architecture + "." + key);
        return found.ok() && *found ? **found : otherwise;
    }

    /// Of this layer; null where the file has no such tensor.
    const std::vector<float> *tensor(const std::string &name)
    {
        const plimsoll::gguf::TensorInfo *const info = m_header.tensor(m_layer + name);
        if (!info)
            return nullptr;
        std::vector<float> &values = m_tensors[m_layer + name];
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

    /// `expert`: which of a stack.
    Row multiply(const std::string &matrix, const Row &x, size_t expert = 0)
    {
        const std::vector<float> &weights = *tensor(matrix + ".weight");
        const std::vector<float> *const bias = tensor(matrix + ".bias");
        const size_t stack = m_header.tensor(m_layer + matrix + ".weight")->dims[2];
        Row out(weights.size() / x.size() / stack);
        for (size_t row = 0; row < out.size(); ++row) {
            out[row] = bias ? double((*bias)[row]) : 0.0;
            for (size_t i = 0; i < x.size(); ++i)
                out[row] += double(weights[(expert * out.size() + row) * x.size() + i]) * x[i];
        }
        return out;
    }

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

    static Row scaled(Row x, double by)
    {
        for (double &v : x)
            v *= by;
        return x;
    }
    static Row part(const Row &x, size_t begin, size_t count)
    {
        return Row(x.begin() + std::ptrdiff_t(begin), x.begin() + std::ptrdiff_t(begin + count));
    }
    static double dot(const Row &a, const Row &b)
    {
        double sum = 0;
        for (size_t i = 0; i < a.size(); ++i)
            sum += a[i] * b[i];
        return sum;
    }
    static double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }
    static double silu(double x) { return x * sigmoid(x); }
    static double softplus(double x) { return std::log1p(std::exp(x)); }
    static Row unit(const Row &x) { return scaled(x, 1 / std::sqrt(dot(x, x))); }

    void step(Row &x)
    {
        const double residual = number("residual_scale", 1);
        const auto add = [&](const Row &y) {
            for (size_t i = 0; i < x.size(); ++i)
                x[i] += residual * y[i];
        };
        if (tensor("attn_q.weight"))
            add(attention(norm(x, *tensor("attn_norm.weight"))));
        else if (tensor("shortconv.conv.weight"))
            add(shortConvolution(norm(x, *tensor("attn_norm.weight"))));
        else if (tensor("ssm_d"))
            add(stateSpace(norm(x, *tensor("attn_norm.weight"))));
        else if (tensor("ssm_conv1d.weight"))
            add(deltaNet(norm(x, *tensor("attn_norm.weight"))));
        if (!tensor("ffn_down.weight") && !tensor("ffn_down_exps.weight"))
            return;
        const bool alone = m_architecture.starts_with("nemotron");
        const std::vector<float> *const own = tensor("ffn_norm.weight");
        const Row in = norm(x, own ? *own : *tensor(alone ? "attn_norm.weight" : "post_attention_norm.weight"));
        add(tensor("ffn_down.weight") ? network("ffn_gate", "ffn_up", "ffn_down", in, 0) : experts(in));
    }

    /// With a gate SwiGLU, without one the square of ReLU.
    Row network(const std::string &gate, const std::string &up, const std::string &down, const Row &x, size_t expert)
    {
        Row inner = multiply(up, x, expert);
        if (tensor(gate + ".weight")) {
            const Row g = multiply(gate, x, expert);
            for (size_t i = 0; i < inner.size(); ++i)
                inner[i] *= silu(g[i]);
        } else {
            for (double &v : inner)
                v = v > 0 ? v * v : 0;
        }
        return multiply(down, inner, expert);
    }

    Row experts(const Row &x)
    {
        Row weights = multiply("ffn_gate_inp", x);
        const std::vector<float> *const bias = tensor("exp_probs_b.bias");
        double sum = 0;
        for (double &w : weights)
            sum += w = bias ? sigmoid(w) : std::exp(w);
        if (!bias)
            weights = scaled(weights, 1 / sum);
        Row score = weights;
        for (size_t i = 0; bias && i < score.size(); ++i)
            score[i] += double((*bias)[i]);
        std::vector<size_t> chosen;
        double chosenSum = 0;
        for (size_t i = 0; i < size_t(number("expert_used_count")); ++i) {
            chosen.push_back(size_t(std::max_element(score.begin(), score.end()) - score.begin()));
            chosenSum += weights[chosen.back()];
            score[chosen.back()] = -1e9;
        }
        Row out(x.size());
        const auto add = [&](const Row &y, double weight) {
            for (size_t i = 0; i < out.size(); ++i)
                out[i] += weight * y[i];
        };
        for (const size_t e : chosen)
            add(network("ffn_gate_exps", "ffn_up_exps", "ffn_down_exps", x, e), weights[e] / chosenSum * number("expert_weights_scale", 1));
        if (tensor("ffn_up_shexp.weight")) {
            const double weight = tensor("ffn_gate_inp_shexp.weight") ? sigmoid(multiply("ffn_gate_inp_shexp", x)[0]) : 1.0;
            add(network("ffn_gate_shexp", "ffn_up_shexp", "ffn_down_shexp", x, 0), weight);
        }
        return out;
    }

    /// Rotated as far as the family rotates. A pair of the fourth section stays.
    Row rotated(Row x)
    {
        const bool none = m_architecture.starts_with("nemotron") || !flag("rope.scaling.finetuned", true);
        const bool neighbours = m_architecture == "granitehybrid";
        const size_t pairs = none ? 0 : size_t(number("rope.dimension_count")) / 2;
        std::vector<size_t> sections;
        if (const auto all = m_header.arrayAt(m_architecture + ".rope.dimension_sections"); all.ok() && *all)
            for (size_t i = 0; i < 4; ++i)
                sections.push_back(size_t((*all)->integer(i)));
        for (size_t i = 0; i < pairs; ++i) {
            if (!sections.empty() && i >= 3 * sections[i % 3])
                continue;
            const double angle = double(m_position) * std::pow(number("rope.freq_base"), -double(i) / double(pairs));
            double &a = x[neighbours ? 2 * i : i];
            double &b = x[neighbours ? 2 * i + 1 : i + pairs];
            const double turned = a * std::cos(angle) - b * std::sin(angle);
            b = a * std::sin(angle) + b * std::cos(angle);
            a = turned;
        }
        return x;
    }

    Row prepared(const Row &all, size_t begin, size_t width, const std::string &normName)
    {
        const std::vector<float> *const weight = tensor(normName);
        const Row x = part(all, begin, width);
        return rotated(weight ? norm(x, *weight) : x);
    }

    Row attention(const Row &x)
    {
        const size_t width = size_t(number("attention.key_length"));
        const Row k = multiply("attn_k", x);
        const Row v = multiply("attn_v", x);
        const Row q = multiply("attn_q", x);
        const size_t inner = m_header.tensor(m_layer + "attn_output.weight")->dims[0];
        const size_t heads = inner / width;
        const size_t kvHeads = k.size() / width;
        const size_t each = q.size() / heads;   // twice as long where gates lie between
        Row keys;
        for (size_t h = 0; h < kvHeads; ++h) {
            const Row one = prepared(k, h * width, width, "attn_k_norm.weight");
            keys.insert(keys.end(), one.begin(), one.end());
        }
        m_state->keys.push_back(keys);
        m_state->values.push_back(v);
        Row out(inner);
        for (size_t h = 0; h < heads; ++h) {
            const size_t from = h / (heads / kvHeads) * width;
            const Row query = prepared(q, h * each, width, "attn_q_norm.weight");
            double sum = 0;
            Row weights;
            for (const Row &key : m_state->keys) {
                weights.push_back(std::exp(dot(query, part(key, from, width)) * number("attention.scale", 1 / std::sqrt(double(width)))));
                sum += weights.back();
            }
            for (size_t i = 0; i < width; ++i) {
                for (size_t cell = 0; cell < weights.size(); ++cell)
                    out[h * width + i] += weights[cell] / sum * m_state->values[cell][from + i];
                if (each == 2 * width)
                    out[h * width + i] *= sigmoid(q[h * each + width + i]);
            }
        }
        return multiply("attn_output", out);
    }

    /// Each channel of the last inputs with its own weights.
    Row convolved(const Row &x, const std::string &name)
    {
        m_state->inputs.push_back(x);
        const std::vector<float> &taps = *tensor(name + ".weight");
        const std::vector<float> *const bias = tensor(name + ".bias");
        const size_t kernel = taps.size() / x.size();
        Row out(x.size());
        for (size_t c = 0; c < x.size(); ++c) {
            out[c] = bias ? double((*bias)[c]) : 0.0;
            for (size_t back = 0; back < std::min(kernel, m_state->inputs.size()); ++back)
                out[c] += double(taps[c * kernel + kernel - 1 - back]) * m_state->inputs[m_state->inputs.size() - 1 - back][c];
        }
        return out;
    }

    Row shortConvolution(const Row &x)
    {
        const Row all = multiply("shortconv.in_proj", x);
        const size_t width = all.size() / 3;
        Row in(width);
        for (size_t i = 0; i < width; ++i)
            in[i] = all[i] * all[2 * width + i];
        Row out = convolved(in, "shortconv.conv");
        for (size_t i = 0; i < width; ++i)
            out[i] *= all[width + i];
        return multiply("shortconv.out_proj", out);
    }

    Row stateSpace(const Row &x)
    {
        const size_t inner = size_t(number("ssm.inner_size")), size = size_t(number("ssm.state_size"));
        const size_t heads = size_t(number("ssm.time_step_rank")), groups = size_t(number("ssm.group_count"));
        const size_t width = inner / heads;
        const Row all = multiply("ssm_in", x);
        Row mixed = convolved(part(all, inner, inner + 2 * groups * size), "ssm_conv1d");
        for (double &v : mixed)
            v = silu(v);
        m_state->matrices.resize(heads, Row(size * width));
        Row out(inner);
        for (size_t h = 0; h < heads; ++h) {
            const double time = softplus(all[2 * inner + 2 * groups * size + h] + double((*tensor("ssm_dt.bias"))[h]));
            const double decay = std::exp(time * double((*tensor("ssm_a"))[h]));
            const size_t group = h / (heads / groups);
            for (size_t p = 0; p < width; ++p) {
                const double value = mixed[h * width + p];
                double &y = out[h * width + p];
                for (size_t n = 0; n < size; ++n) {
                    double &cell = m_state->matrices[h][n * width + p];
                    cell = decay * cell + mixed[inner + group * size + n] * value * time;
                    y += cell * mixed[inner + (groups + group) * size + n];
                }
                y = (y + double((*tensor("ssm_d"))[h]) * value) * silu(all[h * width + p]);
            }
        }
        if (const std::vector<float> *const weight = tensor("ssm_norm.weight")) {
            const size_t each = inner / groups;
            for (size_t g = 0; g < groups; ++g) {
                const auto begin = weight->begin() + std::ptrdiff_t(g * each);
                const Row normed = norm(part(out, g * each, each), std::vector<float>(begin, begin + std::ptrdiff_t(each)));
                std::copy(normed.begin(), normed.end(), out.begin() + std::ptrdiff_t(g * each));
            }
        }
        return multiply("ssm_out", out);
    }

    Row deltaNet(const Row &x)
    {
        const size_t size = size_t(number("ssm.state_size"));
        const size_t heads = size_t(number("ssm.time_step_rank")), groups = size_t(number("ssm.group_count"));
        const size_t ratio = heads / groups;
        Row mixed, gate;
        if (tensor("ssm_in.weight")) {
            // Per key head: query, key, its values, their gates.
            const Row all = multiply("ssm_in", x);
            const size_t each = all.size() / groups;
            const auto gather = [&](Row &to, size_t begin, size_t count) {
                for (size_t g = 0; g < groups; ++g)
                    for (size_t i = 0; i < count; ++i)
                        to.push_back(all[g * each + begin + i]);
            };
            gather(mixed, 0, size);
            gather(mixed, size, size);
            gather(mixed, 2 * size, ratio * size);
            gather(gate, (2 + ratio) * size, ratio * size);
        } else {
            mixed = multiply("attn_qkv", x);
            gate = multiply("attn_gate", x);
        }
        Row write, fade;
        if (tensor("ssm_ba.weight")) {
            const Row both = multiply("ssm_ba", x);
            for (size_t h = 0; h < heads; ++h) {
                write.push_back(both[h / ratio * 2 * ratio + h % ratio]);
                fade.push_back(both[h / ratio * 2 * ratio + ratio + h % ratio]);
            }
        } else {
            write = multiply("ssm_beta", x);
            fade = multiply("ssm_alpha", x);
        }
        mixed = convolved(mixed, "ssm_conv1d");
        for (double &v : mixed)
            v = silu(v);
        m_state->matrices.resize(heads, Row(size * size));
        Row out;
        for (size_t h = 0; h < heads; ++h) {
            const size_t group = m_architecture == "qwen3next" ? h / ratio : h % groups;
            const Row query = scaled(unit(part(mixed, group * size, size)), 1 / std::sqrt(double(size)));
            const Row key = unit(part(mixed, (groups + group) * size, size));
            const Row value = part(mixed, 2 * groups * size + h * size, size);
            const double time = softplus(fade[h] + double((*tensor("ssm_dt.bias"))[h]));
            Row &state = m_state->matrices[h];
            state = scaled(state, std::exp(time * double((*tensor("ssm_a"))[h])));
            Row read(size);
            for (size_t v = 0; v < size; ++v) {
                double known = 0;
                for (size_t k = 0; k < size; ++k)
                    known += key[k] * state[k * size + v];
                for (size_t k = 0; k < size; ++k) {
                    state[k * size + v] += key[k] * sigmoid(write[h]) * (value[v] - known);
                    read[v] += query[k] * state[k * size + v];
                }
            }
            read = norm(read, *tensor("ssm_norm.weight"));
            for (size_t v = 0; v < size; ++v)
                out.push_back(read[v] * silu(gate[h * size + v]));
        }
        return multiply("ssm_out", out);
    }

    plimsoll::gguf::Header m_header;
    std::ifstream m_file;
    std::string m_architecture;
    size_t m_layers = 0;
    double m_epsilon = 0;
    std::map<std::string, std::vector<float>> m_tensors;
    std::vector<State> m_states;
    std::string m_layer;             // "blk.N." while in a layer
    State *m_state = nullptr;
    size_t m_position = 0;
};
