// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/fit/request_bar.h"

#include "bridge/format.h"
#include "pages/fit/doubling_spin_box.h"
#include "pages/fit/machine_row.h"
#include "pages/gib_box.h"
#include "settings/settings.h"
#include "shell/icons.h"
#include "shell/searchable.h"

#include <QComboBox>
#include <QEvent>
#include <QGridLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QPushButton>
#include <QScopedValueRollback>
#include <QSignalBlocker>

#include <initializer_list>

namespace plimsoll::app {

namespace {

constexpr GgmlType kvTypes[]{GgmlType::F16, GgmlType::F32, GgmlType::Q8_0, GgmlType::Q4_0};

QString text(std::string_view view)
{
    return QString::fromUtf8(view.data(), static_cast<qsizetype>(view.size()));
}

} // namespace

RequestBar::RequestBar(ModelList *models, const Catalog &catalog, QWidget *parent)
    : Card(parent), m_models(models), m_catalog(catalog), m_grid(new QGridLayout), m_modelBox(new QComboBox(this)),
      m_quantizationBox(new QComboBox(this)), m_contextBox(new DoublingSpinBox(this)), m_parallelBox(new QSpinBox(this)),
      m_kvTypeBox(new QComboBox(this)), m_open(new QPushButton(this)), m_machineBox(new QComboBox(this)),
      m_gpuCountBox(new QComboBox(this)), m_machineButton(new QPushButton(this)), m_reserveBox(new GibBox(this)),
      m_typical(new MachineRow(catalog, this))
{
    build();
    buildMachine();
    connectControls();
    retranslateUi();
}

void RequestBar::addField(Field &field, QWidget *control, int row, int column, int span)
{
    field.control = control;
    field.label = new QLabel(this);
    field.label->setBuddy(control);
    m_grid->addWidget(field.label, row, column, 1, span);
    m_grid->addWidget(control, row + 1, column, 1, span);
}

void RequestBar::build()
{
    m_modelBox->setObjectName(QStringLiteral("model"));
    m_modelBox->setModel(m_models);
    makeSearchable(m_modelBox, 18);
    m_quantizationBox->setObjectName(QStringLiteral("quantization"));
    for (const FileType type : m_catalog.quantizations)
        m_quantizationBox->addItem(text(name(type)), static_cast<uint>(type));
    m_contextBox->setObjectName(QStringLiteral("context"));
    m_parallelBox->setObjectName(QStringLiteral("parallel"));
    m_parallelBox->setRange(1, 256);
    m_kvTypeBox->setObjectName(QStringLiteral("kvType"));
    for (const GgmlType type : kvTypes)
        m_kvTypeBox->addItem(text(name(type)).toLower(), static_cast<uint>(type));
    m_open->setObjectName(QStringLiteral("openFile"));
    m_open->setIcon(icon(Glyph::Open));
    m_open->setIconSize(QSize(23, 18));

    for (QWidget *field : std::initializer_list<QWidget *>{m_contextBox, m_parallelBox, m_reserveBox})
        field->installEventFilter(this);

    m_grid->setHorizontalSpacing(14);
    m_grid->setVerticalSpacing(4);
    addField(m_model, m_modelBox, 0, 0, 3);
    m_grid->addWidget(m_open, 1, 3);
    addField(m_machine, m_machineBox, 0, 4, 2);
    m_grid->addWidget(m_machineButton, 1, 6);
    m_grid->setRowMinimumHeight(2, 8);
    addField(m_quantization, m_quantizationBox, 3, 0, 1);
    addField(m_context, m_contextBox, 3, 1, 1);
    addField(m_parallel, m_parallelBox, 3, 2, 1);
    addField(m_kvType, m_kvTypeBox, 3, 3, 1);
    addField(m_gpuCount, m_gpuCountBox, 3, 4, 1);
    addField(m_reserve, m_reserveBox, 3, 5, 2);
    for (const int column : {0, 1, 2, 3})
        m_grid->setColumnStretch(column, 1);
    m_grid->setColumnStretch(5, 2);
    body()->addLayout(m_grid);
    body()->addWidget(m_typical);
}

void RequestBar::buildMachine()
{
    m_machineBox->setObjectName(QStringLiteral("machineBox"));
    makeSearchable(m_machineBox, 20);
    m_gpuCountBox->setObjectName(QStringLiteral("gpuCount"));
    for (const int count : {1, 2, 3, 4, 6, 8, 12, 16})
        m_gpuCountBox->addItem(QString::number(count), count);
    m_machineButton->setObjectName(QStringLiteral("machine"));
    m_machineButton->setIcon(icon(Glyph::Hardware));
    m_machineButton->setIconSize(QSize(23, 18));
    m_reserveBox->setObjectName(QStringLiteral("reserve"));
    m_reserveBox->setSingleStep(0.25);
}

void RequestBar::connectControls()
{
    connect(m_modelBox, &QComboBox::activated, this, &RequestBar::emitRequest);
    connect(m_modelBox->lineEdit(), &QLineEdit::editingFinished, this, [this] {
        // What was typed either names a model or gives way to the one that is shown.
        const int row = m_modelBox->findText(m_modelBox->currentText(), Qt::MatchFixedString);
        m_modelBox->setCurrentIndex(row >= 0 ? row : m_models->rowOf(m_request.model));
        emitRequest();
    });
    connect(m_quantizationBox, &QComboBox::currentIndexChanged, this, &RequestBar::emitRequest);
    connect(m_contextBox, &QSpinBox::valueChanged, this, &RequestBar::emitRequest);
    connect(m_parallelBox, &QSpinBox::valueChanged, this, &RequestBar::emitRequest);
    connect(m_kvTypeBox, &QComboBox::currentIndexChanged, this, &RequestBar::emitRequest);
    connect(m_open, &QPushButton::clicked, this, &RequestBar::openRequested);
    connect(m_machineButton, &QPushButton::clicked, this, &RequestBar::machineRequested);
    connect(m_machineBox, &QComboBox::activated, this, &RequestBar::emitMachine);
    connect(m_machineBox->lineEdit(), &QLineEdit::editingFinished, this, [this] {
        const int row = m_machineBox->findText(m_machineBox->currentText(), Qt::MatchContains);
        if (row < 0 || m_machineBox->currentText() == inWords(m_shownMachine)) {
            showMachine(m_shownMachine);
            return;
        }
        m_machineBox->setCurrentIndex(row);
        emitMachine();
    });
    connect(m_typical, &MachineRow::chosen, this, &RequestBar::machineChosen);
    connect(m_reserveBox, &GibBox::bytesChanged, this, &RequestBar::reserveChosen);
    connect(m_gpuCountBox, &QComboBox::activated, this, [this] {
        const auto count = static_cast<size_t>(m_gpuCountBox->currentData().toInt());
        if (!m_showing && !m_shownMachine.gpus.empty() && count != m_shownMachine.gpus.size())
            emit gpusChosen(m_shownMachine.gpus.front(), static_cast<int>(count));
    });
}

void RequestBar::emitMachine()
{
    const int chosen = m_machineBox->currentData().toInt();
    if (m_showing || m_machineBox->currentIndex() < 0)
        return;
    if (chosen < 0)
        emit thisComputerChosen();
    else
        emit gpusChosen(m_catalog.gpus[static_cast<size_t>(chosen)].gpu, 1);
}

/// The number fields have nothing of their own to undo: the keys are the plan's.
bool RequestBar::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::ShortcutOverride) {
        const auto *key = static_cast<QKeyEvent *>(event);
        if (key->matches(QKeySequence::Undo) || key->matches(QKeySequence::Redo)) {
            event->ignore();
            return true;
        }
    }
    return Card::eventFilter(watched, event);
}

void RequestBar::emitRequest()
{
    if (m_showing)
        return;
    FitRequest request = m_request;
    if (const ModelEntry *model = m_models->entry(m_modelBox->currentIndex()))
        request.model = model->key;
    const ModelEntry *model = m_models->find(request.model);
    if (m_quantizationBox->currentIndex() >= 0 && model && !model->local())
        request.quantization = static_cast<FileType>(m_quantizationBox->currentData().toUInt());
    request.context = static_cast<uint32_t>(m_contextBox->value());
    request.parallel = static_cast<uint32_t>(m_parallelBox->value());
    request.kvType = static_cast<GgmlType>(m_kvTypeBox->currentData().toUInt());
    if (!(request == m_request))
        emit edited(request);
}

void RequestBar::show(const FitState &state)
{
    const QScopedValueRollback guard(m_showing, true);
    m_request = state.request();
    const ModelEntry &model = state.model();
    m_modelBox->setCurrentIndex(m_models->rowOf(m_request.model));
    m_modelBox->setToolTip(m_modelBox->currentData(Qt::ToolTipRole).toString());

    // A file's quantization is shown in the same place, but cannot be changed.
    const int inFile = m_quantizationBox->findData(QVariant(), Qt::UserRole);
    if (inFile >= 0)
        m_quantizationBox->removeItem(inFile);
    if (model.local()) {
        m_quantizationBox->insertItem(0, model.quantization.isEmpty() ? tr("as in the file") : model.quantization, QVariant());
        m_quantizationBox->setCurrentIndex(0);
    } else {
        m_quantizationBox->setCurrentIndex(m_quantizationBox->findData(static_cast<uint>(m_request.quantization)));
    }
    m_quantizationBox->setEnabled(model.shape && !model.local());
    m_contextBox->setValue(static_cast<int>(m_request.context));
    m_parallelBox->setValue(static_cast<int>(m_request.parallel));
    m_kvTypeBox->setCurrentIndex(m_kvTypeBox->findData(static_cast<uint>(m_request.kvType)));
    showMachine(state.machine());
}

QString RequestBar::inWords(const Machine &machine) const
{
    if (machine.ram.total.value == 0)
        return tr("being looked at…");
    if (machine.gpus.empty())
        return tr("no GPU, %1 RAM").arg(format::memory(machine.ram.total));
    if (machine.gpus.size() == 1)
        return tr("%1, %2 RAM", "GPU, amount").arg(QString::fromStdString(machine.gpus.front().name), format::memory(machine.ram.total));
    return tr("%n GPU(s), %1 RAM", nullptr, static_cast<int>(machine.gpus.size())).arg(format::memory(machine.ram.total));
}

/// The list offers this computer and the catalogue; what is shown may be any machine, and stands in the field as words.
void RequestBar::showMachine(const Machine &machine)
{
    const QScopedValueRollback guard(m_showing, true);
    m_shownMachine = machine;
    m_machine.label->setText(machine.pretended ? tr("Machine (pretended)") : tr("This computer"));
    m_machineBox->setCurrentIndex(-1);
    m_machineBox->setEditText(inWords(machine));
    m_machineBox->lineEdit()->setCursorPosition(0);
    m_machineBox->setToolTip(inWords(machine));
    const int count = static_cast<int>(machine.gpus.size());
    m_gpuCountBox->setCurrentIndex(m_gpuCountBox->findData(count));
    m_gpuCountBox->setEnabled(count > 0);
    m_reserveBox->setBytes(count > 0 ? machine.gpus.front().reserve : Bytes{}, {}, mostReserve);
    m_reserveBox->setEnabled(count > 0);
}

void RequestBar::retranslateUi()
{
    m_model.label->setText(tr("Model"));
    m_modelBox->setAccessibleName(tr("Model"));
    m_modelBox->lineEdit()->setPlaceholderText(tr("Type to search"));
    m_quantization.label->setText(tr("Quantization"));
    m_quantizationBox->setAccessibleName(tr("Quantization"));
    m_context.label->setText(tr("Context length"));
    m_contextBox->setAccessibleName(tr("Context length in tokens"));
    m_contextBox->setToolTip(tr("Tokens per sequence. The arrows halve and double."));
    m_parallel.label->setText(tr("Parallel sequences"));
    m_parallelBox->setAccessibleName(tr("Parallel sequences"));
    m_parallelBox->setToolTip(tr("Each sequence has a KV cache of its own; the weights are shared."));
    m_kvType.label->setText(tr("KV cache"));
    m_kvTypeBox->setAccessibleName(tr("Number format of the KV cache"));
    m_open->setText(tr("Open GGUF file…"));
    m_machineBox->setAccessibleName(tr("Machine"));
    m_machineBox->lineEdit()->setPlaceholderText(tr("Type to search"));
    m_gpuCount.label->setText(tr("GPUs"));
    m_gpuCountBox->setAccessibleName(tr("Number of GPUs of the kind of the first"));
    m_reserve.label->setText(tr("Reserve"));
    m_reserveBox->setAccessibleName(tr("VRAM kept free on each GPU"));
    m_reserveBox->setToolTip(tr("VRAM kept free on each GPU. A plan that leaves less is called tight."));
    m_machineButton->setAccessibleName(tr("Show the hardware"));
    m_machineButton->setToolTip(tr("Show the hardware, or pretend another."));
    {
        const QSignalBlocker quiet(m_machineBox);
        m_machineBox->clear();
        m_machineBox->addItem(tr("This computer"), -1);
        for (size_t i = 0; i < m_catalog.gpus.size(); ++i)
            m_machineBox->addItem(tr("%1, %2", "a GPU of the catalogue and its VRAM")
                                      .arg(QString::fromStdString(m_catalog.gpus[i].name), format::memory(m_catalog.gpus[i].gpu.total)),
                static_cast<int>(i));
    }
    showMachine(m_shownMachine);
}

void RequestBar::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslateUi();
    Card::changeEvent(event);
}

} // namespace plimsoll::app
