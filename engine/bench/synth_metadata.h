// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <plimsoll/gguf/writer.h>
#include <plimsoll/model/shape.h>
#include <plimsoll/quant/file_type.h>
#include <plimsoll/result/result.h>

namespace plimsoll::engine {

/// The metadata from which any reader of GGUF builds this shape again. Errors: UnsupportedByEngine (a shape that keeps none of its
/// hyperparameters, as those of architectures not listed).
Status setMetadata(gguf::Writer &writer, const ModelShape &shape, FileType fileType);

/// "no_vocab": token ids only.
void setNoVocabulary(gguf::Writer &writer);

/// A SentencePiece vocabulary of `size` tokens: <unk>, <s>, </s>, the 256 bytes, then made-up pieces. Errors: InvalidArgument (below 259).
Status setByteVocabulary(gguf::Writer &writer, uint32_t size);

} // namespace plimsoll::engine
