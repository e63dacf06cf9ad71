// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rates.h"

#include <plimsoll/units/rates.h>

#include <vector>

namespace plimsoll {

/// The time of one forward call, piece by piece: what a piece costs on a device does not depend on where the others are, but for
/// passing the residual stream from one device to the next. So a placement's time is a sum, and the best one can be searched for.
class SpeedModel
{
public:
    enum class Phase : uint8_t { Decode, Prefill };

    SpeedModel(const ModelShape &shape, const Inventory &inventory, const Machine &machine, const RunOptions &options, Phase phase,
        const CallShape &call, SpeedRuntime runtime = SpeedRuntime::LlamaCpp);
    SpeedModel(const ModelShape &shape, const WeightTypes &types, const Machine &machine, const RunOptions &options, Phase phase,
        const CallShape &call, SpeedRuntime runtime = SpeedRuntime::LlamaCpp);

    size_t pieces() const { return m_pieces; }
    size_t devices() const { return m_rates.size(); }

    /// Infinite where the device's figures are not known.
    double seconds(size_t piece, DeviceIndex device) const { return m_seconds[device * m_pieces + piece]; }
    /// Passing what the call carries from one device to another; 0 on the same.
    double crossing(DeviceIndex from, DeviceIndex to) const { return from == to ? 0 : m_crossing[from] + m_crossing[to]; }
    /// All of a placement, reading what it leaves on disk included; infinite where a device or disk in use is not known. In a prefill long
    /// enough what the placement streams takes as long as its way to the GPU, or the work there.
    double seconds(const Placement &placement) const;
    /// From how many tokens per call streaming to a GPU what of the placement can be streamed takes less time than computing it in RAM; of
    /// a prefill model whose call is as large as calls get. Nothing where it never does.
    std::optional<uint32_t> streamedFrom(const Placement &placement, DeviceIndex device) const;

    double tokens() const { return m_call.tokens; }
    /// The rate of that many seconds per call with the band of the devices in use; nothing for an infinite time.
    RateEstimate rate(const Placement &placement, double seconds) const;
    /// The rate where `fromDisk` bytes of the host's weights do not stay in RAM; nothing where a disk's speed is not known either.
    RateEstimate rateFromDisk(const Placement &placement, Bytes fromDisk) const;

private:
    /// Of the weights that the host holds, the share that a call reads.
    double hostShare(const Placement &placement) const;
    /// Weights that a call reads from where the placement leaves them on disk.
    double bytesFromDisk(const Placement &placement) const;

    struct Step
    {
        DeviceIndex device = hostDevice;   // that computes the piece
        double seconds = 0;
    };
    Step step(const Placement &placement, size_t piece) const;
    double streamedSeconds(size_t piece, DeviceIndex device) const;

    Phase m_phase;
    CallShape m_call;
    size_t m_pieces = 0;
    Bandwidth m_disk;                                  // of the fastest
    std::vector<std::optional<DeviceRates>> m_rates;   // by device
    std::vector<PieceWork> m_work;
    std::vector<double> m_seconds;                     // [device, piece]
    std::vector<double> m_crossing;                    // by device: its half
    std::vector<PieceKind> m_kinds;
    std::vector<double> m_linkSeconds;                 // by device: of a byte from RAM
    double m_timesChosen = 1;                          // tokens for each use of an expert
};

/// One decode call: a token of each sequence, `position` cells back.
CallShape decodeCall(const RunOptions &options, uint32_t position);
/// One call of a prompt of `tokens`: as many as a batch takes, in its middle.
CallShape prefillCall(const RunOptions &options, uint32_t tokens);

/// Predicted decode rate at `position` tokens of context, all sequences together. `fromDisk` bytes of the host's weights do not stay in
/// RAM. No prediction where a figure that counts is not known.
RateEstimate predictDecode(const ModelShape &shape, const WeightTypes &types, const Placement &placement, const Machine &machine,
    const RunOptions &options, uint32_t position, Bytes fromDisk = {}, SpeedRuntime runtime = SpeedRuntime::LlamaCpp);

/// Predicted prefill rate for a prompt of `tokens`.
RateEstimate predictPrefill(const ModelShape &shape, const WeightTypes &types, const Placement &placement, const Machine &machine,
    const RunOptions &options, uint32_t tokens, SpeedRuntime runtime = SpeedRuntime::LlamaCpp);

} // namespace plimsoll
