// SPDX-License-Identifier: Apache-2.0
#include "requests.h"

#include "request_chat.h"

#include <charconv>
#include <cmath>
#include <limits>

namespace plimsoll::engine {

namespace {

constexpr size_t deepest = 64;             // levels of nesting
constexpr size_t mostValues = 30000;       // a parsed value takes many times the bytes of "[],", and members of one object are compared
constexpr size_t mostStops = 16;
constexpr size_t longestStop = 1024;       // bytes
constexpr uint32_t mostTokens = 1u << 24;
constexpr size_t mostBiases = 1024;

/// Whether the text could become more than a small tree; strings are skipped, everything else is left to the parser.
bool isTooIntricate(std::string_view text)
{
    size_t depth = 0;
    size_t values = 0;
    bool inString = false;
    for (size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (inString && c == '\\')
            ++i;
        else if (c == '"')
            inString = !inString;
        else if (inString)
            continue;
        else if (c == '[' || c == '{')
            ++depth, ++values;
        else if (c == ',')
            ++values;
        else if ((c == ']' || c == '}') && depth > 0)
            --depth;
        if (depth > deepest || values > mostValues)
            return true;
    }
    return false;
}

Result<Json> parseObject(std::string_view text, const char *path)
{
    if (isTooIntricate(text))
        return Error{ErrorCode::JsonInvalid, {path, "0", "nesting"}};
    try {
        Json json = Json::parse(text);
        if (!json.is_object())
            return Error{ErrorCode::JsonInvalid, {path, "0", "object"}};
        return json;
    } catch (const Json::parse_error &error) {
        return Error{ErrorCode::JsonInvalid, {path, std::to_string(error.byte), "syntax"}};
    } catch (const Json::exception &) {
        return Error{ErrorCode::JsonInvalid, {path, "0", "number"}};
    }
}

void readSeed(Fields &fields, SamplerOptions &sampler)
{
    const Json *seed = fields.find("seed");
    if (!seed)
        return;
    if (seed->is_number_unsigned())
        sampler.seed = seed->get<uint64_t>();
    else if (!seed->is_number_integer() || seed->get<int64_t>() != -1)   // -1: any, as 0
        fields.wrong("seed", "range");
}

/// OpenAI's form: an object from token ids, as texts, to what is added.
void readBias(Fields &fields, SamplerOptions &sampler)
{
    const Json *bias = fields.find("logit_bias");
    if (!bias)
        return;
    if (!bias->is_object() || bias->size() > mostBiases)
        return fields.wrong("logit_bias", "object");
    for (const auto &[key, value] : bias->items()) {
        TokenId token = 0;
        const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), token);
        if (error != std::errc() || end != key.data() + key.size() || token < 0 || !value.is_number()
            || !(std::abs(value.get<double>()) <= 100))
            return fields.wrong("logit_bias", "token ids to -100 to 100");
        const float added = value.get<float>();
        sampler.logitBias.emplace_back(token, added <= -100 ? -std::numeric_limits<float>::infinity() : added);
    }
}

/// "logprobs": a truth value with "top_logprobs" for conversations, a number for completions.
void readLogprobs(Fields &fields, bool chat, int &logprobs)
{
    uint32_t count = 0;
    if (!chat) {
        if (fields.find("logprobs")) {
            fields.integer("logprobs", 0, mostLogprobs, count);
            logprobs = static_cast<int>(count);
        }
        return;
    }
    bool wanted = false;
    fields.boolean("logprobs", wanted);
    fields.integer("top_logprobs", 0, mostLogprobs, count);
    if (wanted)
        logprobs = static_cast<int>(count);
}

/// "response_format" in OpenAI's form, or "grammar" in GBNF.
void readGrammar(Fields &fields, CompletionRequest &request)
{
    std::optional<Result<Grammar>> grammar;
    if (const Json *text = fields.find("grammar")) {
        if (!text->is_string())
            return fields.wrong("grammar", "string");
        grammar.emplace(Grammar::parse(text->get_ref<const std::string &>()));
    } else if (const Json *format = fields.find("response_format")) {
        const std::string type = format->is_object() && format->contains("type") && (*format)["type"].is_string()
            ? (*format)["type"].get<std::string>() : std::string();
        const Json *outer = type == "json_schema" && format->contains("json_schema") ? &(*format)["json_schema"] : nullptr;
        if (type == "text")
            return;
        if (type == "json_object")
            grammar.emplace(Grammar::ofJsonSchema(format->contains("schema") ? (*format)["schema"] : Json()));
        else if (outer && outer->is_object() && outer->contains("schema"))
            grammar.emplace(Grammar::ofJsonSchema((*outer)["schema"]));
        else
            return fields.wrong("response_format", "text|json_object|json_schema");
    } else {
        return;
    }
    if (!*grammar)
        return fields.wrong(grammar->error().arguments[0], grammar->error().arguments[1]);
    request.options.grammar = std::make_shared<const Grammar>(std::move(**grammar));
    // A grammar leaves no room for thoughts in front of the answer.
    if (auto *conversation = std::get_if<Conversation>(&request.prompt); conversation && !conversation->variables.contains("enable_thinking"))
        conversation->variables["enable_thinking"] = false;
}

void readSampler(Fields &fields, SamplerOptions &sampler)
{
    fields.real("temperature", 0, 100, sampler.temperature);
    fields.integer("top_k", 0, INT32_MAX, sampler.topK);
    fields.real("top_p", 0, 1, sampler.topP);
    fields.real("min_p", 0, 1, sampler.minP);
    fields.real("typical_p", 0, 1, sampler.typicalP);
    fields.real("repeat_penalty", 0.01, 100, sampler.repetitionPenalty);
    fields.integer("repeat_last_n", 0, 1 << 20, sampler.repetitionWindow);
    fields.real("frequency_penalty", -2, 2, sampler.frequencyPenalty);
    fields.real("presence_penalty", -2, 2, sampler.presencePenalty);
    fields.real("dry_multiplier", 0, 100, sampler.dryMultiplier);
    fields.real("dry_base", 1, 100, sampler.dryBase);
    fields.integer("dry_allowed_length", 1, 1 << 20, sampler.dryAllowedLength);
    fields.integer("dry_penalty_last_n", 0, 1 << 20, sampler.dryWindow);
    readSeed(fields, sampler);
    readBias(fields, sampler);
}

void readStops(Fields &fields, std::vector<std::string> &stops)
{
    const Json *json = fields.find("stop");
    if (!json)
        return;
    const Json list = json->is_array() ? *json : Json::array({*json});
    if (list.size() > mostStops)
        return fields.wrong("stop", "count");
    for (const Json &stop : list) {
        if (!stop.is_string() || stop.get_ref<const std::string &>().empty() || stop.get_ref<const std::string &>().size() > longestStop)
            return fields.wrong("stop", "string");
        stops.push_back(stop.get<std::string>());
    }
}

std::string readPrompt(Fields &fields)
{
    const Json *prompt = fields.find("prompt");
    if (prompt && prompt->is_string())
        return prompt->get<std::string>();
    fields.wrong("prompt", "string");
    return {};
}

} // namespace

Result<CompletionRequest> readRequest(std::string_view body, bool chat)
{
    const Result<Json> json = parseObject(body, "request");
    if (!json)
        return json.error();
    Fields fields(*json);
    CompletionRequest request;
    if (chat)
        request.prompt = readConversation(fields);
    else
        request.prompt = readPrompt(fields);
    fields.integer("max_tokens", 1, mostTokens, request.options.maxTokens);
    if (chat)
        fields.integer("max_completion_tokens", 1, mostTokens, request.options.maxTokens);
    readSampler(fields, request.options.sampler);
    readStops(fields, request.options.stop);
    readLogprobs(fields, chat, request.options.logprobs);
    readGrammar(fields, request);
    fields.boolean("stream", request.stream);
    if (const Json *format = fields.find("reasoning_format"); format && chat)
        request.separatesThoughts = *format != "none";
    uint32_t answers = 1;
    fields.integer("n", 1, 1, answers);
    if (fields.error())
        return *fields.error();
    return request;
}

Result<std::string> readHandshake(std::string_view line)
{
    const char *path = "handshake";
    const Result<Json> json = parseObject(line, path);
    if (!json)
        return json.error();
    const auto protocol = json->find("protocol");
    if (protocol == json->end() || *protocol != 1)
        return fieldError(path, "protocol", "1");
    const auto token = json->find("token");
    if (token == json->end() || !token->is_string() || token->get_ref<const std::string &>().size() < 16)
        return fieldError(path, "token", "at least 16 characters");
    return token->get<std::string>();
}

} // namespace plimsoll::engine
