// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "context.h"

#include <plimsoll/engine/cuda/plugin.h>
#include <plimsoll/engine/run/session.h>
#include <plimsoll/plan/plan.h>

#include <memory>
#include <string>
#include <vector>

/// What goes to GPUs: of `fit`, which asks, and of the subcommands that run a model.
namespace plimsoll::engine {

class Command;

/// The plugin with the GPUs that it offers.
struct OfferedGpus
{
    std::shared_ptr<const CudaPlugin> plugin;
    std::vector<CudaDevice> devices;
};

/// Opens the plugin of the program. Errors: CudaUnavailable.
Result<OfferedGpus> offeredGpus(const std::string &programPath);

/// How layers are divided; empty: chosen automatically.
struct OffloadArguments
{
    std::string gpuLayers;
    std::string expertLayers;   // "all": of every block
    std::string split;
    std::vector<std::string> places;   // "experts:0-19=0", over what the others choose, or over everything in RAM

    std::string streamFrom;            // tokens

    /// Adds --gpu-layers, --cpu-moe, --split, --place and --stream-from.
    void addTo(const Command &command);
    /// Whether layers are divided.
    bool any() const { return !gpuLayers.empty() || !expertLayers.empty() || !split.empty(); }
    /// Errors: InvalidArgument with the option.
    Status apply(const ModelShape &shape, size_t gpus, PlanRequest &request) const;
};

/// The GPUs of this machine, and what of a model goes there.
struct DeviceArguments
{
    std::string gpus;           // numbers as CUDA counts, or parts of names, with commas between; "none"; empty: all
    OffloadArguments offload;

    /// Adds --gpu and those of the offload.
    void addTo(const Command &command);
    /// What loading asks for its devices; it opens the plugin when it is called. Where no GPU can be used, everything goes to RAM, unless
    /// one was asked for by name, by a number of layers or by hand. Errors then: InvalidArgument, CudaUnavailable, those of
    /// Context::catalog and makePlan. `context` outlives it.
    PlaceModel placing(Context &context) const;
};

} // namespace plimsoll::engine
