// SPDX-License-Identifier: Apache-2.0
#include "load_model.h"
#include "read_input.h"
#include "subcommand.h"
#include "text.h"

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
    std::string temperature, topK, topP, minP, typical, penalty, frequency, presence, dry, seed;
    std::string grammarFile, schemaFile;
    std::vector<std::string> bias;
    RunArguments run;
    bool chat = false;
    bool ignoreEnd = false;
};

Status applyReal(const char *option, const std::string &text, double least, double most, float &target)
{
    if (text.empty())
        return {};
    const auto value = realFrom(option, text, least, most);
    if (!value)
        return value.error();
    target = static_cast<float>(*value);
    return {};
}

Result<SamplerOptions> samplerFrom(const RunCommand &command)
{
    SamplerOptions sampler;
    if (auto status = applyReal("--temp", command.temperature, 0, 100, sampler.temperature); !status)
        return status.error();
    if (auto status = applyReal("--top-p", command.topP, 0, 1, sampler.topP); !status)
        return status.error();
    if (auto status = applyReal("--min-p", command.minP, 0, 1, sampler.minP); !status)
        return status.error();
    if (auto status = applyReal("--repeat-penalty", command.penalty, 0.01, 100, sampler.repetitionPenalty); !status)
        return status.error();
    if (auto status = applyReal("--typical", command.typical, 0, 1, sampler.typicalP); !status)
        return status.error();
    if (auto status = applyReal("--frequency-penalty", command.frequency, -100, 100, sampler.frequencyPenalty); !status)
        return status.error();
    if (auto status = applyReal("--presence-penalty", command.presence, -100, 100, sampler.presencePenalty); !status)
        return status.error();
    if (auto status = applyReal("--dry", command.dry, 0, 100, sampler.dryMultiplier); !status)
        return status.error();
    for (const std::string &text : command.bias) {
        const size_t colon = std::min(text.find(':'), text.size());
        const auto token = countFrom("--logit-bias", text.substr(0, colon), 0, INT32_MAX);
        const auto added = realFrom("--logit-bias", text.substr(std::min(colon + 1, text.size())), -100, 100);
        if (!token || !added)
            return Error{ErrorCode::InvalidArgument, {"--logit-bias", text, "TOKEN:NUMBER, -100 to 100"}};
        sampler.logitBias.emplace_back(static_cast<TokenId>(*token), static_cast<float>(*added));
    }
    if (!command.topK.empty()) {
        const auto topK = countFrom("--top-k", command.topK, 0, 10'000'000);
        if (!topK)
            return topK.error();
        sampler.topK = static_cast<uint32_t>(*topK);
    }
    if (!command.seed.empty()) {
        const auto seed = countFrom("--seed", command.seed, 0, UINT64_MAX);
        if (!seed)
            return seed.error();
        sampler.seed = *seed;
    }
    if (const Status valid = validate(sampler); !valid)
        return valid.error();
    return sampler;
}

Result<std::string> promptFrom(const RunCommand &command)
{
    constexpr Bytes most = mib(16);
    if (!command.file.empty() && !command.prompt.empty())
        return Error{ErrorCode::InvalidArgument, {"--file", command.file, "either --prompt or --file"}};
    if (!command.file.empty())
        return readInput(command.file, most.value);
    return command.prompt;
}

/// What the text must follow: null where nothing is said.
Result<std::shared_ptr<const Grammar>> grammarFrom(const RunCommand &command)
{
    constexpr Bytes most = mib(1);
    if (command.grammarFile.empty() && command.schemaFile.empty())
        return std::shared_ptr<const Grammar>();
    const bool schema = command.grammarFile.empty();
    const std::string &path = schema ? command.schemaFile : command.grammarFile;
    const auto text = readInput(path, most.value);
    if (!text)
        return text.error();
    const auto json = schema ? nlohmann::ordered_json::parse(*text, nullptr, false) : nlohmann::ordered_json();
    if (json.is_discarded())
        return Error{ErrorCode::JsonInvalid, {path, "0", "syntax"}};
    auto grammar = schema ? Grammar::ofJsonSchema(json) : Grammar::parse(*text);
    if (!grammar)
        return grammar.error();
    return std::make_shared<const Grammar>(std::move(*grammar));
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

nlohmann::json resultJson(const Session &session, const Session::Generation &generation)
{
    const Statistics &s = generation.statistics;
    return {{"model", session.header().path()}, {"text", generation.text}, {"tokens", generation.tokens},
        {"stop", stopName(generation.stop)},
        {"statistics",
            {{"prompt_tokens", s.promptTokens}, {"generated_tokens", s.generatedTokens},
                {"prefill_tokens_per_second", s.prefillRate()}, {"decode_tokens_per_second", s.decodeRate()},
                {"time_to_first_token_ms", s.timeToFirstTokenSeconds * 1000}}},
        {"memory", toJson(session.memory())}};
}

void printStatistics(const Session &session, const Session::Generation &generation)
{
    const Statistics &s = generation.statistics;
    std::cerr << '\n' << s.promptTokens << " tokens of prompt at " << rateNumber(s.prefillRate()) << " tokens/s, first token after "
              << rateNumber(s.timeToFirstTokenSeconds * 1000) << " ms, " << s.generatedTokens << " generated at "
              << rateNumber(s.decodeRate()) << " tokens/s (" << stopName(generation.stop) << ")\n";
    printMemory(std::cerr, session.memory());
}

int runRun(Context &context, const RunCommand &command)
{
    const auto sampler = samplerFrom(command);
    if (!sampler)
        return fail(context, sampler.error());
    const auto most = countFrom("-n", command.tokens, 1, mostContext);
    if (!most)
        return fail(context, most.error());
    const auto prompt = promptFrom(command);
    if (!prompt)
        return fail(context, prompt.error());

    const auto grammar = grammarFrom(command);
    if (!grammar)
        return fail(context, grammar.error());

    const Interruption interruption;
    const auto session = loadModel(context, command.model, command.run, interruption);
    if (!session)
        return fail(context, session.error());
    const auto tokens = promptTokens(**session, *prompt, command.chat);
    if (!tokens)
        return fail(context, tokens.error());

    Session::GenerateOptions options;
    options.maxTokens = static_cast<uint32_t>(*most);
    options.sampler = *sampler;
    options.grammar = *grammar;
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

void addRun(CLI::App &app, Context &context)
{
    auto [command, options] = addSubcommand<RunCommand>(app, context, "run", "Run a model on a prompt", runRun);
    command->add_option("model", options->model, "GGUF file")->required()->type_name("FILE");
    command->add_option("-p,--prompt", options->prompt, "The text to go on from")->type_name("TEXT");
    command->add_option("-f,--file", options->file, "Read the text from a file; - is standard input")->type_name("FILE");
    command->add_option("-n", options->tokens, "Most tokens to generate")->type_name("N")->capture_default_str();
    command->add_option("--temp", options->temperature, "Temperature; 0 takes the likeliest token (0.8)")->type_name("T");
    command->add_option("--top-k", options->topK, "Choose among the K likeliest; 0: all (40)")->type_name("K");
    command->add_option("--top-p", options->topP, "Choose among the likeliest that make up P; 1: all (0.95)")->type_name("P");
    command->add_option("--min-p", options->minP, "Drop what is less likely than P times the likeliest; 0: nothing (0.05)")->type_name("P");
    command->add_option("--repeat-penalty", options->penalty, "Make recent tokens less likely; 1: off (1)")->type_name("X");
    command->add_option("--typical", options->typical, "Keep the tokens of typical surprise that make up P; 1: all (1)")->type_name("P");
    command->add_option("--frequency-penalty", options->frequency, "Taken off for each time a recent token occurred (0)")->type_name("X");
    command->add_option("--presence-penalty", options->presence, "Taken off where a token occurred recently (0)")->type_name("X");
    command->add_option("--dry", options->dry, "Penalty against repeating sequences; 0: off (0)")->type_name("X");
    command->add_option("--logit-bias", options->bias, "Make a token likelier or less likely")->type_name("TOKEN:X");
    command->add_option("--grammar", options->grammarFile, "The text follows this grammar in GBNF")->type_name("FILE");
    command->add_option("--json-schema", options->schemaFile, "The text is JSON of this schema")->type_name("FILE");
    command->add_option("--seed", options->seed, "Same seed, same text; 0: another each time (0)")->type_name("N");
    command->add_flag("--chat", options->chat, "The prompt is a message to the assistant");
    command->add_flag("--ignore-eos", options->ignoreEnd, "Do not stop at the end of the text");
    options->run.addTo(*command, false);
}

} // namespace plimsoll::engine
