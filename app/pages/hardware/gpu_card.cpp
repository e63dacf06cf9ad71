// SPDX-License-Identifier: GPL-3.0-or-later
#include "gpu_card.h"

#include "bridge/format.h"
#include "fact_table.h"
#include "pages/gib_box.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

#include <algorithm>

namespace plimsoll::app {

namespace {

constexpr size_t mostProcesses = 6;

} // namespace

GpuCard::GpuCard(QWidget *parent)
    : Card(parent), m_facts(new FactTable), m_editRow(new QWidget), m_freeLabel(new QLabel), m_free(new GibBox),
      m_remove(new QPushButton)
{
    m_free->setObjectName(QStringLiteral("freeVram"));
    m_remove->setObjectName(QStringLiteral("removeGpu"));
    m_freeLabel->setBuddy(m_free);
    auto *row = new QHBoxLayout(m_editRow);
    row->setContentsMargins(0, 4, 0, 0);
    row->addWidget(m_freeLabel);
    row->addWidget(m_free);
    row->addStretch(1);
    row->addWidget(m_remove);
    body()->addWidget(m_facts);
    body()->addWidget(m_editRow);
    m_editRow->hide();
    connect(m_free, &GibBox::bytesChanged, this, &GpuCard::freeChanged);
    connect(m_remove, &QPushButton::clicked, this, &GpuCard::removeRequested);
    retranslateUi();
}

void GpuCard::setGpu(const Gpu &gpu)
{
    m_gpu = gpu;
    showGpu();
}

void GpuCard::setEditing(bool editing)
{
    m_editRow->setVisible(editing);
}

void GpuCard::showGpu()
{
    setTitle(QString::fromStdString(m_gpu.name));
    QList<Fact> facts{{tr("VRAM"), tr("%1 free of %2").arg(format::memory(m_gpu.free), format::memory(m_gpu.total))}};
    if (m_gpu.bandwidth.known())
        facts << Fact{tr("Memory bandwidth"), format::bandwidth(m_gpu.bandwidth)};
    if (!m_gpu.computeCapability.empty())
        facts << Fact{tr("Compute capability"), QString::fromStdString(m_gpu.computeCapability)};
    if (!m_gpu.driver.empty())
        facts << Fact{tr("Driver"), QString::fromStdString(m_gpu.driver)};
    if (m_gpu.temperatureC)
        facts << Fact{tr("GPU temperature"), format::temperature(*m_gpu.temperatureC)};
    if (m_gpu.powerW)
        facts << Fact{tr("Power draw"), format::power(*m_gpu.powerW)};
    if (m_gpu.clockMHz)
        facts << Fact{tr("Clock"), format::clock(*m_gpu.clockMHz)};
    if (m_gpu.utilization)
        facts << Fact{tr("Utilization"), format::percent(*m_gpu.utilization)};
    if (!m_gpu.processes.empty())
        facts << Fact{tr("In use by"), processes()};
    m_facts->setFacts(facts);
    m_free->setBytes(m_gpu.free, {}, m_gpu.total);
}

QString GpuCard::processes() const
{
    std::vector<GpuProcess> largest = m_gpu.processes;
    std::sort(largest.begin(), largest.end(), [](const GpuProcess &a, const GpuProcess &b) { return a.used > b.used; });
    QStringList lines;
    for (size_t i = 0; i < std::min(largest.size(), mostProcesses); ++i) {
        const QString name = QString::fromStdString(largest[i].name).simplified();
        //: A process on the GPU: its name, its number, the VRAM it holds.
        lines << tr("%1 (process %2): %3").arg(name.isEmpty() ? format::unknown() : name, QString::number(largest[i].pid),
            largest[i].used.value > 0 ? format::memory(largest[i].used) : format::unknown());
    }
    if (largest.size() > mostProcesses)
        lines << tr("and %n more", "", static_cast<int>(largest.size() - mostProcesses));
    return lines.join(QLatin1Char('\n'));
}

void GpuCard::retranslateUi()
{
    m_freeLabel->setText(tr("&Free VRAM:"));
    m_free->setAccessibleName(tr("Free VRAM"));
    m_remove->setText(tr("Remove"));
    m_remove->setToolTip(tr("Plan without this GPU."));
    showGpu();
}

void GpuCard::changeEvent(QEvent *event)
{
    Card::changeEvent(event);
    if (event->type() == QEvent::LanguageChange)
        retranslateUi();
}

} // namespace plimsoll::app
