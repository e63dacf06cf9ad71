// SPDX-License-Identifier: GPL-3.0-or-later
#include "shell/command_palette.h"

#include "shell/plain_table.h"

#include <QEvent>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QVBoxLayout>

#include <algorithm>

namespace plimsoll::app {

namespace {

constexpr int widest = 620;
constexpr int rowsShown = 12;

} // namespace

CommandPalette::CommandPalette(QWidget *parent)
    : QDialog(parent, Qt::Dialog | Qt::FramelessWindowHint), m_commands(new CommandList(this)), m_search(new QLineEdit(this)),
      m_list(new PlainTable(this)), m_nothing(new QLabel(this))
{
    setObjectName(QStringLiteral("palette"));
    m_search->setObjectName(QStringLiteral("paletteSearch"));
    m_search->setClearButtonEnabled(true);
    m_search->installEventFilter(this);
    m_list->setObjectName(QStringLiteral("paletteList"));
    m_list->setModel(m_commands);
    m_list->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_list->setSelectionMode(QAbstractItemView::SingleSelection);
    m_list->setWordWrap(false);
    m_list->setFocusPolicy(Qt::NoFocus);
    m_list->horizontalHeader()->hide();
    m_list->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_list->horizontalHeader()->setSectionResizeMode(CommandList::Title, QHeaderView::Stretch);
    m_list->setFixedHeight(rowsShown * m_list->verticalHeader()->defaultSectionSize());
    m_nothing->setObjectName(QStringLiteral("paletteNothing"));
    m_nothing->setAlignment(Qt::AlignTop | Qt::AlignHCenter);
    m_nothing->setFixedHeight(m_list->height());
    m_nothing->setForegroundRole(QPalette::PlaceholderText);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(12, 12, 12, 12);
    column->addWidget(m_search);
    column->addWidget(m_list);
    column->addWidget(m_nothing);
    connect(m_search, &QLineEdit::textChanged, this, &CommandPalette::search);
    connect(m_list, &QTableView::clicked, this, [this](const QModelIndex &index) { choose(index.row()); });
    retranslateUi();
}

void CommandPalette::open(const QVector<Command> &commands)
{
    m_commands->setCommands(commands);
    m_search->clear();
    search({});
    setFixedWidth(std::min(widest, parentWidget()->width() - 40));
    adjustSize();
    move(parentWidget()->mapToGlobal(QPoint((parentWidget()->width() - width()) / 2, parentWidget()->height() / 8)));
    m_search->setFocus();
    show();
}

void CommandPalette::search(const QString &text)
{
    m_commands->setSearch(text);
    const bool any = m_commands->rowCount() > 0;
    m_list->setVisible(any);
    m_nothing->setVisible(!any);
    if (any)
        m_list->selectRow(0);
}

void CommandPalette::choose(int row)
{
    const Command *command = m_commands->command(row);
    if (!command)
        return;
    const auto run = command->run;
    accept();
    run();
}

void CommandPalette::step(int rows)
{
    const int last = m_commands->rowCount() - 1;
    if (last >= 0)
        m_list->selectRow(std::clamp(m_list->currentIndex().row() + rows, 0, last));
}

/// The keys that move in the list, while the field keeps the focus.
bool CommandPalette::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() != QEvent::KeyPress)
        return QDialog::eventFilter(watched, event);
    switch (static_cast<QKeyEvent *>(event)->key()) {
    case Qt::Key_Down: step(1); return true;
    case Qt::Key_Up: step(-1); return true;
    case Qt::Key_PageDown: step(rowsShown); return true;
    case Qt::Key_PageUp: step(-rowsShown); return true;
    case Qt::Key_Return:
    case Qt::Key_Enter: choose(m_list->currentIndex().row()); return true;
    default: return QDialog::eventFilter(watched, event);
    }
}

void CommandPalette::retranslateUi()
{
    setWindowTitle(tr("Search"));
    m_search->setAccessibleName(tr("Search"));
    m_search->setPlaceholderText(tr("A model, a quantization, a machine, a page or an action"));
    m_list->setAccessibleName(tr("What was found"));
    m_nothing->setText(tr("Nothing is called that."));
}

void CommandPalette::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslateUi();
    if (event->type() == QEvent::ActivationChange && isVisible() && !isActiveWindow())
        reject();
    QDialog::changeEvent(event);
}

} // namespace plimsoll::app
