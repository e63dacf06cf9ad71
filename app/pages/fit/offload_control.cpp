// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/fit/offload_control.h"

#include "bridge/format.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QRadioButton>
#include <QSignalBlocker>
#include <QSlider>
#include <QSpinBox>

namespace plimsoll::app {

OffloadControl::OffloadControl(QWidget *parent)
    : QWidget(parent), m_label(new QLabel(this)), m_auto(new QRadioButton(this)), m_byHand(new QRadioButton(this)),
      m_byLayer(new QRadioButton(this)),
      m_slider(new QSlider(Qt::Horizontal, this)), m_number(new QSpinBox(this)), m_of(new QLabel(this))
{
    m_auto->setObjectName(QStringLiteral("offloadAuto"));
    m_byHand->setObjectName(QStringLiteral("offloadByHand"));
    m_byLayer->setObjectName(QStringLiteral("offloadByLayer"));
    m_slider->setObjectName(QStringLiteral("offloadSlider"));
    m_number->setObjectName(QStringLiteral("offloadNumber"));
    m_slider->setPageStep(4);

    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(14);
    row->addWidget(m_label);
    row->addWidget(m_auto);
    row->addWidget(m_byHand);
    row->addWidget(m_slider, 1);
    row->addWidget(m_number);
    row->addWidget(m_of);
    row->addWidget(m_byLayer);

    connect(m_auto, &QRadioButton::clicked, this, [this] { emit chosen(OffloadMode::Auto, 0); });
    connect(m_byHand, &QRadioButton::clicked, this, [this] { choose(m_slider->value()); });
    connect(m_byLayer, &QRadioButton::clicked, this, [this] { emit chosen(OffloadMode::ByHand, 0); });
    connect(m_slider, &QSlider::valueChanged, this, &OffloadControl::choose);
    connect(m_number, &QSpinBox::valueChanged, this, &OffloadControl::choose);
    retranslateUi();
}

void OffloadControl::choose(int layers)
{
    emit chosen(OffloadMode::Layers, static_cast<quint32>(layers));
}

void OffloadControl::show(OffloadMode mode, uint32_t layers, uint32_t most, bool anyGpu)
{
    const QSignalBlocker quietAuto(m_auto), quietByHand(m_byHand), quietByLayer(m_byLayer), quietSlider(m_slider), quietNumber(m_number);
    const int top = static_cast<int>(most);
    m_slider->setRange(0, top);
    m_slider->setValue(static_cast<int>(layers));
    m_number->setRange(0, top);
    m_number->setValue(static_cast<int>(layers));
    (mode == OffloadMode::Layers ? m_byHand : mode == OffloadMode::ByHand ? m_byLayer : m_auto)->setChecked(true);
    m_of->setText(tr("of %1", "the number of layers that can be on the GPU").arg(format::count(most)));
    for (QWidget *part : {static_cast<QWidget *>(m_auto), static_cast<QWidget *>(m_byHand), static_cast<QWidget *>(m_slider),
             static_cast<QWidget *>(m_number), static_cast<QWidget *>(m_of), static_cast<QWidget *>(m_byLayer)})
        part->setEnabled(anyGpu && most > 0);
    m_slider->setToolTip(anyGpu ? QString() : tr("There is no GPU to offload to."));
}

void OffloadControl::retranslateUi()
{
    m_label->setText(tr("Offload to GPU"));
    m_auto->setText(tr("Automatic"));
    m_auto->setToolTip(tr("Plimsoll chooses the fastest placement that fits."));
    m_byHand->setText(tr("By hand"));
    m_byLayer->setText(tr("Per layer"));
    m_byLayer->setToolTip(tr("Click a layer above to move it to the next place."));
    m_slider->setAccessibleName(tr("Layers on the GPU"));
    m_number->setAccessibleName(tr("Layers on the GPU, as a number"));
    m_of->setText(tr("of %1", "the number of layers that can be on the GPU").arg(format::count(static_cast<quint64>(m_slider->maximum()))));
}

void OffloadControl::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslateUi();
    QWidget::changeEvent(event);
}

} // namespace plimsoll::app
