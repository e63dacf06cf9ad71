// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <plimsoll/engine/text/tokenizer.h>
#include <plimsoll/gguf/writer.h>

#include <memory>
#include <string>
#include <vector>

/// Kinds of tokens as tokenizer.ggml.token_type numbers them.
enum TokenKind : int32_t { Normal = 1, Unknown, Control, User, Unused, Byte };

/// A vocabulary under construction.
struct MadeVocabulary
{
    std::string model;
    std::vector<std::string> tokens;
    std::vector<float> scores;
    std::vector<int32_t> kinds;
    std::vector<std::string> merges;
    plimsoll::gguf::Writer writer;

    plimsoll::engine::TokenId add(const std::string &text, TokenKind kind = Normal, float score = 0)
    {
        tokens.push_back(text);
        kinds.push_back(kind);
        scores.push_back(score);
        return static_cast<plimsoll::engine::TokenId>(tokens.size() - 1);
    }

    /// Without its `lists` the file names a model and has no vocabulary.
    plimsoll::Result<std::unique_ptr<plimsoll::engine::Tokenizer>> make(bool lists = true)
    {
        writer.set("tokenizer.ggml.model", model);
        if (lists) {
            writer.set("tokenizer.ggml.tokens", tokens);
            writer.set("tokenizer.ggml.token_type", kinds);
            if (model == "llama" || model == "bert" || model == "t5")
                writer.set("tokenizer.ggml.scores", scores);
            else
                writer.set("tokenizer.ggml.merges", merges);
        }
        const std::vector<std::byte> bytes = writer.header();
        const auto source = plimsoll::gguf::fromMemory("made", bytes);
        const auto header = plimsoll::gguf::readHeader(*source);
        if (!header)
            return header.error();
        return plimsoll::engine::makeTokenizer(*header);
    }
};
