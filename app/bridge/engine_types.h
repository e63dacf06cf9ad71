// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <plimsoll/units/bytes.h>

#include <QStringList>

namespace plimsoll::app {

/// What an engine process is started with. 0 leaves the choice to the engine unless said otherwise.
struct LaunchRequest
{
    QString modelPath;
    QString modelName;        // for people; empty: the file's name
    quint32 context = 4096;
    quint32 batch = 512;
    quint32 threads = 0;
    QStringList placing;      // options that say where the pieces go; empty: the engine chooses
    QString kvType = QStringLiteral("f16");
    quint32 parallel = 1;

    QString displayName() const;
};

struct GenerateOptions
{
    quint32 maxTokens = 512;
    double temperature = 0.8;   // 0: always the likeliest token
};

/// Host memory of the engine, as the planner predicted it and as the system reports it.
struct MemoryFigures
{
    Bytes predictedOwned;
    Bytes predictedMapped;
    Bytes actualOwned;
    Bytes actualMapped;

    bool operator==(const MemoryFigures &) const = default;
};

/// The running or the last generation. Rates in tokens per second; 0: not known yet.
struct GenerationFigures
{
    quint32 promptTokens = 0;
    quint32 generatedTokens = 0;
    double prefillRate = 0;
    double decodeRate = 0;
    double timeToFirstTokenMs = 0;

    bool operator==(const GenerationFigures &) const = default;
};

} // namespace plimsoll::app
