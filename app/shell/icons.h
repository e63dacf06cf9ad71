// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QIcon>

namespace plimsoll::app {

enum class Glyph {
    Fit, Compare, Models, Run, Hardware, Settings,
    Open, Play, Stop, Eject, Language, Theme, Search,
    Check, Caution, Cross, Question, Info,
};

/// A line drawing in the palette's text colour at any size; follows light and dark by itself. With `colour` always that.
QIcon icon(Glyph glyph, const QColor &colour = {});

/// The program's own mark: a circle with the load line through it.
QIcon programIcon();

} // namespace plimsoll::app
