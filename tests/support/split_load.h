// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "pretend_backend.h"

#include <plimsoll/engine/run/session.h>

#include <functional>
#include <vector>

using PlacePieces = std::function<plimsoll::Placement(const plimsoll::ModelShape &)>;

/// `options` with pretended devices, which outlive the session, and pieces where `place` puts them.
inline plimsoll::engine::LoadOptions splitOver(
    std::vector<PretendDevice> &devices, PlacePieces place, plimsoll::engine::LoadOptions options)
{
    using namespace plimsoll;
    options.place = [place = std::move(place), &devices](const ModelShape &shape, const RunOptions &) -> Result<engine::Placing> {
        engine::Placing placing{place(shape), {}};
        for (PretendDevice &each : devices) {
            placing.devices.push_back({each.name, [&each]() -> Result<std::unique_ptr<engine::Backend>> {
                                           return std::unique_ptr<engine::Backend>(std::make_unique<PretendBackend>(each));
                                       }});
        }
        return placing;
    };
    return options;
}

/// So many layers on the first device, or on several in the proportion of `shares`.
inline PlacePieces layersOnDevices(uint32_t layers, std::vector<double> shares = {}, bool expertsInRam = false)
{
    return [=](const plimsoll::ModelShape &shape) { return plimsoll::layerPlacement(shape, layers, shares, expertsInRam); };
}
