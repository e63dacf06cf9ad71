// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "charts/palette.h"

#include <QFrame>

class QHBoxLayout;
class QLabel;
class QPushButton;
class QVBoxLayout;

namespace plimsoll::app {

class FitState;

/// The answer: icon, a few words, the sentence with its numbers, the predicted speed, and the button that launches the model.
class VerdictBanner : public QFrame
{
    Q_OBJECT

public:
    explicit VerdictBanner(QWidget *parent = nullptr);

    void show(const FitState &state);
    QString title() const;
    QString sentence() const;
    QPushButton *launchButton() const { return m_launch; }
    void addBelowLaunch(QWidget *widget);
    /// To the right of the button that launches and what is below it.
    void addBeside(QWidget *widget);

protected:
    void paintEvent(QPaintEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    static QString speedOf(const Plan &plan);
    void setTone(Tone tone);
    void setTexts(const QString &title, const QString &sentence, const QString &speed);

    Tone m_tone = Tone::Neutral;
    QLabel *m_icon;
    QLabel *m_title;
    QLabel *m_sentence;
    QLabel *m_speed;
    QPushButton *m_launch;
    QVBoxLayout *m_buttons;
    QHBoxLayout *m_row;
};

} // namespace plimsoll::app
