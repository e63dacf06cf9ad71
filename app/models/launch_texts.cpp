// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/launch_texts.h"

#include <plimsoll/runtime/launch_command.h>
#include <plimsoll/runtime/llama_memory.h>

namespace plimsoll::app {

namespace {

/// The file that was opened, or what a download of it would be called.
std::string fileOf(const LaunchSubject &subject)
{
    if (subject.model.local())
        return subject.model.path.toStdString();
    return QStringLiteral("%1-%2.gguf").arg(subject.model.key, subject.quantization).toStdString();
}

std::string ofServer(LaunchTarget target, const LaunchSubject &subject)
{
    if (subject.machine.gpus.empty() || subject.repository.isEmpty())
        return {};
    PagedServerOptions options;
    options.tensorParallel = tensorParallelCards(*subject.model.shape, subject.machine.gpus.size());
    options.context = subject.request.options.context;
    options.sequences = subject.request.options.sequences;
    const ServerModel model{subject.repository.toStdString(), "", 8000};
    if (target == LaunchTarget::Kubernetes)
        return kubernetesManifest(subject.model.key.toStdString(), model, options);
    return target == LaunchTarget::Vllm ? vllmCommand(model, options) : sglangCommand(model, options);
}

} // namespace

QString nameOf(LaunchTarget target)
{
    switch (target) {
    case LaunchTarget::Plimsoll: return QStringLiteral("Plimsoll");
    case LaunchTarget::LlamaCpp: return QStringLiteral("llama.cpp");
    case LaunchTarget::Vllm: return QStringLiteral("vLLM");
    case LaunchTarget::Sglang: return QStringLiteral("SGLang");
    case LaunchTarget::Kubernetes: return QStringLiteral("Kubernetes");
    }
    return {};
}

QString launchText(LaunchTarget target, const LaunchSubject &subject)
{
    const ModelShape &shape = *subject.model.shape;
    const Placement &placement = subject.plan.placement;
    std::string text;
    if (target == LaunchTarget::Plimsoll) {
        text = plimsollCommand(fileOf(subject), subject.request.options, shape, placement);
    } else if (target == LaunchTarget::LlamaCpp) {
        text = llamaCommand(fileOf(subject), llamaOptions(shape, subject.request.options), llamaPlacementOptions(shape, placement));
    } else {
        text = ofServer(target, subject);
    }
    return QString::fromStdString(text);
}

} // namespace plimsoll::app
