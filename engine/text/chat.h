// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <plimsoll/gguf/gguf.h>

#include <span>
#include <string>

namespace plimsoll::engine {

struct ChatMessage
{
    std::string role;      // "system", "user", "assistant"
    std::string content;
};

/// How turns are marked up. Recognised from the template a file carries by the control words in it; files without one, or with one not
/// recognised, get plain "role: text" turns.
enum class ChatFormat { Plain, ChatMl, Llama2, Llama3, DeepSeek, Mistral, Gemma, Phi3 };

ChatFormat chatFormat(const gguf::Header &header);

/// The prompt of a conversation, ending where the assistant's answer begins. To be encoded with parseSpecial.
std::string chatPrompt(ChatFormat format, std::span<const ChatMessage> messages);

} // namespace plimsoll::engine
