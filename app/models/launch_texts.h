// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/model_list.h"

#include <plimsoll/plan/plan.h>

#include <QString>

namespace plimsoll::app {

enum class LaunchTarget : uint8_t { Plimsoll, LlamaCpp, Vllm, Sglang, Kubernetes };
inline constexpr LaunchTarget launchTargets[]{
    LaunchTarget::Plimsoll, LaunchTarget::LlamaCpp, LaunchTarget::Vllm, LaunchTarget::Sglang, LaunchTarget::Kubernetes};

/// "llama.cpp"; names of programs are not translated.
QString nameOf(LaunchTarget target);

/// What is launched; all of it outlives the call.
struct LaunchSubject
{
    const ModelEntry &model;
    QString quantization;    // of a catalogue model: part of its file's name
    QString repository;      // publisher/name of the checkpoint; empty: not known
    const Machine &machine;
    const PlanRequest &request;
    const Plan &plan;
};

/// The command, or for Kubernetes the manifest, that realises the plan there. Empty where the target can't: the servers that know
/// checkpoints only want a GPU and a repository.
QString launchText(LaunchTarget target, const LaunchSubject &subject);

} // namespace plimsoll::app
