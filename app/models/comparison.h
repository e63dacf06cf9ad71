// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "charts/chart_data.h"

#include <plimsoll/catalog/catalog.h>
#include <plimsoll/plan/plan.h>

#include <QString>
#include <QVector>

#include <atomic>
#include <memory>
#include <optional>

namespace plimsoll::app {

/// All quantizations of one model on one machine, as values. Everything here is predicted; nothing was measured.
struct ComparisonInput
{
    QString model;                            // ModelEntry::key
    QString modelName;
    std::shared_ptr<const ModelShape> shape;
    Machine machine;
    PlanRequest request;                      // context, sequences and cache that all of them get
    std::vector<FileType> quantizations;
    std::vector<PublishedQuality> quality;
};

struct SpeedAt
{
    uint32_t context = 0;                     // tokens in the cache
    RateEstimate decode;                      // unknown where the plan for this context does not fit
};

struct ComparedQuantization
{
    FileType type = FileType::Q4_K_M;
    QString name;                             // "Q4_K_M"
    Bytes size;                               // of all tensors
    double bitsPerWeight = 0;
    Verdict verdict = Verdict::Unknown;
    RateEstimate decode;
    RateEstimate prefill;
    uint32_t largestContext = 0;              // tokens per sequence that still fit; 0: none
    QVector<BarData> bars;                    // one per device
    QVector<SpeedAt> speeds;                  // at the contexts of speedContexts()
    std::optional<PublishedQuality> quality;

    bool runs() const { return verdict != Verdict::DoesNotFit && verdict != Verdict::Unknown; }
};

/// Why a quantization is recommended.
enum class Recommendation : uint8_t {
    None,           // nothing fits
    PreciseOnGpu,   // of at least four bits per weight: the most precise one that lies on the GPUs as a whole
    FastestInPart,  // none of these does: the fastest of them that runs
    LastResort,     // none of these runs: the most precise one that does
};

struct Recommended
{
    int row = -1;                             // -1: nothing runs
    Recommendation why = Recommendation::None;
};
/// Of rows in any order.
Recommended recommendedOf(const QVector<ComparedQuantization> &rows);

/// One quantization as it is asked, without what other contexts would be.
ComparedQuantization planned(const ComparisonInput &input, FileType type);

struct Comparison
{
    ComparisonInput input;
    QVector<ComparedQuantization> rows;       // small to large
    int recommended = -1;                     // of rows
    Recommendation why = Recommendation::None;
};

/// 1,024, 2,048, … up to what the model was trained for.
QVector<uint32_t> speedContexts(const ModelShape &shape);

/// Takes some 10 ms per quantization. Stops early, with fewer rows, once `cancelled`.
Comparison compareQuantizations(ComparisonInput input, const std::atomic<bool> &cancelled);

} // namespace plimsoll::app
