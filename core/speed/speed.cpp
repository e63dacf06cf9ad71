// SPDX-License-Identifier: Apache-2.0
#include "speed.h"

#include "efficiency.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace plimsoll {

namespace {

constexpr double never = std::numeric_limits<double>::infinity();

/// Of a byte on the way to or from RAM; the host, and a GPU that shares its memory, have no link.
double linkSeconds(const Machine &machine, size_t device)
{
    if (device == hostDevice || machine.gpus[device - 1].unified)
        return 0;
    const Bandwidth link = machine.gpus[device - 1].link;
    return 1 / ((link.known() ? link.bytesPerSecond : efficiency::assumedLink) * efficiency::link);
}

/// How many tokens choose for each that an expert gets, in the layer where these are the most.
double timesChosen(const ModelShape &shape)
{
    double most = 1;
    for (const BlockSpec &block : shape.blocks) {
        if (block.ffn.expertsUsed > 0)
            most = std::max(most, static_cast<double>(block.ffn.experts) / block.ffn.expertsUsed);
    }
    return most;
}

} // namespace

SpeedModel::SpeedModel(const ModelShape &shape, const WeightTypes &types, const Machine &machine, const RunOptions &options, Phase phase,
    const CallShape &call, SpeedRuntime runtime)
    : SpeedModel(shape, inventoryOf(shape, types), machine, options, phase, call, runtime)
{
}

SpeedModel::SpeedModel(const ModelShape &shape, const Inventory &inventory, const Machine &machine, const RunOptions &options, Phase phase,
    const CallShape &call, SpeedRuntime runtime)
    : m_phase(phase), m_call(call), m_work(workOf(shape, inventory, options, call)), m_timesChosen(timesChosen(shape))
{
    for (const Piece &piece : inventory.pieces)
        m_kinds.push_back(piece.kind);
    m_pieces = m_work.size();
    for (const Disk &each : machine.disks)
        m_disk = std::max(m_disk, each.read);
    m_rates.push_back(ratesOf(machine.cpu));
    for (const Gpu &gpu : machine.gpus)
        m_rates.push_back(ratesOf(gpu, runtime));
    m_seconds.assign(m_rates.size() * m_pieces, never);
    for (size_t device = 0; device < m_rates.size(); ++device) {
        m_linkSeconds.push_back(linkSeconds(machine, device));
        // Half of a crossing that ends or begins there.
        m_crossing.push_back(
            device == hostDevice ? 0 : 4.0 * shape.embedding * call.tokens * m_linkSeconds.back() + efficiency::crossing);
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

double SpeedModel::streamedSeconds(size_t piece, DeviceIndex device) const
{
    return std::max(m_work[piece].stored * m_linkSeconds[device], seconds(piece, device));
}

SpeedModel::Step SpeedModel::step(const Placement &placement, size_t piece) const
{
    const Streaming &streaming = placement.streaming;
    if (m_phase == Phase::Prefill && m_call.tokens >= streaming.fromTokens && placement.streams(piece, m_kinds[piece]))
        return {streaming.device, streamedSeconds(piece, streaming.device)};
    return {placement.devices[piece], seconds(piece, placement.devices[piece])};
}

/// The processor's time grows with the tokens, that of the way to the GPU does not.
std::optional<uint32_t> SpeedModel::streamedFrom(const Placement &placement, DeviceIndex device) const
{
    double inRam = 0;
    double there = 0;
    for (size_t i = 0; i < m_pieces; ++i) {
        if (placement.devices[i] != hostDevice || !canBeStreamed(m_kinds[i]))
            continue;
        inRam += seconds(i, hostDevice);
        there += streamedSeconds(i, device);
    }
    const bool known = inRam > 0 && !std::isinf(inRam) && !std::isinf(there);
    const double tokens = std::ceil(known ? m_call.tokens * there / inRam : efficiency::streamedUses * m_timesChosen);
    return tokens <= m_call.tokens ? std::optional(static_cast<uint32_t>(std::max(tokens, 1.0))) : std::nullopt;
}

double SpeedModel::seconds(const Placement &placement) const
{
    double sum = 0;
    DeviceIndex at = placement.devices.empty() ? hostDevice : placement.devices.front();
    for (size_t i = 0; i < m_pieces; ++i) {
        const Step here = step(placement, i);
        sum += here.seconds + crossing(at, here.device);
        at = here.device;
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
