// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "bridge/engine_types.h"
#include "shell/card.h"

#include <optional>

class QLabel;

namespace plimsoll::app {

/// Predicted beside actual memory of the engine, owned and mapped apart.
class MemoryTable : public Card
{
    Q_OBJECT

public:
    explicit MemoryTable(QWidget *parent = nullptr);

    void setFigures(const MemoryFigures &figures);
    void forget();

protected:
    void changeEvent(QEvent *event) override;

private:
    void retranslateUi();
    void showFigures();

    std::optional<MemoryFigures> m_figures;
    QLabel *m_predicted;
    QLabel *m_actual;
    QLabel *m_owned;
    QLabel *m_mapped;
    QLabel *m_values[2][2];   // [owned, mapped][predicted, actual]
};

} // namespace plimsoll::app
