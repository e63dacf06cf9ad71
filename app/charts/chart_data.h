// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <plimsoll/layout/placement.h>
#include <plimsoll/units/bytes.h>

#include <QString>
#include <QStringList>
#include <QVector>

/// What the memory bar and the layer strip show, as values without widgets.
namespace plimsoll::app {

/// What a part of a device's memory is used for. The order is the order in a bar. Mapped weights are file-backed: the system may drop and
/// reread them; all else of a model is owned. Shortage has no place in the bar: it is how far the bar is longer than the capacity.
enum class SegmentRole : uint8_t { Others, WeightsMapped, Weights, Kv, State, Compute, Overhead, Headroom, Shortage };

/// "In use by others", "KV cache": the words of legends and tables.
QString roleName(SegmentRole role);

struct BarSegment
{
    SegmentRole role = SegmentRole::Weights;
    Bytes bytes;
    bool estimated = false;
    QString name = {};        // where it is not the role that tells it apart, as with one of several models; empty: roleName()
    int number = -1;          // with a name: of the colours of palette.h sequenceColour()

    QString title() const { return name.isEmpty() ? roleName(role) : name; }
    bool operator==(const BarSegment &) const = default;
};

/// The account of one device.
struct BarData
{
    QString title;                  // "GPU 0 · GeForce RTX 4070"
    Bytes total;
    Bytes reserve;                  // where the load line stands: total - reserve
    QVector<BarSegment> segments;   // in drawing order; none of 0 bytes

    Bytes of(SegmentRole role) const;
    /// By models and by others.
    Bytes used() const;
    bool operator==(const BarData &) const = default;
};

/// Where a layer lies.
enum class LayerPlace : uint8_t { Gpu, ExpertsInRam, Cpu };

struct LayerCell
{
    LayerPlace place = LayerPlace::Cpu;
    DeviceIndex device = hostDevice;   // where attention and the dense part are

    bool operator==(const LayerCell &) const = default;
};

struct StripData
{
    QVector<LayerCell> layers;   // in the order of the forward pass
    LayerCell output;
    QStringList devices;         // names by DeviceIndex

    bool operator==(const StripData &) const = default;
};

} // namespace plimsoll::app
