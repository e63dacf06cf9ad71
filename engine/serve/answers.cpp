// SPDX-License-Identifier: Apache-2.0
#include "answers.h"

#include <plimsoll/engine/run/report_json.h>

#include <nlohmann/json.hpp>

#include <algorithm>

namespace plimsoll::engine {

namespace {

using Json = nlohmann::ordered_json;

std::string dumped(const Json &json)
{
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json errorOf(const Error &error)
{
    return {{"code", codeName(error.code)}, {"arguments", error.arguments}};
}

Json timings(const Statistics &statistics)
{
    return {{"prompt_tokens", statistics.promptTokens}, {"generated_tokens", statistics.generatedTokens},
        {"prefill_tokens_per_second", statistics.prefillRate()}, {"decode_tokens_per_second", statistics.decodeRate()},
        {"time_to_first_token_ms", statistics.timeToFirstTokenSeconds * 1000}};
}

Json usage(const Statistics &statistics)
{
    return {{"prompt_tokens", statistics.promptTokens}, {"completion_tokens", statistics.generatedTokens},
        {"total_tokens", statistics.promptTokens + statistics.generatedTokens},
        {"prompt_tokens_details", {{"cached_tokens", statistics.reusedTokens}}}};
}

std::string_view finishReason(StopReason reason)
{
    switch (reason) {
    case StopReason::Length:
    case StopReason::ContextFull: return "length";
    case StopReason::EndOfText:
    case StopReason::Cancelled: break;
    }
    return "stop";
}

Json logprob(const Session::TokenLogprob &token)
{
    Json bytes = Json::array();
    for (const char byte : token.bytes)
        bytes.push_back(static_cast<unsigned char>(byte));
    // JSON knows no infinity; OpenAI's interface says -9999 for what is out of reach.
    return {{"token", token.bytes}, {"logprob", std::max(token.logprob, -9999.0f)}, {"bytes", std::move(bytes)}};
}

/// OpenAI's forms: a list of tokens for conversations, parallel lists for completions. Null where none were asked for.
Json logprobsJson(const AnswerForm &form, std::span<const Session::StepLogprobs> steps)
{
    if (steps.empty())
        return nullptr;
    Json content = Json::array();
    Json lists = {{"tokens", Json::array()}, {"token_logprobs", Json::array()}, {"top_logprobs", Json::array()}};
    for (const Session::StepLogprobs &step : steps) {
        Json entry = logprob(step.chosen);
        lists["tokens"].push_back(entry["token"]);
        lists["token_logprobs"].push_back(entry["logprob"]);
        entry["top_logprobs"] = Json::array();
        Json top = Json::object();
        for (const Session::TokenLogprob &token : step.top) {
            entry["top_logprobs"].push_back(logprob(token));
            top[token.bytes] = std::max(token.logprob, -9999.0f);
        }
        lists["top_logprobs"].push_back(std::move(top));
        content.push_back(std::move(entry));
    }
    return form.chat ? Json{{"content", std::move(content)}} : lists;
}

Json frame(const AnswerForm &form, bool isPiece)
{
    const char *object = form.chat ? (isPiece ? "chat.completion.chunk" : "chat.completion") : "text_completion";
    return {{"id", form.id}, {"object", object}, {"created", form.created}, {"model", form.model}};
}

/// One choice of a piece: for a conversation what is added to the message, else the text.
std::string pieceOf(const AnswerForm &form, Json added, std::span<const Session::StepLogprobs> steps, const Session::Generation *end)
{
    const Json reason = end ? Json(finishReason(end->stop)) : Json();
    Json json = frame(form, true);
    json["choices"] = Json::array({Json{{"index", 0}, {form.chat ? "delta" : "text", std::move(added)}, {"finish_reason", reason}}});
    if (Json likelihoods = logprobsJson(form, steps); !likelihoods.is_null())
        json["choices"][0]["logprobs"] = std::move(likelihoods);
    if (end) {
        json["usage"] = usage(end->statistics);
        json["timings"] = timings(end->statistics);
    }
    return dumped(json);
}

} // namespace

std::string errorJson(const Error &error, const Describe &describe)
{
    Json json = errorOf(error);
    std::string message = describe ? describe(error) : std::string(codeName(error.code));
    if (!describe) {
        for (const std::string &argument : error.arguments)
            message += " " + argument;
    }
    json["message"] = message;
    return dumped({{"error", json}});
}

std::string healthJson(bool ready, double progress)
{
    return dumped(ready ? Json{{"status", "ready"}} : Json{{"status", "loading"}, {"progress", progress}});
}

std::string modelsJson(const std::string &model, int64_t created)
{
    const Json entry = {{"id", model}, {"object", "model"}, {"created", created}, {"owned_by", "plimsoll"}};
    return dumped({{"object", "list"}, {"data", Json::array({entry})}});
}

std::string stateJson(std::string_view state, double progress)
{
    return dumped({{"state", state}, {"progress", std::clamp(progress, 0.0, 1.0)}});
}

std::string memoryJson(const MemoryReport &report)
{
    return dumped(toJson(report));
}

std::string timingsJson(const Statistics &statistics, uint32_t sequence)
{
    Json json = timings(statistics);
    json["sequence"] = sequence;
    return dumped(json);
}

std::string sequencesJson(size_t running, size_t waiting, uint32_t parallel)
{
    return dumped({{"running", running}, {"waiting", waiting}, {"parallel", parallel}});
}

std::string listeningLine(const std::string &version, int port)
{
    return dumped({{"event", "listening"}, {"protocol", 1}, {"version", version}, {"port", port}});
}

std::string failedLine(const Error &error)
{
    return dumped({{"event", "failed"}, {"error", errorOf(error)}});
}

std::string AnswerForm::whole(const Session::Generation &generation, const ThinkingSplit::Piece &text) const
{
    Json json = frame(*this, false);
    Json choice = {{"index", 0}};
    if (chat)
        choice["message"] = {{"role", "assistant"}, {"content", text.answer}};
    else
        choice["text"] = text.answer;
    if (chat && !text.thought.empty())
        choice["message"]["reasoning_content"] = text.thought;
    if (Json likelihoods = logprobsJson(*this, generation.logprobs); !likelihoods.is_null())
        choice["logprobs"] = std::move(likelihoods);
    choice["finish_reason"] = finishReason(generation.stop);
    json["choices"] = Json::array({choice});
    json["usage"] = usage(generation.statistics);
    json["timings"] = timings(generation.statistics);
    return dumped(json);
}

std::string AnswerForm::first() const
{
    return chat ? pieceOf(*this, {{"role", "assistant"}, {"content", ""}}, {}, nullptr) : std::string();
}

std::string AnswerForm::piece(const ThinkingSplit::Piece &text, std::span<const Session::StepLogprobs> logprobs) const
{
    if (!chat)
        return pieceOf(*this, Json(text.answer), logprobs, nullptr);
    Json added = Json::object();
    if (!text.thought.empty())
        added["reasoning_content"] = text.thought;
    if (!text.answer.empty())
        added["content"] = text.answer;
    return pieceOf(*this, std::move(added), logprobs, nullptr);
}

std::string AnswerForm::last(const Session::Generation &generation, std::span<const Session::StepLogprobs> logprobs) const
{
    return pieceOf(*this, chat ? Json(Json::value_t::object) : Json(""), logprobs, &generation);
}

} // namespace plimsoll::engine
