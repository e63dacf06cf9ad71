// SPDX-License-Identifier: GPL-3.0-or-later
#include "shell/status_strip.h"

#include "bridge/format.h"
#include "shell/icons.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

namespace plimsoll::app {

StatusStrip::StatusStrip(EngineProcess *engine, QWidget *parent)
    : QWidget(parent), m_engine(engine), m_model(new QLabel(this)), m_speed(new QLabel(this)), m_devices(new QLabel(this)),
      m_stop(new QPushButton(this)), m_unload(new QPushButton(this))
{
    m_model->setObjectName(QStringLiteral("statusModel"));
    m_speed->setObjectName(QStringLiteral("statusSpeed"));
    m_devices->setObjectName(QStringLiteral("statusDevices"));
    m_stop->setObjectName(QStringLiteral("statusStop"));
    m_unload->setObjectName(QStringLiteral("statusUnload"));
    m_model->setTextFormat(Qt::PlainText);
    m_stop->setIcon(icon(Glyph::Stop));
    m_unload->setIcon(icon(Glyph::Eject));
    m_stop->setIconSize(QSize(21, 16));
    m_unload->setIconSize(QSize(21, 16));
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(16, 5, 16, 5);
    row->setSpacing(12);
    row->addWidget(m_model, 1);
    row->addWidget(m_speed);
    row->addWidget(m_devices);
    row->addWidget(m_stop);
    row->addWidget(m_unload);

    connect(m_stop, &QPushButton::clicked, engine, &EngineProcess::stopGeneration);
    connect(m_unload, &QPushButton::clicked, engine, &EngineProcess::unload);
    connect(engine, &EngineProcess::stateChanged, this, &StatusStrip::showState);
    connect(engine, &EngineProcess::loadProgress, this, &StatusStrip::showState);
    connect(engine, &EngineProcess::statisticsChanged, this, [this](const GenerationFigures &figures) {
        m_figures = figures;
        showState();
    });
    retranslateUi();
}

void StatusStrip::showReading(const Machine &reading)
{
    m_reading = reading;
    showState();
}

/// Of several GPUs the fullest; all of them in the tip.
void StatusStrip::showDevices(bool loaded)
{
    QStringList lines;
    QString fullest;
    double most = -1;
    for (size_t i = 0; i < m_reading.gpus.size(); ++i) {
        const Gpu &gpu = m_reading.gpus[i];
        QStringList parts{tr("GPU %1: %2 of %3", "number, VRAM in use, all of its VRAM")
                              .arg(format::count(i), format::memory(gpu.usedByOthers()), format::memory(gpu.total))};
        if (gpu.temperatureC)
            parts << format::temperature(*gpu.temperatureC);
        if (gpu.powerW)
            parts << format::power(*gpu.powerW);
        lines << parts.join(QStringLiteral(" · "));
        const double share = gpu.total.value > 0 ? gpu.usedByOthers().gib() / gpu.total.gib() : 0;
        if (share > most) {
            most = share;
            fullest = lines.last();
        }
    }
    if (lines.isEmpty() && m_reading.ram.total.value > 0)
        fullest = tr("RAM: %1 of %2", "in use, all there is")
                      .arg(format::memory(m_reading.ram.total - m_reading.ram.available), format::memory(m_reading.ram.total));
    m_devices->setText(fullest);
    m_devices->setToolTip(lines.join(QLatin1Char('\n')));
    m_devices->setVisible(loaded && !fullest.isEmpty());
}

QString StatusStrip::stateText() const
{
    const QString model = m_engine->request().displayName();
    switch (m_engine->state()) {
    case EngineProcess::State::Idle: return tr("No model loaded");
    case EngineProcess::State::Starting: return tr("%1: starting the engine", "%1 is a model").arg(model);
    case EngineProcess::State::Loading:
        return tr("%1: loading, %2", "%1 is a model, %2 a percentage").arg(model, format::percent(m_engine->progress()));
    case EngineProcess::State::Ready: return tr("%1: ready", "%1 is a model").arg(model);
    case EngineProcess::State::Generating: return tr("%1: generating", "%1 is a model").arg(model);
    case EngineProcess::State::Stopping: return tr("%1: unloading", "%1 is a model").arg(model);
    case EngineProcess::State::Failed: return tr("%1: stopped by an error", "%1 is a model").arg(model);
    }
    return {};
}

void StatusStrip::showState()
{
    const EngineProcess::State state = m_engine->state();
    const bool loaded = state == EngineProcess::State::Ready || state == EngineProcess::State::Generating;
    if (!loaded)
        m_figures = {};
    m_model->setText(stateText());
    m_speed->setText(loaded && m_figures.decodeRate > 0 ? format::tokenRate(m_figures.decodeRate) : QString());
    showDevices(loaded);
    m_stop->setEnabled(state == EngineProcess::State::Generating);
    m_unload->setEnabled(loaded || state == EngineProcess::State::Loading || state == EngineProcess::State::Starting);
    const bool anything = state != EngineProcess::State::Idle && state != EngineProcess::State::Failed;
    m_stop->setVisible(anything);
    m_unload->setVisible(anything);
}

void StatusStrip::retranslateUi()
{
    m_stop->setText(tr("Stop"));
    m_stop->setToolTip(tr("Stop generating; what was said stays."));
    m_unload->setText(tr("Unload"));
    m_unload->setToolTip(tr("End the engine and free its memory."));
    showState();
}

void StatusStrip::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslateUi();
    QWidget::changeEvent(event);
}

} // namespace plimsoll::app
