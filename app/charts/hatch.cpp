// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/hatch.h"

namespace plimsoll::app {

void fillHatched(QPainter &painter, const QRectF &rect, const Hatching &style)
{
    painter.fillRect(rect, style.fill);
    if (style.pattern != Qt::NoBrush)
        painter.fillRect(rect, QBrush(style.lines, style.pattern));
}

} // namespace plimsoll::app
