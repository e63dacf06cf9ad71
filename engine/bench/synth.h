// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <plimsoll/model/mix.h>
#include <plimsoll/result/result.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace plimsoll::engine {

enum class SynthTokenizer : uint8_t {
    None,   // "no_vocab"
    Byte,   // SentencePiece kind: <unk>, <s>, </s>, the 256 bytes, and made-up syllables up to the vocabulary's size (at least 259)
};

struct SynthOptions
{
    SynthTokenizer tokenizer = SynthTokenizer::Byte;
    uint64_t seed = 1;
    uint32_t layers = 0;                    // shortens the model; 0: as the shape has them
    uint64_t partBytes = 0;                 // splits the file into parts with at most so many bytes of tensors; 0: one file
    uint32_t vocabulary = 0;                // shrinks the vocabulary; 0: as the shape has it
    std::function<void(double)> progress;   // 0 to 1
    const std::atomic<bool> *cancel = nullptr;
};

/// The shape as it is written: without prediction blocks, with fewer layers or a smaller vocabulary where the options ask.
/// Errors: InvalidArgument.
Result<ModelShape> shrink(ModelShape shape, const SynthOptions &options);

/// Writes a GGUF file of the shape, its tensors at the formats that llama.cpp's mix for `fileType` would give them, with random weights
/// scaled so that activations keep their size; the same arguments write the same bytes. Other GGUF engines read it.
/// Returns the paths of its parts: `path` alone, or "NAME-00001-of-000NN.gguf" and so on where it is split.
/// Errors: InvalidArgument, UnsupportedByEngine (architecture not listed), FileUnwritable, Cancelled.
Result<std::vector<std::string>> synthesize(
    const ModelShape &shape, FileType fileType, const std::string &path, const SynthOptions &options = {});

} // namespace plimsoll::engine
