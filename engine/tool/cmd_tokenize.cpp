// SPDX-License-Identifier: Apache-2.0
#include "read_input.h"
#include "subcommand.h"

#include <plimsoll/engine/text/tokenizer.h>
#include <plimsoll/gguf/gguf.h>
#include <plimsoll/units/bytes.h>

#include <nlohmann/json.hpp>

#include <iostream>

namespace plimsoll::engine {
namespace {

struct TokenizeOptions
{
    std::string model;
    std::string file = "-";
    Tokenizer::EncodeOptions encode;
};

int runTokenize(Context &context, const TokenizeOptions &options)
{
    const auto header = gguf::readHeader(options.model);
    if (!header)
        return fail(context, header.error());
    const auto tokenizer = makeTokenizer(*header);
    if (!tokenizer)
        return fail(context, tokenizer.error());
    const auto text = readInput(options.file, mib(64).value);
    if (!text)
        return fail(context, text.error());
    const std::vector<TokenId> tokens = (*tokenizer)->encode(*text, options.encode);
    if (context.json)
        return printJson({{"count", tokens.size()}, {"tokens", tokens}});
    std::string line;
    for (TokenId token : tokens)
        line += (line.empty() ? "" : " ") + std::to_string(token);
    std::cout << line << '\n';
    return finished();
}

} // namespace

void addTokenize(const Command &app, Context &context)
{
    auto [command, options] = addSubcommand<TokenizeOptions>(
        app, context, "tokenize", "Turn text into the token ids of a model", runTokenize);
    command.addOption("model", options->model, "GGUF file").required().typeName("FILE");
    command.addOption("--file", options->file, "Text to read; standard input unless given").typeName("FILE");
    command.addFlag("--add-bos", options->encode.addSpecial, "Add the tokens that begin (and end) a text, where the model wants them");
    command.addFlag("--parse-special", options->encode.parseSpecial, "Names of control tokens in the text become those tokens");
}

} // namespace plimsoll::engine
