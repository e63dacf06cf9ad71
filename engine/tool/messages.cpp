// SPDX-License-Identifier: Apache-2.0
#include "messages.h"

#include "text.h"

#include <charconv>

namespace plimsoll::engine {
namespace {

/// An error's arguments by position; one that is missing shows as "?", so that a sentence is never cut short.
class Arguments
{
public:
    explicit Arguments(const Error &error) : m_values(error.arguments) {}

    std::string operator[](size_t i) const { return i < m_values.size() ? printable(m_values[i]) : "?"; }
    bool has(size_t i) const { return i < m_values.size() && !m_values[i].empty(); }

    /// An amount of memory that travels as decimal text.
    std::string bytes(size_t i) const
    {
        uint64_t value = 0;
        if (i >= m_values.size())
            return "?";
        const std::string &text = m_values[i];
        const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
        return code == std::errc() && end == text.data() + text.size() ? toText(Bytes{value}) : printable(text);
    }

private:
    const std::vector<std::string> &m_values;
};

constexpr const char *damaged = " The file is damaged or incomplete: download it again.";

std::string shapeSentence(const Arguments &a)
{
    const std::string what = "Tensor '" + a[1] + "' of '" + a[0] + "' ";
    if (a[2] == "dimensions")
        return what + "has more dimensions than the format allows, or none." + damaged;
    if (a[2] == "zero")
        return what + "has a dimension of zero." + damaged;
    if (a[2] == "overflow")
        return what + "is larger than 64 bits can count." + damaged;
    return what + "has rows that its block format does not divide." + damaged;
}

std::string ggufSentence(const Error &error)
{
    const Arguments a(error);
    const std::string file = "'" + a[0] + "'";
    switch (error.code) {
    case ErrorCode::GgufNotGguf:
        return file + " is not a GGUF file. Choose a model file that ends in .gguf.";
    case ErrorCode::GgufVersion:
        return file + " is GGUF version " + a[1] + "; versions 2 and 3 can be read. Convert the model anew with a current converter.";
    case ErrorCode::GgufBigEndian:
        return file + " was written for big-endian computers. Get the little-endian file of this model.";
    case ErrorCode::GgufTruncated:
        return file + " ends too early: " + a[3] + " bytes of " + a[1] + " were expected at byte " + a[2] + "." + damaged;
    case ErrorCode::GgufCount:
        return file + " claims " + a[2] + " " + a[1] + ", more than it can hold." + damaged;
    case ErrorCode::GgufValueType:
        return "The value of '" + a[1] + "' in " + file + " has type " + a[2] + ", which the format does not know." + damaged;
    case ErrorCode::GgufStringTooLong:
        return "A text in " + file + " (" + a[1] + ") claims " + a[2] + " bytes, more than there are." + damaged;
    case ErrorCode::GgufDuplicate:
        return "The " + a[1] + " '" + a[2] + "' stands twice in " + file + "." + damaged;
    case ErrorCode::GgufAlignment:
        return file + " asks for an alignment of " + a[1] + ", which the format does not allow." + damaged;
    case ErrorCode::GgufTensorShape:
        return shapeSentence(a);
    case ErrorCode::GgufTensorType:
        return "Tensor '" + a[1] + "' of " + file + " has block format number " + a[2]
            + ", which this version does not know. Update Plimsoll, or choose another quantization.";
    case ErrorCode::GgufTensorOffset:
        return "Tensor '" + a[1] + "' of " + file + " starts at " + a[2] + ", which is not aligned." + damaged;
    case ErrorCode::GgufTensorPastEnd:
        return "Tensor '" + a[1] + "' of " + file + " would end at byte " + a[2] + ", but the file has " + a[3] + "." + damaged;
    case ErrorCode::GgufSplitMissing:
        return "A part of this model is missing: " + file + ". Download it into the same folder as the others.";
    case ErrorCode::GgufSplitMismatch:
        return "The parts of this model do not belong together: " + a[1] + " in " + file + ". Download all parts from one place.";
    case ErrorCode::GgufSplitNotFirst:
        return file + " is a later part of a split model. Open the first one: '" + a[1] + "'.";
    case ErrorCode::GgufKeyMissing:
        return file + " does not say '" + a[1] + "', which this model needs. Convert the model anew with a current converter.";
    case ErrorCode::GgufKeyType:
        return "'" + a[1] + "' in " + file + " has the wrong type. Convert the model anew with a current converter.";
    default:
        return "'" + a[1] + "' in " + file + " has the value " + a[2] + ", which is out of range." + damaged;
    }
}

std::string modelSentence(const Error &error)
{
    const Arguments a(error);
    switch (error.code) {
    case ErrorCode::UnknownArchitecture:
        return "The architecture '" + a[0] + "' is not known. Known are: " + a[1] + ".";
    case ErrorCode::UnsupportedByEngine:
        return "The engine of this version cannot run " + a[0] + (a.has(1) ? ". It can run: " + a[1] : "")
            + ". The fit check works all the same.";
    case ErrorCode::UnknownQuantization:
        return "The quantization '" + a[0] + "' is not known here. Choose one of: " + a[1] + ".";
    case ErrorCode::UnknownModel:
        return "No model '" + a[0] + "' is in the catalogue"
            + (a.has(1) ? ". Did you mean: " + a[1] + "?" : ".") + " A GGUF file can be named by its path.";
    case ErrorCode::UnknownGpu:
        return "No GPU '" + a[0] + "' is in the catalogue" + (a.has(1) ? ". Did you mean: " + a[1] + "?" : ".");
    case ErrorCode::UnknownTokenizer:
        return "The tokenizer '" + a[0] + "' is not supported. Supported are: " + a[1] + ".";
    case ErrorCode::TensorMissing:
        return "The model lacks the tensor '" + a[0] + "'. Download or convert the model anew.";
    case ErrorCode::TensorWrongShape:
        return "Tensor '" + a[0] + "' should be " + a[1] + " but is " + a[2] + ". Download or convert the model anew.";
    case ErrorCode::TensorWrongType:
        return "Tensor '" + a[0] + "' is stored as " + a[1] + ", which the engine cannot compute with. It can use: " + a[2]
            + ". Choose another quantization.";
    case ErrorCode::ModelHasNoTokenizer:
        return "'" + a[0] + "' carries no vocabulary, so text cannot be turned into tokens. Use 'bench' or 'logits', or another file.";
    default:
        return "The model contradicts itself: " + a[0] + " is " + a[1] + ". Download or convert it anew.";
    }
}

std::string requestSentence(const Error &error)
{
    const Arguments a(error);
    switch (error.code) {
    case ErrorCode::InvalidArgument:
        return a[0] + " does not accept '" + a[1] + "'. Accepted: " + a[2] + ".";
    case ErrorCode::ContextTooLong:
        return "The text needs " + a[0] + " tokens, but " + a[1] + " are available. Shorten it, or raise --ctx.";
    case ErrorCode::TokenOutOfRange:
        return "Token " + a[0] + " is outside the vocabulary of " + a[1] + " tokens.";
    case ErrorCode::NotEnoughMemory:
        return "Not enough memory on " + a[0] + ": " + a.bytes(1) + " are needed, " + a.bytes(2)
            + " are free. Choose a smaller quantization or context (--ctx), or close other programs.";
    case ErrorCode::AllocationFailed:
        return "The system refused " + a.bytes(2) + " on " + a[0] + " for " + a[1]
            + ". Choose a smaller quantization or context (--ctx), or close other programs.";
    case ErrorCode::JsonInvalid:
        return "'" + a[0] + "' is not valid JSON at " + a[1] + ": " + a[2] + ".";
    default:
        return "'" + a[0] + "': field '" + a[1] + "': " + a[2] + ".";
    }
}

std::string cudaSentence(const Arguments &a)
{
    const std::string detail = a.has(1) ? " (" + a[1] + ")" : "";
    if (a[0] == "plugin")
        return "No GPU support is installed: the CUDA plugin is not there" + detail + ". Install it, or build with nvcc present.";
    if (a[0] == "build")
        return "The CUDA plugin belongs to another build of Plimsoll" + detail + ". Install plugin and program of the same version.";
    if (a[0] == "driver")
        return "No usable NVIDIA driver" + detail + ". Install or update the NVIDIA driver; everything else works without it.";
    if (a[0] == "device")
        return "The NVIDIA driver finds no usable GPU" + detail + ".";
    return "A library that GPU support needs does not load" + detail + ". Install the CUDA runtime libraries of the plugin's version.";
}

std::string engineSentence(const Error &error)
{
    const Arguments a(error);
    switch (error.code) {
    case ErrorCode::CudaUnavailable:
        return cudaSentence(a);
    case ErrorCode::DeviceLost:
        return "The GPU " + a[0] + " stopped answering (" + a[1] + "). Start again; if it repeats, restart the computer.";
    case ErrorCode::PortUnavailable:
        return "Port " + a[0] + " cannot be used: " + a[1] + ". Choose another one, or --port 0 for any that is free.";
    case ErrorCode::Cancelled:
        return "Stopped on request.";
    case ErrorCode::RequestRefused:
        return "The request was refused with status " + a[0] + " (" + a[1] + ").";
    case ErrorCode::ServiceLoading:
        return "The model is still loading. Try again in a moment.";
    case ErrorCode::ServiceBusy:
        return "Too many requests are waiting (" + a[0] + " at most). Try again when some are done.";
    case ErrorCode::EngineMissing:
        return "The engine cannot be started: '" + a[0] + "' (" + a[1] + "). Install Plimsoll anew.";
    case ErrorCode::EngineCrashed:
        return "The engine ended unexpectedly (" + a[0] + " " + a[1] + (a.has(2) ? ": " + a[2] : "") + ").";
    case ErrorCode::EngineMismatch:
        return "The engine is version " + a[0] + " with protocol " + a[1] + "; protocol " + a[3] + " is needed. Install Plimsoll anew.";
    case ErrorCode::EngineNoAnswer:
        return "The engine does not answer (" + a[0] + (a.has(1) ? ": " + a[1] : "") + ").";
    default:
        return "Something went wrong inside Plimsoll: " + a[0] + ". Please report this.";
    }
}

std::string fileSentence(const Error &error)
{
    const Arguments a(error);
    switch (error.code) {
    case ErrorCode::None:
        return {};
    case ErrorCode::FileNotFound:
        return "There is no file '" + a[0] + "'. Check the path.";
    case ErrorCode::FileUnreadable:
        return "'" + a[0] + "' cannot be read: " + a[1] + ". Check its permissions and the disk.";
    default:
        return "'" + a[0] + "' cannot be written: " + a[1] + ".";
    }
}

} // namespace

std::string sentence(const Error &error)
{
    if (error.code <= ErrorCode::FileUnwritable)
        return fileSentence(error);
    if (error.code <= ErrorCode::GgufKeyRange)
        return ggufSentence(error);
    if (error.code <= ErrorCode::ModelInvalid)
        return modelSentence(error);
    if (error.code <= ErrorCode::JsonField)
        return requestSentence(error);
    return engineSentence(error);
}

} // namespace plimsoll::engine
