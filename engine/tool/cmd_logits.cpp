// SPDX-License-Identifier: Apache-2.0
#include "load_model.h"
#include "read_input.h"
#include "subcommand.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <limits>
#include <span>

namespace plimsoll::engine {
namespace {

static_assert(std::endian::native == std::endian::little, "the files are little-endian");

struct LogitsArguments
{
    std::string model;
    std::string tokens;
    std::string out;
    std::string chunk;
    RunArguments run;
    DeviceArguments devices;
};

/// The ids of a file laid out as int32 n, int32 vocabulary (not looked at), n × int32; what follows is left alone.
Result<std::vector<TokenId>> readTokens(const std::string &path)
{
    const auto bytes = readInput(path, gib(1).value);
    if (!bytes)
        return bytes.error();
    int32_t count = 0;
    if (bytes->size() >= 2 * sizeof(int32_t))
        std::memcpy(&count, bytes->data(), sizeof(count));
    if (count <= 0 || bytes->size() < (2 + uint64_t(count)) * sizeof(int32_t))
        return Error{ErrorCode::InvalidArgument, {"--tokens", path, "a file of int32 n, int32 vocabulary, and n token ids"}};
    std::vector<TokenId> tokens(static_cast<size_t>(count));
    std::memcpy(tokens.data(), bytes->data() + 2 * sizeof(int32_t), tokens.size() * sizeof(TokenId));
    return tokens;
}

template <typename T>
void write(std::ostream &out, std::span<const T> values)
{
    out.write(reinterpret_cast<const char *>(values.data()), static_cast<std::streamsize>(values.size_bytes()));
}

/// Runs the tokens in chunks and writes the logits of each as they come.
Status writeLogits(Session &session, std::span<const TokenId> tokens, uint32_t chunk, std::ostream &out, const Interruption &interruption)
{
    std::vector<BatchToken> batch;
    for (size_t begin = 0; begin < tokens.size(); begin += chunk) {
        batch.clear();
        for (size_t i = begin; i < std::min(tokens.size(), begin + chunk); ++i)
            batch.push_back({tokens[i], static_cast<uint32_t>(i), 0, true});
        const auto logits = session.forward(batch, interruption.flag());
        if (!logits)
            return logits.error();
        write(out, std::span<const float>(*logits));
    }
    return {};
}

Error unwritable(const std::string &path)
{
    return Error{ErrorCode::FileUnwritable, {path, std::strerror(errno ? errno : EIO)}};
}

Status writeFile(
    Session &session, std::span<const TokenId> tokens, uint32_t chunk, const std::string &path, const Interruption &interruption)
{
    errno = 0;
    std::ofstream out(path, std::ios::binary | std::ios::trunc);
    if (!out)
        return unwritable(path);
    const int32_t head[] = {static_cast<int32_t>(tokens.size()), static_cast<int32_t>(session.shape().vocabulary)};
    write(out, std::span<const int32_t>(head));
    write(out, tokens);
    Status status = writeLogits(session, tokens, chunk, out, interruption);
    out.close();
    if (status && !out)
        status = unwritable(path);
    std::error_code ignored;
    if (!status && std::filesystem::is_regular_file(path, ignored))
        std::filesystem::remove(path, ignored);   // half a file would look like a whole one
    return status;
}

int runLogits(Context &context, const LogitsArguments &arguments)
{
    constexpr uint64_t widestChunk = 512;
    const auto tokens = readTokens(arguments.tokens);
    if (!tokens)
        return fail(context, tokens.error());
    const auto asked = arguments.chunk.empty() ? Result<uint64_t>(widestChunk) : countFrom("--chunk", arguments.chunk, 1, mostBatch);
    if (!asked)
        return fail(context, asked.error());
    const auto chunk = static_cast<uint32_t>(std::min<uint64_t>(*asked, tokens->size()));

    const Interruption interruption;
    RunArguments run = arguments.run;
    run.batch = std::to_string(chunk);
    if (run.context.empty())
        run.context = std::to_string(tokens->size());
    const auto session = loadModel(context, arguments.model, run, arguments.devices, interruption, chunk);
    if (!session)
        return fail(context, session.error());
    const Status written = writeFile(**session, *tokens, chunk, arguments.out, interruption);
    if (!written)
        return fail(context, written.error());
    const uint32_t vocabulary = (*session)->shape().vocabulary;
    if (context.json)
        return printJson({{"path", arguments.out}, {"tokens", tokens->size()}, {"vocabulary", vocabulary}});
    std::cout << arguments.out << ": " << tokens->size() << " × " << vocabulary << " logits\n";
    return finished();
}

} // namespace

void addLogits(const Command &app, Context &context)
{
    auto [command, options] = addSubcommand<LogitsArguments>(
        app, context, "logits", "Write the logits of given tokens to a file", runLogits);
    command.addOption("model", options->model, "GGUF file").required().typeName("FILE");
    command.addOption("--tokens", options->tokens, "File of int32 n, int32 vocabulary, n token ids").required().typeName("FILE");
    command.addOption("--out", options->out, "File to write: the same, then n × vocabulary float32").required().typeName("FILE");
    command.addOption("--chunk", options->chunk, "Tokens per forward call; 512 unless given").typeName("N");
    command.addOption("-c,--ctx", options->run.context, "Context length; as many as there are tokens unless given").typeName("N");
    command.addOption("-t,--threads", options->run.threads, "Threads; the physical cores unless given").typeName("N");
    options->run.cache.addTo(command);
    options->devices.addTo(command);
}

} // namespace plimsoll::engine
