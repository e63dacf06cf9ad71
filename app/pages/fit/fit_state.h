// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/model_list.h"

#include <plimsoll/plan/plan.h>

#include <QObject>

#include <optional>

namespace plimsoll::app {

/// All that is asked on the Fit page, as one value.
struct FitRequest
{
    QString model;                              // ModelEntry::key
    FileType quantization = FileType::Q4_K_M;   // of a catalogue model; a file is what it is
    uint32_t context = 8192;
    uint32_t parallel = 1;
    GgmlType kvType = GgmlType::F16;
    OffloadMode offload = OffloadMode::Auto;
    uint32_t gpuLayers = 0;                     // with OffloadMode::Layers
    uint32_t expertLayersInRam = 0;             // with OffloadMode::Layers
    std::vector<DeviceIndex> byHand;            // with OffloadMode::ByHand: one device per piece

    bool operator==(const FitRequest &) const = default;
};

/// The request, the machine, and the plan that follows from both: planned anew at every change, at once.
class FitState : public QObject
{
    Q_OBJECT

public:
    /// `models` outlives this object.
    explicit FitState(const ModelList *models, QObject *parent = nullptr);

    const FitRequest &request() const { return m_request; }
    void setRequest(const FitRequest &request);
    const Machine &machine() const { return m_machine; }
    void setMachine(const Machine &machine);

    /// What is planned; its shape is null while there is no such model.
    const ModelEntry &model() const { return m_model; }
    /// The block format of every tensor: the file's own, or the quantization's. Empty without a plan.
    const WeightTypes &types() const { return m_model.local() ? m_model.types : m_mix; }
    /// False until this computer was looked at, or another is pretended.
    bool machineKnown() const { return m_machine.ram.total.value > 0; }

    /// Nothing where there is no model, no machine, or error() says why.
    const std::optional<Plan> &plan() const { return m_plan; }
    const Error &error() const { return m_error; }

    /// What is asked of the planner.
    PlanRequest planRequest() const;
    /// Layers on GPUs that the plan or the request means, the output counted as one more: the place of the slider.
    uint32_t offloadedLayers() const;
    uint32_t mostLayers() const { return m_model.shape ? m_model.shape->layers() + 1 : 0; }

signals:
    void changed();

private:
    void settle();
    void replan();

    const ModelList *m_models;
    FitRequest m_request;
    Machine m_machine;
    ModelEntry m_model;
    FileType m_mixed = FileType::F32;   // of m_mix
    QString m_mixedModel;
    WeightTypes m_mix;
    std::optional<Plan> m_plan;
    Error m_error;
};

} // namespace plimsoll::app
