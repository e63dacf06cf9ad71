// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "thinking.h"
#include "tokenizer.h"

#include <plimsoll/engine/jinja/template.h>
#include <plimsoll/gguf/gguf.h>

#include <nlohmann/json.hpp>

#include <optional>
#include <span>
#include <string>

namespace plimsoll::engine {

struct ChatMessage
{
    std::string role;      // "system", "developer", "user", "assistant", "tool"
    std::string content;
    nlohmann::ordered_json more = nullptr;   // the other members, an object: tool_calls, tool_call_id, name, reasoning_content
};

struct Conversation
{
    std::vector<ChatMessage> messages;
    nlohmann::ordered_json tools = nullptr;       // OpenAI's list of tools; null: none
    nlohmann::ordered_json variables = nullptr;   // what else the template is to know, an object: enable_thinking, documents
};

/// How turns are marked up where a file carries no template. Recognised from the control words of its vocabulary's family in a template;
/// files without one, or with one not recognised, get plain "role: text" turns.
enum class ChatFormat { Plain, ChatMl, Llama2, Llama3, DeepSeek, Mistral, Gemma, Phi3 };

ChatFormat chatFormat(const gguf::Header &header);

/// The prompt of a conversation, ending where the assistant's answer begins. To be encoded with parseSpecial.
std::string chatPrompt(ChatFormat format, std::span<const ChatMessage> messages);

/// A conversation as what the model reads, and how its answer is to be taken apart.
struct ChatPrompt
{
    std::vector<TokenId> tokens;
    ThinkingMarks marks;
    bool insideThought = false;       // the answer goes on with a thought that the prompt began
    std::vector<TokenId> shown;       // control tokens that belong to the marks
};

/// The chat template of a file. Immutable after making; may be used from several threads at once.
class ChatTemplate
{
public:
    /// Of the file's tokenizer.chat_template; where it has none, a built-in format. A template that does not parse makes every prompt()
    /// fail, not the loading: the model can still go on with plain texts. `tokenizer` must outlive this.
    ChatTemplate(const gguf::Header &header, const Tokenizer &tokenizer);

    /// The text of a conversation, ending where the answer begins.
    /// Errors: ModelInvalid (see jinja::Template).
    Result<std::string> text(const Conversation &conversation) const;
    /// The same as tokens, with one BOS where the vocabulary asks for it, also if the template writes it out.
    Result<ChatPrompt> prompt(const Conversation &conversation) const;

private:
    Result<std::string> rendered(const Conversation &conversation, bool argumentsAsText) const;

    const Tokenizer &m_tokenizer;
    ChatFormat m_format;
    std::optional<Result<jinja::Template>> m_template;
    ThinkingMarks m_marks;
};

} // namespace plimsoll::engine
