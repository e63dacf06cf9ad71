// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "charts/chart_data.h"

#include <plimsoll/catalog/catalog.h>
#include <plimsoll/plan/recommend.h>

#include <QString>
#include <QVector>

#include <atomic>
#include <memory>
#include <optional>

namespace plimsoll::app {

/// What the cases of a comparison differ in.
enum class ComparedBy : uint8_t { Quantization, Model, Machine };

/// One of those that are compared: a model at a quantization on a machine.
struct ComparedCase
{
    QString name;                             // in what it differs: "Q4_K_M", "Qwen3 14B", "2 × RTX 3090"
    QString key;                              // ModelEntry::key
    std::shared_ptr<const ModelShape> shape;
    FileType type = FileType::Q4_K_M;
    WeightTypes types;                        // a file's own; empty: those of `type`
    Machine machine;
};

/// Cases to compare, as values. Everything here is predicted; nothing was measured.
struct ComparisonInput
{
    ComparedBy by = ComparedBy::Quantization;
    QVector<ComparedCase> cases;
    PlanRequest request;                      // context, sequences and cache that all of them get
    std::vector<PublishedQuality> quality;
};

struct SpeedAt
{
    uint32_t context = 0;                     // tokens in the cache
    RateEstimate decode;                      // unknown where the plan for this context does not fit
};

struct ComparedRow
{
    FileType type = FileType::Q4_K_M;
    QString name;                             // of its case
    int index = 0;                            // of ComparisonInput::cases
    Bytes size;                               // of all tensors
    double bitsPerWeight = 0;
    Verdict verdict = Verdict::Unknown;
    RateEstimate decode;
    RateEstimate prefill;
    uint32_t largestContext = 0;              // tokens per sequence that still fit; 0: none
    QVector<BarData> bars;                    // one per device
    QVector<SpeedAt> speeds;                  // at the contexts of speedContexts() of its shape
    std::optional<PublishedQuality> quality;

    bool runs() const { return plimsoll::runs(verdict); }
};

/// One case as it is asked, without what other contexts would be.
ComparedRow planned(const ComparedCase &one, const PlanRequest &request);

/// A case for each quantization of a model on a machine.
QVector<ComparedCase> casesOf(const QString &key, const std::shared_ptr<const ModelShape> &shape, const Machine &machine,
    const std::vector<FileType> &quantizations);

struct Comparison
{
    ComparisonInput input;
    QVector<ComparedRow> rows;                // small to large; of machines in the order they came in
    int recommended = -1;                     // of rows; only a quantization is ever recommended
    RecommendationReason why = RecommendationReason::None;
};

/// 1,024, 2,048, … up to what the model was trained for.
QVector<uint32_t> speedContexts(const ModelShape &shape);

/// Takes some 10 ms per case. Stops early, with fewer rows, once `cancelled`.
Comparison compare(ComparisonInput input, const std::atomic<bool> &cancelled);

} // namespace plimsoll::app
