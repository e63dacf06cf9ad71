// SPDX-License-Identifier: Apache-2.0
#include "fit_subject.h"

#include "machine_report.h"
#include "options.h"

#include <plimsoll/model/architecture.h>
#include <plimsoll/model/mix.h>

#include <algorithm>
#include <filesystem>
#include <optional>

namespace plimsoll::engine {
namespace {

Result<Gpu> pretendedGpu(const Catalog &catalog, const std::string &text)
{
    const size_t colon = text.rfind(':');
    const auto entry = catalog.gpu(text.substr(0, colon));
    if (!entry)
        return entry.error();
    Gpu gpu = (*entry)->gpu;
    gpu.free = gpu.total;
    if (colon == std::string::npos)
        return gpu;
    std::string amount = text.substr(colon + 1);
    if (!amount.empty() && amount.find_first_not_of("0123456789.") == std::string::npos)
        amount += "GiB";
    const auto free = bytesFrom("--gpu", amount);
    if (!free)
        return free.error();
    if (*free > gpu.total)
        return Error{ErrorCode::InvalidArgument, {"--gpu", text, "at most " + toText(gpu.total) + " free"}};
    gpu.free = *free;
    return gpu;
}

/// Bits per weight: beyond Q8_0 the answers get no better, only slower.
constexpr double widestRecommended = 9.0;

/// The better the smaller.
int rank(Verdict verdict)
{
    switch (verdict) {
    case Verdict::FitsOnGpu: return 0;
    case Verdict::Tight: return 1;
    case Verdict::FitsWithOffload: return 2;
    case Verdict::CpuOnly: return 3;
    case Verdict::Unknown: return 4;
    case Verdict::RunsFromDisk: return 5;
    case Verdict::DoesNotFit: break;
    }
    return 6;
}

} // namespace

bool namesFile(const std::string &model)
{
    std::error_code ignored;
    return model.ends_with(".gguf") || model.find('/') != std::string::npos || std::filesystem::exists(model, ignored);
}

std::string quantizationOf(const gguf::Header &header)
{
    const auto number = header.unsignedAt("general.file_type");
    if (!number || !*number)
        return {};
    for (const FileTypeInfo &type : fileTypes()) {
        if (static_cast<uint64_t>(type.type) == **number)
            return std::string(type.name);
    }
    return "file type " + std::to_string(**number);
}

Result<FileType> quantizationFrom(const std::string &name)
{
    if (const auto type = fileTypeFromName(name))
        return *type;
    std::string names;
    for (const FileTypeInfo &type : fileTypes())
        names += (names.empty() ? "" : ", ") + std::string(type.name);
    return Error{ErrorCode::UnknownQuantization, {name, names}};
}

Result<ModelShape> shapeOf(Context &context, const std::string &model)
{
    if (namesFile(model)) {
        const auto header = gguf::readHeader(model);
        if (!header)
            return header.error();
        return shapeFromGguf(*header);
    }
    const auto catalog = context.catalog();
    if (!catalog)
        return catalog.error();
    const auto entry = (*catalog)->model(model);
    if (!entry)
        return entry.error();
    return (*entry)->shape;
}

Result<FitSubject> subjectFrom(Context &context, const std::string &model, const std::string &quantization)
{
    FitSubject subject;
    auto shape = shapeOf(context, model);
    if (!shape)
        return shape.error();
    subject.shape = std::move(*shape);
    if (quantization.empty()) {
        subject.types = typesOf(subject.shape);
        if (const auto header = gguf::readHeader(model))
            subject.quantization = quantizationOf(*header);
        return subject;
    }
    const auto type = quantizationFrom(quantization);
    if (!type)
        return type.error();
    subject.quantization = name(*type);
    subject.types = mixTypes(subject.shape, *type);
    return subject;
}

Result<Machine> machineFrom(Context &context, const MachineArguments &arguments)
{
    const auto catalog = context.catalog();
    if (!catalog)
        return catalog.error();
    ProbeOptions probing;
    probing.catalog = *catalog;
    if (!arguments.gpus.empty())
        probing.nvmlLibrary.clear();
    Machine machine = probe(probing);
    if (!arguments.gpus.empty()) {
        machine.pretended = true;
        machine.gpus.clear();
        machine.gpuNotice.clear();
        for (const std::string &text : arguments.gpus) {
            if (text == "none")
                continue;
            auto gpu = pretendedGpu(**catalog, text);
            if (!gpu)
                return gpu.error();
            machine.gpus.push_back(std::move(*gpu));
        }
    }
    if (!arguments.ram.empty()) {
        const auto ram = bytesFrom("--ram", arguments.ram);
        if (!ram)
            return ram.error();
        machine.pretended = true;
        machine.ram.total = machine.ram.available = *ram;
    }
    measureQuickly(machine);
    return machine;
}

Result<Recommendation> recommend(const Catalog &catalog, const ModelShape &shape, const Machine &machine, const PlanRequest &request)
{
    const int bestPossible = rank(machine.gpus.empty() ? Verdict::CpuOnly : Verdict::FitsOnGpu);
    std::optional<Recommendation> best;
    // From large to small, so that of equal verdicts the largest stays.
    for (auto type = catalog.quantizations.rbegin(); type != catalog.quantizations.rend(); ++type) {
        const double bits = info(info(*type).base).bitsPerWeight();
        if (bits > widestRecommended)
            continue;
        const bool found = best && rank(best->plan.verdict) < rank(Verdict::DoesNotFit);
        if (found && (bits < 4.0 || rank(best->plan.verdict) <= bestPossible))
            break;
        const WeightTypes types = mixTypes(shape, *type);
        auto plan = makePlan(shape, types, machine, request);
        if (!plan)
            return plan.error();
        if (!found || rank(plan->verdict) < rank(best->plan.verdict))
            best = Recommendation{*type, weightBytes(shape, types), std::move(*plan)};
    }
    if (!best)
        return Error{ErrorCode::Internal, {"the catalogue offers no quantization"}};
    return std::move(*best);
}

} // namespace plimsoll::engine
