// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "bridge/engine_process.h"

#include <QWidget>

class QLabel;
class QPushButton;

namespace plimsoll::app {

/// The foot of the window: which model runs, how fast, and the buttons that stop and unload it from any page.
class StatusStrip : public QWidget
{
    Q_OBJECT

public:
    /// `engine` outlives the strip.
    explicit StatusStrip(EngineProcess *engine, QWidget *parent = nullptr);

protected:
    void changeEvent(QEvent *event) override;

private:
    void retranslateUi();
    void showState();
    QString stateText() const;

    EngineProcess *m_engine;
    GenerationFigures m_figures;
    QLabel *m_model;
    QLabel *m_speed;
    QPushButton *m_stop;
    QPushButton *m_unload;
};

} // namespace plimsoll::app
