// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "charts/chart_data.h"

#include <QString>
#include <QStringList>
#include <QVector>

namespace plimsoll::app {

/// A document of a few kinds of blocks, which every form of it writes in its own way. All texts are plain.
struct ReportBlock
{
    enum class Kind : uint8_t { Title, Heading, Paragraph, List, Table, Bar };

    Kind kind = Kind::Paragraph;
    QString text;                   // Title, Heading, Paragraph
    QStringList items;              // List
    QVector<QStringList> cells;     // Table: the first row is its head
    BarData bar;                    // Bar
};

using Report = QVector<ReportBlock>;

/// Lines of at most as many characters as a table needs; bars of block characters.
QString toPlainText(const Report &report);
QString toMarkdown(const Report &report);
/// One page without anything from outside; QTextDocument reads it too.
QString toHtml(const Report &report);

} // namespace plimsoll::app
