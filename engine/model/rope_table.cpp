// SPDX-License-Identifier: Apache-2.0
#include "rope_table.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace plimsoll::engine {

namespace {

/// The (fractional) pair that makes `turns` full turns over the original context.
double pairOfTurns(const RopeSpec &spec, double turns)
{
    return spec.dims * std::log(spec.originalContext / (turns * 2 * std::numbers::pi)) / (2 * std::log(double{spec.base}));
}

/// Share of the unstretched frequency: 1 for fast pairs, 0 for slow ones, a ramp between.
class YarnBlend
{
public:
    explicit YarnBlend(const RopeSpec &spec)
    {
        if (spec.scaling != RopeScaling::Yarn || spec.originalContext == 0)
            return;
        m_strength = spec.yarnExtFactor;
        m_low = std::max(0.0, std::floor(pairOfTurns(spec, spec.yarnBetaFast)));
        m_high = std::min(spec.dims - 1.0, std::ceil(pairOfTurns(spec, spec.yarnBetaSlow)));
    }

    double at(uint32_t pair) const
    {
        const double ramp = (pair - m_low) / std::max(0.001, m_high - m_low);
        return (1 - std::clamp(ramp, 0.0, 1.0)) * m_strength;
    }

private:
    double m_strength = 0;
    double m_low = 0;
    double m_high = 0;
};

/// Whether a pair belongs to the fourth section, whose position is 0 for text; the other three have the token's.
bool standsStill(const RopeSpec &spec, uint32_t pair)
{
    const uint32_t *const sections = spec.sections;
    const uint32_t all = sections[0] + sections[1] + sections[2] + sections[3];
    if (spec.layout != RopeLayout::MultiSection || all == 0)
        return false;
    const uint32_t place = pair % all;
    if (spec.interleaved)
        return place >= 3 * sections[place % 3];
    return place >= all - sections[3];
}

} // namespace

RopeTable ropeTable(const RopeSpec &spec, const float *factors)
{
    RopeTable table;
    table.layout = spec.layout;
    table.pairs = spec.layout == RopeLayout::None ? 0 : spec.dims / 2;
    table.magnitude = spec.attentionFactor;
    const bool stretched = spec.scaling == RopeScaling::Linear || spec.scaling == RopeScaling::Yarn;
    const double stretch = stretched && spec.factor > 0 ? 1.0 / spec.factor : 1.0;
    const YarnBlend blend(spec);
    for (uint32_t i = 0; i < table.pairs; ++i) {
        const double plain = std::pow(double{spec.base}, -2.0 * i / spec.dims) / (factors ? factors[i] : 1.0f);
        const double kept = blend.at(i);
        table.frequency[i] = standsStill(spec, i) ? 0.0 : plain * (stretch * (1 - kept) + kept);
    }
    return table;
}

} // namespace plimsoll::engine
