// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/palette.h"

#include <algorithm>
#include <cmath>
#include <iterator>

namespace plimsoll::app {

namespace {

struct Pair
{
    QRgb light;
    QRgb dark;
};

QColor pick(Pair pair, bool dark)
{
    return QColor::fromRgb(dark ? pair.dark : pair.light);
}

double luminance(const QColor &color)
{
    const auto linear = [](double c) { return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4); };
    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF());
}

} // namespace

bool isDark(const QPalette &palette)
{
    return luminance(palette.color(QPalette::Window)) < luminance(palette.color(QPalette::WindowText));
}

Hatching hatching(SegmentRole role, bool dark)
{
    const auto make = [dark](Pair fill, Pair lines, Qt::BrushStyle pattern) {
        return Hatching{pick(fill, dark), pick(lines, dark), pattern};
    };
    switch (role) {
    case SegmentRole::Others: return make({0xff9aa3ae, 0xff6b747f}, {0xff77818d, 0xff88919c}, Qt::BDiagPattern);
    case SegmentRole::WeightsMapped: return make({0xff9fcbe8, 0xff27577a}, {0xff0072b2, 0xff5fb0e4}, Qt::Dense6Pattern);
    case SegmentRole::Weights: return make({0xff0072b2, 0xff2f8fd0}, {0xff0072b2, 0xff2f8fd0}, Qt::NoBrush);
    case SegmentRole::Kv: return make({0xffe69f00, 0xffe8ad2c}, {0xffb87c00, 0xffb8841a}, Qt::FDiagPattern);
    case SegmentRole::State: return make({0xffcc79a7, 0xffd58fb6}, {0xffa3527f, 0xffa8608a}, Qt::CrossPattern);
    case SegmentRole::Compute: return make({0xff009e73, 0xff22b08a}, {0xff007a58, 0xff137a5e}, Qt::VerPattern);
    case SegmentRole::Overhead: return make({0xff8d6fb8, 0xffa48bd0}, {0xff6c4f97, 0xff7a62a6}, Qt::HorPattern);
    case SegmentRole::Headroom: return make({0xffeef1f4, 0xff2b3036}, {0xffc4ccd4, 0xff49525c}, Qt::NoBrush);
    case SegmentRole::Shortage: return make({0xfffbe3da, 0xff4a2a1f}, {0xffd55e00, 0xffff8b4d}, Qt::DiagCrossPattern);
    }
    return {};
}

Hatching hatching(LayerPlace place, bool dark)
{
    switch (place) {
    case LayerPlace::Gpu: return hatching(SegmentRole::Weights, dark);
    case LayerPlace::ExpertsInRam: return {pick({0xff56b4e9, 0xff6cc0ee}, dark), pick({0xff2b87bb, 0xff3f8fbf}, dark), Qt::FDiagPattern};
    case LayerPlace::Cpu: return {pick({0xffd9dee4, 0xff454d56}, dark), pick({0xffb4bcc6, 0xff626c77}, dark), Qt::BDiagPattern};
    }
    return {};
}

Hatching hatching(const BarSegment &segment, bool dark)
{
    if (segment.name.isEmpty())
        return hatching(segment.role, dark);
    constexpr Qt::BrushStyle patterns[]{Qt::NoBrush, Qt::BDiagPattern, Qt::DiagCrossPattern, Qt::HorPattern, Qt::VerPattern};
    const QColor fill = sequenceColour(segment.number, dark);
    return {fill, fill.lighter(130), patterns[static_cast<size_t>(segment.number) % std::size(patterns)]};
}

QColor qualityColour(double perplexityIncrease, bool dark)
{
    const QColor best = pick({0xff0072b2, 0xff2f8fd0}, dark);
    const QColor middle = pick({0xfff4f4f4, 0xffd8dce0}, dark);
    const QColor worst = pick({0xffd55e00, 0xffff8b4d}, dark);
    // Losses span three powers of ten: a cube root spreads them.
    const auto share = static_cast<float>(std::cbrt(std::clamp(perplexityIncrease, 0.0, 1.0)));
    const auto mixed = [](const QColor &a, const QColor &b, float t) {
        return QColor::fromRgbF(
            a.redF() + (b.redF() - a.redF()) * t, a.greenF() + (b.greenF() - a.greenF()) * t, a.blueF() + (b.blueF() - a.blueF()) * t);
    };
    return share < 0.5f ? mixed(best, middle, share * 2) : mixed(middle, worst, share * 2 - 1);
}

QColor sequenceColour(int index, bool dark)
{
    constexpr Pair hues[] = {{0xff0072b2, 0xff2f8fd0}, {0xffd55e00, 0xffff8b4d}, {0xff009e73, 0xff22b08a}, {0xffcc79a7, 0xffd58fb6},
        {0xffb87c00, 0xffe8ad2c}, {0xff2b87bb, 0xff6cc0ee}, {0xff6c4f97, 0xffa48bd0}};
    return pick(hues[static_cast<size_t>(index) % std::size(hues)], dark);
}

QColor ink(Tone tone, bool dark)
{
    switch (tone) {
    case Tone::Good: return pick({0xff00664a, 0xff5fd3ae}, dark);
    case Tone::Caution: return pick({0xff7a5200, 0xfff0bd55}, dark);
    case Tone::Bad: return pick({0xffa63d00, 0xffff9d6b}, dark);
    case Tone::Neutral: return pick({0xff44505c, 0xffb6c0ca}, dark);
    }
    return {};
}

QColor wash(Tone tone, bool dark)
{
    switch (tone) {
    case Tone::Good: return pick({0xffe4f4ee, 0xff1c332c}, dark);
    case Tone::Caution: return pick({0xfffdf3dd, 0xff38301d}, dark);
    case Tone::Bad: return pick({0xfffdeae1, 0xff3d261b}, dark);
    case Tone::Neutral: return pick({0xffedf0f3, 0xff2b3138}, dark);
    }
    return {};
}

Tone toneOf(Verdict verdict)
{
    switch (verdict) {
    case Verdict::FitsOnGpu: return Tone::Good;
    case Verdict::Tight:
    case Verdict::FitsWithOffload:
    case Verdict::CpuOnly: return Tone::Caution;
    case Verdict::DoesNotFit:
    case Verdict::RunsFromDisk: return Tone::Bad;
    case Verdict::Unknown: return Tone::Neutral;
    }
    return Tone::Neutral;
}

double contrast(const QColor &a, const QColor &b)
{
    const auto [darker, lighter] = std::minmax({luminance(a), luminance(b)});
    return (lighter + 0.05) / (darker + 0.05);
}

} // namespace plimsoll::app
