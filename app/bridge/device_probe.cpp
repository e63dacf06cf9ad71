// SPDX-License-Identifier: GPL-3.0-or-later
#include "device_probe.h"

#include "engine_locator.h"
#include "process_end.h"

#include <nlohmann/json.hpp>

#include <utility>

namespace plimsoll::app {

namespace {

constexpr qsizetype longestOutput = 4 << 20;
constexpr qsizetype keptComplaint = 4096;
constexpr int defaultTimeout = 20000;   // ms; a cold GPU driver takes seconds
constexpr const char *source = "devices";

Result<Machine> machineIn(const QByteArray &output)
{
    const nlohmann::json json = nlohmann::json::parse(output.begin(), output.end(), nullptr, false);
    if (json.is_discarded())
        return Error{ErrorCode::JsonInvalid, {source, "0", ""}};
    return machineFromJson(json, source);
}

} // namespace

DeviceProbe::DeviceProbe(QObject *parent) : QObject(parent)
{
    m_timeout.setSingleShot(true);
    m_timeout.setInterval(defaultTimeout);
    connect(&m_timeout, &QTimer::timeout, this, [this] {
        giveUp({ErrorCode::EngineNoAnswer, {"start", std::to_string(m_timeout.interval() / 1000)}});
    });
}

DeviceProbe::~DeviceProbe()
{
    const QList<QProcess *> processes = findChildren<QProcess *>(Qt::FindDirectChildrenOnly);
    for (QProcess *process : processes) {
        process->disconnect();
        process->kill();
        process->waitForFinished(3000);
    }
}

void DeviceProbe::detect()
{
    if (m_process)
        return;
    m_output.clear();
    m_complaint.clear();
    m_process = new QProcess(this);
    m_process->setStandardInputFile(QProcess::nullDevice());
    connect(m_process, &QProcess::readyReadStandardOutput, this, &DeviceProbe::readOutput);
    connect(m_process, &QProcess::readyReadStandardError, this, [this] {
        m_complaint = (m_complaint + m_process->readAllStandardError()).right(keptComplaint);
    });
    connect(m_process, &QProcess::finished, this, &DeviceProbe::finish);
    connect(m_process, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart)
            giveUp(startFailure(m_process->program()));
    });
    m_timeout.start();
    m_process->start(m_program.isEmpty() ? locateEngine() : m_program, {QStringLiteral("devices"), QStringLiteral("--json")});
}

void DeviceProbe::readOutput()
{
    m_output += m_process->readAllStandardOutput();
    if (m_output.size() > longestOutput)
        giveUp({ErrorCode::EngineNoAnswer, {"garbage", ""}});
}

void DeviceProbe::finish(int exitCode, QProcess::ExitStatus status)
{
    m_output += m_process->readAllStandardOutput();
    m_complaint = (m_complaint + m_process->readAllStandardError()).right(keptComplaint);
    if (status != QProcess::NormalExit || exitCode != 0) {
        giveUp(unexpectedEnd(exitCode, status, m_complaint));
        return;
    }
    const Result<Machine> machine = machineIn(m_output);
    if (!machine) {
        giveUp(machine.error());
        return;
    }
    dropProcess();
    emit machineDetected(*machine);
}

void DeviceProbe::giveUp(const Error &error)
{
    dropProcess();
    emit failed(error);
}

void DeviceProbe::dropProcess()
{
    m_timeout.stop();
    QProcess *process = std::exchange(m_process, nullptr);
    process->disconnect(this);
    if (process->state() == QProcess::NotRunning) {
        process->deleteLater();
        return;
    }
    connect(process, &QProcess::finished, process, &QObject::deleteLater);
    process->kill();
}

} // namespace plimsoll::app
