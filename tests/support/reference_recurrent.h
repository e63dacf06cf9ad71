// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "reference_file.h"

#include <algorithm>

/// The recurrent mixers as the papers write them: gated delta net (arXiv 2412.06464), Mamba 2 (arXiv 2405.21060), LFM2's short
/// convolution. One layer of one sequence; which of them it is shows in its tensors.
class ReferenceRecurrent
{
public:
    using Row = ReferenceFile::Row;

    ReferenceRecurrent(ReferenceFile &file, size_t layer) : m_file(file), m_layer(layer) {}

    /// Whether the layer is one.
    bool there() { return tensor("shortconv.conv.weight") || tensor("ssm_conv1d.weight"); }

    /// Of the next token.
    Row apply(const Row &x)
    {
        if (tensor("shortconv.conv.weight"))
            return shortConvolution(x);
        return tensor("ssm_d") ? stateSpace(x) : deltaNet(x);
    }

private:
    std::string named(const std::string &rest) const { return ReferenceFile::name(m_layer, rest); }
    const std::vector<float> *tensor(const std::string &rest) { return m_file.tensor(named(rest)); }
    static double silu(double x) { return x * ReferenceFile::sigmoid(x); }
    static double softplus(double x) { return std::log1p(std::exp(x)); }
    static Row unit(const Row &x) { return ReferenceFile::scaled(x, 1 / std::sqrt(ReferenceFile::dot(x, x))); }

    /// Each channel of the last inputs with its own weights.
    Row convolved(const Row &x, const std::string &name)
    {
        m_inputs.push_back(x);
        const std::vector<float> &taps = *tensor(name + ".weight");
        const std::vector<float> *const bias = tensor(name + ".bias");
        const size_t kernel = taps.size() / x.size();
        Row out(x.size());
        for (size_t c = 0; c < x.size(); ++c) {
            out[c] = bias ? double((*bias)[c]) : 0.0;
            for (size_t back = 0; back < std::min(kernel, m_inputs.size()); ++back)
                out[c] += double(taps[c * kernel + kernel - 1 - back]) * m_inputs[m_inputs.size() - 1 - back][c];
        }
        return out;
    }

    Row shortConvolution(const Row &x)
    {
        const Row all = m_file.multiply(named("shortconv.in_proj"), x);
        const size_t width = all.size() / 3;
        Row in(width);
        for (size_t i = 0; i < width; ++i)
            in[i] = all[i] * all[2 * width + i];
        Row out = convolved(in, "shortconv.conv");
        for (size_t i = 0; i < width; ++i)
            out[i] *= all[width + i];
        return m_file.multiply(named("shortconv.out_proj"), out);
    }

    Row stateSpace(const Row &x)
    {
        const size_t inner = m_file.count("ssm.inner_size"), size = m_file.count("ssm.state_size");
        const size_t heads = m_file.count("ssm.time_step_rank"), groups = m_file.count("ssm.group_count");
        const size_t width = inner / heads;
        const Row all = m_file.multiply(named("ssm_in"), x);
        Row mixed = convolved(ReferenceFile::part(all, inner, inner + 2 * groups * size), "ssm_conv1d");
        for (double &v : mixed)
            v = silu(v);
        m_matrices.resize(heads, Row(size * width));
        Row out(inner);
        for (size_t h = 0; h < heads; ++h) {
            const double time = softplus(all[2 * inner + 2 * groups * size + h] + double((*tensor("ssm_dt.bias"))[h]));
            const double decay = std::exp(time * double((*tensor("ssm_a"))[h]));
            const size_t group = h / (heads / groups);
            for (size_t p = 0; p < width; ++p) {
                const double value = mixed[h * width + p];
                double &y = out[h * width + p];
                for (size_t n = 0; n < size; ++n) {
                    double &cell = m_matrices[h][n * width + p];
                    cell = decay * cell + mixed[inner + group * size + n] * value * time;
                    y += cell * mixed[inner + (groups + group) * size + n];
                }
                y = (y + double((*tensor("ssm_d"))[h]) * value) * silu(all[h * width + p]);
            }
        }
        if (const std::vector<float> *const weight = tensor("ssm_norm.weight")) {
            const size_t each = inner / groups;
            for (size_t g = 0; g < groups; ++g) {
                const Row normed = m_file.normBy(ReferenceFile::part(out, g * each, each), weight, g * each);
                std::copy(normed.begin(), normed.end(), out.begin() + std::ptrdiff_t(g * each));
            }
        }
        return m_file.multiply(named("ssm_out"), out);
    }

    Row deltaNet(const Row &x)
    {
        const size_t size = m_file.count("ssm.state_size");
        const size_t heads = m_file.count("ssm.time_step_rank"), groups = m_file.count("ssm.group_count");
        const size_t ratio = heads / groups;
        Row mixed, gate;
        if (tensor("ssm_in.weight")) {
            // Per key head: query, key, its values, their gates.
            const Row all = m_file.multiply(named("ssm_in"), x);
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
            mixed = m_file.multiply(named("attn_qkv"), x);
            gate = m_file.multiply(named("attn_gate"), x);
        }
        Row write, fade;
        if (tensor("ssm_ba.weight")) {
            const Row both = m_file.multiply(named("ssm_ba"), x);
            for (size_t h = 0; h < heads; ++h) {
                write.push_back(both[h / ratio * 2 * ratio + h % ratio]);
                fade.push_back(both[h / ratio * 2 * ratio + ratio + h % ratio]);
            }
        } else {
            write = m_file.multiply(named("ssm_beta"), x);
            fade = m_file.multiply(named("ssm_alpha"), x);
        }
        mixed = convolved(mixed, "ssm_conv1d");
        for (double &v : mixed)
            v = silu(v);
        m_matrices.resize(heads, Row(size * size));
        Row out;
        for (size_t h = 0; h < heads; ++h) {
            const size_t group = m_file.is("qwen3next") ? h / ratio : h % groups;
            const Row query = ReferenceFile::scaled(unit(ReferenceFile::part(mixed, group * size, size)), 1 / std::sqrt(double(size)));
            const Row key = unit(ReferenceFile::part(mixed, (groups + group) * size, size));
            const Row value = ReferenceFile::part(mixed, 2 * groups * size + h * size, size);
            const double time = softplus(fade[h] + double((*tensor("ssm_dt.bias"))[h]));
            Row &state = m_matrices[h];
            state = ReferenceFile::scaled(state, std::exp(time * double((*tensor("ssm_a"))[h])));
            Row read(size);
            for (size_t v = 0; v < size; ++v) {
                double known = 0;
                for (size_t k = 0; k < size; ++k)
                    known += key[k] * state[k * size + v];
                for (size_t k = 0; k < size; ++k) {
                    state[k * size + v] += key[k] * ReferenceFile::sigmoid(write[h]) * (value[v] - known);
                    read[v] += query[k] * state[k * size + v];
                }
            }
            read = m_file.normBy(read, tensor("ssm_norm.weight"));
            for (size_t v = 0; v < size; ++v)
                out.push_back(read[v] * silu(gate[h * size + v]));
        }
        return m_file.multiply(named("ssm_out"), out);
    }

    ReferenceFile &m_file;
    size_t m_layer;
    std::vector<Row> m_inputs;     // of the convolution, so far
    std::vector<Row> m_matrices;   // per head, [keys, values]
};
