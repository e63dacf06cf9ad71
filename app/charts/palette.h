// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "charts/chart_data.h"

#include <plimsoll/plan/plan.h>

#include <QBrush>
#include <QColor>
#include <QPalette>

/// The one set of colours with a meaning. Hues follow Okabe and Ito (2008), which people with any colour vision tell apart; every use is
/// doubled by hatching, a letter or text.
namespace plimsoll::app {

enum class Tone : uint8_t { Good, Caution, Bad, Neutral };

struct Hatching
{
    QColor fill;
    QColor lines;
    Qt::BrushStyle pattern = Qt::NoBrush;   // NoBrush: plain
};

bool isDark(const QPalette &palette);

Hatching hatching(SegmentRole role, bool dark);
Hatching hatching(LayerPlace place, bool dark);
Hatching hatching(const BarSegment &segment, bool dark);

/// From dark blue, nothing lost, over white to vermilion: perplexity that grew by a whole unit or more.
QColor qualityColour(double perplexityIncrease, bool dark);
/// One of a sequence of lines; hues repeat after seven, so the line's dash is to differ as well.
QColor sequenceColour(int index, bool dark);

/// Text and icon colour on the window's base; contrast at least 4.5 : 1.
QColor ink(Tone tone, bool dark);
/// A faint fill behind that text.
QColor wash(Tone tone, bool dark);
Tone toneOf(Verdict verdict);

/// Contrast ratio of two opaque colours after WCAG 2, 1 to 21.
double contrast(const QColor &a, const QColor &b);

} // namespace plimsoll::app
