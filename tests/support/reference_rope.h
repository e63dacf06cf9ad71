// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "reference_traits.h"

#include <algorithm>
#include <numbers>

/// Rotary position embedding as the papers write it: RoFormer (2021), linear stretching, YaRN (arXiv 2309.00071), divisors of the
/// frequencies (Llama 3, LongRoPE), sections that take turns, of which the fourth stays.
class ReferenceRope
{
public:
    /// `local`: of a layer behind a window. `context`: tokens the sequence may have.
    ReferenceRope(ReferenceFile &file, const ReferenceTraits &traits, bool local, size_t context) : m_neighbours(traits.neighbours)
    {
        if (!traits.rotates || (!local && !traits.globalRotates))
            return;
        const bool own = local && isOneOf(file, {"gemma3", "gemma4"});
        const size_t all = file.count("rope.dimension_count", file.count("attention.key_length"));
        const size_t rotated = local ? file.count("rope.dimension_count_swa", all) : all;
        const double base = own ? file.real("rope.freq_base_swa", 10000.0) : file.real("rope.freq_base", 10000.0);
        const std::string scaling = own ? "none" : file.text("rope.scaling.type");
        const double factor = scaling == "none" ? 1 : file.real("rope.scaling.factor", 1.0);
        const bool yarn = scaling == "yarn";
        const double trained = double(file.count("rope.scaling.original_context_length", file.count("context_length")));
        const std::vector<float> *const divisors = own && file.is("gemma4") ? nullptr : divisorsOf(file, double(context) > trained);
        const auto pairTurning = [&](double turns) {
            return double(rotated) * std::log(trained / (turns * 2 * std::numbers::pi)) / (2 * std::log(base));
        };
        const double low = std::max(0.0, std::floor(pairTurning(file.real("rope.scaling.yarn_beta_fast", 32.0))));
        const double high = std::min(double(rotated) - 1, std::ceil(pairTurning(file.real("rope.scaling.yarn_beta_slow", 1.0))));
        for (size_t i = 0; i < rotated / 2; ++i) {
            double frequency = std::pow(base, -2.0 * double(i) / double(rotated));
            if (divisors)
                frequency /= double((*divisors)[i]);
            const double slow = yarn ? std::clamp((double(i) - low) / std::max(0.001, high - low), 0.0, 1.0) : 1.0;
            m_frequencies.push_back(stays(file, i) ? 0 : frequency * (1 - slow) + frequency / factor * slow);
        }
        m_magnitude = file.real("rope.scaling.attn_factor", 1.0);
        if (yarn && !file.has("rope.scaling.yarn_log_multiplier"))
            m_magnitude *= 1 + 0.1 * std::log(factor);
    }

    bool rotates() const { return !m_frequencies.empty(); }

    void turn(std::vector<double> &x, size_t begin, double position) const
    {
        const size_t pairs = m_frequencies.size();
        for (size_t i = 0; i < pairs; ++i) {
            double &a = x[begin + (m_neighbours ? 2 * i : i)];
            double &b = x[begin + (m_neighbours ? 2 * i + 1 : i + pairs)];
            const double c = m_magnitude * std::cos(position * m_frequencies[i]);
            const double s = m_magnitude * std::sin(position * m_frequencies[i]);
            const double turned = a * c - b * s;
            b = a * s + b * c;
            a = turned;
        }
    }

private:
    static const std::vector<float> *divisorsOf(ReferenceFile &file, bool beyond)
    {
        const std::vector<float> *const all = file.tensor("rope_freqs.weight");
        return all ? all : file.tensor(beyond ? "rope_factors_long.weight" : "rope_factors_short.weight");
    }

    static bool stays(const ReferenceFile &file, size_t pair)
    {
        constexpr const char *sections = "rope.dimension_sections";
        return file.has(sections) && pair >= 3 * file.countAt(sections, pair % 3);
    }

    bool m_neighbours = false;
    double m_magnitude = 1;
    std::vector<double> m_frequencies;
};
