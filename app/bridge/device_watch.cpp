// SPDX-License-Identifier: GPL-3.0-or-later
#include "device_watch.h"

#include "engine_locator.h"

#include <nlohmann/json.hpp>

#include <QProcess>

#include <utility>

namespace plimsoll::app {

namespace {

constexpr qsizetype longestLine = 1 << 20;

} // namespace

DeviceWatch::DeviceWatch(QObject *parent) : QObject(parent) {}

DeviceWatch::~DeviceWatch()
{
    stop();
}

void DeviceWatch::start()
{
    if (m_process)
        return;
    m_pending.clear();
    m_process = new QProcess(this);
    m_process->setStandardInputFile(QProcess::nullDevice());
    m_process->setStandardErrorFile(QProcess::nullDevice());
    connect(m_process, &QProcess::readyReadStandardOutput, this, &DeviceWatch::readLines);
    connect(m_process, &QProcess::finished, this, &DeviceWatch::stop);
    connect(m_process, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart)
            stop();
    });
    m_process->start(m_program.isEmpty() ? locateEngine() : m_program,
        {QStringLiteral("devices"), QStringLiteral("--watch"), QStringLiteral("1"), QStringLiteral("--json")});
}

void DeviceWatch::stop()
{
    QProcess *process = std::exchange(m_process, nullptr);
    if (!process)
        return;
    process->disconnect(this);
    process->kill();
    if (process->state() != QProcess::NotRunning)
        process->waitForFinished(1000);
    process->deleteLater();
}

void DeviceWatch::readLines()
{
    m_pending += m_process->readAllStandardOutput();
    qsizetype end = 0;
    while (m_process && (end = m_pending.indexOf('\n')) >= 0) {
        const QByteArray line = m_pending.left(end);
        m_pending.remove(0, end + 1);
        const auto json = nlohmann::json::parse(line.begin(), line.end(), nullptr, false);
        const auto machine = json.is_discarded() ? Result<Machine>(Error{ErrorCode::JsonInvalid, {}}) : machineFromJson(json, "devices");
        if (machine)
            emit reading(*machine);
    }
    if (m_pending.size() > longestLine)
        stop();
}

} // namespace plimsoll::app
