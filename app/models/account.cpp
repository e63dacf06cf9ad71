// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/account.h"

#include "bridge/format.h"
#include "bridge/sentences.h"
#include "models/plan_view.h"

#include <plimsoll/layout/needs.h>

#include <QCoreApplication>

#include <algorithm>
#include <map>
#include <tuple>

namespace plimsoll::app {

namespace {

/// Formulas and sources of one device's parts.
class Bookkeeper
{
    Q_DECLARE_TR_FUNCTIONS(plimsoll::app::Account)

public:
    Bookkeeper(const AccountInput &input, DeviceIndex device)
        : m_input(input), m_device(device), m_options(settled(input.request.options)), m_pieces(piecesOf(input.shape))
    {
    }

    AccountRow others() const
    {
        const Machine &machine = m_input.machine;
        return row(tr("In use by others"), m_input.plan.budgets[m_device].usedByOthers, tr("total less what is free"),
            machine.pretended ? tr("as pretended") : tr("read from this computer"));
    }

    AccountRow part(const Segment &segment) const
    {
        const QString name = Sentences::name(segment.kind);
        switch (segment.kind) {
        case SegmentKind::Weights:
            return row(
                name, segment.bytes, weights(), m_input.fromFile ? tr("the file’s table of tensors") : tr("the rule of the quantization"));
        case SegmentKind::Kv: return row(name, segment.bytes, cache(), tr("the model’s dimensions"));
        case SegmentKind::State: return row(name, segment.bytes, state(), tr("the model’s dimensions"));
        case SegmentKind::Compute:
        case SegmentKind::Output:
        case SegmentKind::Staging: return row(name, segment.bytes, buffers(segment.kind), tr("the layout that the engine allocates"));
        case SegmentKind::Overhead:
            return row(name, segment.bytes, tr("the driver’s context and libraries"),
                segment.estimated ? tr("an estimate") : tr("measured on this computer"));
        }
        return {};
    }

private:
    AccountRow row(const QString &part, Bytes bytes, const QString &formula, const QString &source) const
    {
        return {deviceTitle(m_device, m_input.plan.budgets[m_device]), part, bytes, formula, source};
    }

    static int small(uint64_t number) { return static_cast<int>(std::min<uint64_t>(number, 1000000000)); }

    DeviceIndex deviceOf(const Piece &wanted) const
    {
        const auto &devices = m_input.plan.placement.devices;
        for (size_t i = 0; i < m_pieces.size() && i < devices.size(); ++i)
            if (m_pieces[i].kind == wanted.kind && m_pieces[i].layer == wanted.layer)
                return devices[i];
        return hostDevice;
    }

    QString weights() const
    {
        uint64_t tensors = 0;
        uint64_t elements = 0;
        Bytes bytes;
        for (size_t i = 0; i < m_input.shape.tensors.size() && i < m_input.types.size(); ++i) {
            const TensorSpec &tensor = m_input.shape.tensors[i];
            const Piece piece = pieceOf(tensor);
            const bool again
                = m_input.shape.tiedOutput && piece.kind == PieceKind::Embedding && deviceOf({PieceKind::Output, -1}) == m_device;
            if (deviceOf(piece) != m_device && !again)
                continue;
            ++tensors;
            elements += tensor.elements();
            bytes += tensor.bytes(m_input.types[i]);
        }
        const double bits = elements > 0 ? 8.0 * static_cast<double>(bytes.value) / static_cast<double>(elements) : 0;
        //: %1 is how many parameters these tensors have, as "8.03 B"; %2 the bits that one of them takes on average.
        return tr("%n tensor(s): %1 parameters × %2 bits", "", small(tensors)).arg(format::parameters(elements), format::number(bits, 2));
    }

    /// Layers of one kind in one line.
    QString cache() const
    {
        std::map<std::pair<uint64_t, uint64_t>, uint64_t> layers;   // (cells, values) -> how many
        for (size_t layer = 0; layer < m_input.shape.blocks.size(); ++layer) {
            const BlockSpec &block = m_input.shape.blocks[layer];
            const KvRow values = kvRow(block);
            if (values.k + values.v > 0 && deviceOf({PieceKind::Kv, static_cast<int32_t>(layer)}) == m_device)
                ++layers[{cellsPerSequence(block, m_options), values.k + values.v}];
        }
        QStringList lines;
        for (const auto &[kind, count] : layers) {
            //: KV cache: %1 tokens, %2 values per token, %3 bits per value.
            QString line = tr("%n layer(s) × %1 tokens × %2 values × %3 bits", "", small(count))
                               .arg(format::count(kind.first), format::count(kind.second),
                                   format::number(info(m_options.kvTypeK).bitsPerWeight(), 2));
            if (m_options.sequences > 1)
                line = tr("%1 × %n sequence(s)", "%1 is a product", small(m_options.sequences)).arg(line);
            lines << line;
        }
        return lines.join(QLatin1Char('\n'));
    }

    QString state() const
    {
        std::map<uint64_t, uint64_t> layers;   // elements -> how many
        for (size_t layer = 0; layer < m_input.shape.blocks.size(); ++layer) {
            const BlockSpec &block = m_input.shape.blocks[layer];
            if (isRecurrent(block) && deviceOf({PieceKind::Kv, static_cast<int32_t>(layer)}) == m_device)
                ++layers[block.recurrent.stateElements];
        }
        QStringList lines;
        for (const auto &[elements, count] : layers)
            //: Recurrent state: %1 values per sequence, %2 sequences.
            lines << tr("%n layer(s) × %1 values × 32 bits × %2 sequences", "", small(count))
                         .arg(format::count(elements), format::count(m_options.sequences));
        return lines.join(QLatin1Char('\n'));
    }

    QString buffers(SegmentKind kind) const
    {
        uint64_t count = 0;
        Bytes largest;
        for (const BufferPlan &buffer : m_input.plan.layout.buffers) {
            if (buffer.device != m_device || buffer.segment != kind)
                continue;
            ++count;
            largest = std::max(largest, Bytes{buffer.bytes});
        }
        //: %1 is the most tokens that are computed together, %2 an amount of memory.
        return tr("%n buffer(s) for up to %1 tokens at a time, the largest %2", "", small(count))
            .arg(format::count(m_options.batch), format::memory(largest));
    }

    const AccountInput &m_input;
    DeviceIndex m_device;
    RunOptions m_options;
    std::vector<Piece> m_pieces;
};

} // namespace

QVector<AccountRow> accountOf(const AccountInput &input)
{
    QVector<AccountRow> rows;
    const auto devices = static_cast<DeviceIndex>(std::min(input.plan.budgets.size(), input.plan.layout.devices.size()));
    for (DeviceIndex next = 1; next <= devices; ++next) {
        const DeviceIndex device = next % devices;   // RAM comes last
        const Bookkeeper keeper(input, device);
        if (input.plan.budgets[device].usedByOthers.value > 0)
            rows << keeper.others();
        for (const Segment &segment : input.plan.layout.devices[device].segments)
            rows << keeper.part(segment);
    }
    return rows;
}

AccountTable::AccountTable(QObject *parent) : QAbstractTableModel(parent) {}

void AccountTable::setRows(const QVector<AccountRow> &rows)
{
    beginResetModel();
    m_rows = rows;
    endResetModel();
}

int AccountTable::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int AccountTable::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant AccountTable::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const AccountRow &row = m_rows[index.row()];
    if (role == Qt::TextAlignmentRole)
        return QVariant((index.column() == Size ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignTop);
    if (role != Qt::DisplayRole)
        return {};
    switch (index.column()) {
    case Device: return row.device;
    case Part: return row.part;
    case Size: return format::memory(row.bytes);
    case Formula: return row.formula;
    case Source: return row.source;
    default: return {};
    }
}

QVariant AccountTable::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation == Qt::Horizontal && role == Qt::TextAlignmentRole)
        return QVariant((section == Size ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Device: return tr("Device");
    case Part: return tr("Part");
    case Size: return tr("Size");
    case Formula: return tr("How it comes about");
    case Source: return tr("Taken from");
    default: return {};
    }
}

} // namespace plimsoll::app
