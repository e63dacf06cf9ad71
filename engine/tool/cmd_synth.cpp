// SPDX-License-Identifier: Apache-2.0
#include "fit_subject.h"
#include "options.h"
#include "progress.h"
#include "subcommand.h"

#include <plimsoll/engine/bench/synth.h>

#include <nlohmann/json.hpp>

#include <filesystem>
#include <iostream>

namespace plimsoll::engine {
namespace {

struct SynthArguments
{
    std::string model;
    std::string quantization = "Q4_K_M";
    std::string out;
    std::string tokenizer = "byte";
    std::string seed = "1";
    std::string layers;
    std::string vocabulary;
    std::string split;
};

Result<SynthOptions> synthOptions(const SynthArguments &arguments)
{
    SynthOptions options;
    if (arguments.tokenizer != "byte" && arguments.tokenizer != "none")
        return Error{ErrorCode::InvalidArgument, {"--tokenizer", arguments.tokenizer, "byte, none"}};
    options.tokenizer = arguments.tokenizer == "byte" ? SynthTokenizer::Byte : SynthTokenizer::None;
    const auto seed = countFrom("--seed", arguments.seed, 0, UINT64_MAX);
    if (!seed)
        return seed.error();
    options.seed = *seed;
    const auto layers = arguments.layers.empty() ? Result<uint64_t>(uint64_t{0}) : countFrom("--layers", arguments.layers, 1, 10000);
    if (!layers)
        return layers.error();
    options.layers = static_cast<uint32_t>(*layers);
    const auto vocabulary
        = arguments.vocabulary.empty() ? Result<uint64_t>(uint64_t{0}) : countFrom("--vocab", arguments.vocabulary, 1, 10'000'000);
    if (!vocabulary)
        return vocabulary.error();
    options.vocabulary = static_cast<uint32_t>(*vocabulary);
    if (!arguments.split.empty()) {
        const auto bytes = bytesFrom("--split", arguments.split);
        if (!bytes)
            return bytes.error();
        if (bytes->value == 0)
            return Error{ErrorCode::InvalidArgument, {"--split", arguments.split, "1 B or more"}};
        options.partBytes = bytes->value;
    }
    return options;
}

int runSynth(Context &context, const SynthArguments &arguments)
{
    const auto shape = shapeOf(context, arguments.model);
    if (!shape)
        return fail(context, shape.error());
    const auto type = quantizationFrom(arguments.quantization);
    if (!type)
        return fail(context, type.error());
    auto options = synthOptions(arguments);
    if (!options)
        return fail(context, options.error());
    const Interruption interruption;
    Progress progress("writing", !context.json);
    options->cancel = interruption.flag();
    options->progress = progress.function();
    const auto written = synthesize(*shape, *type, arguments.out, *options);
    progress.end();
    if (!written)
        return fail(context, written.error());
    std::error_code ignored;
    uint64_t bytes = 0;
    for (const std::string &part : *written)
        bytes += std::filesystem::file_size(part, ignored);
    if (context.json)
        return printJson({{"path", written->front()}, {"parts", *written}, {"bytes", bytes}, {"quantization", name(*type)}});
    std::cout << written->front() << ", " << toText(Bytes{bytes}) << '\n';
    return finished();
}

} // namespace

void addSynth(const Command &app, Context &context)
{
    auto [command, options] = addSubcommand<SynthArguments>(
        app, context, "synth", "Write a model of random weights, to measure one without a download", runSynth);
    command.addOption("-m,--model", options->model, "Shape: a model of the catalogue, a GGUF file or a config.json")
        .required()
        .typeName("NAME|FILE");
    command.addOption("-q,--quant", options->quantization, "Quantization").typeName("NAME").showDefault();
    command.addOption("-o,--out", options->out, "File to write").required().typeName("FILE");
    command.addOption("--tokenizer", options->tokenizer, "byte: text can be run; none: no vocabulary")
        .typeName("KIND")
        .showDefault();
    command.addOption("--seed", options->seed, "Same seed, same bytes").typeName("N").showDefault();
    command.addOption("--split", options->split, "Several files, each with at most so much of the tensors").typeName("BYTES");
    command.addOption("--layers", options->layers, "Only so many layers").typeName("N");
    command.addOption("--vocab", options->vocabulary, "Only so many tokens").typeName("N");
}

} // namespace plimsoll::engine
