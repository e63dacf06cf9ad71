// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/context_table.h"

#include "bridge/format.h"
#include "bridge/sentences.h"
#include "models/plan_view.h"

namespace plimsoll::app {

ContextTable::ContextTable(QObject *parent) : QAbstractTableModel(parent) {}

void ContextTable::setCurve(const ContextCurve &curve)
{
    beginResetModel();
    m_curve = curve;
    endResetModel();
}

void ContextTable::retranslate()
{
    beginResetModel();
    endResetModel();
}

int ContextTable::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_curve.points.size());
}

int ContextTable::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() || m_curve.budgets.empty() ? 0 : verdictColumn() + 2;
}

QVariant ContextTable::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount() || index.column() >= columnCount())
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant((index.column() == verdictColumn() ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    const ContextPoint &point = m_curve.points[static_cast<size_t>(index.row())];
    if (index.column() == 0)
        return format::count(point.context);
    if (index.column() == verdictColumn())
        return Sentences::title(point.verdict);
    if (index.column() > verdictColumn())
        return point.verdict == Verdict::DoesNotFit ? format::unknown() : format::tokenRate(point.decode);
    const DeviceIndex device = deviceOf(index.column());
    return device < point.needed.size() ? format::memory(point.needed[device]) : format::unknown();
}

QVariant ContextTable::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount())
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant((section == verdictColumn() ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    if (section == 0)
        return tr("Context");
    if (section == verdictColumn())
        return tr("On this machine");
    if (section > verdictColumn())
        return tr("Generation");
    const DeviceIndex device = deviceOf(section);
    return deviceTitle(device, m_curve.budgets[device]);
}

QString ContextTable::csv() const
{
    QString lines = QStringLiteral("context");
    for (DeviceIndex device = 0; device < m_curve.budgets.size(); ++device)
        lines += QStringLiteral(",bytes_device_%1").arg(device);
    lines += QStringLiteral(",verdict,decode_low,decode,decode_high\n");
    for (const ContextPoint &point : m_curve.points) {
        QStringList fields{QString::number(point.context)};
        for (const Bytes bytes : point.needed)
            fields << QString::number(bytes.value);
        const std::string_view verdict = plimsoll::name(point.verdict);
        fields << QString::fromLatin1(verdict.data(), static_cast<qsizetype>(verdict.size()));
        for (const double rate : {point.decode.low, point.decode.expected, point.decode.high})
            fields << QString::number(rate, 'f', 3);
        lines += fields.join(QLatin1Char(',')) + QLatin1Char('\n');
    }
    return lines;
}

} // namespace plimsoll::app
