// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "bridge/engine_types.h"
#include "shell/card.h"

class QDoubleSpinBox;
class QLabel;
class QSpinBox;

namespace plimsoll::app {

/// How the next answer is sampled.
class SamplingBox : public Card
{
    Q_OBJECT

public:
    explicit SamplingBox(QWidget *parent = nullptr);

    GenerateOptions options() const;
    void setOptions(const GenerateOptions &options);

signals:
    void changed();

protected:
    void changeEvent(QEvent *event) override;

private:
    void retranslateUi();

    QLabel *m_temperatureLabel;
    QDoubleSpinBox *m_temperature;
    QLabel *m_maxTokensLabel;
    QSpinBox *m_maxTokens;
};

} // namespace plimsoll::app
