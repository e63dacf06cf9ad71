// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <plimsoll/layout/layout.h>
#include <plimsoll/machine/machine.h>
#include <plimsoll/units/rates.h>

namespace plimsoll {

/// Predicted decode rate at `position` tokens of context: per device the bytes read per token (weights, chosen experts, cache) over its
/// effective bandwidth, a launch time per layer, and a transfer per boundary between devices. `fromDisk` bytes of the host's weights do
/// not stay in RAM. No prediction where a bandwidth that counts is not known.
RateEstimate predictDecode(const ModelShape &shape, const WeightTypes &types, const Placement &placement, const Machine &machine,
    const RunOptions &options, uint32_t position, Bytes fromDisk = {});

/// Predicted prefill rate for a prompt of `tokens`.
RateEstimate predictPrefill(const ModelShape &shape, const WeightTypes &types, const Placement &placement, const Machine &machine,
    const RunOptions &options, uint32_t tokens);

} // namespace plimsoll
