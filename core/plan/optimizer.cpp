// SPDX-License-Identifier: Apache-2.0
#include "optimizer.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace plimsoll {

Optimizer::Optimizer(const Layouter &layouter, const SpeedModel &speed, std::vector<Bytes> capacity)
    : m_layouter(&layouter), m_speed(&speed), m_capacity(std::move(capacity))
{
    const std::vector<Piece> &pieces = layouter.pieces();
    for (size_t i = 1; i < pieces.size(); ++i) {
        if (pieces[i].kind == PieceKind::Kv)
            ++m_units.back().count;
        else
            m_units.push_back({i, 1});
    }
}

void Optimizer::assign(Placement &placement, const Unit &unit, DeviceIndex device) const
{
    std::fill_n(placement.devices.begin() + static_cast<std::ptrdiff_t>(unit.first), unit.count, device);
}

double Optimizer::unitSeconds(const Unit &unit, DeviceIndex device) const
{
    double sum = 0;
    for (size_t i = unit.first; i < unit.first + unit.count; ++i)
        sum += m_speed->seconds(i, device);
    return sum;
}

bool Optimizer::fits(const Placement &placement) const
{
    const std::vector<DeviceTotal> totals = m_layouter->totals(placement);
    for (size_t device = 0; device < totals.size(); ++device) {
        if (totals[device].owned + totals[device].mapped > m_capacity[device])
            return false;
    }
    return true;
}

std::vector<DeviceSizer> Optimizer::sizers() const
{
    std::vector<DeviceSizer> all;
    for (DeviceIndex device = 0; device < m_layouter->devices(); ++device)
        all.emplace_back(*m_layouter, device);
    return all;
}

Bytes Optimizer::owned(DeviceSizer &sizer, DeviceIndex device, const DeviceNeeds &needs, bool rotates, bool output) const
{
    DeviceNeeds all = needs;
    all.weights += rotates ? m_layouter->ropeFactorBytes(device) : Bytes{};
    all.weights += output ? m_layouter->tiedOutputBytes(device) : Bytes{};
    return sizer.owned(all);
}

namespace {

/// What a GPU holds while units are added.
struct Load
{
    DeviceNeeds needs;
    bool rotates = false;
    bool output = false;
    bool used = false;
};

void addPiece(Load &load, const Layouter &layouter, DeviceIndex device, size_t piece)
{
    load.needs.add(layouter.needs(device, piece));
    load.rotates = load.rotates || layouter.pieces()[piece].kind == PieceKind::Mixer;
    load.output = load.output || layouter.pieces()[piece].kind == PieceKind::Output;
    load.used = true;
}

struct Move
{
    size_t unit = 0;
    DeviceIndex device = hostDevice;
    double gainPerByte = 0;
};

} // namespace

Placement Optimizer::improved(Placement placement) const
{
    const std::vector<Piece> &pieces = m_layouter->pieces();
    const auto gain = [&](const Unit &unit, DeviceIndex to) {
        const DeviceIndex from = placement.devices[unit.first];
        const DeviceIndex before = placement.devices[unit.first - 1];
        const size_t next = unit.first + unit.count;
        const auto around = [&](DeviceIndex device) {
            return unitSeconds(unit, device) + m_speed->crossing(before, device)
                + (next < pieces.size() ? m_speed->crossing(device, placement.devices[next]) : 0);
        };
        return around(from) - around(to);
    };
    std::vector<Move> moves;
    for (size_t u = 0; u < m_units.size(); ++u) {
        if (placement.devices[m_units[u].first] != hostDevice)
            continue;
        for (DeviceIndex device = 1; device < m_speed->devices(); ++device) {
            Bytes bytes{1};
            for (size_t i = m_units[u].first; i < m_units[u].first + m_units[u].count; ++i)
                bytes += m_layouter->needs(device, i).weights + m_layouter->needs(device, i).kv + m_layouter->needs(device, i).state;
            if (const double saved = gain(m_units[u], device); saved > 0 && !std::isnan(saved))
                moves.push_back({u, device, saved / static_cast<double>(bytes.value)});
        }
    }
    if (moves.empty())
        return placement;
    std::vector<Load> loads(m_speed->devices());
    for (size_t i = 1; i < pieces.size(); ++i)
        addPiece(loads[placement.devices[i]], *m_layouter, placement.devices[i], i);
    std::stable_sort(moves.begin(), moves.end(), [](const Move &a, const Move &b) { return a.gainPerByte > b.gainPerByte; });
    std::vector<DeviceSizer> sizers = this->sizers();
    for (const Move &move : moves) {
        const Unit &unit = m_units[move.unit];
        if (placement.devices[unit.first] != hostDevice || !(gain(unit, move.device) > 0))
            continue;
        Load load = loads[move.device];
        for (size_t i = unit.first; i < unit.first + unit.count; ++i)
            addPiece(load, *m_layouter, move.device, i);
        if (owned(sizers[move.device], move.device, load.needs, load.rotates, load.output) > m_capacity[move.device])
            continue;
        loads[move.device] = std::move(load);
        assign(placement, unit, move.device);
    }
    return placement;
}

struct Optimizer::Search
{
    Placement now;
    std::vector<Load> loads;
    std::vector<DeviceSizer> sizers;
    std::vector<double> atLeast;   // seconds of unit u and all behind it, wherever they are
    double bestSeconds = 0;
    std::optional<Placement> found;
};

void Optimizer::extend(Search &search, size_t unit, double seconds, DeviceIndex at) const
{
    if (!(seconds + search.atLeast[unit] < search.bestSeconds))
        return;
    if (unit == m_units.size()) {
        // The host's share, staging included, is known only now.
        if (!fits(search.now))
            return;
        search.bestSeconds = seconds;
        search.found = search.now;
        return;
    }
    for (DeviceIndex device = 0; device < m_speed->devices(); ++device) {
        const Load kept = search.loads[device];
        for (size_t i = 0; i < m_units[unit].count; ++i)
            addPiece(search.loads[device], *m_layouter, device, m_units[unit].first + i);
        const Load &load = search.loads[device];
        if (device == hostDevice || owned(search.sizers[device], device, load.needs, load.rotates, load.output) <= m_capacity[device]) {
            assign(search.now, m_units[unit], device);
            extend(search, unit + 1, seconds + m_speed->crossing(at, device) + unitSeconds(m_units[unit], device), device);
        }
        search.loads[device] = kept;
    }
}

std::optional<Placement> Optimizer::best(const std::optional<Placement> &start) const
{
    Search search;
    search.now.devices.assign(m_layouter->pieces().size(), hostDevice);
    search.loads.resize(m_speed->devices());
    search.sizers = sizers();
    search.atLeast.assign(m_units.size() + 1, 0);
    for (size_t u = m_units.size(); u-- > 0;) {
        double least = unitSeconds(m_units[u], hostDevice);
        for (DeviceIndex device = 1; device < m_speed->devices(); ++device)
            least = std::min(least, unitSeconds(m_units[u], device));
        search.atLeast[u] = search.atLeast[u + 1] + least;
    }
    search.bestSeconds = std::numeric_limits<double>::infinity();
    if (start && fits(*start)) {
        search.bestSeconds = m_speed->seconds(*start);
        search.found = start;
    }
    const double embedding = m_speed->seconds(0, hostDevice);
    extend(search, 0, embedding, hostDevice);
    return search.found;
}

} // namespace plimsoll
