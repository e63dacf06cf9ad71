// SPDX-License-Identifier: Apache-2.0
#include "chat.h"

namespace plimsoll::engine {

namespace {

using Json = nlohmann::ordered_json;

std::string_view templateOf(const gguf::Header &header)
{
    const auto found = header.stringAt("tokenizer.chat_template");
    return found && *found ? **found : std::string_view();
}

std::string tokenText(const Tokenizer &tokenizer, TokenId token)
{
    return token >= 0 ? tokenizer.decode(token, true) : std::string();
}

/// OpenAI's interface carries the arguments of a call as a text of JSON; templates expect the object.
void parseArguments(Json &message)
{
    const auto calls = message.find("tool_calls");
    if (calls == message.end() || !calls->is_array())
        return;
    for (Json &call : *calls) {
        const auto function = call.is_object() ? call.find("function") : call.end();
        if (!call.is_object() || function == call.end() || !function->is_object())
            continue;
        const auto arguments = function->find("arguments");
        if (arguments == function->end() || !arguments->is_string())
            continue;
        Json parsed = Json::parse(arguments->get_ref<const std::string &>(), nullptr, false);
        if (parsed.is_object())
            *arguments = std::move(parsed);
    }
}

Json messagesOf(const Conversation &conversation, bool argumentsAsText)
{
    Json list = Json::array();
    for (const ChatMessage &message : conversation.messages) {
        Json json = {{"role", message.role}, {"content", message.content}};
        if (message.more.is_object()) {
            for (const auto &[key, value] : message.more.items())
                json[key] = value;
        }
        if (!argumentsAsText)
            parseArguments(json);
        list.push_back(std::move(json));
    }
    return list;
}

/// Whether the template itself refused the conversation, or met a value of a kind that it did not expect.
bool isReason(const Result<std::string> &text, std::string_view reason)
{
    return !text && text.error().arguments.size() > 1 && text.error().arguments[1].starts_with(reason);
}

/// For templates that know no system turn: its text goes in front of the first question.
Conversation withoutSystem(Conversation conversation)
{
    std::string system;
    std::vector<ChatMessage> messages;
    for (ChatMessage &message : conversation.messages) {
        if (message.role == "system" || message.role == "developer") {
            system += message.content + "\n\n";
            continue;
        }
        if (message.role == "user")
            message.content.insert(0, std::exchange(system, {}));
        messages.push_back(std::move(message));
    }
    conversation.messages = std::move(messages);
    return conversation;
}

} // namespace

ChatTemplate::ChatTemplate(const gguf::Header &header, const Tokenizer &tokenizer)
    : m_tokenizer(tokenizer), m_format(chatFormat(header)), m_marks(thinkingMarks(templateOf(header)))
{
    if (!templateOf(header).empty())
        m_template.emplace(jinja::Template::parse(templateOf(header)));
}

Result<std::string> ChatTemplate::rendered(const Conversation &conversation, bool argumentsAsText) const
{
    Json variables = {{"bos_token", tokenText(m_tokenizer, m_tokenizer.bos())}, {"eos_token", tokenText(m_tokenizer, m_tokenizer.eos())},
        {"add_generation_prompt", true}};
    if (conversation.variables.is_object())
        variables.update(conversation.variables);
    variables["messages"] = messagesOf(conversation, argumentsAsText);
    if (conversation.tools.is_array() && !conversation.tools.empty())
        variables["tools"] = conversation.tools;
    return (*m_template)->render(variables);
}

Result<std::string> ChatTemplate::text(const Conversation &conversation) const
{
    if (!m_template)
        return chatPrompt(m_format, conversation.messages);
    if (!*m_template)
        return m_template->error();
    Result<std::string> text = rendered(conversation, false);
    if (isReason(text, "type"))   // some join the arguments of a call to a text
        text = rendered(conversation, true);
    if (!isReason(text, "raised"))
        return text;
    Result<std::string> other = rendered(withoutSystem(conversation), false);
    return other ? other : text;
}

Result<ChatPrompt> ChatTemplate::prompt(const Conversation &conversation) const
{
    const Result<std::string> whole = text(conversation);
    if (!whole)
        return whole.error();
    std::string_view rest = *whole;
    const std::string bos = tokenText(m_tokenizer, m_tokenizer.bos());
    const std::vector<TokenId> begins = m_tokenizer.encode({}, {.addSpecial = true, .parseSpecial = true});
    if (!bos.empty() && !begins.empty() && begins.front() == m_tokenizer.bos() && rest.starts_with(bos))
        rest.remove_prefix(bos.size());
    ChatPrompt prompt;
    prompt.tokens = m_tokenizer.encode(rest, {.addSpecial = true, .parseSpecial = true});
    // An end that the vocabulary adds to every text would end the prompt in front of the answer.
    if (begins.size() > 0 && begins.back() == m_tokenizer.eos() && !prompt.tokens.empty() && prompt.tokens.back() == m_tokenizer.eos())
        prompt.tokens.pop_back();
    prompt.marks = m_marks;
    prompt.insideThought = endsThinking(m_marks, rest);
    for (const std::string &mark : m_marks.all()) {
        const std::vector<TokenId> tokens = m_tokenizer.encode(mark, {.addSpecial = false, .parseSpecial = true});
        if (tokens.size() == 1 && m_tokenizer.decode(tokens.front()).empty())
            prompt.shown.push_back(tokens.front());
    }
    return prompt;
}

} // namespace plimsoll::engine
