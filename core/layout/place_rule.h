// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "placement.h"

#include <plimsoll/result/result.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace plimsoll {

/// A step of placing by hand, "experts:0-19=disk" as text: pieces of a kind, of all layers or of some, go to a device or stay on disk.
struct PlaceRule
{
    std::optional<PieceKind> kind;       // a cache goes with its Mixer, so never Kv; nothing: whole layers
    uint32_t firstLayer = 0;
    uint32_t lastLayer = UINT32_MAX;
    DeviceIndex device = hostDevice;     // the host where onDisk
    bool onDisk = false;

    bool operator==(const PlaceRule &) const = default;
};

/// KIND[:FIRST[-LAST]]=DEVICE, where KIND is layer, mixer, ffn, experts, embedding or output, and DEVICE a number or "disk"; a layer only
/// for the first four. Nothing where the text is no rule.
std::optional<PlaceRule> placeRuleFrom(std::string_view text);
std::string textOf(const PlaceRule &rule);

/// Changes the placement rule by rule; what layers share stays together. Errors: InvalidArgument ("place": a device beyond the `gpus` there
/// are, a rule that names no piece of the shape).
Status applyRules(const std::vector<PlaceRule> &rules, const ModelShape &shape, size_t gpus, Placement &placement);

/// Rules that make this placement of one in RAM: kind by kind, one for each run of layers.
std::vector<PlaceRule> rulesFor(const ModelShape &shape, const Placement &placement);

} // namespace plimsoll
