// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine_types.h"

#include <plimsoll/result/error.h>
#include <plimsoll/result/result.h>

#include <QByteArray>
#include <QString>

#include <optional>

/// What the engine says, read from its JSON. Everything is checked: the process may be another program, another version, or broken.
namespace plimsoll::app {

inline constexpr int engineProtocol = 1;

/// The line an engine prints when it listens.
struct Handshake
{
    quint16 port = 0;
    QString version;
};

/// Errors: EngineMismatch (another protocol, or a version that is not `version` where that is given), EngineNoAnswer garbage, and
/// whatever the engine reports in a "failed" line.
Result<Handshake> readHandshake(const QByteArray &line, const QString &version);

/// The error of a "failed" line, of the body of a refused request, or of a chunk; nothing where there is none. Lengths are bounded.
std::optional<Error> readError(const QByteArray &json);

struct StateEvent
{
    QString state;
    double progress = 0;   // 0 to 1
};
std::optional<StateEvent> readState(const QByteArray &json);
std::optional<MemoryFigures> readMemory(const QByteArray &json);
std::optional<GenerationFigures> readSpeed(const QByteArray &json);

/// One chunk of a streamed chat completion.
struct ChatChunk
{
    QString text;
    std::optional<GenerationFigures> figures;   // in the last one
    std::optional<Error> error;
};
std::optional<ChatChunk> readChatChunk(const QByteArray &json);

Error garbage(const QString &detail);

} // namespace plimsoll::app
