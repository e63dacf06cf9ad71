// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "bridge/engine_types.h"
#include "shell/card.h"

#include <array>

class QLabel;

namespace plimsoll::app {

/// How fast the running or the last answer comes.
class SpeedTable : public Card
{
    Q_OBJECT

public:
    explicit SpeedTable(QWidget *parent = nullptr);

    void setFigures(const GenerationFigures &figures);

protected:
    void changeEvent(QEvent *event) override;

private:
    static constexpr int rows = 5;

    void retranslateUi();
    void showFigures();

    GenerationFigures m_figures;
    std::array<QLabel *, rows> m_titles;
    std::array<QLabel *, rows> m_values;
};

} // namespace plimsoll::app
