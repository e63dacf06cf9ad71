// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <plimsoll/quant/file_type.h>
#include <plimsoll/result/result.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>

namespace plimsoll::engine {

struct QuantizeOptions
{
    uint32_t threads = 1;
    std::function<void(double)> progress;   // 0 to 1
    const std::atomic<bool> *cancel = nullptr;
};

/// Writes the model of a GGUF file, whole or split, of plain numbers (F32, F16, BF16) to one file at the mix of `fileType`. Metadata stays
/// as it is; so do tensors that the mix leaves alone, and those the engine does not load. No importance matrix is used: the smallest
/// types lose more than they would with one (see needsImportanceMatrix).
/// Errors: those of reading, TensorWrongType (already quantized), ModelInvalid (a weight is not a number), FileUnwritable, Cancelled,
/// InvalidArgument (`out` is the file that is read).
Status quantizeFile(const std::string &in, FileType fileType, const std::string &out, const QuantizeOptions &options = {});

} // namespace plimsoll::engine
