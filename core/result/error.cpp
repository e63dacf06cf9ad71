// SPDX-License-Identifier: Apache-2.0
#include "error.h"

#include <cstddef>

namespace plimsoll {

namespace {

struct NamedCode
{
    ErrorCode code;
    std::string_view name;
};

// In the order of the enumerators, so that a code is its own index.
constexpr NamedCode namedCodes[] = {
    {ErrorCode::None, "none"},
    {ErrorCode::FileNotFound, "file-not-found"},
    {ErrorCode::FileUnreadable, "file-unreadable"},
    {ErrorCode::FileUnwritable, "file-unwritable"},
    {ErrorCode::GgufNotGguf, "gguf-not-gguf"},
    {ErrorCode::GgufVersion, "gguf-version"},
    {ErrorCode::GgufBigEndian, "gguf-big-endian"},
    {ErrorCode::GgufTruncated, "gguf-truncated"},
    {ErrorCode::GgufCount, "gguf-count"},
    {ErrorCode::GgufValueType, "gguf-value-type"},
    {ErrorCode::GgufStringTooLong, "gguf-string-too-long"},
    {ErrorCode::GgufDuplicate, "gguf-duplicate"},
    {ErrorCode::GgufAlignment, "gguf-alignment"},
    {ErrorCode::GgufTensorShape, "gguf-tensor-shape"},
    {ErrorCode::GgufTensorType, "gguf-tensor-type"},
    {ErrorCode::GgufTensorOffset, "gguf-tensor-offset"},
    {ErrorCode::GgufTensorPastEnd, "gguf-tensor-past-end"},
    {ErrorCode::GgufSplitMissing, "gguf-split-missing"},
    {ErrorCode::GgufSplitMismatch, "gguf-split-mismatch"},
    {ErrorCode::GgufSplitNotFirst, "gguf-split-not-first"},
    {ErrorCode::GgufKeyMissing, "gguf-key-missing"},
    {ErrorCode::GgufKeyType, "gguf-key-type"},
    {ErrorCode::GgufKeyRange, "gguf-key-range"},
    {ErrorCode::UnknownArchitecture, "unknown-architecture"},
    {ErrorCode::UnsupportedByEngine, "unsupported-by-engine"},
    {ErrorCode::UnknownQuantization, "unknown-quantization"},
    {ErrorCode::UnknownModel, "unknown-model"},
    {ErrorCode::UnknownGpu, "unknown-gpu"},
    {ErrorCode::UnknownTokenizer, "unknown-tokenizer"},
    {ErrorCode::TensorMissing, "tensor-missing"},
    {ErrorCode::TensorWrongShape, "tensor-wrong-shape"},
    {ErrorCode::TensorWrongType, "tensor-wrong-type"},
    {ErrorCode::ModelHasNoTokenizer, "model-has-no-tokenizer"},
    {ErrorCode::ModelInvalid, "model-invalid"},
    {ErrorCode::InvalidArgument, "invalid-argument"},
    {ErrorCode::ContextTooLong, "context-too-long"},
    {ErrorCode::TokenOutOfRange, "token-out-of-range"},
    {ErrorCode::NotEnoughMemory, "not-enough-memory"},
    {ErrorCode::AllocationFailed, "allocation-failed"},
    {ErrorCode::JsonInvalid, "json-invalid"},
    {ErrorCode::JsonField, "json-field"},
    {ErrorCode::CudaUnavailable, "cuda-unavailable"},
    {ErrorCode::DeviceLost, "device-lost"},
    {ErrorCode::PortUnavailable, "port-unavailable"},
    {ErrorCode::Cancelled, "cancelled"},
    {ErrorCode::RequestRefused, "request-refused"},
    {ErrorCode::ServiceLoading, "service-loading"},
    {ErrorCode::ServiceBusy, "service-busy"},
    {ErrorCode::EngineMissing, "engine-missing"},
    {ErrorCode::EngineCrashed, "engine-crashed"},
    {ErrorCode::EngineMismatch, "engine-mismatch"},
    {ErrorCode::EngineNoAnswer, "engine-no-answer"},
    {ErrorCode::Internal, "internal"},
};

constexpr bool inOrder()
{
    for (size_t i = 0; i < std::size(namedCodes); ++i)
        if (namedCodes[i].code != static_cast<ErrorCode>(i))
            return false;
    return std::size(namedCodes) == static_cast<size_t>(ErrorCode::Internal) + 1;
}
static_assert(inOrder());

} // namespace

std::string_view codeName(ErrorCode code)
{
    return namedCodes[static_cast<size_t>(code)].name;
}

ErrorCode codeFromName(std::string_view name)
{
    for (const NamedCode &named : namedCodes)
        if (named.name == name)
            return named.code;
    return ErrorCode::None;
}

} // namespace plimsoll
