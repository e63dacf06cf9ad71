// SPDX-License-Identifier: Apache-2.0
#include "fit_subject.h"

#include "machine_report.h"
#include "options.h"
#include "read_input.h"

#include <plimsoll/engine/probe/remembered_overhead.h>
#include <plimsoll/model/architecture.h>
#include <plimsoll/model/mix.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
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

/// What is here, or what the file says.
Result<Machine> startingMachine(const Catalog &catalog, const MachineArguments &arguments)
{
    if (!arguments.file.empty()) {
        const auto text = readInput(arguments.file, 4u << 20);
        if (!text)
            return text.error();
        const auto json = nlohmann::json::parse(*text, nullptr, false);
        if (json.is_discarded())
            return Error{ErrorCode::JsonInvalid, {arguments.file, "0", "not JSON"}};
        return machineFromJson(json, arguments.file);
    }
    ProbeOptions probing;
    probing.catalog = &catalog;
    probing.overheadFile = overheadFile();
    if (!arguments.gpus.empty())
        probing.nvmlLibrary.clear();
    return probe(probing);
}

} // namespace

Result<FileType> quantizationFrom(const std::string &name)
{
    if (const auto type = fileTypeFromName(name))
        return *type;
    std::string names;
    for (const FileTypeInfo &type : fileTypes())
        names += (names.empty() ? "" : ", ") + std::string(type.name);
    return Error{ErrorCode::UnknownQuantization, {name, names}};
}

Result<FileType> quantizationNear(const ModelShape &shape, double bits)
{
    std::optional<FileType> best;
    double distance = 0;
    for (const FileTypeInfo &type : fileTypes()) {
        const double own = 8.0 * static_cast<double>(weightBytes(shape, mixTypes(shape, type.type)).value)
            / static_cast<double>(std::max<uint64_t>(shape.parameters(), 1));
        if (!best || std::abs(own - bits) < distance) {
            best = type.type;
            distance = std::abs(own - bits);
        }
    }
    if (!best)
        return Error{ErrorCode::UnknownQuantization, {std::to_string(bits), ""}};
    return *best;
}

Result<FitSubject> subjectFrom(Context &context, const std::string &model, const std::string &quantization)
{
    FitSubject subject;
    if (sourceOf(model) == ModelSource::Gguf) {
        const auto header = headerOf(model);
        if (!header)
            return header.error();
        subject.quantization = quantizationOf(*header);
        auto shape = shapeFromGguf(*header);
        if (!shape)
            return shape.error();
        subject.shape = std::move(*shape);
    } else {
        auto shape = shapeOf(context, model);
        if (!shape)
            return shape.error();
        subject.shape = std::move(*shape);
    }
    if (quantization.empty()) {
        subject.types = typesOf(subject.shape);
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
    auto start = startingMachine(**catalog, arguments);
    if (!start)
        return start.error();
    Machine machine = std::move(*start);
    const bool real = arguments.file.empty();
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
            if (gpu->unified)
                machine.ram.total = machine.ram.available = std::max(machine.ram.total, gpu->total);
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
    if (real)
        measureQuickly(machine);
    return machine;
}

} // namespace plimsoll::engine
