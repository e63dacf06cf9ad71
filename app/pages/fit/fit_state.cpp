// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/fit/fit_state.h"

#include <plimsoll/model/mix.h>

#include <algorithm>

namespace plimsoll::app {

FitState::FitState(const ModelList *models, QObject *parent) : QObject(parent), m_models(models) {}

void FitState::setRequest(const FitRequest &request)
{
    const ModelEntry *found = m_models->find(request.model);
    const bool sameModel = found ? m_model.shape == found->shape : m_model.shape == nullptr;
    if (request == m_request && sameModel)
        return;
    m_request = request;
    m_model = found ? *found : ModelEntry{};
    settle();
    replan();
}

void FitState::setMachine(const Machine &machine)
{
    m_machine = machine;
    settle();
    replan();
}

/// What was asked of another model or machine may mean nothing here.
void FitState::settle()
{
    m_request.gpuLayers = std::min(m_request.gpuLayers, mostLayers());
    if (m_request.offload != OffloadMode::ByHand || !m_model.shape || !machineKnown())
        return;
    const bool known = std::all_of(m_request.byHand.begin(), m_request.byHand.end(),
        [this](DeviceIndex device) { return device <= m_machine.gpus.size(); });
    if (!known || m_request.byHand.size() != piecesOf(*m_model.shape).size())
        m_request.offload = OffloadMode::Auto;
}

PlanRequest FitState::planRequest() const
{
    PlanRequest request;
    request.options.context = m_request.context;
    request.options.sequences = m_request.parallel;
    request.options.outputs = m_request.parallel;
    request.options.threads = std::max(1u, m_machine.cpu.physicalCores);
    request.options.kvTypeK = m_request.kvType;
    request.options.kvTypeV = m_request.kvType;
    request.offload = m_request.offload;
    request.gpuLayers = m_request.gpuLayers;
    request.expertLayersInRam = m_request.expertLayersInRam;
    request.byHand = {m_request.byHand};
    return request;
}

void FitState::replan()
{
    m_plan.reset();
    m_error = {};
    if (m_model.shape && machineKnown()) {
        if (!m_model.local() && (m_mixedModel != m_model.key || m_mixed != m_request.quantization || m_mix.empty())) {
            m_mix = mixTypes(*m_model.shape, m_request.quantization);
            m_mixed = m_request.quantization;
            m_mixedModel = m_model.key;
        }
        auto plan = makePlan(*m_model.shape, types(), m_machine, planRequest());
        if (plan)
            m_plan = std::move(*plan);
        else
            m_error = plan.error();
    }
    emit changed();
}

uint32_t FitState::offloadedLayers() const
{
    if (m_request.offload == OffloadMode::Layers)
        return m_request.gpuLayers;
    if (!m_plan)
        return 0;
    const bool outputOnGpu = !m_plan->placement.devices.empty() && m_plan->placement.devices.back() != hostDevice;
    return m_plan->gpuLayers + (outputOnGpu ? 1 : 0);
}

} // namespace plimsoll::app
