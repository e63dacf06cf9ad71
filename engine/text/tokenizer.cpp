// SPDX-License-Identifier: Apache-2.0
#include "tokenizer.h"

#include "bpe_tokenizer.h"
#include "spm_tokenizer.h"
#include "ugm_tokenizer.h"
#include "wpm_tokenizer.h"

namespace plimsoll::engine {

Result<std::unique_ptr<Tokenizer>> makeTokenizer(const gguf::Header &header)
{
    const auto model = header.stringAt("tokenizer.ggml.model");
    if (!model)
        return model.error();
    if (!*model || **model == "none" || **model == "no_vocab")
        return Error{ErrorCode::ModelHasNoTokenizer, {header.parts.empty() ? std::string() : header.path()}};
    if (**model == "gpt2" || **model == "gemma4")
        return BpeTokenizer::make(header);
    if (**model == "llama")
        return SpmTokenizer::make(header);
    if (**model == "bert")
        return WpmTokenizer::make(header);
    if (**model == "t5")
        return UgmTokenizer::make(header);
    return Error{ErrorCode::UnknownTokenizer, {std::string(**model), "llama, gpt2, gemma4, bert, t5"}};
}

} // namespace plimsoll::engine
