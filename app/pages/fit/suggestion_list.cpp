// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/fit/suggestion_list.h"

#include "bridge/format.h"
#include "bridge/sentences.h"

#include <QEvent>
#include <QGridLayout>
#include <QPushButton>

namespace plimsoll::app {

namespace {

QLabel *cell(const QString &text, QWidget *parent)
{
    auto *label = new QLabel(text, parent);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    return label;
}

bool ofTheMachine(ChangeCode code)
{
    return code == ChangeCode::FreeMemory || code == ChangeCode::OtherGpu || code == ChangeCode::SecondGpu;
}

} // namespace

SuggestionList::SuggestionList(const ModelList *models, QWidget *parent) : Card(parent), m_models(models)
{
    setObjectName(QStringLiteral("suggestions"));
    rebuild();
}

void SuggestionList::show(const Advice &advice, const Plan &plan)
{
    m_advice = advice;
    m_plan = plan;
    m_stale = false;
    rebuild();
}

void SuggestionList::setStale(bool stale)
{
    m_stale = stale;
    m_rows->setEnabled(!stale);
}

void SuggestionList::rebuild()
{
    setTitle(tr("What would change it"));
    delete m_rows;
    m_rows = new QWidget(this);
    body()->addWidget(m_rows);
    auto *grid = new QGridLayout(m_rows);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(16);
    grid->setColumnStretch(0, 5);
    grid->setColumnStretch(1, 3);
    grid->setColumnStretch(2, 3);
    int row = 0;
    for (const Change &change : m_advice.changes)
        addRow(row++, change);
    if (row == 0)
        grid->addWidget(cell(tr("No single change would make it fit better or run a tenth faster."), m_rows), row++, 0, 1, 4);
    const std::pair<const char *, QString> notes[]{{"farthest", farthest()}, {"inServers", inServers()}};
    for (const auto &[name, text] : notes) {
        if (text.isEmpty())
            continue;
        auto *label = cell(text, m_rows);
        label->setObjectName(QLatin1String(name));
        label->setForegroundRole(QPalette::PlaceholderText);
        grid->addWidget(label, row++, 0, 1, 4);
    }
    m_rows->setEnabled(!m_stale);
}

void SuggestionList::addRow(int row, const Change &change)
{
    auto *grid = static_cast<QGridLayout *>(m_rows->layout());
    const ModelEntry *smaller = m_models->find(QString::fromStdString(change.value));
    const QString sentence = Sentences::of(change, m_plan, smaller ? smaller->name : QString::fromStdString(change.value));
    auto *button = new QPushButton(ofTheMachine(change.code) ? tr("Pretend") : tr("Apply"), m_rows);
    button->setObjectName(QStringLiteral("apply%1").arg(row));
    button->setAccessibleName(tr("%1: %2", "name of a button, and the sentence it stands behind").arg(button->text(), sentence));
    connect(button, &QPushButton::clicked, this, [this, change] { emit applied(change); });
    auto *what = cell(sentence, m_rows);
    what->setObjectName(QStringLiteral("suggestion%1").arg(row));
    grid->addWidget(what, row, 0);
    grid->addWidget(cell(Sentences::title(change.verdict), m_rows), row, 1);
    grid->addWidget(cell(change.decode.known() ? format::tokenRate(change.decode) : QString(), m_rows), row, 2);
    grid->addWidget(button, row, 3);
}

QString SuggestionList::farthest() const
{
    const Maxima &most = m_advice.maxima;
    if (most.context == 0)
        return {};
    if (!most.quantization)
        return tr("With all else as it is: at most %1 tokens of context, or %2 parallel sequences.")
            .arg(format::count(most.context), format::count(most.sequences));
    const std::string_view type = plimsoll::name(*most.quantization);
    return tr("With all else as it is: at most %1 tokens of context, or %2 parallel sequences, or %3 as quantization.")
        .arg(format::count(most.context), format::count(most.sequences),
            QString::fromLatin1(type.data(), static_cast<qsizetype>(type.size())));
}

QString SuggestionList::inServers() const
{
    if (!m_advice.servers || m_plan.budgets.size() < 2)
        return {};
    const Servers &servers = *m_advice.servers;
    const QString card = QString::fromStdString(m_plan.budgets[1].name);
    if (!servers.fewestCards)
        return tr("Divided over several %1, it fits on none of the numbers that are considered.").arg(card);
    const ClusterPlan &cards = *servers.fewestCards;
    if (cards.cards == 1)
        return {};
    //: %1 is a GPU, %2 how many of them; %3 cards share every layer, in %4 groups one behind the other.
    const QString fewest = tr("Divided over several %1: at least %2 cards (%3 in parallel × %4 in a row).")
                               .arg(card, format::count(cards.cards), format::count(cards.tensorParallel), format::count(cards.stages));
    if (!servers.fewestServers || cards.cards < servers.perServer / 2)
        return fewest;
    //: %1 is a sentence about the number of cards.
    return tr("%1 In whole servers of %2 cards: %n server(s).", "", static_cast<int>(servers.fewestServers->nodes))
        .arg(fewest, format::count(servers.perServer));
}

void SuggestionList::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::LanguageChange)
        rebuild();
    Card::changeEvent(event);
}

} // namespace plimsoll::app
