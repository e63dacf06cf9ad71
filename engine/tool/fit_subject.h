// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model_source.h"

#include <plimsoll/machine/machine.h>
#include <plimsoll/plan/plan.h>
#include <plimsoll/quant/file_type.h>

#include <string>
#include <vector>

/// What `fit` is asked about: a model, and a machine, real or pretended.
namespace plimsoll::engine {

/// A model with the block formats of its weights.
struct FitSubject
{
    ModelShape shape;
    WeightTypes types;
    std::string quantization;   // "Q4_K_M"; empty where a file does not say
};

/// Errors: UnknownQuantization with all names.
Result<FileType> quantizationFrom(const std::string &name);

/// The file type whose mix of this shape comes nearest to so many bits per weight.
Result<FileType> quantizationNear(const ModelShape &shape, double bits);

/// A file as it is; or, where `quantization` is given, any model as it would be at that one. Errors: those of shapeOf(),
/// UnknownQuantization.
Result<FitSubject> subjectFrom(Context &context, const std::string &model, const std::string &quantization);

struct MachineArguments
{
    std::vector<std::string> gpus;   // "NAME" or "NAME:freeGiB"; "none"
    std::string ram;
    std::string file;                // a machine as JSON in place of this one
};

/// This machine, with what was asked for in place of the real. Errors: UnknownGpu, InvalidArgument, JsonInvalid, JsonField.
Result<Machine> machineFrom(Context &context, const MachineArguments &arguments);

} // namespace plimsoll::engine
