// SPDX-License-Identifier: Apache-2.0
#include "chat.h"

#include <algorithm>

namespace plimsoll::engine {

namespace {

// DeepSeek's control words use U+FF5C for the bars and U+2581 for spaces.
const std::string deepSeekUser = "<\xef\xbd\x9cUser\xef\xbd\x9c>";
const std::string deepSeekAssistant = "<\xef\xbd\x9c" "Assistant\xef\xbd\x9c>";
const std::string deepSeekEnd = "<\xef\xbd\x9c" "end\xe2\x96\x81of\xe2\x96\x81sentence\xef\xbd\x9c>";

std::string trimmed(const std::string &text)
{
    const char *space = " \t\r\n";
    const size_t first = text.find_first_not_of(space);
    return first == std::string::npos ? std::string() : text.substr(first, text.find_last_not_of(space) - first + 1);
}

/// Formats without a system turn put its text before the first question.
std::vector<ChatMessage> withoutSystem(std::span<const ChatMessage> messages)
{
    std::vector<ChatMessage> result;
    std::string system;
    for (const ChatMessage &message : messages) {
        if (message.role == "system") {
            system += message.content + "\n\n";
            continue;
        }
        result.push_back(message);
        if (message.role == "user") {
            result.back().content.insert(0, system);
            system.clear();
        }
    }
    if (!system.empty())
        result.push_back({"user", trimmed(system)});
    return result;
}

std::string chatMl(std::span<const ChatMessage> messages)
{
    std::string prompt;
    for (const ChatMessage &message : messages)
        prompt += "<|im_start|>" + message.role + "\n" + message.content + "<|im_end|>\n";
    return prompt + "<|im_start|>assistant\n";
}

std::string llama3(std::span<const ChatMessage> messages)
{
    std::string prompt;
    for (const ChatMessage &message : messages)
        prompt += "<|start_header_id|>" + message.role + "<|end_header_id|>\n\n" + trimmed(message.content) + "<|eot_id|>";
    return prompt + "<|start_header_id|>assistant<|end_header_id|>\n\n";
}

std::string phi3(std::span<const ChatMessage> messages)
{
    std::string prompt;
    for (const ChatMessage &message : messages)
        prompt += "<|" + message.role + "|>\n" + message.content + "<|end|>\n";
    return prompt + "<|assistant|>\n";
}

std::string gemma(std::span<const ChatMessage> messages)
{
    std::string prompt;
    for (const ChatMessage &message : withoutSystem(messages)) {
        const std::string role = message.role == "assistant" ? "model" : message.role;
        prompt += "<start_of_turn>" + role + "\n" + trimmed(message.content) + "<end_of_turn>\n";
    }
    return prompt + "<start_of_turn>model\n";
}

std::string deepSeek(std::span<const ChatMessage> messages)
{
    std::string prompt;
    for (const ChatMessage &message : messages) {
        if (message.role == "system")
            prompt += message.content;
        else if (message.role == "user")
            prompt += deepSeekUser + message.content;
        else
            prompt += deepSeekAssistant + message.content + deepSeekEnd;
    }
    return prompt + deepSeekAssistant;
}

std::string mistral(std::span<const ChatMessage> messages)
{
    std::string prompt;
    for (const ChatMessage &message : withoutSystem(messages))
        prompt += message.role == "user" ? "[INST] " + message.content + " [/INST]" : " " + trimmed(message.content) + "</s>";
    return prompt;
}

/// Every exchange is a text of its own, begun and ended; the first beginning is the tokenizer's.
std::string llama2(std::span<const ChatMessage> messages)
{
    std::string prompt;
    std::string system;
    bool ended = false;
    for (const ChatMessage &message : messages) {
        if (message.role == "system") {
            system = "<<SYS>>\n" + message.content + "\n<</SYS>>\n\n";
        } else if (message.role == "user") {
            prompt += (ended ? "<s>[INST] " : "[INST] ") + system + trimmed(message.content) + " [/INST]";
            system.clear();
            ended = false;
        } else {
            prompt += " " + trimmed(message.content) + " </s>";
            ended = true;
        }
    }
    return system.empty() ? prompt : prompt + "[INST] " + system + "[/INST]";
}

std::string plain(std::span<const ChatMessage> messages)
{
    std::string prompt;
    for (const ChatMessage &message : messages)
        prompt += message.role + ": " + message.content + "\n";
    return prompt + "assistant:";
}

} // namespace

ChatFormat chatFormat(const gguf::Header &header)
{
    const auto found = header.stringAt("tokenizer.chat_template");
    const std::string_view text = found && *found ? **found : std::string_view();
    const auto has = [text](std::string_view word) { return text.find(word) != std::string_view::npos; };
    if (has(deepSeekUser) || has(deepSeekAssistant))
        return ChatFormat::DeepSeek;
    if (has("<|im_start|>"))
        return ChatFormat::ChatMl;
    if (has("<|start_header_id|>"))
        return ChatFormat::Llama3;
    if (has("<start_of_turn>"))
        return ChatFormat::Gemma;
    if (has("[INST]"))
        return has("<<SYS>>") ? ChatFormat::Llama2 : ChatFormat::Mistral;
    if (has("<|end|>") && (has("<|user|>") || has("<|assistant|>")))
        return ChatFormat::Phi3;
    return ChatFormat::Plain;
}

std::string chatPrompt(ChatFormat format, std::span<const ChatMessage> messages)
{
    switch (format) {
    case ChatFormat::ChatMl: return chatMl(messages);
    case ChatFormat::Llama2: return llama2(messages);
    case ChatFormat::Llama3: return llama3(messages);
    case ChatFormat::DeepSeek: return deepSeek(messages);
    case ChatFormat::Mistral: return mistral(messages);
    case ChatFormat::Gemma: return gemma(messages);
    case ChatFormat::Phi3: return phi3(messages);
    case ChatFormat::Plain: break;
    }
    return plain(messages);
}

} // namespace plimsoll::engine
