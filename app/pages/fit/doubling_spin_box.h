// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSpinBox>

namespace plimsoll::app {

/// A number of tokens: the arrows double and halve, any other number can be typed. Refuses what no model has.
class DoublingSpinBox : public QSpinBox
{
    Q_OBJECT

public:
    explicit DoublingSpinBox(QWidget *parent = nullptr);

    void stepBy(int steps) override;
};

} // namespace plimsoll::app
