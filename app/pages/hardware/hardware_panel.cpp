// SPDX-License-Identifier: GPL-3.0-or-later
#include "hardware_panel.h"

#include "bridge/format.h"
#include "bridge/sentences.h"
#include "fact_table.h"
#include "gpu_card.h"
#include "live_card.h"
#include "pages/notice_strip.h"
#include "ram_card.h"
#include "shell/card.h"
#include "shell/searchable.h"

#include <QCheckBox>
#include <QComboBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QSpinBox>
#include <QVBoxLayout>

#include <algorithm>

namespace plimsoll::app {

namespace {

constexpr size_t mostGpus = 16;
constexpr Bytes assumedRam = gib(16);   // to begin with, where this computer could not be read

} // namespace

HardwarePanel::HardwarePanel(QWidget *parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("hardwarePanel"));
    m_banner = new NoticeStrip(Tone::Caution);
    m_banner->setObjectName(QStringLiteral("pretendBanner"));
    m_reset = new QPushButton;
    m_reset->setObjectName(QStringLiteral("resetHardware"));
    m_banner->addButton(m_reset);
    m_trouble = new NoticeStrip(Tone::Bad);
    m_trouble->setObjectName(QStringLiteral("detectTrouble"));
    auto *layout = new QVBoxLayout(this);
    layout->addLayout(buildHeader());
    layout->addWidget(m_banner);
    layout->addWidget(m_trouble);
    layout->addWidget(buildContent(), 1);
    connectParts();
    retranslateUi();
}

QLayout *HardwarePanel::buildHeader()
{
    m_title = new QLabel;
    QFont font = m_title->font();
    font.setPointSizeF(font.pointSizeF() * 1.2);
    font.setWeight(QFont::DemiBold);
    m_title->setFont(font);
    m_edit = new QCheckBox;
    m_edit->setObjectName(QStringLiteral("editHardware"));
    m_detect = new QPushButton;
    m_detect->setObjectName(QStringLiteral("detectHardware"));
    auto *row = new QHBoxLayout;
    row->addWidget(m_title);
    row->addStretch(1);
    m_import = new QPushButton;
    m_import->setObjectName(QStringLiteral("importMachine"));
    m_export = new QPushButton;
    m_export->setObjectName(QStringLiteral("exportMachine"));
    row->addWidget(m_edit);
    row->addSpacing(12);
    for (QPushButton *button : {m_import, m_export, m_detect})
        row->addWidget(button);
    return row;
}

QWidget *HardwarePanel::buildContent()
{
    m_noGpu = new Card;
    m_noGpuText = new QLabel;
    m_noGpuText->setObjectName(QStringLiteral("noGpuReason"));
    m_noGpuText->setWordWrap(true);
    m_noGpuText->setTextFormat(Qt::PlainText);
    m_noGpu->body()->addWidget(m_noGpuText);
    m_gpuLayout = new QVBoxLayout;
    m_gpuLayout->setSpacing(10);
    m_ram = new RamCard;
    m_cpu = new Card;
    m_cpuFacts = new FactTable;
    m_cpu->body()->addWidget(m_cpuFacts);
    m_disks = new Card;
    m_diskFacts = new FactTable;
    m_disks->body()->addWidget(m_diskFacts);

    auto *content = new QWidget;
    auto *column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(10);
    m_live = new LiveCard;
    column->addWidget(m_live);
    column->addWidget(m_noGpu);
    column->addLayout(m_gpuLayout);
    column->addWidget(buildAddRow());
    column->addWidget(m_ram);
    column->addWidget(m_cpu);
    column->addWidget(m_disks);
    column->addStretch(1);
    auto *scroll = new QScrollArea;
    scroll->setWidget(content);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setFocusPolicy(Qt::NoFocus);
    return scroll;
}

QWidget *HardwarePanel::buildAddRow()
{
    m_addRow = new QWidget;
    m_addLabel = new QLabel;
    m_choice = new QComboBox;
    m_choice->setObjectName(QStringLiteral("catalogGpu"));
    makeSearchable(m_choice, 30);
    m_count = new QSpinBox;
    m_count->setObjectName(QStringLiteral("addCount"));
    m_count->setRange(1, static_cast<int>(mostGpus));
    m_addLabel->setBuddy(m_choice);
    m_add = new QPushButton;
    m_add->setObjectName(QStringLiteral("addGpu"));
    auto *row = new QHBoxLayout(m_addRow);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(m_addLabel);
    row->addWidget(m_choice);
    row->addWidget(m_count);
    row->addWidget(m_add);
    row->addStretch(1);
    return m_addRow;
}

void HardwarePanel::connectParts()
{
    connect(m_edit, &QCheckBox::toggled, this, &HardwarePanel::setEditing);
    connect(m_detect, &QPushButton::clicked, this, &HardwarePanel::detectRequested);
    connect(m_import, &QPushButton::clicked, this, &HardwarePanel::importRequested);
    connect(m_export, &QPushButton::clicked, this, &HardwarePanel::exportRequested);
    connect(m_reset, &QPushButton::clicked, this, &HardwarePanel::resetToDetected);
    connect(m_add, &QPushButton::clicked, this, &HardwarePanel::addGpu);
    connect(m_ram, &RamCard::ramChanged, this, [this](const Ram &ram) {
        m_machine.ram = ram;
        edited();
    });
}

void HardwarePanel::setDetected(const Machine &machine)
{
    m_detected = machine;
    m_detected.pretended = false;
    m_known = true;
    m_failure = {};
    if (pretending()) {
        showMachine();
        return;
    }
    m_machine = m_detected;
    showMachine();
    emit machineChanged(m_machine);
}

void HardwarePanel::addReading(const Machine &reading)
{
    m_live->add(reading);
}

void HardwarePanel::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    emit liveWanted(true);
}

void HardwarePanel::hideEvent(QHideEvent *event)
{
    QWidget::hideEvent(event);
    emit liveWanted(false);
}

void HardwarePanel::setFailure(const Error &error)
{
    m_failure = error;
    showNotices();
}

void HardwarePanel::setCatalog(const Catalog *catalog)
{
    m_catalog = catalog;
    fillCatalog();
    showMachine();
}

void HardwarePanel::setPretended(const Machine &machine)
{
    m_machine = machine;
    if (m_machine.ram.total.value == 0)
        m_machine.ram.total = m_machine.ram.available = assumedRam;
    m_edit->setChecked(true);
    edited();
}

void HardwarePanel::resetToDetected()
{
    m_machine = m_detected;
    m_edit->setChecked(false);
    showMachine();
    emit machineChanged(m_machine);
}

bool HardwarePanel::editing() const
{
    return m_edit->isChecked();
}

void HardwarePanel::setEditing(bool editing)
{
    m_edit->setChecked(editing);
    if (editing && m_machine.ram.total.value == 0) {
        m_machine.ram.total = assumedRam;
        m_machine.ram.available = assumedRam;
        edited();
        return;
    }
    showMachine();
}

void HardwarePanel::edited()
{
    m_machine.pretended = true;
    showMachine();
    emit machineChanged(m_machine);
}

void HardwarePanel::addGpu()
{
    const int index = m_choice->currentData().toInt();
    if (!m_catalog || m_choice->currentIndex() < 0 || m_machine.gpus.size() >= mostGpus)
        return;
    const size_t count = std::min(static_cast<size_t>(m_count->value()), mostGpus - m_machine.gpus.size());
    m_machine.gpus.insert(m_machine.gpus.end(), count, m_catalog->gpus.at(static_cast<size_t>(index)).gpu);
    m_machine.gpuNotice.clear();
    edited();
}

void HardwarePanel::removeGpu(size_t index)
{
    if (index >= m_machine.gpus.size())
        return;
    m_machine.gpus.erase(m_machine.gpus.begin() + static_cast<std::ptrdiff_t>(index));
    edited();
}

GpuCard *HardwarePanel::makeGpuCard(size_t index)
{
    auto *card = new GpuCard;
    card->setObjectName(QStringLiteral("gpu%1").arg(index));
    connect(card, &GpuCard::removeRequested, this, [this, index] { removeGpu(index); }, Qt::QueuedConnection);
    connect(card, &GpuCard::freeChanged, this, [this, index](Bytes free) {
        m_machine.gpus.at(index).free = free;
        edited();
    });
    m_gpuLayout->addWidget(card);
    return card;
}

void HardwarePanel::fitGpuCards()
{
    while (m_gpuCards.size() > m_machine.gpus.size()) {
        delete m_gpuCards.back();
        m_gpuCards.pop_back();
    }
    while (m_gpuCards.size() < m_machine.gpus.size())
        m_gpuCards.push_back(makeGpuCard(m_gpuCards.size()));
    for (size_t i = 0; i < m_gpuCards.size(); ++i) {
        m_gpuCards[i]->setGpu(m_machine.gpus[i]);
        m_gpuCards[i]->setEditing(editing());
    }
}

void HardwarePanel::showMachine()
{
    fitGpuCards();
    const bool known = m_known || pretending();
    m_ram->setRam(m_machine.ram);
    m_ram->setEditing(editing());
    m_ram->setVisible(known);
    m_addRow->setVisible(editing());
    m_export->setEnabled(known);
    m_add->setEnabled(m_choice->count() > 0 && m_machine.gpus.size() < mostGpus);
    showCpuAndDisks();
    showNotices();
}

void HardwarePanel::showNotices()
{
    m_banner->setVisible(pretending());
    m_trouble->setText(Sentences::of(m_failure));
    m_trouble->setVisible(m_failure.code != ErrorCode::None);
    const bool waiting = !m_known && !pretending();
    m_noGpu->setVisible(m_machine.gpus.empty() && (!waiting || m_failure.code == ErrorCode::None));
    if (waiting)
        m_noGpuText->setText(tr("Looking at this computer…"));
    else if (pretending())
        m_noGpuText->setText(tr("Without a GPU. The CPU does all the work."));
    else
        m_noGpuText->setText(Sentences::gpuNotice(m_machine));
}

void HardwarePanel::showCpuAndDisks()
{
    const Cpu &cpu = m_machine.cpu;
    QList<Fact> facts;
    if (!cpu.model.empty()) {
        facts << Fact{tr("Model"), QString::fromStdString(cpu.model)};
        //: Cores of a CPU: physical ones, and the threads they offer to programs.
        facts << Fact{tr("Cores"), tr("%1 physical, %2 logical").arg(format::count(cpu.physicalCores), format::count(cpu.logicalCores))};
    }
    QStringList sets;
    for (const std::string &set : cpu.instructionSets)
        sets << QString::fromStdString(set);
    if (!sets.isEmpty())
        facts << Fact{tr("Instruction sets"), QLocale().createSeparatedList(sets)};
    if (cpu.readBandwidth.known())
        facts << Fact{tr("Memory bandwidth"), format::bandwidth(cpu.readBandwidth)};
    m_cpuFacts->setFacts(facts);
    m_cpu->setVisible(!facts.isEmpty());

    QList<Fact> disks;
    for (const Disk &disk : m_machine.disks)
        disks << Fact{QString::fromStdString(disk.mount),
            tr("%1 free of %2").arg(format::fileSize(disk.free), format::fileSize(disk.total))};
    m_diskFacts->setFacts(disks);
    m_disks->setVisible(!disks.isEmpty());
}

void HardwarePanel::fillCatalog()
{
    const QVariant chosen = m_choice->currentData();
    m_choice->clear();
    for (size_t i = 0; m_catalog && i < m_catalog->gpus.size(); ++i) {
        const CatalogGpu &entry = m_catalog->gpus[i];
        //: A GPU of the catalogue: its name and its VRAM.
        m_choice->addItem(tr("%1, %2").arg(QString::fromStdString(entry.name), format::memory(entry.gpu.total)), static_cast<int>(i));
    }
    m_choice->setCurrentIndex(std::max(0, m_choice->findData(chosen)));
}

void HardwarePanel::retranslateUi()
{
    m_title->setText(tr("Hardware"));
    m_edit->setText(tr("&Pretend other hardware"));
    m_edit->setToolTip(tr("Add or remove GPUs and change memory, to see what another computer could run."));
    m_detect->setText(tr("&Detect again"));
    m_detect->setToolTip(tr("Reads this computer anew: free memory, temperatures, processes."));
    m_import->setText(tr("&Import…"));
    m_import->setToolTip(tr("Pretend a machine that was saved as a file."));
    m_export->setText(tr("E&xport…"));
    m_export->setToolTip(tr("Save this machine as a file, for another computer or for later."));
    m_count->setAccessibleName(tr("How many of this GPU"));
    m_banner->setText(tr("This is pretended hardware. Plans and predictions are for it, not for this computer."));
    m_reset->setText(tr("&Back to this computer"));
    m_noGpu->setTitle(tr("GPU"));
    m_addLabel->setText(tr("&GPU from the catalogue:"));
    m_choice->setAccessibleName(tr("GPU from the catalogue"));
    m_add->setText(tr("&Add"));
    m_add->setAccessibleName(tr("Add this GPU"));
    m_cpu->setTitle(tr("CPU"));
    m_disks->setTitle(tr("Disks"));
    fillCatalog();
    showMachine();
}

void HardwarePanel::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::LanguageChange)
        retranslateUi();
}

} // namespace plimsoll::app
