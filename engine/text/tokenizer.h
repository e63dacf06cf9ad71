// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <plimsoll/gguf/gguf.h>
#include <plimsoll/result/result.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace plimsoll::engine {

using TokenId = int32_t;

/// Text to token ids and back, as the vocabulary in a GGUF file says. Immutable after making; all functions may be called from any thread.
class Tokenizer
{
public:
    virtual ~Tokenizer() = default;

    struct EncodeOptions
    {
        bool addSpecial = false;     // BOS (and EOS, …) where the vocabulary asks for them
        bool parseSpecial = false;   // "<|im_start|>" in the text becomes the control token, not its letters
    };

    virtual std::vector<TokenId> encode(std::string_view text, const EncodeOptions &options) const = 0;
    /// The bytes of one token; may be part of a UTF-8 character. Control tokens give nothing unless `special`.
    virtual std::string decode(TokenId token, bool special = false) const = 0;

    virtual uint32_t vocabularySize() const = 0;
    virtual TokenId bos() const = 0;   // -1: none
    virtual TokenId eos() const = 0;   // -1: none
    virtual bool isEndOfGeneration(TokenId token) const = 0;
    /// Whether the space that SentencePiece puts before a text is dropped again at its start.
    virtual bool dropsLeadingSpace() const { return false; }
};

/// Errors: ModelHasNoTokenizer, UnknownTokenizer, GgufKeyMissing, GgufKeyType, ModelInvalid.
Result<std::unique_ptr<Tokenizer>> makeTokenizer(const gguf::Header &header);

/// Joins token bytes into text that never ends inside a UTF-8 character.
class Utf8Stream
{
public:
    /// The text that has become whole; bytes that can never become a character come out as U+FFFD.
    std::string push(std::string_view bytes);
    /// What is left at the end.
    std::string finish();

private:
    std::string m_pending;
};

} // namespace plimsoll::engine
