// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/comparison.h"
#include "models/typical_machines.h"

#include <QStringList>
#include <QWidget>

class QComboBox;
class QLabel;
class QPushButton;

namespace plimsoll::app {

class FitState;
class ModelList;

/// What is compared, and the controls that say so: the quantizations of one model, its relatives and whatever models are added, or machines
/// that it could run on.
class ComparedSet : public QWidget
{
    Q_OBJECT

public:
    /// All outlive the set.
    ComparedSet(const Catalog &catalog, const ModelList &models, const FitState &state, QWidget *parent = nullptr);

    ComparedBy by() const { return m_by; }
    /// Of the model and machine of the state, which are known.
    QVector<ComparedCase> cases() const;
    /// The row that would be taken away; empty: none can be.
    void setRemovable(const QString &name);

signals:
    void changed();

protected:
    void changeEvent(QEvent *event) override;

private:
    QVector<ComparedCase> models() const;
    QVector<ComparedCase> machines() const;
    void setBy(ComparedBy by);
    void fillChoices();
    void add();
    void remove();
    void retranslateUi();

    const Catalog &m_catalog;
    const ModelList &m_models;
    const FitState &m_state;
    std::vector<TypicalMachine> m_typical;
    ComparedBy m_by = ComparedBy::Quantization;
    QStringList m_addedModels;     // keys
    QStringList m_addedGpus;       // names in the catalogue
    QStringList m_removed;         // names of cases
    QString m_removable;

    QLabel *m_label;
    QComboBox *m_kind;
    QComboBox *m_choices;
    QPushButton *m_remove;
};

} // namespace plimsoll::app
