// SPDX-License-Identifier: Apache-2.0
#include "tokenizer.h"

#include "bpe_tokenizer.h"
#include "spm_tokenizer.h"

namespace plimsoll::engine {

Result<std::unique_ptr<Tokenizer>> makeTokenizer(const gguf::Header &header)
{
    const auto model = header.stringAt("tokenizer.ggml.model");
    if (!model)
        return model.error();
    if (!*model || **model == "none" || **model == "no_vocab")
        return Error{ErrorCode::ModelHasNoTokenizer, {header.parts.empty() ? std::string() : header.path()}};
    if (**model == "gpt2")
        return BpeTokenizer::make(header);
    if (**model != "llama")
        return Error{ErrorCode::UnknownTokenizer, {std::string(**model), "llama, gpt2"}};
    auto vocabulary = Vocabulary::read(header, SpmTokenizer::defaults());
    if (!vocabulary)
        return vocabulary.error();
    return std::unique_ptr<Tokenizer>(std::make_unique<SpmTokenizer>(std::move(*vocabulary)));
}

} // namespace plimsoll::engine
