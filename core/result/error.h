// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace plimsoll {

/// Every expected failure of core and engine. The comment names the arguments, in their order; numbers travel as
/// decimal text. The words for people live elsewhere: in the window (translated) and in the tool (English).
enum class ErrorCode {
    None,
    // files
    FileNotFound,            // path
    FileUnreadable,          // path, reason of the operating system
    FileUnwritable,          // path, reason of the operating system
    // GGUF
    GgufNotGguf,             // path
    GgufVersion,             // path, version found
    GgufBigEndian,           // path
    GgufTruncated,           // path, what was being read, offset, bytes wanted
    GgufCount,               // path, what is counted, value
    GgufValueType,           // path, key, type number
    GgufStringTooLong,       // path, what, length
    GgufDuplicate,           // path, "key" or "tensor", name
    GgufAlignment,           // path, value
    GgufTensorShape,         // path, tensor, reason word: dimensions|zero|overflow|block
    GgufTensorType,          // path, tensor, type number
    GgufTensorOffset,        // path, tensor, offset
    GgufTensorPastEnd,       // path, tensor, end offset, file size
    GgufSplitMissing,        // path of the missing part
    GgufSplitMismatch,       // path, what contradicts
    GgufSplitNotFirst,       // path, path of the first part
    GgufKeyMissing,          // path, key
    GgufKeyType,             // path, key
    GgufKeyRange,            // path, key, value
    // model
    UnknownArchitecture,     // name, names supported (comma separated)
    UnsupportedByEngine,     // what, names supported
    UnknownQuantization,     // name, names supported
    UnknownModel,            // name, near names
    UnknownGpu,              // name, near names
    UnknownTokenizer,        // name, names supported
    TensorMissing,           // tensor
    TensorWrongShape,        // tensor, expected, found
    TensorWrongType,         // tensor, type, types supported
    ModelHasNoTokenizer,     // path
    ModelInvalid,            // what contradicts, value
    // request
    InvalidArgument,         // option, value, what is accepted
    ContextTooLong,          // tokens asked, tokens available
    TokenOutOfRange,         // token id, vocabulary size
    NotEnoughMemory,         // device, bytes needed, bytes free
    AllocationFailed,        // device, piece, bytes asked
    // data files
    JsonInvalid,             // path, position, reason
    JsonField,               // path, field, what is wrong
    // devices
    CudaUnavailable,         // reason word: plugin|build|driver|device|library, detail
    DeviceLost,              // device, detail
    // service
    PortUnavailable,         // port, reason
    Cancelled,               //
    RequestRefused,          // HTTP status, reason word: token|host|origin|path|method|size|request
    ServiceLoading,          //
    ServiceBusy,             // most that may wait
    // the engine as the window meets it
    EngineMissing,           // path ("" where none was found), reason word: missing|permission|unstartable
    EngineCrashed,           // reason word: killed|signal|exit, number of the signal or exit code, last line it wrote ("" for none)
    EngineMismatch,          // version found, protocol found, version needed ("" for any), protocol needed
    EngineNoAnswer,          // reason word: start|silence|connection|garbage, detail
    Internal,                // what
};

/// A failure as a value: which, and the figures it names. Never a sentence.
struct Error
{
    ErrorCode code = ErrorCode::None;
    std::vector<std::string> arguments;
};

/// "gguf-truncated" and so on: stable, for JSON and for look-ups of translated sentences.
std::string_view codeName(ErrorCode code);

/// The inverse of codeName(); None for a name not known.
ErrorCode codeFromName(std::string_view name);

} // namespace plimsoll
