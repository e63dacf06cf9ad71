// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/chart_data.h"

#include <QCoreApplication>

namespace plimsoll::app {

namespace {

struct RoleText
{
    Q_DECLARE_TR_FUNCTIONS(plimsoll::app::SegmentRole)

public:
    static QString of(SegmentRole role)
    {
        switch (role) {
        case SegmentRole::Others: return tr("In use by others");
        case SegmentRole::WeightsMapped: return tr("Weights, mapped from the file");
        case SegmentRole::Weights: return tr("Weights");
        case SegmentRole::Kv: return tr("KV cache");
        case SegmentRole::State: return tr("Recurrent state");
        case SegmentRole::Compute: return tr("Compute buffers");
        case SegmentRole::Overhead: return tr("Driver overhead");
        case SegmentRole::Headroom: return tr("Headroom");
        case SegmentRole::Shortage: return tr("Missing");
        }
        return {};
    }
};

} // namespace

QString roleName(SegmentRole role)
{
    return RoleText::of(role);
}

Bytes BarData::of(SegmentRole role) const
{
    Bytes sum;
    for (const BarSegment &segment : segments)
        if (segment.role == role)
            sum += segment.bytes;
    return sum;
}

Bytes BarData::used() const
{
    Bytes sum;
    for (const BarSegment &segment : segments)
        if (segment.role != SegmentRole::Headroom && segment.role != SegmentRole::Shortage)
            sum += segment.bytes;
    return sum;
}

} // namespace plimsoll::app
