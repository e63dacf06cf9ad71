// SPDX-License-Identifier: Apache-2.0
#include "sampler_arguments.h"

#include "options.h"
#include "read_input.h"

#include <plimsoll/units/bytes.h>

#include <nlohmann/json.hpp>

#include <algorithm>

namespace plimsoll::engine {

namespace {

constexpr uint64_t widestWindow = 1u << 20;   // tokens

/// Reads options one after another, and remembers the first that is wrong.
class Reader
{
public:
    void real(const char *option, const std::string &text, double least, double most, float &target)
    {
        if (!text.empty())
            take(realFrom(option, text, least, most), target);
    }

    template <typename T>
    void count(const char *option, const std::string &text, uint64_t least, uint64_t most, T &target)
    {
        if (!text.empty())
            take(countFrom(option, text, least, most), target);
    }

    const Status &status() const { return m_status; }

private:
    template <typename Value, typename T>
    void take(const Result<Value> &value, T &target)
    {
        if (value)
            target = static_cast<T>(*value);
        else if (m_status)
            m_status = value.error();
    }

    Status m_status;
};

Status applyNumbers(const SamplerArguments &given, Session::GenerateOptions &options)
{
    SamplerOptions &sampler = options.sampler;
    Reader reader;
    reader.real("--temp", given.temperature, 0, 100, sampler.temperature);
    reader.count("--top-k", given.topK, 0, 10'000'000, sampler.topK);
    reader.real("--top-p", given.topP, 0, 1, sampler.topP);
    reader.real("--min-p", given.minP, 0, 1, sampler.minP);
    reader.real("--typical", given.typical, 0, 1, sampler.typicalP);
    reader.real("--repeat-penalty", given.repeatPenalty, 0.01, 100, sampler.repetitionPenalty);
    reader.count("--repeat-window", given.repeatWindow, 0, widestWindow, sampler.repetitionWindow);
    reader.real("--frequency-penalty", given.frequency, -100, 100, sampler.frequencyPenalty);
    reader.real("--presence-penalty", given.presence, -100, 100, sampler.presencePenalty);
    reader.real("--dry", given.dry, 0, 100, sampler.dryMultiplier);
    reader.real("--dry-base", given.dryBase, 1, 100, sampler.dryBase);
    reader.count("--dry-length", given.dryLength, 1, widestWindow, sampler.dryAllowedLength);
    reader.count("--dry-window", given.dryWindow, 0, widestWindow, sampler.dryWindow);
    reader.count("--seed", given.seed, 0, UINT64_MAX, sampler.seed);
    reader.count("--logprobs", given.logprobs, 0, mostLogprobs, options.logprobs);
    return reader.status();
}

Status applyBias(const SamplerArguments &given, SamplerOptions &sampler)
{
    for (const std::string &text : given.bias) {
        const size_t colon = std::min(text.find(':'), text.size());
        const auto token = countFrom("--logit-bias", text.substr(0, colon), 0, INT32_MAX);
        const auto added = realFrom("--logit-bias", text.substr(std::min(colon + 1, text.size())), -100, 100);
        if (!token || !added)
            return Error{ErrorCode::InvalidArgument, {"--logit-bias", text, "TOKEN:NUMBER, -100 to 100"}};
        sampler.logitBias.emplace_back(static_cast<TokenId>(*token), static_cast<float>(*added));
    }
    return {};
}

/// What the text must follow: null where nothing is said.
Result<std::shared_ptr<const Grammar>> grammarFrom(const SamplerArguments &given)
{
    constexpr Bytes most = mib(1);
    if (given.grammarFile.empty() && given.schemaFile.empty())
        return std::shared_ptr<const Grammar>();
    const bool schema = given.grammarFile.empty();
    const std::string &path = schema ? given.schemaFile : given.grammarFile;
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

} // namespace

void SamplerArguments::addTo(const Command &command)
{
    command.addOption("--temp", temperature, "Temperature; 0 takes the likeliest token (0.8)").typeName("T");
    command.addOption("--top-k", topK, "Choose among the K likeliest; 0: all (40)").typeName("K");
    command.addOption("--top-p", topP, "Choose among the likeliest that make up P; 1: all (0.95)").typeName("P");
    command.addOption("--min-p", minP, "Drop what is less likely than P times the likeliest; 0: nothing (0.05)").typeName("P");
    command.addOption("--typical", typical, "Keep the tokens of typical surprise that make up P; 1: all (1)").typeName("P");
    command.addOption("--repeat-penalty", repeatPenalty, "Make recent tokens less likely; 1: off (1)").typeName("X");
    command.addOption("--repeat-window", repeatWindow, "How many tokens are recent; 0: none (64)").typeName("N");
    command.addOption("--frequency-penalty", frequency, "Taken off for each time a recent token occurred (0)").typeName("X");
    command.addOption("--presence-penalty", presence, "Taken off where a token occurred recently (0)").typeName("X");
    command.addOption("--dry", dry, "Penalty against repeating sequences; 0: off (0)").typeName("X");
    command.addOption("--dry-base", dryBase, "What each further token of a repeated sequence multiplies it by (1.75)").typeName("X");
    command.addOption("--dry-length", dryLength, "Shorter repeated sequences cost nothing (2)").typeName("N");
    command.addOption("--dry-window", dryWindow, "How many tokens it looks back (4096)").typeName("N");
    command.addOption("--logit-bias", bias, "Make a token likelier or less likely").typeName("TOKEN:X");
    command.addOption("--grammar", grammarFile, "The text follows this grammar in GBNF").typeName("FILE");
    command.addOption("--json-schema", schemaFile, "The text is JSON of this schema").typeName("FILE");
    command.addOption("--stop", stop, "Stop before this text; may be given several times").typeName("TEXT");
    command.addOption("--logprobs", logprobs, "With --json: for each token how likely it was, and the N likeliest").typeName("N");
    command.addOption("--seed", seed, "Same seed, same text; 0: another each time (0)").typeName("N");
}

Status SamplerArguments::apply(Session::GenerateOptions &options) const
{
    if (Status status = applyNumbers(*this, options); !status)
        return status;
    if (Status status = applyBias(*this, options.sampler); !status)
        return status;
    auto read = grammarFrom(*this);
    if (!read)
        return read.error();
    options.grammar = std::move(*read);
    options.stop = stop;
    std::erase(options.stop, std::string());
    return validate(options.sampler);
}

} // namespace plimsoll::engine
