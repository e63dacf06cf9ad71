// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/comparison_table.h"

#include "bridge/format.h"
#include "bridge/sentences.h"

#include <QFont>

namespace plimsoll::app {

namespace {

/// As a field of a CSV file.
QString quoted(QString text)
{
    if (text.contains(QLatin1Char(',')) || text.contains(QLatin1Char('"')))
        return QLatin1Char('"') + text.replace(QLatin1Char('"'), QLatin1String("\"\"")) + QLatin1Char('"');
    return text;
}

Qt::Alignment alignmentOf(int column)
{
    const bool words = column == ComparisonTable::Name || column == ComparisonTable::Fits;
    return (words ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter;
}

} // namespace

ComparisonTable::ComparisonTable(QObject *parent) : QAbstractTableModel(parent) {}

void ComparisonTable::setComparison(const Comparison &comparison)
{
    beginResetModel();
    m_comparison = comparison;
    endResetModel();
}

void ComparisonTable::retranslate()
{
    if (rowCount() > 0)
        emit dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
    emit headerDataChanged(Qt::Horizontal, 0, ColumnCount - 1);
}

int ComparisonTable::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_comparison.rows.size());
}

int ComparisonTable::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant ComparisonTable::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount() || index.column() >= ColumnCount)
        return {};
    const ComparedRow &row = m_comparison.rows[index.row()];
    switch (role) {
    case Qt::DisplayRole: return text(row, index.column());
    case SortRole: return sortKey(row, index.column());
    case Qt::TextAlignmentRole:
        return QVariant(alignmentOf(index.column()));
    case Qt::FontRole:
        if (index.row() == m_comparison.recommended) {
            QFont bold;
            bold.setBold(true);
            return bold;
        }
        return {};
    case Qt::ToolTipRole:
        return index.column() == Quality && row.quality ? QString::fromStdString(row.quality->source) : QVariant();
    default: return {};
    }
}

/// The band; the unit stands in the heading.
QString ComparisonTable::rate(const RateEstimate &rate)
{
    if (!rate.known())
        return format::unknown();
    const int decimals = rate.low < 10 ? 1 : 0;
    return tr("%1 to %2", "a range of numbers").arg(format::number(rate.low, decimals), format::number(rate.high, decimals));
}

QVariant ComparisonTable::text(const ComparedRow &row, int column) const
{
    const bool recommended = m_comparison.recommended >= 0 && &row == &m_comparison.rows[m_comparison.recommended];
    switch (column) {
    case Name: return recommended ? tr("★ %1", "%1 is the recommended quantization").arg(row.name) : row.name;
    case Size: return format::fileSize(row.size);
    case Bits: return format::number(row.bitsPerWeight, 2);
    case Fits: return Sentences::title(row.verdict);
    case Decode: return rate(row.decode);
    case Prefill: return rate(row.prefill);
    case Context: return row.largestContext > 0 ? format::count(row.largestContext) : format::unknown();
    case Quality: return row.quality ? tr("+%1").arg(format::number(row.quality->perplexityIncrease, 4)) : format::unknown();
    default: return {};
    }
}

QVariant ComparisonTable::sortKey(const ComparedRow &row, int column)
{
    switch (column) {
    case Name: return row.name;
    case Size: return QVariant::fromValue<qulonglong>(row.size.value);
    case Bits: return row.bitsPerWeight;
    case Fits: return static_cast<int>(row.verdict);
    case Decode: return row.decode.expected;
    case Prefill: return row.prefill.expected;
    case Context: return row.largestContext;
    case Quality: return row.quality ? row.quality->perplexityIncrease : 1e9;   // what is not known comes last
    default: return {};
    }
}

QString ComparisonTable::nameOf(ComparedBy by)
{
    switch (by) {
    case ComparedBy::Quantization: return tr("Quantization");
    case ComparedBy::Model: return tr("Model");
    case ComparedBy::Machine: return tr("Machine");
    }
    return {};
}

QVariant ComparisonTable::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation == Qt::Horizontal && role == Qt::TextAlignmentRole)
        return QVariant(alignmentOf(section));
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Name: return nameOf(m_comparison.input.by);
    case Size: return tr("Size");
    case Bits: return tr("Bits/\nweight");
    case Fits: return tr("On this machine");
    case Decode: return tr("Decode,\ntokens/s");
    case Prefill: return tr("Prefill,\ntokens/s");
    case Context: return tr("Largest\ncontext");
    case Quality: return tr("Perplexity");
    default: return {};
    }
}

QString ComparisonTable::csv() const
{
    constexpr const char *firsts[]{"quantization", "model", "machine"};   // as ComparedBy
    QString lines = QLatin1String(firsts[static_cast<size_t>(m_comparison.input.by)])
        + QStringLiteral(",bytes,bits_per_weight,verdict,decode_low,decode,decode_high,prefill_low,prefill,prefill_high,"
                         "largest_context,perplexity_increase\n");
    for (const ComparedRow &row : m_comparison.rows) {
        QStringList fields{quoted(row.name), QString::number(row.size.value), QString::number(row.bitsPerWeight, 'f', 4)};
        const std::string_view verdict = plimsoll::name(row.verdict);
        fields << QString::fromLatin1(verdict.data(), static_cast<qsizetype>(verdict.size()));
        for (const RateEstimate &rate : {row.decode, row.prefill})
            for (const double value : {rate.low, rate.expected, rate.high})
                fields << (rate.known() ? QString::number(value, 'f', 3) : QString());
        fields << (row.largestContext > 0 ? QString::number(row.largestContext) : QString());
        fields << (row.quality ? QString::number(row.quality->perplexityIncrease, 'f', 4) : QString());
        lines += fields.join(QLatin1Char(',')) + QLatin1Char('\n');
    }
    return lines;
}

} // namespace plimsoll::app
