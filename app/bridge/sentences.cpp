// SPDX-License-Identifier: GPL-3.0-or-later
#include "sentences.h"

#include "error_arguments.h"

namespace plimsoll::app {

QString Sentences::of(const Error &error)
{
    switch (error.code) {
    case ErrorCode::None:
        return {};
    case ErrorCode::FileNotFound:
    case ErrorCode::FileUnreadable:
    case ErrorCode::FileUnwritable:
    case ErrorCode::JsonInvalid:
    case ErrorCode::JsonField:
        return ofFile(error);
    case ErrorCode::GgufNotGguf:
    case ErrorCode::GgufVersion:
    case ErrorCode::GgufBigEndian:
    case ErrorCode::GgufTruncated:
    case ErrorCode::GgufCount:
    case ErrorCode::GgufValueType:
    case ErrorCode::GgufStringTooLong:
    case ErrorCode::GgufDuplicate:
    case ErrorCode::GgufAlignment:
    case ErrorCode::GgufSplitMissing:
    case ErrorCode::GgufSplitMismatch:
    case ErrorCode::GgufSplitNotFirst:
    case ErrorCode::GgufKeyMissing:
    case ErrorCode::GgufKeyType:
    case ErrorCode::GgufKeyRange:
        return ofGgufFile(error);
    case ErrorCode::GgufTensorShape:
    case ErrorCode::GgufTensorType:
    case ErrorCode::GgufTensorOffset:
    case ErrorCode::GgufTensorPastEnd:
    case ErrorCode::TensorMissing:
    case ErrorCode::TensorWrongShape:
    case ErrorCode::TensorWrongType:
        return ofGgufTensor(error);
    case ErrorCode::UnknownArchitecture:
    case ErrorCode::UnsupportedByEngine:
    case ErrorCode::UnknownQuantization:
    case ErrorCode::UnknownModel:
    case ErrorCode::UnknownGpu:
    case ErrorCode::UnknownTokenizer:
    case ErrorCode::ModelHasNoTokenizer:
    case ErrorCode::ModelInvalid:
        return ofModel(error);
    case ErrorCode::InvalidArgument:
    case ErrorCode::ContextTooLong:
    case ErrorCode::TokenOutOfRange:
    case ErrorCode::NotEnoughMemory:
    case ErrorCode::AllocationFailed:
        return ofRequest(error);
    case ErrorCode::PortUnavailable:
    case ErrorCode::Cancelled:
    case ErrorCode::RequestRefused:
    case ErrorCode::ServiceLoading:
    case ErrorCode::ServiceBusy:
        return ofService(error);
    case ErrorCode::CudaUnavailable:
    case ErrorCode::DeviceLost:
    case ErrorCode::EngineMissing:
    case ErrorCode::EngineCrashed:
    case ErrorCode::EngineMismatch:
    case ErrorCode::EngineNoAnswer:
    case ErrorCode::Internal:
        return ofEngine(error);
    }
    return {};
}

QString Sentences::ofFile(const Error &error)
{
    const QString path = pathArgument(error, 0);
    switch (error.code) {
    case ErrorCode::FileNotFound:
        return tr("The file “%1” does not exist. Choose another one, or put it back.").arg(path);
    case ErrorCode::FileUnreadable:
        return tr("The file “%1” cannot be read (%2). Check its permissions and the disk.").arg(path, textArgument(error, 1));
    case ErrorCode::FileUnwritable:
        return tr("The file “%1” cannot be written (%2). Choose another folder, or make room on the disk.")
            .arg(path, textArgument(error, 1));
    case ErrorCode::JsonInvalid:
        return tr("“%1” is not valid JSON. Replace it with an intact copy, or install the program again.").arg(path);
    default:
        return tr("“%1” has an unexpected value in its field “%2”. Replace it with an intact copy, or install the program again.")
            .arg(path, textArgument(error, 1));
    }
}

QString Sentences::ofGgufFile(const Error &error)
{
    const QString path = pathArgument(error, 0);
    const QString second = textArgument(error, 1);
    switch (error.code) {
    case ErrorCode::GgufNotGguf:
        return tr("“%1” is not a GGUF file. Choose a model in the GGUF format.").arg(path);
    case ErrorCode::GgufVersion:
        return tr("“%1” is a GGUF file of version %2; versions 2 and 3 can be read. Download a newer file of this model.")
            .arg(path, second);
    case ErrorCode::GgufBigEndian:
        return tr("“%1” was made for a big-endian computer. Download the usual, little-endian file.").arg(path);
    case ErrorCode::GgufTruncated:
        return tr("“%1” ends too early, while reading “%2”. The download is probably incomplete; download the file again.")
            .arg(path, second);
    case ErrorCode::GgufCount:
        return tr("“%1” is damaged: the number given for “%2” (%3) is impossible. Download the file again.")
            .arg(path, second, countArgument(error, 2));
    case ErrorCode::GgufValueType:
        return tr("“%1” is damaged: the entry “%2” has the unknown type %3. Download the file again.")
            .arg(path, second, textArgument(error, 2));
    case ErrorCode::GgufStringTooLong:
        return tr("“%1” is damaged: the text of “%2” is too long (%3 bytes). Download the file again.")
            .arg(path, second, countArgument(error, 2));
    case ErrorCode::GgufDuplicate:
        return tr("“%1” is damaged: the name “%2” occurs twice. Download the file again.").arg(path, textArgument(error, 2));
    case ErrorCode::GgufAlignment:
        return tr("“%1” is damaged: %2 is not a usable alignment. Download the file again.").arg(path, second);
    case ErrorCode::GgufSplitMissing:
        return tr("The part “%1” of this split model is missing. Put all parts into the same folder.").arg(path);
    case ErrorCode::GgufSplitMismatch:
        return tr("“%1” does not belong to the other parts of this split model (%2). Download all parts from the same place.")
            .arg(path, second);
    case ErrorCode::GgufSplitNotFirst:
        return tr("“%1” is one part of a split model. Open its first part, “%2”.").arg(path, pathArgument(error, 1));
    case ErrorCode::GgufKeyMissing:
        return tr("“%1” does not say what “%2” is. Download a complete file of this model.").arg(path, second);
    case ErrorCode::GgufKeyType:
        return tr("“%1” is damaged: “%2” is of the wrong kind. Download the file again.").arg(path, second);
    default:
        return tr("“%1” is damaged: %3 is not a possible value of “%2”. Download the file again.")
            .arg(path, second, textArgument(error, 2));
    }
}

QString Sentences::ofGgufTensor(const Error &error)
{
    const QString first = pathArgument(error, 0);
    const QString second = textArgument(error, 1);
    switch (error.code) {
    case ErrorCode::GgufTensorShape:
        return tr("“%1” is damaged: the tensor “%2” has impossible dimensions. Download the file again.").arg(first, second);
    case ErrorCode::GgufTensorType:
        return tr("The tensor “%2” of “%1” has a format that is not known (number %3). Choose another quantization of this model.")
            .arg(first, second, textArgument(error, 2));
    case ErrorCode::GgufTensorOffset:
        return tr("“%1” is damaged: the tensor “%2” starts at an impossible place. Download the file again.").arg(first, second);
    case ErrorCode::GgufTensorPastEnd:
        return tr("“%1” is incomplete: the tensor “%2” lies past its end. Download the file again.").arg(first, second);
    case ErrorCode::TensorMissing:
        return tr("The model lacks the tensor “%1”. Download a complete file of this model.").arg(first);
    case ErrorCode::TensorWrongShape:
        return tr("The tensor “%1” has the dimensions %3 where %2 are needed. Download another file of this model.")
            .arg(first, second, textArgument(error, 2));
    default:
        return tr("The tensor “%1” is in the format %2, which the engine cannot use. Choose a quantization made of: %3.")
            .arg(first, second, textArgument(error, 2));
    }
}

QString Sentences::ofModel(const Error &error)
{
    const QString first = textArgument(error, 0);
    const QString second = textArgument(error, 1);
    switch (error.code) {
    case ErrorCode::UnknownArchitecture:
        return tr("The architecture “%1” is not known. Choose a model of one of these: %2.").arg(first, second);
    case ErrorCode::UnsupportedByEngine:
        return tr("The engine cannot run “%1” yet. It supports: %2.").arg(first, second);
    case ErrorCode::UnknownQuantization:
        return tr("There is no quantization named “%1”. Choose one of these: %2.").arg(first, second);
    case ErrorCode::UnknownModel:
        return tr("There is no model named “%1” in the catalogue. Similar names: %2.").arg(first, second);
    case ErrorCode::UnknownGpu:
        return tr("There is no GPU named “%1” in the catalogue. Similar names: %2.").arg(first, second);
    case ErrorCode::UnknownTokenizer:
        return tr("The tokenizer “%1” of this model is not known. Choose a model with one of these: %2.").arg(first, second);
    case ErrorCode::ModelHasNoTokenizer:
        return tr("“%1” has no tokenizer, so it cannot read or write text. Choose a file that has one.").arg(pathArgument(error, 0));
    default:
        return tr("The description of this model contradicts itself: %1 (%2). Download another file of this model.").arg(first, second);
    }
}

QString Sentences::ofRequest(const Error &error)
{
    const QString device = deviceName(textArgument(error, 0));
    switch (error.code) {
    case ErrorCode::InvalidArgument:
        return tr("“%2” is not a possible value of “%1”. Possible is: %3.")
            .arg(textArgument(error, 0), textArgument(error, 1), textArgument(error, 2));
    case ErrorCode::ContextTooLong:
        return tr("This needs %1 tokens of context, and %2 are available. Start a new conversation, or load the model with "
                  "a longer context.")
            .arg(countArgument(error, 0), countArgument(error, 1));
    case ErrorCode::TokenOutOfRange:
        return tr("The token %1 is outside the vocabulary of %2 tokens. The model file is probably damaged; download it again.")
            .arg(countArgument(error, 0), countArgument(error, 1));
    case ErrorCode::NotEnoughMemory:
        return tr("There is not enough memory: %2 are needed in %1, and %3 are free. Close other programs, shorten the context, or choose "
                  "a smaller quantization.")
            .arg(device, bytesArgument(error, 1), bytesArgument(error, 2));
    default:
        return tr("The system refused %3 of memory in %1 for “%2”. Close other programs, shorten the context, or choose a smaller "
                  "quantization.")
            .arg(device, textArgument(error, 1), bytesArgument(error, 2));
    }
}

QString Sentences::deviceName(const QString &device)
{
    const QString name = device.toLower();
    return name == QLatin1String("host") || name == QLatin1String("ram") || name == QLatin1String("cpu") ? tr("RAM") : device;
}

} // namespace plimsoll::app
