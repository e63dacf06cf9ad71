// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "bridge/engine_process.h"

#include <plimsoll/machine/machine.h>

#include <QWidget>

class QLabel;
class QPushButton;

namespace plimsoll::app {

/// The foot of the window: which model runs, how fast, what it does to the GPU or the RAM, and the buttons that stop and unload it from
/// any page.
class StatusStrip : public QWidget
{
    Q_OBJECT

public:
    /// `engine` outlives the strip.
    explicit StatusStrip(EngineProcess *engine, QWidget *parent = nullptr);

    /// The latest of this computer.
    void showReading(const Machine &reading);

protected:
    void changeEvent(QEvent *event) override;

private:
    void retranslateUi();
    void showState();
    QString stateText() const;
    void showDevices(bool loaded);

    EngineProcess *m_engine;
    GenerationFigures m_figures;
    Machine m_reading;
    QLabel *m_model;
    QLabel *m_speed;
    QLabel *m_devices;
    QPushButton *m_stop;
    QPushButton *m_unload;
};

} // namespace plimsoll::app
