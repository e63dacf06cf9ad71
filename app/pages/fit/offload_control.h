// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <plimsoll/plan/plan.h>

#include <QWidget>

class QLabel;
class QRadioButton;
class QSlider;
class QSpinBox;

namespace plimsoll::app {

/// How many layers lie on the GPUs: left to Plimsoll, by number, or layer by layer. In Auto the slider shows what was chosen, and moving it
/// takes over.
class OffloadControl : public QWidget
{
    Q_OBJECT

public:
    explicit OffloadControl(QWidget *parent = nullptr);

    /// `most` is one more than the model has layers: the output too.
    void show(OffloadMode mode, uint32_t layers, uint32_t most, bool anyGpu);

signals:
    void chosen(plimsoll::OffloadMode mode, quint32 layers);

protected:
    void changeEvent(QEvent *event) override;

private:
    void retranslateUi();
    void choose(int layers);

    QLabel *m_label;
    QRadioButton *m_auto;
    QRadioButton *m_byHand;
    QRadioButton *m_byLayer;
    QSlider *m_slider;
    QSpinBox *m_number;
    QLabel *m_of;
};

} // namespace plimsoll::app
