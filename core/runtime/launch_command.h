// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "llama_options.h"
#include "llama_placement.h"
#include "paged_server.h"

#include <plimsoll/layout/layout.h>

#include <string>
#include <vector>

namespace plimsoll {

/// Commands that realise a plan, for a POSIX shell: one line, every argument quoted where it must be.

/// Options of `plimsoll-engine` that place a model so: by layers where they lie on the first GPU as a whole, else by hand.
std::vector<std::string> placementArguments(const ModelShape &shape, const Placement &placement);

/// `plimsoll-engine serve`, on the GPUs in the order of the placement.
std::string plimsollCommand(const std::string &modelFile, const RunOptions &options, const ModelShape &shape, const Placement &placement);

/// `llama-server`, with --fit off: the plan decides, not the program.
std::string llamaCommand(const std::string &modelFile, const LlamaOptions &options, const LlamaPlacementOptions &placement);

/// `model`: repository or folder of a checkpoint; `quantization`: the server's own word for it, empty where the checkpoint tells.
struct ServerModel
{
    std::string model;
    std::string quantization;
    uint16_t port = 8000;
};
std::string vllmCommand(const ServerModel &model, const PagedServerOptions &options);
std::string sglangCommand(const ServerModel &model, const PagedServerOptions &options);

/// A manifest of Deployment and Service that runs the vLLM server on one node: as many GPUs as cards are asked for. `name` becomes a
/// DNS label: letters, digits and '-', at most 63.
std::string kubernetesManifest(const std::string &name, const ServerModel &model, const PagedServerOptions &options);

/// In single quotes where a shell would not take it as it is.
std::string shellQuoted(const std::string &argument);

} // namespace plimsoll
