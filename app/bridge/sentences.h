// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <plimsoll/machine/machine.h>
#include <plimsoll/plan/advice.h>
#include <plimsoll/result/error.h>

#include <QCoreApplication>
#include <QString>

namespace plimsoll::app {

/// Codes of core and engine in the words of the chosen language. Whole sentences; plain text, never markup: arguments may come
/// from files.
class Sentences
{
    Q_DECLARE_TR_FUNCTIONS(plimsoll::app::Sentences)

public:
    /// What happened, and what can be done about it. A missing argument leaves a dash.
    static QString of(const Error &error);

    /// "Fits on the GPU": for a badge.
    static QString title(Verdict verdict);
    /// The verdict as a sentence with the number that matters most.
    static QString of(const Plan &plan);
    /// What would come of running a plan that does not fit.
    static QString ofRunningAnyway(const Plan &plan);
    /// One reason as a sentence; device names are those of the plan's budgets.
    static QString of(const Reason &reason, const Plan &plan);

    /// A change that would help, as what the user would do; `modelName` is that of ChangeCode::Smaller, whose value is an id.
    static QString of(const Change &change, const Plan &plan, const QString &modelName);

    /// "Weights", "KV cache": for legends and tables.
    static QString name(SegmentKind kind);
    /// "RAM" for the host, otherwise the GPU's name.
    static QString deviceName(DeviceIndex device, const Plan &plan);
    /// The name that core and engine give a device in an error ("host", "RAM", a GPU's name) as people read it.
    static QString deviceName(const QString &device);

    /// Why no GPU is listed, from Machine::gpuNotice; empty where one is.
    static QString gpuNotice(const Machine &machine);

private:
    static QString ofFile(const Error &error);
    static QString ofGgufFile(const Error &error);
    static QString ofGgufTensor(const Error &error);
    static QString ofModel(const Error &error);
    static QString ofRequest(const Error &error);
    static QString ofService(const Error &error);
    static QString ofEngine(const Error &error);
    static QString ofCrash(const Error &error);
    static QString ofMissing(const Error &error);
    static QString ofSilence(const Error &error);
    static QString ofShortage(const Plan &plan);
    static QString ofCuda(const QString &reason, const QString &detail);
};

} // namespace plimsoll::app
