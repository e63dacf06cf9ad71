// SPDX-License-Identifier: GPL-3.0-or-later
#include "sentences.h"

#include "error_arguments.h"

namespace plimsoll::app {

namespace {

bool has(const Error &error, size_t index)
{
    return index < error.arguments.size() && !error.arguments[index].empty();
}

} // namespace

QString Sentences::ofService(const Error &error)
{
    switch (error.code) {
    case ErrorCode::PortUnavailable:
        return tr("The engine could not open port %1 on this computer (%2). Try again, or end the program that uses the port.")
            .arg(textArgument(error, 0), textArgument(error, 1));
    case ErrorCode::Cancelled:
        return tr("This was cancelled. Start it again whenever you like.");
    case ErrorCode::ServiceLoading:
        return tr("The engine is still loading the model. Wait until it is ready, then send again.");
    case ErrorCode::ServiceBusy:
        return tr("The engine is busy with other requests. Wait a moment, then send again.");
    default:
        return tr("The engine refused the request (%1, %2). Unload the model and load it again.")
            .arg(textArgument(error, 0), textArgument(error, 1));
    }
}

QString Sentences::ofEngine(const Error &error)
{
    switch (error.code) {
    case ErrorCode::CudaUnavailable:
        return ofCuda(textArgument(error, 0), textArgument(error, 1));
    case ErrorCode::DeviceLost:
        return tr("The connection to %1 was lost (%2). Load the model again; if this happens often, restart the computer.")
            .arg(deviceName(textArgument(error, 0)), textArgument(error, 1));
    case ErrorCode::EngineMissing:
        return ofMissing(error);
    case ErrorCode::EngineCrashed:
        return ofCrash(error);
    case ErrorCode::EngineMismatch:
        return tr("The engine is of version %1 and speaks protocol %2; this window needs version %3 and protocol %4. Install both from "
                  "the same package.")
            .arg(textArgument(error, 0), textArgument(error, 1), textArgument(error, 2), textArgument(error, 3));
    case ErrorCode::EngineNoAnswer:
        return ofSilence(error);
    default:
        return tr("The engine met a condition that it does not know (%1). Try again; if it happens again, please report it.")
            .arg(textArgument(error, 0));
    }
}

QString Sentences::ofMissing(const Error &error)
{
    const QString reason = textArgument(error, 1);
    if (!has(error, 0))
        return tr("The program plimsoll-engine was not found. Install it, or put it beside this program, and try again.");
    if (reason == QLatin1String("missing"))
        return tr("The engine “%1” does not exist. Install the program again, then try again.").arg(pathArgument(error, 0));
    if (reason == QLatin1String("permission"))
        return tr("The engine “%1” is not allowed to run. Make the file executable, then try again.").arg(pathArgument(error, 0));
    return tr("The engine “%1” could not be started. Install the program again, then try again.").arg(pathArgument(error, 0));
}

QString Sentences::ofCrash(const Error &error)
{
    const QString reason = textArgument(error, 0);
    if (reason == QLatin1String("killed")) {
        return tr("The engine was ended by force, probably because memory ran out. Close other programs, shorten the context, or choose "
                  "a smaller quantization, and try again.");
    }
    const QString number = textArgument(error, 1);
    if (reason == QLatin1String("signal")) {
        if (has(error, 2))
            return tr("The engine crashed (signal %1). Its last message was: “%2”. Try again.").arg(number, textArgument(error, 2));
        return tr("The engine crashed (signal %1). Try again; if it happens again, please report it.").arg(number);
    }
    if (has(error, 2))
        return tr("The engine ended unexpectedly (exit code %1). Its last message was: “%2”. Try again.")
            .arg(number, textArgument(error, 2));
    return tr("The engine ended unexpectedly (exit code %1). Try again; if it happens again, please report it.").arg(number);
}

QString Sentences::ofSilence(const Error &error)
{
    const QString reason = textArgument(error, 0);
    if (reason == QLatin1String("start"))
        return tr("The engine did not answer within %n second(s). Try again.", "", textArgument(error, 1).toInt());
    if (reason == QLatin1String("silence"))
        return tr("The engine has been silent for %n second(s) and was ended. Try again.", "", textArgument(error, 1).toInt());
    if (reason == QLatin1String("connection"))
        return tr("The connection to the engine broke (%1). Try again.").arg(textArgument(error, 1));
    if (has(error, 1))
        return tr("The engine's answer could not be understood (“%1”). Install the program again if trying again does not help.")
            .arg(textArgument(error, 1));
    return tr("The engine's answer could not be understood. Install the program again if trying again does not help.");
}

QString Sentences::ofCuda(const QString &reason, const QString &detail)
{
    if (reason == QLatin1String("plugin"))
        return tr("GPU support is not installed. Install the GPU package of Plimsoll to use an NVIDIA GPU.");
    if (reason == QLatin1String("build"))
        return tr("GPU support belongs to another version of Plimsoll. Install all of its packages in the same version.");
    if (reason == QLatin1String("driver"))
        return tr("No working NVIDIA driver was found. Install or update the driver to use an NVIDIA GPU.");
    if (reason == QLatin1String("device"))
        return tr("No NVIDIA GPU was found in this computer. Models run on the CPU.");
    if (reason == QLatin1String("library"))
        return tr("A library that GPU support needs is missing (%1). Install the CUDA libraries to use the GPU.").arg(detail);
    return tr("The GPU cannot be used (%1). Models run on the CPU.").arg(detail);
}

QString Sentences::gpuNotice(const Machine &machine)
{
    if (!machine.gpus.empty())
        return {};
    const QStringList parts = QString::fromStdString(machine.gpuNotice).split(QLatin1Char(':'));
    if (parts.first() != QLatin1String("cuda-unavailable"))
        return tr("No GPU was found in this computer. Models run on the CPU.");
    return ofCuda(parts.value(1), parts.value(2, format::unknown()).trimmed());
}

} // namespace plimsoll::app
