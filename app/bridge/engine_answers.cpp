// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine_answers.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <cmath>

namespace plimsoll::app {

namespace {

constexpr qsizetype longestArgument = 2000;   // characters
constexpr qsizetype mostArguments = 8;

std::optional<QJsonObject> objectOf(const QByteArray &json)
{
    QJsonParseError problem;
    const QJsonDocument document = QJsonDocument::fromJson(json, &problem);
    if (problem.error != QJsonParseError::NoError || !document.isObject())
        return std::nullopt;
    return document.object();
}

/// A figure that is missing, negative or not finite counts as 0.
double figure(const QJsonObject &object, const char *key)
{
    const double value = object.value(QLatin1String(key)).toDouble(0);
    return std::isfinite(value) && value > 0 ? value : 0;
}

quint32 countOf(const QJsonObject &object, const char *key)
{
    return static_cast<quint32>(std::min(figure(object, key), 4294967295.0));
}

Bytes bytesOf(const QJsonObject &object, const char *key)
{
    return {static_cast<uint64_t>(std::min(figure(object, key), 9e18))};
}

GenerationFigures figuresOf(const QJsonObject &object)
{
    GenerationFigures figures;
    figures.promptTokens = countOf(object, "prompt_tokens");
    figures.generatedTokens = countOf(object, "generated_tokens");
    figures.prefillRate = figure(object, "prefill_tokens_per_second");
    figures.decodeRate = figure(object, "decode_tokens_per_second");
    figures.timeToFirstTokenMs = figure(object, "time_to_first_token_ms");
    return figures;
}

std::string argumentOf(const QJsonValue &value)
{
    const QString text = value.isString() ? value.toString() : value.toVariant().toString();
    return text.left(longestArgument).toStdString();
}

std::optional<Error> errorOf(const QJsonObject &object)
{
    const QJsonValue value = object.value(QLatin1String("error"));
    if (!value.isObject())
        return std::nullopt;
    const QJsonObject report = value.toObject();
    Error error;
    error.code = codeFromName(report.value(QLatin1String("code")).toString().toStdString());
    if (error.code == ErrorCode::None)
        return Error{ErrorCode::Internal, {argumentOf(report.value(QLatin1String("message")))}};
    const QJsonArray arguments = report.value(QLatin1String("arguments")).toArray();
    for (qsizetype i = 0; i < std::min(arguments.size(), mostArguments); ++i)
        error.arguments.push_back(argumentOf(arguments.at(i)));
    return error;
}

} // namespace

Error garbage(const QString &detail)
{
    return {ErrorCode::EngineNoAnswer, {"garbage", detail.left(200).toStdString()}};
}

Result<Handshake> readHandshake(const QByteArray &line, const QString &version)
{
    const std::optional<QJsonObject> object = objectOf(line);
    if (!object)
        return garbage(QString::fromUtf8(line));
    if (const std::optional<Error> error = errorOf(*object))
        return *error;
    if (object->value(QLatin1String("event")).toString() != QLatin1String("listening"))
        return garbage(QString::fromUtf8(line));
    const int protocol = object->value(QLatin1String("protocol")).toInt(0);
    const QString found = object->value(QLatin1String("version")).toString().left(64);
    if (protocol != engineProtocol || (!version.isEmpty() && found != version)) {
        return Error{ErrorCode::EngineMismatch,
            {found.toStdString(), std::to_string(protocol), version.toStdString(), std::to_string(engineProtocol)}};
    }
    const int port = object->value(QLatin1String("port")).toInt(0);
    if (port <= 0 || port > 65535)
        return garbage(QString::fromUtf8(line));
    return Handshake{static_cast<quint16>(port), found};
}

std::optional<Error> readError(const QByteArray &json)
{
    const std::optional<QJsonObject> object = objectOf(json);
    return object ? errorOf(*object) : std::nullopt;
}

std::optional<StateEvent> readState(const QByteArray &json)
{
    const std::optional<QJsonObject> object = objectOf(json);
    if (!object || !object->value(QLatin1String("state")).isString())
        return std::nullopt;
    return StateEvent{object->value(QLatin1String("state")).toString(), std::min(figure(*object, "progress"), 1.0)};
}

std::optional<MemoryFigures> readMemory(const QByteArray &json)
{
    const std::optional<QJsonObject> object = objectOf(json);
    if (!object)
        return std::nullopt;
    const QJsonValue predicted = object->value(QLatin1String("predicted"));
    const QJsonValue actual = object->value(QLatin1String("actual"));
    if (!predicted.isObject() || !actual.isObject())
        return std::nullopt;
    return MemoryFigures{bytesOf(predicted.toObject(), "owned"), bytesOf(predicted.toObject(), "mapped"),
        bytesOf(actual.toObject(), "owned"), bytesOf(actual.toObject(), "mapped")};
}

std::optional<GenerationFigures> readSpeed(const QByteArray &json)
{
    const std::optional<QJsonObject> object = objectOf(json);
    return object ? std::optional(figuresOf(*object)) : std::nullopt;
}

std::optional<ChatChunk> readChatChunk(const QByteArray &json)
{
    const std::optional<QJsonObject> object = objectOf(json);
    if (!object)
        return std::nullopt;
    ChatChunk chunk;
    chunk.error = errorOf(*object);
    const QJsonObject choice = object->value(QLatin1String("choices")).toArray().at(0).toObject();
    chunk.text = choice.value(QLatin1String("delta")).toObject().value(QLatin1String("content")).toString();
    const QJsonValue timings = object->value(QLatin1String("timings"));
    if (timings.isObject())
        chunk.figures = figuresOf(timings.toObject());
    return chunk;
}

} // namespace plimsoll::app
