// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "reference_traits.h"

#include <algorithm>
#include <numeric>
#include <utility>

/// The feed-forward part of a layer: dense, or experts chosen by a router, some shared by all tokens.
class ReferenceFfn
{
public:
    using Row = ReferenceFile::Row;

    ReferenceFfn(ReferenceFile &file, const ReferenceTraits &traits) : m_file(file), m_traits(traits) {}

    static double gelu(double x) { return x / 2 * (1 + std::tanh(std::sqrt(2 / std::acos(-1.0)) * (x + 0.044715 * x * x * x))); }

    Row apply(size_t layer, const Row &x)
    {
        if (!m_file.tensor(ReferenceFile::name(layer, "ffn_gate_inp.weight")))
            return network(layer, "", x);
        return experts(layer, x, x);
    }

    /// Gemma 4's dense network beside experts, with norms of their own, and a router that reads the row in its own way.
    Row beside(size_t layer, const Row &x)
    {
        const auto named = [&](const char *rest) { return ReferenceFile::name(layer, rest); };
        Row out = m_file.norm(network(layer, "", m_file.norm(x, named("ffn_norm"))), named("post_ffw_norm_1"));
        const Row scaled = m_file.normBy(x, m_file.tensor(named("ffn_gate_inp.scale")));
        const Row read = ReferenceFile::scaled(scaled, 1 / std::sqrt(double(x.size())));
        ReferenceFile::add(out, m_file.norm(experts(layer, m_file.norm(x, named("pre_ffw_norm_2")), read), named("post_ffw_norm_2")));
        return out;
    }

private:
    double activated(double gate, double up) const
    {
        switch (m_traits.activation) {
        case ReferenceTraits::Activation::Gelu: return gelu(gate) * up;
        case ReferenceTraits::Activation::SquaredRelu: return gate > 0 ? gate * gate * up : 0;
        case ReferenceTraits::Activation::Clamped:
            gate = std::min(gate, 7.0);
            return gate * ReferenceFile::sigmoid(1.702 * gate) * (std::clamp(up, -7.0, 7.0) + 1);
        case ReferenceTraits::Activation::Silu: break;
        }
        return gate * ReferenceFile::sigmoid(gate) * up;
    }

    /// down(act(gate) · up), gate and up apart or in one matrix, gate first; down(act(up)) where there is no gate.
    Row network(size_t layer, const std::string &kind, const Row &x, size_t slice = 0, size_t slices = 1)
    {
        const auto named = [&](const char *part) { return ReferenceFile::name(layer, std::string("ffn_") + part + kind); };
        const bool joined = m_file.tensor(named("gate_up") + ".weight") != nullptr;
        Row up = m_file.multiply(joined ? named("gate_up") : named("up"), x, slice, slices);
        Row gate = up;
        if (m_file.tensor(named("gate") + ".weight")) {
            gate = m_file.multiply(named("gate"), x, slice, slices);
        } else if (up.size() == 2 * m_file.dims(named("down") + ".weight")[0]) {
            gate = ReferenceFile::part(up, 0, up.size() / 2);
            up = ReferenceFile::part(up, up.size() / 2, up.size() / 2);
        } else {
            up.assign(up.size(), 1.0);
        }
        for (size_t i = 0; i < gate.size(); ++i)
            gate[i] = activated(gate[i], up[i]);
        return m_file.multiply(named("down"), gate, slice, slices);
    }

    /// Experts of x, chosen by what the router reads, and those that all tokens share.
    Row experts(size_t layer, const Row &x, const Row &read)
    {
        const auto named = [&](const char *rest) { return ReferenceFile::name(layer, rest); };
        const size_t all = m_file.count("expert_count");
        const std::vector<float> *const scale = m_file.tensor(named("ffn_down_exps.scale"));
        Row out(x.size());
        for (const auto &[expert, weight] : chosen(m_file.multiply(named("ffn_gate_inp"), read), layer)) {
            const Row input = m_traits.weightedInput ? ReferenceFile::scaled(x, weight) : x;
            const double own = scale ? double((*scale)[expert]) : 1;
            ReferenceFile::add(out, network(layer, "_exps", input, expert, all), own * (m_traits.weightedInput ? 1 : weight));
        }
        if (!m_file.tensor(named("ffn_up_shexp.weight")))
            return out;
        const bool gated = m_file.tensor(named("ffn_gate_inp_shexp.weight")) != nullptr;
        const double weight = gated ? ReferenceFile::sigmoid(m_file.multiply(named("ffn_gate_inp_shexp"), x)[0]) : 1;
        ReferenceFile::add(out, network(layer, "_shexp", x), weight);
        return out;
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
            Row inside = ReferenceFile::part(score, g * size, size);
            std::sort(inside.rbegin(), inside.rend());
            worth.push_back({inside[0] + (size > 1 ? inside[1] : 0), g});
        }
        std::sort(worth.rbegin(), worth.rend());
        for (size_t i = kept; i < groups; ++i)
            std::fill_n(score.begin() + std::ptrdiff_t(worth[i].second * size), size, -1e300);
    }

    std::vector<std::pair<size_t, double>> chosen(Row logits, size_t layer)
    {
        if (m_traits.sigmoidRouter)
            std::transform(logits.begin(), logits.end(), logits.begin(), ReferenceFile::sigmoid);
        else if (!m_traits.softmaxOfChosen)
            softmax(logits);
        Row score = logits;
        if (const std::vector<float> *bias = m_file.tensor(ReferenceFile::name(layer, "exp_probs_b.bias")))
            for (size_t i = 0; i < score.size(); ++i)
                score[i] += double((*bias)[i]);
        keepGroups(score);
        std::vector<size_t> order(score.size());
        std::iota(order.begin(), order.end(), size_t(0));
        std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return score[a] > score[b]; });
        order.resize(m_file.count("expert_used_count"));
        Row weights;
        for (const size_t expert : order)
            weights.push_back(logits[expert]);
        if (m_traits.softmaxOfChosen)
            softmax(weights);
        const double sum = m_traits.normalizeExperts ? std::accumulate(weights.begin(), weights.end(), 0.0) : 1.0;
        std::vector<std::pair<size_t, double>> pairs;
        for (size_t i = 0; i < order.size(); ++i)
            pairs.push_back({order[i], weights[i] / sum * m_file.real("expert_weights_scale", 1)});
        return pairs;
    }

    ReferenceFile &m_file;
    const ReferenceTraits &m_traits;
};
