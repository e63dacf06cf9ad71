// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/model_outlooks.h"

#include <QTimer>
#include <QWidget>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace plimsoll::app {

class Card;
class FitState;
class ModelFilter;
class PlainTable;

/// Which model? All of the catalogue and the files that were opened, with how each does on the machine; searched, filtered, sorted.
class ModelsPage : public QWidget
{
    Q_OBJECT

public:
    /// All outlive the page. `models` is the list that the Fit page picks from.
    ModelsPage(const Catalog &catalog, ModelList *models, const FitState &state, QWidget *parent = nullptr);

    /// True until how the models do is worked out for the present machine.
    bool busy() const { return m_stale || m_later.isActive() || m_outlooks.busy(); }

signals:
    /// A model was chosen; `quantization` is the one that suits it best, where one runs.
    void chosen(const QString &key, std::optional<plimsoll::FileType> quantization);
    void openRequested();

protected:
    void changeEvent(QEvent *event) override;
    void showEvent(QShowEvent *event) override;

private:
    void build();
    void connectParts();
    void stateChanged();
    void find();
    void choose(const QModelIndex &index);
    void showCount();
    void fillFilters();
    static QString capabilityName(const QString &code);
    void retranslateUi();

    const Catalog &m_catalog;
    ModelList *m_models;
    const FitState &m_state;
    ModelOutlooks m_outlooks;
    ModelFilter *m_filter;
    QTimer m_later;
    QString m_question;      // what was asked last
    bool m_stale = true;

    QLineEdit *m_search;
    QComboBox *m_language;
    QComboBox *m_capability;
    QCheckBox *m_onlyRunning;
    QPushButton *m_open;
    QPushButton *m_use;
    QLabel *m_count;
    Card *m_card;
    PlainTable *m_table;
};

} // namespace plimsoll::app
