// SPDX-License-Identifier: Apache-2.0
#include "requests.h"

#include <nlohmann/json.hpp>

#include <cmath>

namespace plimsoll::engine {

namespace {

using Json = nlohmann::json;

constexpr size_t deepest = 16;             // levels of nesting
constexpr size_t mostValues = 100000;      // a parsed value takes many times the bytes of "[],"
constexpr size_t mostMessages = 4096;
constexpr size_t mostStops = 16;
constexpr size_t longestStop = 1024;       // bytes
constexpr uint32_t mostTokens = 1u << 24;

Error fieldError(const char *path, const std::string &field, const char *wrong)
{
    return {ErrorCode::JsonField, {path, field, wrong}};
}

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

/// Takes fields out of an object one by one and remembers the first that is wrong. Null counts as absent.
class Fields
{
public:
    explicit Fields(const Json &object) : m_object(object) {}

    const Json *find(const char *name) const
    {
        const auto at = m_object.find(name);
        return at == m_object.end() || at->is_null() ? nullptr : &*at;
    }

    void wrong(const std::string &name, const char *what)
    {
        if (!m_error)
            m_error = fieldError("request", name, what);
    }

    void integer(const char *name, int64_t low, int64_t high, uint32_t &value)
    {
        const Json *json = find(name);
        if (!json)
            return;
        if (!json->is_number_integer() || (json->is_number_unsigned() && json->get<uint64_t>() > static_cast<uint64_t>(high))
            || json->get<int64_t>() < low || json->get<int64_t>() > high)
            return wrong(name, "range");
        value = static_cast<uint32_t>(json->get<int64_t>());
    }

    void real(const char *name, double low, double high, float &value)
    {
        const Json *json = find(name);
        if (!json)
            return;
        if (!json->is_number() || !(json->get<double>() >= low && json->get<double>() <= high))
            return wrong(name, "range");
        value = json->get<float>();
    }

    void boolean(const char *name, bool &value)
    {
        const Json *json = find(name);
        if (json && !json->is_boolean())
            return wrong(name, "bool");
        value = json ? json->get<bool>() : value;
    }

    const std::optional<Error> &error() const { return m_error; }

private:
    const Json &m_object;
    std::optional<Error> m_error;
};

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

void readSampler(Fields &fields, SamplerOptions &sampler)
{
    fields.real("temperature", 0, 100, sampler.temperature);
    fields.integer("top_k", 0, INT32_MAX, sampler.topK);
    fields.real("top_p", 0, 1, sampler.topP);
    fields.real("min_p", 0, 1, sampler.minP);
    fields.real("repeat_penalty", 0.01, 100, sampler.repetitionPenalty);
    readSeed(fields, sampler);
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

/// A message's text: a string, or OpenAI's list of parts as long as all are text.
std::optional<std::string> contentOf(const Json &message)
{
    const auto content = message.find("content");
    if (content == message.end())
        return std::nullopt;
    if (content->is_string())
        return content->get<std::string>();
    if (!content->is_array())
        return std::nullopt;
    std::string text;
    for (const Json &part : *content) {
        const auto value = part.is_object() ? part.find("text") : part.end();
        if (!part.is_object() || value == part.end() || !value->is_string())
            return std::nullopt;
        text += value->get_ref<const std::string &>();
    }
    return text;
}

std::vector<ChatMessage> readMessages(Fields &fields)
{
    std::vector<ChatMessage> messages;
    const Json *list = fields.find("messages");
    if (!list || !list->is_array() || list->empty() || list->size() > mostMessages) {
        fields.wrong("messages", list && list->is_array() ? "count" : "array");
        return messages;
    }
    for (const Json &message : *list) {
        const auto role = message.is_object() ? message.find("role") : message.end();
        if (!message.is_object() || role == message.end() || (*role != "system" && *role != "user" && *role != "assistant")) {
            fields.wrong("messages.role", "system|user|assistant");
            return messages;
        }
        auto content = contentOf(message);
        if (!content) {
            fields.wrong("messages.content", "string");
            return messages;
        }
        messages.push_back({role->get<std::string>(), std::move(*content)});
    }
    return messages;
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
        request.prompt = readMessages(fields);
    else
        request.prompt = readPrompt(fields);
    fields.integer("max_tokens", 1, mostTokens, request.options.maxTokens);
    if (chat)
        fields.integer("max_completion_tokens", 1, mostTokens, request.options.maxTokens);
    readSampler(fields, request.options.sampler);
    readStops(fields, request.options.stop);
    fields.boolean("stream", request.stream);
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
