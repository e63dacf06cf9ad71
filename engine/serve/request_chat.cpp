// SPDX-License-Identifier: Apache-2.0
#include "request_chat.h"

#include <algorithm>

namespace plimsoll::engine {

namespace {

constexpr size_t mostMessages = 4096;
constexpr size_t mostTools = 256;
constexpr std::string_view roles[] = {"system", "developer", "user", "assistant", "tool"};

/// A message's text: a string, or OpenAI's list of parts as long as all are text. One that only calls tools may have none.
std::optional<std::string> contentOf(const Json &message)
{
    const auto content = message.find("content");
    if (content == message.end() || content->is_null())
        return message.contains("tool_calls") ? std::optional<std::string>(std::string()) : std::nullopt;
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

/// The members beside role and content, null ones left out.
Json moreOf(const Json &message)
{
    Json more = Json::object();
    for (const auto &[key, value] : message.items()) {
        if (key != "role" && key != "content" && !value.is_null())
            more[key] = value;
    }
    return more;
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
        if (!message.is_object() || role == message.end() || !role->is_string()
            || std::find(std::begin(roles), std::end(roles), role->get_ref<const std::string &>()) == std::end(roles)) {
            fields.wrong("messages.role", "system|developer|user|assistant|tool");
            return messages;
        }
        auto content = contentOf(message);
        if (!content) {
            fields.wrong("messages.content", "string");
            return messages;
        }
        messages.push_back({role->get<std::string>(), std::move(*content), moreOf(message)});
    }
    return messages;
}

/// What the template sees beside the messages: what the client hands to it, and the figure that OpenAI's interface has for thinking.
Json readVariables(Fields &fields)
{
    Json variables = Json::object();
    if (const Json *given = fields.find("chat_template_kwargs")) {
        if (given->is_object())
            variables = *given;
        else
            fields.wrong("chat_template_kwargs", "object");
    }
    if (const Json *effort = fields.find("reasoning_effort")) {
        if (effort->is_string())
            variables["reasoning_effort"] = *effort;
        else
            fields.wrong("reasoning_effort", "string");
    }
    return variables;
}

} // namespace

Conversation readConversation(Fields &fields)
{
    Conversation conversation;
    conversation.messages = readMessages(fields);
    if (const Json *tools = fields.find("tools")) {
        const bool good = tools->is_array() && tools->size() <= mostTools
            && std::all_of(tools->begin(), tools->end(), [](const Json &tool) { return tool.is_object(); });
        if (!good)
            fields.wrong("tools", "array of objects");
        else if (const Json *choice = fields.find("tool_choice"); !choice || *choice != "none")
            conversation.tools = *tools;
    }
    conversation.variables = readVariables(fields);
    return conversation;
}

} // namespace plimsoll::engine
