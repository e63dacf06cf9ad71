// SPDX-License-Identifier: GPL-3.0-or-later
#include "sampling_box.h"

#include <QDoubleSpinBox>
#include <QEvent>
#include <QGridLayout>
#include <QLabel>
#include <QSpinBox>

#include <algorithm>

namespace plimsoll::app {

SamplingBox::SamplingBox(QWidget *parent)
    : Card(parent), m_temperatureLabel(new QLabel), m_temperature(new QDoubleSpinBox), m_maxTokensLabel(new QLabel),
      m_maxTokens(new QSpinBox)
{
    m_temperature->setObjectName(QStringLiteral("temperature"));
    m_temperature->setRange(0, 2);
    m_temperature->setSingleStep(0.1);
    m_temperature->setDecimals(2);
    m_maxTokens->setObjectName(QStringLiteral("maxTokens"));
    m_maxTokens->setRange(1, 1 << 20);
    m_maxTokens->setSingleStep(64);
    m_maxTokens->setGroupSeparatorShown(true);
    m_temperatureLabel->setBuddy(m_temperature);
    m_maxTokensLabel->setBuddy(m_maxTokens);
    m_temperatureLabel->setWordWrap(true);
    m_maxTokensLabel->setWordWrap(true);
    auto *grid = new QGridLayout;
    body()->addLayout(grid);
    grid->setColumnStretch(0, 1);
    grid->addWidget(m_temperatureLabel, 0, 0);
    grid->addWidget(m_temperature, 0, 1);
    grid->addWidget(m_maxTokensLabel, 1, 0);
    grid->addWidget(m_maxTokens, 1, 1);
    setOptions({});
    retranslateUi();
    connect(m_temperature, &QDoubleSpinBox::valueChanged, this, &SamplingBox::changed);
    connect(m_maxTokens, &QSpinBox::valueChanged, this, &SamplingBox::changed);
}

GenerateOptions SamplingBox::options() const
{
    return {static_cast<quint32>(m_maxTokens->value()), m_temperature->value()};
}

void SamplingBox::setOptions(const GenerateOptions &options)
{
    m_temperature->setValue(options.temperature);
    m_maxTokens->setValue(static_cast<int>(std::min<quint32>(options.maxTokens, 1 << 20)));
}

void SamplingBox::retranslateUi()
{
    setTitle(tr("Answer"));
    //: How freely the next token is chosen; not the temperature of a GPU.
    m_temperatureLabel->setText(tr("Sampling &temperature"));
    m_temperature->setAccessibleName(tr("Sampling temperature"));
    m_temperature->setToolTip(tr("0 always takes the likeliest token; higher values make the answer more varied."));
    m_maxTokensLabel->setText(tr("Most t&okens"));
    m_maxTokens->setAccessibleName(tr("Most tokens of an answer"));
    m_maxTokens->setToolTip(tr("An answer ends here at the latest."));
    m_temperature->setLocale(QLocale());
    m_maxTokens->setLocale(QLocale());
}

void SamplingBox::changeEvent(QEvent *event)
{
    Card::changeEvent(event);
    if (event->type() == QEvent::LanguageChange)
        retranslateUi();
}

} // namespace plimsoll::app
