// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "charts/palette.h"

#include <QPainter>

namespace plimsoll::app {

/// Fills with the colour, then draws the hatching over it. The pattern's origin is the widget's, so neighbours join evenly.
void fillHatched(QPainter &painter, const QRectF &rect, const Hatching &style);

} // namespace plimsoll::app
