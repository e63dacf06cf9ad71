// SPDX-License-Identifier: Apache-2.0
#include "fit_subject.h"
#include "options.h"
#include "progress.h"
#include "subcommand.h"

#include <plimsoll/engine/base/memory.h>
#include <plimsoll/engine/bench/quantizer.h>
#include <plimsoll/model/mix.h>

#include <nlohmann/json.hpp>

#include <filesystem>
#include <iostream>

namespace plimsoll::engine {
namespace {

struct QuantizeArguments
{
    std::string model;
    std::string quantization = "Q4_K_M";
    std::string out;
    std::string threads;
};

int runQuantize(Context &context, const QuantizeArguments &arguments)
{
    const auto type = quantizationFrom(arguments.quantization);
    if (!type)
        return fail(context, type.error());
    QuantizeOptions options;
    options.threads = physicalCores();
    if (!arguments.threads.empty()) {
        const auto threads = countFrom("--threads", arguments.threads, 1, mostThreads);
        if (!threads)
            return fail(context, threads.error());
        options.threads = static_cast<uint32_t>(*threads);
    }
    if (needsImportanceMatrix(*type) && !context.json)
        std::cerr << name(*type) << " is meant to be made with an importance matrix; without one the answers get noticeably worse\n";
    const Interruption interruption;
    Progress progress("quantizing", !context.json);
    options.cancel = interruption.flag();
    options.progress = progress.function();
    const Status written = quantizeFile(arguments.model, *type, arguments.out, options);
    progress.end();
    if (!written)
        return fail(context, written.error());
    std::error_code ignored;
    const uint64_t bytes = std::filesystem::file_size(arguments.out, ignored);
    if (context.json)
        return printJson({{"path", arguments.out}, {"bytes", bytes}, {"quantization", name(*type)}});
    std::cout << arguments.out << ", " << toText(Bytes{bytes}) << '\n';
    return finished();
}

} // namespace

void addQuantize(const Command &app, Context &context)
{
    auto [command, options] = addSubcommand<QuantizeArguments>(
        app, context, "quantize", "Write a model of 16 or 32 bits per weight with fewer", runQuantize);
    command.addOption("model", options->model, "Model to read: GGUF of F32, F16 or BF16").required().typeName("FILE");
    command.addOption("-q,--quant", options->quantization, "Quantization").typeName("NAME").showDefault();
    command.addOption("-o,--out", options->out, "File to write").required().typeName("FILE");
    command.addOption("-t,--threads", options->threads, "Threads").typeName("N");
}

} // namespace plimsoll::engine
