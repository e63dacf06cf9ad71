// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/fit/doubling_spin_box.h"

namespace plimsoll::app {

DoublingSpinBox::DoublingSpinBox(QWidget *parent) : QSpinBox(parent)
{
    setRange(256, 16 * 1024 * 1024);
    setGroupSeparatorShown(true);
    setCorrectionMode(QAbstractSpinBox::CorrectToNearestValue);
    setKeyboardTracking(false);
}

void DoublingSpinBox::stepBy(int steps)
{
    qint64 next = value();
    for (int i = 0; i < qAbs(steps); ++i) {
        qint64 power = minimum();
        if (steps > 0) {
            while (power <= next)
                power *= 2;
        } else {
            while (power * 2 < next)
                power *= 2;
        }
        next = qBound(qint64(minimum()), power, qint64(maximum()));
    }
    setValue(static_cast<int>(next));
}

} // namespace plimsoll::app
