// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/fit/why_card.h"

#include "bridge/sentences.h"
#include "models/account.h"
#include "pages/fit/fit_state.h"
#include "shell/plain_table.h"

#include <QEvent>
#include <QHeaderView>
#include <QPushButton>

namespace plimsoll::app {

WhyCard::WhyCard(QWidget *parent)
    : Card(parent), m_reasons(new QLabel(this)), m_more(new QPushButton(this)), m_account(new AccountTable(this)),
      m_view(new PlainTable(this))
{
    m_reasons->setObjectName(QStringLiteral("reasons"));
    m_reasons->setTextFormat(Qt::PlainText);
    m_reasons->setWordWrap(true);
    m_reasons->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_more->setObjectName(QStringLiteral("showAccount"));
    m_more->setCheckable(true);
    m_view->setObjectName(QStringLiteral("account"));
    m_view->setModel(m_account);
    m_view->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_view->horizontalHeader()->setSectionResizeMode(AccountTable::Formula, QHeaderView::Stretch);
    m_view->hide();
    body()->addWidget(m_reasons);
    body()->addWidget(m_more, 0, Qt::AlignLeft);
    body()->addWidget(m_view);
    connect(m_more, &QPushButton::toggled, this, [this](bool on) {
        m_view->setVisible(on);
        showAccount();
    });
    retranslateUi();
}

void WhyCard::show(const FitState &state)
{
    m_state = &state;
    QStringList lines;
    if (state.plan())
        for (const Reason &reason : state.plan()->reasons)
            lines << tr("• %1", "one line of a list").arg(Sentences::of(reason, *state.plan()));
    m_reasons->setText(lines.join(QLatin1Char('\n')));
    m_reasons->setVisible(!lines.isEmpty());
    setVisible(state.plan().has_value());
    showAccount();
}

void WhyCard::showAccount()
{
    if (!m_more->isChecked() || !m_state || !m_state->plan())
        return;
    const PlanRequest request = m_state->planRequest();
    m_account->setRows(
        accountOf({*m_state->model().shape, m_state->types(), m_state->machine(), request, *m_state->plan(), m_state->model().local()}));
    m_view->fitHeight();
}

void WhyCard::retranslateUi()
{
    setTitle(tr("Why"));
    m_more->setText(tr("Show how each part comes about"));
    m_view->setAccessibleName(tr("Every part of the memory with its formula"));
}

void WhyCard::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::LanguageChange) {
        retranslateUi();
        if (m_state)
            show(*m_state);
    }
    Card::changeEvent(event);
}

} // namespace plimsoll::app
