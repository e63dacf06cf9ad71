// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shell/card.h"

class QPushButton;

namespace plimsoll::app {

class AccountTable;
class FitState;
class PlainTable;

/// Why the verdict is what it is: the reasons as sentences, and on demand every part of every device with its formula.
class WhyCard : public Card
{
    Q_OBJECT

public:
    explicit WhyCard(QWidget *parent = nullptr);

    /// `state` outlives the card.
    void show(const FitState &state);

protected:
    void changeEvent(QEvent *event) override;

private:
    void retranslateUi();
    void showAccount();

    const FitState *m_state = nullptr;
    QLabel *m_reasons;
    QPushButton *m_more;
    AccountTable *m_account;
    PlainTable *m_view;
};

} // namespace plimsoll::app
