// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fit_subject.h"
#include "offload.h"
#include "options.h"

namespace plimsoll::engine {

/// What `fit` was asked, as it was written.
struct FitOptions
{
    std::string model;
    std::string quantization;
    std::string bitsPerWeight;
    RunArguments run;
    MachineArguments machine;
    std::string ubatch;
    std::string flashAttention;
    OffloadArguments offload;
    std::string runtime;
    std::string nodes;
    std::vector<std::string> with;       // "MODEL:QUANT[:CONTEXT]"
    std::string projector;               // the file of a vision projector
    bool prediction = false;             // prediction blocks are loaded and run
    bool fromDisk = false;
    bool precisions = false;
};

/// The request for one model. Errors: InvalidArgument with the option; ContextTooLong beyond what the model was trained with.
Result<PlanRequest> requestFor(const FitOptions &options, const ModelShape &shape, const Machine &machine);

/// "plimsoll", "llama.cpp" or "vllm"; empty: plimsoll. Errors: InvalidArgument.
Result<std::string> runtimeFrom(const FitOptions &options);

} // namespace plimsoll::engine
