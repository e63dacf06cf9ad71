// SPDX-License-Identifier: Apache-2.0
#include "load_model.h"
#include "options.h"
#include "progress.h"
#include "subcommand.h"
#include "text.h"

#include <plimsoll/engine/bench/bench.h>
#include <plimsoll/engine/bench/compare.h>

#include <nlohmann/json.hpp>

#include <iostream>

namespace plimsoll::engine {
namespace {

struct BenchArguments
{
    std::string model;
    std::string prompt = "512";
    std::string generate = "64";
    std::string repetitions = "5";
    std::string depth = "0";
    std::string threads;
    std::string batch = "512";
    std::vector<std::string> compare;
    CacheArguments cache;
    DeviceArguments devices;
};

Status applyCount(const char *option, const std::string &text, uint64_t least, uint64_t most, uint32_t &target)
{
    if (text.empty())
        return {};
    const auto value = countFrom(option, text, least, most);
    if (!value)
        return value.error();
    target = static_cast<uint32_t>(*value);
    return {};
}

Result<BenchOptions> benchOptions(const BenchArguments &arguments)
{
    BenchOptions options;
    if (auto status = applyCount("-p", arguments.prompt, 0, mostContext, options.prompt); !status)
        return status.error();
    if (auto status = applyCount("-n", arguments.generate, 0, mostContext, options.generate); !status)
        return status.error();
    if (auto status = applyCount("-r", arguments.repetitions, 1, 1000, options.repetitions); !status)
        return status.error();
    if (auto status = applyCount("--depth", arguments.depth, 0, mostContext, options.depth); !status)
        return status.error();
    if (auto status = applyCount("--threads", arguments.threads, 1, mostThreads, options.threads); !status)
        return status.error();
    if (auto status = applyCount("--batch", arguments.batch, 1, mostBatch, options.batch); !status)
        return status.error();
    if (options.prompt == 0 && options.generate == 0)
        return Error{ErrorCode::InvalidArgument, {"-n", "0", "-p or -n above 0"}};
    RunOptions run;
    if (auto status = arguments.cache.apply(runnableCacheTypes(), run); !status)
        return status.error();
    options.kvTypeK = run.kvTypeK;
    options.kvTypeV = run.kvTypeV;
    return options;
}

std::string spreadText(const Spread &spread)
{
    return rateNumber(spread.median) + " tokens/s (" + rateNumber(spread.min) + " to " + rateNumber(spread.max) + ")";
}

std::string shareText(const Spread &share)
{
    return rateNumber(share.median * 100) + " % (" + rateNumber(share.min * 100) + " to " + rateNumber(share.max * 100) + ')';
}

void printResult(const BenchResult &result)
{
    const BenchOptions &options = result.options;
    std::cout << result.path << '\n'
              << printable(result.architecture) << ", " << countText(result.parameters) << " parameters"
              << (result.quantization.empty() ? "" : ", " + result.quantization) << ", weights " << toText(Bytes{result.weightBytes})
              << '\n'
              << options.threads << " threads, " << result.instructionSet << ", KV cache " << name(options.kvTypeK) << " and "
              << name(options.kvTypeV) << ", depth " << options.depth << ", median of " << options.repetitions << "\n\n";
    if (options.prompt > 0)
        std::cout << "Prefill " << options.prompt << "\t" << spreadText(result.prefill) << '\n'
                  << "Products\t" << shareText(result.peakShare) << " of the integer peak, " << rateNumber(result.integerPeak / 1e9)
                  << " Gop/s\n";
    if (options.generate > 0) {
        std::cout << "Decode " << options.generate << "\t" << spreadText(result.decode) << '\n'
                  << "Per token\t" << toText(Bytes{result.bytesPerToken}) << " read, " << shareText(result.bandwidthShare)
                  << " of the read bandwidth, "
                  << rateNumber(result.readBandwidth.gbPerSecond()) << " GB/s\n";
    }
    printLoading(std::cout, result.loading);
    std::cout << '\n';
    printMemory(std::cout, result.memory);
}

void printComparison(const BenchResult &result, const Comparison &comparison)
{
    std::cout << "\nIn turns with\t" << printable(comparison.command) << '\n';
    const auto line = [](const char *what, uint32_t tokens, const Spread &theirs, const Ratio &ratio) {
        if (tokens > 0 && ratio.median > 0)
            std::cout << what << ' ' << tokens << "\t" << spreadText(theirs) << ", ratio " << rateNumber(ratio.median) << " (95 %: "
                      << rateNumber(ratio.low) << " to " << rateNumber(ratio.high) << ")\n";
    };
    line("Prefill", result.options.prompt, comparison.prefill, comparison.prefillRatio);
    line("Decode", result.options.generate, comparison.decode, comparison.decodeRatio);
}

int runBench(Context &context, const BenchArguments &arguments)
{
    auto options = benchOptions(arguments);
    if (!options)
        return fail(context, options.error());
    const Interruption interruption;
    Progress progress("measuring", !context.json);
    options->cancel = interruption.flag();
    options->place = arguments.devices.placing(context);
    options->progress = progress.function();
    std::vector<Comparison> comparisons;
    const auto result = arguments.compare.empty() ? bench(arguments.model, *options)
                                                  : benchBeside(arguments.model, *options, arguments.compare, comparisons);
    progress.end();
    if (!result)
        return fail(context, result.error());
    if (context.json) {
        auto json = toJson(*result);
        for (const Comparison &each : comparisons)
            json["comparisons"].push_back(toJson(each));
        return printJson(json);
    }
    printResult(*result);
    for (const Comparison &each : comparisons)
        printComparison(*result, each);
    return finished();
}

} // namespace

void addBench(const Command &app, Context &context)
{
    auto [command, options] = addSubcommand<BenchArguments>(app, context, "bench", "Measure prefill and generation of a model", runBench);
    command.addOption("model", options->model, "GGUF file").required().typeName("FILE");
    command.addOption("-p", options->prompt, "Tokens of the prefill; 0: none").typeName("N").showDefault();
    command.addOption("-n", options->generate, "Tokens of the generation; 0: none").typeName("N").showDefault();
    command.addOption("-r", options->repetitions, "Repetitions").typeName("N").showDefault();
    command.addOption("--depth", options->depth, "Tokens in the cache before a measurement starts")
        .typeName("N")
        .showDefault();
    command.addOption("-t,--threads", options->threads, "Threads; the physical cores unless given").typeName("N");
    command.addOption("-b,--batch", options->batch, "Most tokens in one forward call").typeName("N").showDefault();
    command
        .addOption("--compare", options->compare,
            "Run this command in turns, which writes JSON as bench --json or llama-bench -o json does (may be repeated)")
        .typeName("COMMAND");
    options->cache.addTo(command);
    options->devices.addTo(command);
}

} // namespace plimsoll::engine
