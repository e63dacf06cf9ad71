// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <plimsoll/engine/run/session.h>
#include <plimsoll/engine/text/thinking.h>
#include <plimsoll/result/error.h>

#include <functional>
#include <span>
#include <string>
#include <string_view>

/// Everything the service says, as JSON text. Bytes that are not UTF-8 come out as U+FFFD.
namespace plimsoll::engine {

/// The words for people in an error.
using Describe = std::function<std::string(const Error &)>;

std::string errorJson(const Error &error, const Describe &describe);
std::string healthJson(bool ready, double progress);
std::string modelsJson(const std::string &model, int64_t created);
std::string stateJson(std::string_view state, double progress);
std::string memoryJson(const MemoryReport &report);
/// Of one sequence.
std::string timingsJson(const Statistics &statistics, uint32_t sequence);
/// How many generations run and wait, and how many can run at once.
std::string sequencesJson(size_t running, size_t waiting, uint32_t parallel);
std::string listeningLine(const std::string &version, int port);
std::string failedLine(const Error &error);

/// The answers to one request in the form of OpenAI's interface, whole or in pieces.
struct AnswerForm
{
    bool chat = false;
    std::string id;        // "cmpl-1", "chatcmpl-1"
    std::string model;
    int64_t created = 0;   // seconds since 1970

    /// `text`: the generation's, parted; all of it is the answer where nothing is parted.
    std::string whole(const Session::Generation &generation, const ThinkingSplit::Piece &text) const;
    /// The first piece of a conversation's answer, which names the role; empty for a completion.
    std::string first() const;
    /// `logprobs`: of the tokens since the last piece, where they were asked for.
    std::string piece(const ThinkingSplit::Piece &text, std::span<const Session::StepLogprobs> logprobs) const;
    /// The last piece: why it ended, usage and timings.
    std::string last(const Session::Generation &generation, std::span<const Session::StepLogprobs> logprobs) const;
};

} // namespace plimsoll::engine
