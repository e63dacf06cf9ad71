// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "reference_file.h"

#include <algorithm>
#include <numeric>

/// The feed-forward part of a layer: dense, or experts chosen by a router, some shared by all tokens.
class ReferenceFfn
{
public:
    using Row = ReferenceFile::Row;

    explicit ReferenceFfn(ReferenceFile &file) : m_file(file) {}

    Row apply(size_t layer, const Row &x)
    {
        if (!m_file.tensor(ReferenceFile::name(layer, "ffn_gate_inp.weight")))
            return gated(layer, "", x);
        Row out(x.size());
        const size_t experts = m_file.count("expert_count");
        for (const auto &[expert, weight] : chosen(m_file.multiply(ReferenceFile::name(layer, "ffn_gate_inp"), x), layer))
            ReferenceFile::add(out, gated(layer, "_exps", x, expert, experts), weight);
        if (m_file.tensor(ReferenceFile::name(layer, "ffn_up_shexp.weight")))
            ReferenceFile::add(out, gated(layer, "_shexp", x));
        return out;
    }

private:
    double activated(double gate, double up) const
    {
        if (m_file.is("gpt-oss")) {
            gate = std::min(gate, 7.0);
            return gate * ReferenceFile::sigmoid(1.702 * gate) * (std::clamp(up, -7.0, 7.0) + 1);
        }
        if (m_file.architecture().starts_with("gemma"))
            return gate / 2 * (1 + std::tanh(std::sqrt(2 / std::acos(-1.0)) * (gate + 0.044715 * gate * gate * gate))) * up;
        return gate * ReferenceFile::sigmoid(gate) * up;
    }

    Row gated(size_t layer, const std::string &kind, const Row &x, size_t slice = 0, size_t slices = 1)
    {
        const auto named = [&](const char *part) { return ReferenceFile::name(layer, std::string("ffn_") + part + kind); };
        const auto halves = [](const Row &both) {
            const auto middle = both.begin() + std::ptrdiff_t(both.size() / 2);
            return std::pair{Row(both.begin(), middle), Row(middle, both.end())};
        };
        Row gate, up;
        if (m_file.tensor(named("gate") + ".weight")) {
            gate = m_file.multiply(named("gate"), x, slice, slices);
            up = m_file.multiply(named("up"), x, slice, slices);
        } else {
            const bool joined = m_file.tensor(named("gate_up") + ".weight") != nullptr;
            std::tie(gate, up) = halves(m_file.multiply(joined ? named("gate_up") : named("up"), x, slice, slices));
        }
        for (size_t i = 0; i < gate.size(); ++i)
            gate[i] = activated(gate[i], up[i]);
        return m_file.multiply(named("down"), gate, slice, slices);
    }

    static void softmax(Row &x)
    {
        const double top = *std::max_element(x.begin(), x.end());
        double sum = 0;
        for (double &v : x)
            sum += v = std::exp(v - top);
        for (double &v : x)
            v /= sum;
    }

    /// Scores of experts outside the best groups, by the sum of the two best of each, become impossible.
    void keepGroups(Row &score) const
    {
        const size_t groups = m_file.count("expert_group_count", 1);
        const size_t kept = m_file.count("expert_group_used_count", 1);
        if (groups <= 1)
            return;
        const size_t size = score.size() / groups;
        std::vector<std::pair<double, size_t>> worth;
        for (size_t g = 0; g < groups; ++g) {
            Row inside(score.begin() + std::ptrdiff_t(g * size), score.begin() + std::ptrdiff_t((g + 1) * size));
            std::sort(inside.rbegin(), inside.rend());
            worth.push_back({inside[0] + (size > 1 ? inside[1] : 0), g});
        }
        std::sort(worth.rbegin(), worth.rend());
        for (size_t i = kept; i < groups; ++i)
            std::fill_n(score.begin() + std::ptrdiff_t(worth[i].second * size), size, -1e300);
    }

    std::vector<std::pair<size_t, double>> chosen(Row logits, size_t layer)
    {
        const bool after = m_file.is("gpt-oss");
        const size_t function = m_file.count("expert_gating_func", m_file.is("glm4moe") ? 2 : 1);
        if (!after && function == 1)
            softmax(logits);
        else if (!after)
            std::transform(logits.begin(), logits.end(), logits.begin(), ReferenceFile::sigmoid);
        Row score = logits;
        if (const std::vector<float> *bias = m_file.tensor(ReferenceFile::name(layer, "exp_probs_b.bias")))
            for (size_t i = 0; i < score.size(); ++i)
                score[i] += double((*bias)[i]);
        keepGroups(score);
        std::vector<size_t> order(score.size());
        std::iota(order.begin(), order.end(), size_t(0));
        std::sort(order.begin(), order.end(), [&](size_t a, size_t b) { return score[a] > score[b]; });
        order.resize(m_file.count("expert_used_count"));
        Row weights;
        for (const size_t expert : order)
            weights.push_back(logits[expert]);
        if (after)
            softmax(weights);
        const bool plain = after || m_file.is("llama") || m_file.is("qwen3moe");
        const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
        const double scale = plain ? (after ? 1 : 1 / sum)
                                   : m_file.real("expert_weights_scale", 1.0) / (m_file.flag("expert_weights_norm") ? sum : 1);
        std::vector<std::pair<size_t, double>> pairs;
        for (size_t i = 0; i < order.size(); ++i)
            pairs.push_back({order[i], weights[i] * scale});
        return pairs;
    }

    ReferenceFile &m_file;
};
