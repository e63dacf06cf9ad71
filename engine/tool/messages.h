// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <plimsoll/machine/machine.h>
#include <plimsoll/plan/recommend.h>
#include <plimsoll/result/error.h>

#include <string>

/// The tool's English: a sentence for everything that core and engine say as values. The window has its own, translated.
namespace plimsoll::engine {

/// What happened, with its figures, and the way out.
std::string sentence(const Error &error);

/// What the verdict of this plan means, with its figures.
std::string sentence(const Plan &plan, const ModelShape &shape, const Machine &machine);

/// One reason of a plan made for `machine`.
std::string sentence(const Reason &reason, const Plan &plan, const Machine &machine);

/// Which quantization to take, and why.
std::string recommendationText(RecommendationReason why, const std::string &quantization);

/// Two or three words: "fits on GPU".
std::string shortText(Verdict verdict);

/// "RAM", or "GPU 1 (Tesla T4)".
std::string deviceText(DeviceIndex device, const Machine &machine);

/// "12.4 tokens/s (10.1 to 14.0)", or "not known".
std::string rateText(const RateEstimate &rate);

} // namespace plimsoll::engine
