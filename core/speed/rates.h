// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "work.h"

#include <plimsoll/machine/machine.h>

#include <optional>

namespace plimsoll {

/// Whose launches and reads are predicted: programs of the llama.cpp kind (also Plimsoll's own engine until this machine was measured),
/// or vLLM.
enum class SpeedRuntime : uint8_t { LlamaCpp, Vllm };

/// What one device does per second, all told: the inputs of every prediction.
struct DeviceRates
{
    double secondsPerByte = 0;            // of weights, work on them included
    double secondsPerCodebookByte = 0;    // besides
    double secondsPerCacheByte = 0;
    double secondsPerStateByte = 0;       // all its transfers in a decode call
    double secondsPerOperation = 0;       // prefill; 0: not known
    double secondsPerBatchOperation = 0;  // of the further tokens of a decode call
    double secondsPerLayer = 0;
    double secondsPerCall = 0;
    double band = 1;                      // expectation divided and multiplied by this
};

/// Nothing where the bandwidth is not known.
std::optional<DeviceRates> ratesOf(const Gpu &gpu, SpeedRuntime runtime);
std::optional<DeviceRates> ratesOf(const Cpu &cpu);

/// The vendor, told by the name where the machine does not say.
std::string vendorOf(const Gpu &gpu);

/// Seconds of one piece in a decode call of `tokens` tokens, and in prefill.
double decodeSeconds(const PieceWork &work, const DeviceRates &rates, double tokens);
double prefillSeconds(const PieceWork &work, const DeviceRates &rates);

} // namespace plimsoll
