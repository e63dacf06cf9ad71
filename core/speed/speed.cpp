// SPDX-License-Identifier: Apache-2.0
#include "speed.h"

#include "efficiency.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace plimsoll {

namespace {

constexpr double never = std::numeric_limits<double>::infinity();

/// Half of a crossing that ends or begins at this device; the host has no link of its own.
double crossingHalf(const Machine &machine, size_t device, double bytes)
{
    if (device == hostDevice)
        return 0;
    const Gpu &gpu = machine.gpus[device - 1];
    if (gpu.unified)
        return efficiency::crossing;
    const double rate = gpu.link.known() ? gpu.link.bytesPerSecond : efficiency::assumedLink;
    return bytes / (rate * efficiency::link) + efficiency::crossing;
}

} // namespace

SpeedModel::SpeedModel(const ModelShape &shape, const WeightTypes &types, const Machine &machine, const RunOptions &options, Phase phase,
    const CallShape &call, SpeedRuntime runtime)
    : SpeedModel(shape, inventoryOf(shape, types), machine, options, phase, call, runtime)
{
}

SpeedModel::SpeedModel(const ModelShape &shape, const Inventory &inventory, const Machine &machine, const RunOptions &options, Phase phase,
    const CallShape &call, SpeedRuntime runtime)
    : m_phase(phase), m_call(call), m_work(workOf(shape, inventory, options, call))
{
    m_pieces = m_work.size();
    for (const Disk &each : machine.disks)
        m_disk = std::max(m_disk, each.read);
    m_rates.push_back(ratesOf(machine.cpu));
    for (const Gpu &gpu : machine.gpus)
        m_rates.push_back(ratesOf(gpu, runtime));
    m_seconds.assign(m_rates.size() * m_pieces, never);
    for (size_t device = 0; device < m_rates.size(); ++device) {
        m_crossing.push_back(crossingHalf(machine, device, 4.0 * shape.embedding * call.tokens));
        const auto &rates = m_rates[device];
        double *row = &m_seconds[device * m_pieces];
        if (device == hostDevice && m_pieces > 0)
            row[0] = 0;   // looking rows up costs nothing that shows
        if (!rates || (phase == Phase::Prefill && rates->secondsPerOperation <= 0))
            continue;
        for (size_t i = 0; i < m_pieces; ++i)
            row[i] = phase == Phase::Decode ? decodeSeconds(m_work[i], *rates, call.tokens) : prefillSeconds(m_work[i], *rates);
        if (m_pieces > 0)
            row[m_pieces - 1] += rates->secondsPerCall;
    }
}

double SpeedModel::seconds(const Placement &placement) const
{
    double sum = 0;
    DeviceIndex at = placement.devices.empty() ? hostDevice : placement.devices.front();
    for (size_t i = 0; i < m_pieces; ++i) {
        const DeviceIndex here = placement.devices[i];
        sum += seconds(i, here) + crossing(at, here);
        at = here;
    }
    if (const double bytes = bytesFromDisk(placement); bytes > 0)
        sum += m_disk.known() ? bytes / m_disk.bytesPerSecond : never;
    return sum;
}

RateEstimate SpeedModel::rate(const Placement &placement, double seconds) const
{
    if (!(seconds > 0) || std::isinf(seconds))
        return {};
    double band = 1;
    bool mixed = false;
    std::optional<DeviceIndex> first;
    for (size_t i = 1; i < m_pieces; ++i) {
        const DeviceIndex device = placement.devices[i];
        band = std::max(band, m_rates[device] ? m_rates[device]->band : efficiency::bandWide);
        mixed = mixed || (first && (*first == hostDevice) != (device == hostDevice));
        first = device;
    }
    if (m_phase == Phase::Prefill)
        band = std::max(band, efficiency::bandPrefill);
    if (mixed)
        band = std::max(band, efficiency::bandWide);
    if (bytesFromDisk(placement) > 0)
        band = efficiency::bandDisk;
    const double expected = m_call.tokens / seconds;
    return {expected / band, expected, expected * band};
}

double SpeedModel::hostShare(const Placement &placement) const
{
    double read = 0;
    double stored = 0;
    for (size_t i = 0; i < m_pieces; ++i) {
        if (placement.devices[i] != hostDevice || placement.onDisk(i))
            continue;
        read += m_work[i].bytes;
        stored += m_work[i].stored;
    }
    return stored > 0 ? std::min(1.0, read / stored) : 0;
}

double SpeedModel::bytesFromDisk(const Placement &placement) const
{
    double bytes = 0;
    for (size_t i = 0; i < placement.disk.size() && i < m_pieces; ++i)
        bytes += placement.onDisk(i) ? m_work[i].bytes : 0;
    return bytes;
}

RateEstimate SpeedModel::rateFromDisk(const Placement &placement, Bytes fromDisk) const
{
    const double known = seconds(placement);
    if (!m_disk.known() || std::isinf(known))
        return {};
    // Of what does not stay in RAM, as much is read per call as of the rest.
    const double all = known + static_cast<double>(fromDisk.value) * hostShare(placement) / m_disk.bytesPerSecond;
    const double expected = m_call.tokens / all;
    return {expected / efficiency::bandDisk, expected, expected * efficiency::bandDisk};
}

CallShape decodeCall(const RunOptions &options, uint32_t position)
{
    const double sequences = std::max(options.sequences, 1u);
    return {sequences, sequences, position + 1.0};
}

CallShape prefillCall(const RunOptions &options, uint32_t tokens)
{
    const double batch = std::min(std::max(tokens, 1u), std::max(options.batch, 1u));
    return {batch, 1, std::max(tokens / 2.0, 1.0)};
}

RateEstimate predictDecode(const ModelShape &shape, const WeightTypes &types, const Placement &placement, const Machine &machine,
    const RunOptions &options, uint32_t position, Bytes fromDisk, SpeedRuntime runtime)
{
    if (!shape.kvKnown)
        return {};
    const SpeedModel model(shape, types, machine, options, SpeedModel::Phase::Decode, decodeCall(options, position), runtime);
    return fromDisk.value == 0 ? model.rate(placement, model.seconds(placement)) : model.rateFromDisk(placement, fromDisk);
}

RateEstimate predictPrefill(const ModelShape &shape, const WeightTypes &types, const Placement &placement, const Machine &machine,
    const RunOptions &options, uint32_t tokens, SpeedRuntime runtime)
{
    if (!shape.kvKnown)
        return {};
    const SpeedModel model(shape, types, machine, options, SpeedModel::Phase::Prefill, prefillCall(options, tokens), runtime);
    return model.rate(placement, model.seconds(placement));
}

} // namespace plimsoll
