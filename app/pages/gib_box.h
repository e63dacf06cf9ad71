// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <plimsoll/units/bytes.h>

#include <QDoubleSpinBox>

namespace plimsoll::app {

/// An amount of memory in GiB that can be typed. What is outside the range is refused while typing; a change counts when it is
/// complete.
class GibBox : public QDoubleSpinBox
{
    Q_OBJECT

public:
    explicit GibBox(QWidget *parent = nullptr);

    /// Without a signal; the exact amount is kept until the user changes it.
    void setBytes(Bytes bytes, Bytes least, Bytes most);

signals:
    void bytesChanged(plimsoll::Bytes bytes);

protected:
    void changeEvent(QEvent *event) override;

private:
    void retranslateUi();
};

} // namespace plimsoll::app
