// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/report.h"

#include "bridge/format.h"
#include "charts/palette.h"

#include <algorithm>

namespace plimsoll::app {

namespace {

using Kind = ReportBlock::Kind;

constexpr int barCharacters = 48;

/// What is drawn: all but the shortage, which has no place in a bar.
double totalOf(const BarData &bar)
{
    double sum = 0;
    for (const BarSegment &segment : bar.segments)
        if (segment.role != SegmentRole::Shortage)
            sum += segment.bytes.gib();
    return std::max(sum, 1e-9);
}

QString figuresOf(const BarData &bar)
{
    QStringList parts;
    for (const BarSegment &segment : bar.segments)
        parts << QStringLiteral("%1 %2").arg(roleName(segment.role), format::memory(segment.bytes));
    return parts.join(QStringLiteral(" · "));
}

/// A character per part: full blocks for weights, lighter ones for the rest, dots for what is free.
QString drawnOf(const BarData &bar)
{
    const auto character = [](SegmentRole role) -> QChar {
        switch (role) {
        case SegmentRole::WeightsMapped:
        case SegmentRole::Weights: return QChar(0x2588);
        case SegmentRole::Kv:
        case SegmentRole::State: return QChar(0x2593);
        case SegmentRole::Compute:
        case SegmentRole::Overhead: return QChar(0x2592);
        case SegmentRole::Others: return QChar(0x2591);
        default: return QChar(0x00b7);
        }
    };
    QString drawn;
    double upTo = 0;
    for (const BarSegment &segment : bar.segments) {
        if (segment.role == SegmentRole::Shortage)
            continue;
        upTo += segment.bytes.gib() / totalOf(bar) * barCharacters;
        drawn += QString(std::max(0, static_cast<int>(upTo + 0.5) - static_cast<int>(drawn.size())), character(segment.role));
    }
    return drawn;
}

QString underlined(const QString &text, QChar line)
{
    return text + QLatin1Char('\n') + QString(text.size(), line);
}

/// Columns as wide as their widest cell; a cell's further lines become one with it.
QString alignedTable(const QVector<QStringList> &cells)
{
    QVector<qsizetype> widths;
    for (const QStringList &row : cells)
        for (int column = 0; column < row.size(); ++column) {
            if (widths.size() <= column)
                widths << 0;
            widths[column] = std::max(widths[column], row[column].size());
        }
    QStringList lines;
    for (const QStringList &row : cells) {
        QString line;
        for (int column = 0; column < row.size(); ++column) {
            QString text = row[column];
            text.replace(QLatin1Char('\n'), QLatin1String("; "));
            line += column + 1 < row.size() ? text.leftJustified(widths[column] + 2) : text;
        }
        lines << line;
    }
    return lines.join(QLatin1Char('\n'));
}

QString markdownTable(const QVector<QStringList> &cells)
{
    QStringList lines;
    for (int row = 0; row < cells.size(); ++row) {
        QStringList escaped;
        for (QString text : cells[row])
            escaped << text.replace(QLatin1Char('|'), QLatin1String("\\|")).replace(QLatin1Char('\n'), QLatin1String("<br>"));
        lines << QStringLiteral("| %1 |").arg(escaped.join(QStringLiteral(" | ")));
        if (row == 0)
            lines << QStringLiteral("|%1").arg(QStringLiteral("---|").repeated(cells[row].size()));
    }
    return lines.join(QLatin1Char('\n'));
}

QString htmlBar(const BarData &bar)
{
    QString cells;
    for (const BarSegment &segment : bar.segments) {
        const double share = segment.bytes.gib() / totalOf(bar) * 100;
        if (segment.role == SegmentRole::Shortage || share < 0.2)
            continue;
        cells
            += QStringLiteral("<td bgcolor=\"%1\" width=\"%2%\" title=\"%3\">&nbsp;</td>")
                   .arg(hatching(segment.role, false).fill.name(), QString::number(share, 'f', 1), roleName(segment.role).toHtmlEscaped());
    }
    return QStringLiteral(
        "<p><b>%1</b> · %2</p>\n<table width=\"100%\" cellspacing=\"0\" cellpadding=\"3\"><tr>%3</tr></table>\n<p><small>%4</small></p>\n")
        .arg(bar.title.toHtmlEscaped(), format::memory(bar.total).toHtmlEscaped(), cells, figuresOf(bar).toHtmlEscaped());
}

QString htmlTable(const QVector<QStringList> &cells)
{
    QString rows;
    for (int row = 0; row < cells.size(); ++row) {
        rows += QStringLiteral("<tr>");
        for (const QString &text : cells[row])
            rows += QStringLiteral("<%1 align=\"left\">%2</%1>")
                        .arg(row == 0 ? QStringLiteral("th") : QStringLiteral("td"),
                            text.toHtmlEscaped().replace(QLatin1Char('\n'), QLatin1String("<br>")));
        rows += QStringLiteral("</tr>\n");
    }
    return QStringLiteral("<table border=\"1\" cellspacing=\"0\" cellpadding=\"4\">\n%1</table>\n").arg(rows);
}

} // namespace

QString toPlainText(const Report &report)
{
    QStringList parts;
    for (const ReportBlock &block : report) {
        switch (block.kind) {
        case Kind::Title: parts << underlined(block.text, QLatin1Char('=')); break;
        case Kind::Heading: parts << underlined(block.text, QLatin1Char('-')); break;
        case Kind::Paragraph: parts << block.text; break;
        case Kind::List: parts << QStringLiteral("- ") + block.items.join(QStringLiteral("\n- ")); break;
        case Kind::Table: parts << alignedTable(block.cells); break;
        case Kind::Bar:
            parts << QStringLiteral("%1 · %2\n[%3]\n%4")
                         .arg(block.bar.title, format::memory(block.bar.total), drawnOf(block.bar), figuresOf(block.bar));
            break;
        }
    }
    return parts.join(QStringLiteral("\n\n")) + QLatin1Char('\n');
}

QString toMarkdown(const Report &report)
{
    QStringList parts;
    for (const ReportBlock &block : report) {
        switch (block.kind) {
        case Kind::Title: parts << QStringLiteral("# ") + block.text; break;
        case Kind::Heading: parts << QStringLiteral("## ") + block.text; break;
        case Kind::Paragraph: parts << block.text; break;
        case Kind::List: parts << QStringLiteral("- ") + block.items.join(QStringLiteral("\n- ")); break;
        case Kind::Table: parts << markdownTable(block.cells); break;
        case Kind::Bar:
            parts << QStringLiteral("**%1** · %2\n\n`%3`\n\n%4")
                         .arg(block.bar.title, format::memory(block.bar.total), drawnOf(block.bar), figuresOf(block.bar));
            break;
        }
    }
    return parts.join(QStringLiteral("\n\n")) + QLatin1Char('\n');
}

QString toHtml(const Report &report)
{
    QString body;
    QString title;
    for (const ReportBlock &block : report) {
        const QString text = block.text.toHtmlEscaped();
        switch (block.kind) {
        case Kind::Title:
            title = text;
            body += QStringLiteral("<h1>%1</h1>\n").arg(text);
            break;
        case Kind::Heading: body += QStringLiteral("<h2>%1</h2>\n").arg(text); break;
        case Kind::Paragraph: body += QStringLiteral("<p>%1</p>\n").arg(text); break;
        case Kind::List:
            body += QStringLiteral("<ul>\n");
            for (const QString &item : block.items)
                body += QStringLiteral("<li>%1</li>\n").arg(item.toHtmlEscaped());
            body += QStringLiteral("</ul>\n");
            break;
        case Kind::Table: body += htmlTable(block.cells); break;
        case Kind::Bar: body += htmlBar(block.bar); break;
        }
    }
    return QStringLiteral("<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"><title>%1</title></head>\n<body style=\"font-family: "
                          "sans-serif\">\n%2</body></html>\n")
        .arg(title, body);
}

} // namespace plimsoll::app
