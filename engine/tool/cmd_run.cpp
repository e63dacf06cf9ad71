// SPDX-License-Identifier: Apache-2.0
#include "load_model.h"
#include "read_input.h"
#include "sampler_arguments.h"
#include "subcommand.h"
#include "text.h"

#include <plimsoll/engine/run/report_json.h>
#include <plimsoll/engine/text/chat.h>
#include <plimsoll/units/bytes.h>

#include <nlohmann/json.hpp>

#include <iostream>

namespace plimsoll::engine {
namespace {

struct RunCommand
{
    std::string model;
    std::string prompt;
    std::string file;
    std::string tokens = "256";
    SamplerArguments sampler;
    RunArguments run;
    DeviceArguments devices;
    bool chat = false;
    bool ignoreEnd = false;
};

Result<std::string> promptFrom(const RunCommand &command)
{
    constexpr Bytes most = mib(16);
    if (!command.file.empty() && !command.prompt.empty())
        return Error{ErrorCode::InvalidArgument, {"--file", command.file, "either --prompt or --file"}};
    if (!command.file.empty())
        return readInput(command.file, most.value);
    return command.prompt;
}

/// The prompt as tokens: as it stands, or as the first turn of a conversation.
Result<std::vector<TokenId>> promptTokens(const Session &session, const std::string &prompt, bool chat)
{
    const Tokenizer *tokenizer = session.tokenizer();
    if (!tokenizer)
        return Error{ErrorCode::ModelHasNoTokenizer, {session.header().path()}};
    if (!chat)
        return tokenizer->encode(prompt, {.addSpecial = true, .parseSpecial = false});
    const auto asked = ChatTemplate(session.header(), *tokenizer).prompt({.messages = {{"user", prompt}}});
    if (!asked)
        return asked.error();
    return asked->tokens;
}

const char *stopName(StopReason stop)
{
    switch (stop) {
    case StopReason::EndOfText: return "end-of-text";
    case StopReason::Length: return "length";
    case StopReason::ContextFull: return "context-full";
    case StopReason::Cancelled: break;
    }
    return "cancelled";
}

nlohmann::json logprobsJson(const std::vector<Session::StepLogprobs> &steps)
{
    const auto one = [](const Session::TokenLogprob &each) { return nlohmann::json{{"token", each.token}, {"logprob", each.logprob}}; };
    nlohmann::json list = nlohmann::json::array();
    for (const Session::StepLogprobs &step : steps) {
        nlohmann::json json = one(step.chosen);
        for (const Session::TokenLogprob &each : step.top)
            json["top"].push_back(one(each));
        list.push_back(std::move(json));
    }
    return list;
}

nlohmann::json resultJson(const Session &session, const Session::Generation &generation)
{
    const Statistics &s = generation.statistics;
    nlohmann::json json = {{"model", session.header().path()}, {"text", generation.text}, {"tokens", generation.tokens},
        {"stop", stopName(generation.stop)},
        {"statistics",
            {{"prompt_tokens", s.promptTokens}, {"generated_tokens", s.generatedTokens},
                {"prefill_tokens_per_second", s.prefillRate()}, {"decode_tokens_per_second", s.decodeRate()},
                {"time_to_first_token_ms", s.timeToFirstTokenSeconds * 1000}}},
        {"memory", toJson(session.memory())}, {"loading", toJson(session.loading())}};
    if (!generation.logprobs.empty())
        json["logprobs"] = logprobsJson(generation.logprobs);
    return json;
}

void printStatistics(const Session &session, const Session::Generation &generation)
{
    const Statistics &s = generation.statistics;
    std::cerr << '\n' << s.promptTokens << " tokens of prompt at " << rateNumber(s.prefillRate()) << " tokens/s, first token after "
              << rateNumber(s.timeToFirstTokenSeconds * 1000) << " ms, " << s.generatedTokens << " generated at "
              << rateNumber(s.decodeRate()) << " tokens/s (" << stopName(generation.stop) << ")\n";
    printLoading(std::cerr, session.loading());
    printMemory(std::cerr, session.memory());
}

int runRun(Context &context, const RunCommand &command)
{
    Session::GenerateOptions options;
    if (const Status status = command.sampler.apply(options); !status)
        return fail(context, status.error());
    const auto most = countFrom("-n", command.tokens, 1, mostContext);
    if (!most)
        return fail(context, most.error());
    const auto prompt = promptFrom(command);
    if (!prompt)
        return fail(context, prompt.error());

    const Interruption interruption;
    const auto session = loadModel(context, command.model, command.run, command.devices, interruption);
    if (!session)
        return fail(context, session.error());
    const auto tokens = promptTokens(**session, *prompt, command.chat);
    if (!tokens)
        return fail(context, tokens.error());

    options.maxTokens = static_cast<uint32_t>(*most);
    if (options.sampler.dryMultiplier > 0)
        options.sampler.dryBreakers = dryBreakersOf(*(*session)->tokenizer());
    options.ignoreEnd = command.ignoreEnd;
    options.cancel = interruption.flag();
    if (!context.json)
        options.onText = [](std::string_view text) { return static_cast<bool>(std::cout << text << std::flush); };
    const auto generation = (*session)->generate(*tokens, options);
    if (!generation)
        return fail(context, generation.error());
    if (context.json)
        return printJson(resultJson(**session, *generation));
    std::cout << '\n';
    printStatistics(**session, *generation);
    return finished();
}

} // namespace

void addRun(const Command &app, Context &context)
{
    auto [command, options] = addSubcommand<RunCommand>(app, context, "run", "Run a model on a prompt", runRun);
    command.addOption("model", options->model, "GGUF file").required().typeName("FILE");
    command.addOption("-p,--prompt", options->prompt, "The text to go on from").typeName("TEXT");
    command.addOption("-f,--file", options->file, "Read the text from a file; - is standard input").typeName("FILE");
    command.addOption("-n", options->tokens, "Most tokens to generate").typeName("N").showDefault();
    options->sampler.addTo(command);
    command.addFlag("--chat", options->chat, "The prompt is a message to the assistant");
    command.addFlag("--ignore-eos", options->ignoreEnd, "Do not stop at the end of the text");
    options->run.addTo(command, false);
    options->devices.addTo(command);
}

} // namespace plimsoll::engine
