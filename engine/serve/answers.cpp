// SPDX-License-Identifier: Apache-2.0
#include "answers.h"

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
        {"total_tokens", statistics.promptTokens + statistics.generatedTokens}};
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

Json frame(const AnswerForm &form, bool isPiece)
{
    const char *object = form.chat ? (isPiece ? "chat.completion.chunk" : "chat.completion") : "text_completion";
    return {{"id", form.id}, {"object", object}, {"created", form.created}, {"model", form.model}};
}

/// One choice of a piece: for a conversation what is added to the message, else the text.
std::string pieceOf(const AnswerForm &form, Json added, const Json &reason, const Session::Generation *end)
{
    Json json = frame(form, true);
    json["choices"] = Json::array({Json{{"index", 0}, {form.chat ? "delta" : "text", std::move(added)}, {"finish_reason", reason}}});
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
    return dumped({{"predicted", {{"owned", report.predictedOwned}, {"mapped", report.predictedMapped}}},
        {"actual", {{"owned", report.actualOwned}, {"mapped", report.actualMapped}}}});
}

std::string timingsJson(const Statistics &statistics)
{
    return dumped(timings(statistics));
}

std::string listeningLine(const std::string &version, int port)
{
    return dumped({{"event", "listening"}, {"protocol", 1}, {"version", version}, {"port", port}});
}

std::string failedLine(const Error &error)
{
    return dumped({{"event", "failed"}, {"error", errorOf(error)}});
}

std::string AnswerForm::whole(const Session::Generation &generation) const
{
    Json json = frame(*this, false);
    Json choice = {{"index", 0}};
    if (chat)
        choice["message"] = {{"role", "assistant"}, {"content", generation.text}};
    else
        choice["text"] = generation.text;
    choice["finish_reason"] = finishReason(generation.stop);
    json["choices"] = Json::array({choice});
    json["usage"] = usage(generation.statistics);
    json["timings"] = timings(generation.statistics);
    return dumped(json);
}

std::string AnswerForm::first() const
{
    return chat ? pieceOf(*this, {{"role", "assistant"}, {"content", ""}}, nullptr, nullptr) : std::string();
}

std::string AnswerForm::piece(const std::string &text) const
{
    return pieceOf(*this, chat ? Json{{"content", text}} : Json(text), nullptr, nullptr);
}

std::string AnswerForm::last(const Session::Generation &generation) const
{
    return pieceOf(*this, chat ? Json(Json::value_t::object) : Json(""), finishReason(generation.stop), &generation);
}

} // namespace plimsoll::engine
