// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/compare/compared_set.h"

#include "pages/fit/fit_state.h"
#include "shell/searchable.h"

#include <QComboBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalBlocker>

#include <algorithm>

namespace plimsoll::app {

ComparedSet::ComparedSet(const Catalog &catalog, const ModelList &models, const FitState &state, QWidget *parent)
    : QWidget(parent), m_catalog(catalog), m_models(models), m_state(state), m_typical(typicalMachines(catalog)), m_label(new QLabel(this)),
      m_kind(new QComboBox(this)), m_choices(new QComboBox(this)), m_remove(new QPushButton(this))
{
    m_kind->setObjectName(QStringLiteral("comparedBy"));
    m_kind->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_label->setBuddy(m_kind);
    m_choices->setObjectName(QStringLiteral("comparedAdd"));
    makeSearchable(m_choices, 26);
    m_remove->setObjectName(QStringLiteral("comparedRemove"));
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(m_label);
    row->addWidget(m_kind);
    row->addWidget(m_choices);
    row->addWidget(m_remove);
    row->addStretch(1);
    connect(m_kind, &QComboBox::currentIndexChanged, this, [this](int index) { setBy(static_cast<ComparedBy>(index)); });
    connect(m_choices, &QComboBox::activated, this, &ComparedSet::add);
    connect(m_remove, &QPushButton::clicked, this, &ComparedSet::remove);
    retranslateUi();
    setBy(ComparedBy::Quantization);
}

QVector<ComparedCase> ComparedSet::cases() const
{
    switch (m_by) {
    case ComparedBy::Model: return models();
    case ComparedBy::Machine: return machines();
    case ComparedBy::Quantization: break;
    }
    return casesOf(m_state.model().key, m_state.model().shape, m_state.machine(), m_catalog.quantizations);
}

/// The chosen one, those the catalogue calls its relatives, and what was added.
QVector<ComparedCase> ComparedSet::models() const
{
    QStringList keys{m_state.model().key};
    for (const CatalogModel *relative : m_catalog.siblings(m_state.model().key.toStdString()))
        keys << QString::fromStdString(relative->id);
    keys += m_addedModels;
    keys.removeDuplicates();
    QVector<ComparedCase> cases;
    for (const QString &key : keys) {
        const ModelEntry *model = m_models.find(key);
        if (model && (key == m_state.model().key || !m_removed.contains(model->name)))
            cases << ComparedCase{model->name, key, model->shape, m_state.request().quantization, model->types, m_state.machine()};
    }
    return cases;
}

/// The machine of the plan, typical ones, and computers like it with a GPU that was added.
QVector<ComparedCase> ComparedSet::machines() const
{
    const ModelEntry &model = m_state.model();
    QVector<ComparedCase> cases;
    const auto add = [&](const QString &name, Machine machine) {
        for (Gpu &gpu : machine.gpus)
            gpu.reserve = m_state.machine().gpus.empty() ? gpu.reserve : m_state.machine().gpus.front().reserve;
        cases << ComparedCase{name, model.key, model.shape, m_state.request().quantization, model.types, std::move(machine)};
    };
    add(m_state.machine().pretended ? tr("Pretended machine") : tr("This computer"), m_state.machine());
    for (const TypicalMachine &typical : m_typical)
        if (!m_removed.contains(typical.name))
            add(typical.name, typical.machine);
    for (const QString &name : m_addedGpus) {
        const auto gpu = m_catalog.gpu(name.toStdString());
        if (!gpu)
            continue;
        Machine machine = m_state.machine();
        machine.gpus = {(*gpu)->gpu};
        machine.gpuNotice.clear();
        machine.pretended = true;
        add(name, std::move(machine));
    }
    return cases;
}

void ComparedSet::setBy(ComparedBy by)
{
    m_by = by;
    const bool chosen = by != ComparedBy::Quantization;
    m_choices->setVisible(chosen);
    m_remove->setVisible(chosen);
    fillChoices();
    setRemovable({});
    emit changed();
}

void ComparedSet::fillChoices()
{
    const QSignalBlocker quiet(m_choices);
    m_choices->clear();
    if (m_by == ComparedBy::Model)
        for (const ModelEntry &model : m_models.entries())
            m_choices->addItem(model.name, model.key);
    else if (m_by == ComparedBy::Machine)
        for (const CatalogGpu &gpu : m_catalog.gpus)
            m_choices->addItem(QString::fromStdString(gpu.name), QString::fromStdString(gpu.name));
    m_choices->setCurrentIndex(-1);
    const QString words = m_by == ComparedBy::Machine ? tr("Add a GPU…") : tr("Add a model…");
    m_choices->lineEdit()->setPlaceholderText(words);
    m_choices->setAccessibleName(words);
}

void ComparedSet::add()
{
    const QString chosen = m_choices->currentData().toString();
    QStringList &added = m_by == ComparedBy::Machine ? m_addedGpus : m_addedModels;
    m_removed.removeAll(m_choices->currentText());
    if (!chosen.isEmpty() && !added.contains(chosen))
        added << chosen;
    m_choices->setCurrentIndex(-1);
    emit changed();
}

void ComparedSet::setRemovable(const QString &name)
{
    m_removable = name;
    m_remove->setEnabled(!name.isEmpty());
}

void ComparedSet::remove()
{
    const ModelEntry *model = nullptr;
    for (const ModelEntry &each : m_models.entries())
        if (each.name == m_removable)
            model = &each;
    if (model)
        m_addedModels.removeAll(model->key);
    m_addedGpus.removeAll(m_removable);
    m_removed << m_removable;
    setRemovable({});
    emit changed();
}

void ComparedSet::retranslateUi()
{
    m_label->setText(tr("Compare:"));
    const QStringList kinds{tr("Quantizations of this model"), tr("Models on this machine"), tr("Machines for this model")};
    for (int i = 0; i < kinds.size(); ++i) {
        if (m_kind->count() <= i)
            m_kind->addItem(kinds[i]);
        else
            m_kind->setItemText(i, kinds[i]);
    }
    m_kind->setAccessibleName(tr("What is compared"));
    m_remove->setText(tr("Remove"));
    m_remove->setToolTip(tr("Leaves the marked one out of the comparison."));
    fillChoices();
}

void ComparedSet::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslateUi();
    QWidget::changeEvent(event);
}

} // namespace plimsoll::app
