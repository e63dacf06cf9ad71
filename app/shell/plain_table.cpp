// SPDX-License-Identifier: GPL-3.0-or-later
#include "shell/plain_table.h"

#include <QHeaderView>

namespace plimsoll::app {

PlainTable::PlainTable(QWidget *parent) : QTableView(parent)
{
    setShowGrid(false);
    setFrameShape(QFrame::NoFrame);
    setSelectionMode(QAbstractItemView::NoSelection);
    setTabKeyNavigation(false);
    setWordWrap(true);
    verticalHeader()->hide();
    verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 8);
    horizontalHeader()->setHighlightSections(false);
    m_later.setSingleShot(true);
    connect(&m_later, &QTimer::timeout, this, &PlainTable::fitHeight);
    connect(horizontalHeader(), &QHeaderView::sectionResized, this, [this] {
        if (m_fitted)
            m_later.start(0);
    });
}

void PlainTable::fitHeight()
{
    m_fitted = true;
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    resizeRowsToContents();
    int height = horizontalHeader()->sizeHint().height() + 4;
    for (int row = 0; model() && row < model()->rowCount(); ++row)
        height += rowHeight(row);
    setFixedHeight(height);
}

} // namespace plimsoll::app
