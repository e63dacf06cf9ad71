// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/fit/apply_change.h"

#include <algorithm>

namespace plimsoll::app {

bool applyTo(FitRequest &request, const Change &change, uint32_t layers)
{
    const auto to = static_cast<uint32_t>(change.to);
    switch (change.code) {
    case ChangeCode::KvType:
        request.kvType = ggmlTypeFromName(change.value).value_or(request.kvType);
        return true;
    case ChangeCode::Context:
        request.context = to;
        return true;
    case ChangeCode::Sequences:
        request.parallel = to;
        return true;
    case ChangeCode::Quantization:
        request.quantization = fileTypeFromName(change.value).value_or(request.quantization);
        return true;
    case ChangeCode::ExpertsInRam:
        request.offload = OffloadMode::Layers;
        request.gpuLayers = std::max(request.gpuLayers, 1u);
        request.expertLayersInRam = to;
        return true;
    case ChangeCode::LayersInRam:
        request.offload = OffloadMode::Layers;
        request.gpuLayers = layers - std::min(to, layers);
        return true;
    case ChangeCode::Smaller:
        request.model = QString::fromStdString(change.value);
        request.quantization = FileType::Q4_K_M;
        return true;
    case ChangeCode::FreeMemory:
    case ChangeCode::OtherGpu:
    case ChangeCode::SecondGpu: return false;
    }
    return false;
}

bool applyTo(Machine &machine, const Change &change, const Catalog &catalog)
{
    if (change.code == ChangeCode::FreeMemory) {
        if (change.device == hostDevice || change.device > machine.gpus.size())
            return false;
        Gpu &gpu = machine.gpus[change.device - 1];
        gpu.free = gpu.total;
        machine.pretended = true;
        return true;
    }
    const auto found = catalog.gpu(change.value);
    if (!found || (change.code != ChangeCode::OtherGpu && change.code != ChangeCode::SecondGpu))
        return false;
    if (change.code == ChangeCode::OtherGpu && !machine.gpus.empty())
        machine.gpus.front() = (*found)->gpu;
    else
        machine.gpus.push_back((*found)->gpu);
    machine.gpuNotice.clear();
    machine.pretended = true;
    return true;
}

} // namespace plimsoll::app
