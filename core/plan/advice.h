// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plan.h"

#include <plimsoll/model/mix.h>
#include <plimsoll/quant/file_type.h>

#include <optional>
#include <string>
#include <vector>

/// What would make a model fit or run faster, what hardware would do, and how far a machine goes.
namespace plimsoll {

enum class ChangeCode : uint8_t {
    KvType,         // `value` is the number format of the cache
    Context,        // from `from` to `to` tokens
    Sequences,      // from `from` to `to`
    Quantization,   // `value` is the next smaller that helps
    ExpertsInRam,   // routed experts of `to` layers
    LayersInRam,    // `to` layers
    Smaller,        // another model: `value` is its id
    FreeMemory,     // others let go of `memory` on `device`
    OtherGpu,       // `value` in place of the one there is
    SecondGpu,      // `value` beside what there is
};

/// One change and what it does. The plan is the one that follows from it alone.
struct Change
{
    ChangeCode code = ChangeCode::KvType;
    std::string value;
    uint64_t from = 0;
    uint64_t to = 0;
    DeviceIndex device = hostDevice;
    Bytes memory;              // what it saves where memory is shortest; what others must free with FreeMemory
    Verdict verdict = Verdict::Unknown;
    RateEstimate decode;
    double bitsLost = 0;       // bits per weight given up: what it costs in quality
};

/// What may be proposed.
struct Surroundings
{
    struct Sibling
    {
        std::string id;
        const ModelShape *shape = nullptr;
    };
    std::vector<Gpu> gpus;                  // free = total
    std::vector<FileType> quantizations;    // small to large
    std::vector<Sibling> siblings;          // smaller models of the kind
};

struct Subject
{
    const ModelShape &shape;
    const WeightTypes &types;
};

/// The changes that improve the verdict, or where it fits the speed by a tenth; the smallest of each kind, those with the better verdict
/// first. Empty where nothing helps.
std::vector<Change> smallestChanges(const Subject &subject, const Machine &machine, const PlanRequest &request, const Plan &plan,
    const Surroundings &surroundings);

/// Cards of one kind that run the subject wholly on GPUs.
struct Hardware
{
    Gpu gpu;
    uint32_t count = 1;
    Bytes memory;              // of all of them; never one pool
    RateEstimate decode;
};

/// Of the catalogue's cards, one to `mostCards` of a kind, those with the least memory that run the subject at this context with at
/// least `slowest` tokens per second, small to large; one entry per kind of card, at most `most`.
std::vector<Hardware> hardwareFor(const Subject &subject, const Machine &host, const PlanRequest &request, const std::vector<Gpu> &gpus,
    double slowest, uint32_t mostCards = 8, size_t most = 5);

/// How far the machine goes with everything else as asked, keeping the verdict at least at `atLeast`.
struct Maxima
{
    uint32_t context = 0;      // tokens, a multiple of 256 or the most asked for; 0: none
    uint32_t sequences = 0;
    std::optional<FileType> quantization;   // the largest
};
Maxima maximaOf(const Subject &subject, const Machine &machine, const PlanRequest &request, const std::vector<FileType> &quantizations,
    Verdict atLeast = Verdict::FitsWithOffload);

/// Memory as a function of context: what each device needs with everything else as asked.
struct ContextPoint
{
    uint32_t context = 0;
    Verdict verdict = Verdict::Unknown;
    std::vector<Bytes> needed;   // by device
    std::vector<Bytes> cache;    // KV cache and state, by device
    RateEstimate decode;
};
std::vector<ContextPoint> memoryByContext(const Subject &subject, const Machine &machine, const PlanRequest &request,
    const std::vector<uint32_t> &contexts);

/// The better the smaller.
int rank(Verdict verdict);

std::string_view name(ChangeCode code);   // "kv-type"

nlohmann::json toJson(const Change &change);
nlohmann::json toJson(const Hardware &hardware);
nlohmann::json toJson(const Maxima &maxima);
nlohmann::json toJson(const ContextPoint &point);

} // namespace plimsoll
