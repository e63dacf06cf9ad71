// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/gib_box.h"

#include <QEvent>
#include <QSignalBlocker>

#include <algorithm>
#include <cmath>

namespace plimsoll::app {

GibBox::GibBox(QWidget *parent) : QDoubleSpinBox(parent)
{
    setDecimals(2);
    setSingleStep(1);
    setKeyboardTracking(false);
    setAlignment(Qt::AlignRight);
    setGroupSeparatorShown(true);
    connect(this, &QDoubleSpinBox::valueChanged, this, [this](double gib) {
        emit bytesChanged({static_cast<uint64_t>(std::llround(std::max(gib, 0.0) * 1073741824.0))});
    });
    retranslateUi();
}

void GibBox::setBytes(Bytes bytes, Bytes least, Bytes most)
{
    const QSignalBlocker silence(this);
    // Rounded inwards, so that a typed number never passes the true limits.
    setRange(std::ceil(least.gib() * 100) / 100, std::floor(most.gib() * 100) / 100);
    setValue(bytes.gib());
}

void GibBox::retranslateUi()
{
    const QSignalBlocker silence(this);
    setLocale(QLocale());
    //: Follows a number in an input field; begins with a space.
    setSuffix(tr(" GiB"));
}

void GibBox::changeEvent(QEvent *event)
{
    QDoubleSpinBox::changeEvent(event);
    if (event->type() == QEvent::LanguageChange)
        retranslateUi();
}

} // namespace plimsoll::app
