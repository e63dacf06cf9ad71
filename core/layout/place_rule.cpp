// SPDX-License-Identifier: Apache-2.0
#include "place_rule.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace plimsoll {

namespace {

constexpr std::string_view wholeLayers = "layer";
constexpr std::string_view disk = "disk";
/// Those that rules name, in the order of the forward pass.
constexpr PieceKind kinds[] = {PieceKind::Embedding, PieceKind::Mixer, PieceKind::Ffn, PieceKind::Experts, PieceKind::Output};

bool isOfLayer(PieceKind kind)
{
    return kind != PieceKind::Embedding && kind != PieceKind::Output;
}

std::optional<uint32_t> numberFrom(std::string_view text)
{
    uint32_t value = 0;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
    return code == std::errc() && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

/// What stands before and behind the first `mark`; nothing behind where it is absent.
std::pair<std::string_view, std::optional<std::string_view>> parted(std::string_view text, char mark)
{
    const size_t at = text.find(mark);
    if (at == std::string_view::npos)
        return {text, std::nullopt};
    return {text.substr(0, at), text.substr(at + 1)};
}

bool names(const PlaceRule &rule, const Piece &piece)
{
    const PieceKind kind = piece.kind == PieceKind::Kv ? PieceKind::Mixer : piece.kind;
    if (rule.kind ? *rule.kind != kind : !isOfLayer(kind))
        return false;
    return piece.layer < 0
        || (static_cast<uint32_t>(piece.layer) >= rule.firstLayer && static_cast<uint32_t>(piece.layer) <= rule.lastLayer);
}

} // namespace

std::optional<PlaceRule> placeRuleFrom(std::string_view text)
{
    const auto [what, where] = parted(text, '=');
    const auto [kind, range] = parted(what, ':');
    PlaceRule rule;
    for (const PieceKind each : kinds) {
        if (name(each) == kind)
            rule.kind = each;
    }
    if ((!rule.kind && kind != wholeLayers) || !where || (range && rule.kind && !isOfLayer(*rule.kind)))
        return std::nullopt;
    if (range) {
        const auto [first, last] = parted(*range, '-');
        const auto from = numberFrom(first);
        const auto to = last ? numberFrom(*last) : from;
        if (!from || !to || *from > *to)
            return std::nullopt;
        rule.firstLayer = *from;
        rule.lastLayer = *to;
    }
    rule.onDisk = *where == disk;
    const auto device = rule.onDisk ? hostDevice : numberFrom(*where);
    if (!device)
        return std::nullopt;
    rule.device = *device;
    return rule;
}

std::string textOf(const PlaceRule &rule)
{
    std::string text(rule.kind ? name(*rule.kind) : wholeLayers);
    if (rule.firstLayer > 0 || rule.lastLayer < UINT32_MAX) {
        text += ":" + std::to_string(rule.firstLayer);
        text += rule.lastLayer > rule.firstLayer ? "-" + std::to_string(rule.lastLayer) : "";
    }
    return text + "=" + (rule.onDisk ? std::string(disk) : std::to_string(rule.device));
}

Status applyRules(const std::vector<PlaceRule> &rules, const ModelShape &shape, size_t gpus, Placement &placement)
{
    if (rules.empty())
        return {};
    const std::vector<Piece> pieces = piecesOf(shape);
    placement.disk.resize(pieces.size(), false);
    for (const PlaceRule &rule : rules) {
        if (rule.device > gpus)
            return Error{ErrorCode::InvalidArgument, {"place", textOf(rule), "a device from 0 (RAM) to " + std::to_string(gpus)}};
        bool any = false;
        for (size_t i = 0; i < pieces.size(); ++i) {
            if (!names(rule, pieces[i]))
                continue;
            any = true;
            placement.devices[i] = rule.device;
            placement.disk[i] = rule.onDisk && pieces[i].kind != PieceKind::Kv;
        }
        if (!any)
            return Error{ErrorCode::InvalidArgument, {"place", textOf(rule), "a part that this model has"}};
    }
    keepSharedCaches(shape, placement);
    keepTiedOnDisk(shape, placement);
    return {};
}

std::vector<PlaceRule> rulesFor(const ModelShape &shape, const Placement &placement)
{
    const std::vector<Piece> pieces = piecesOf(shape);
    std::vector<PlaceRule> rules;
    for (const PieceKind kind : kinds) {
        bool goesOn = false;   // the piece of this kind before is in the last rule
        for (size_t i = 0; i < pieces.size(); ++i) {
            if (pieces[i].kind != kind)
                continue;
            const DeviceIndex device = placement.devices[i];
            const bool onDisk = placement.onDisk(i);
            const auto layer = static_cast<uint32_t>(std::max(pieces[i].layer, 0));
            if (goesOn && rules.back().device == device && rules.back().onDisk == onDisk) {
                rules.back().lastLayer = layer;
                continue;
            }
            goesOn = device != hostDevice || onDisk;
            if (goesOn)
                rules.push_back({kind, layer, isOfLayer(kind) ? layer : UINT32_MAX, device, onDisk});
        }
    }
    return rules;
}

} // namespace plimsoll
