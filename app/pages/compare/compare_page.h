// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/comparison_table.h"

#include <QTimer>
#include <QWidget>

class QComboBox;
class QLabel;
class QPushButton;
class QSortFilterProxyModel;
class QTableView;

namespace plimsoll::app {

class Card;
class ComparedSet;
class ComparisonChart;
class Dialogs;
class FitState;
class ModelList;
class PlainTable;
class PrecisionTable;

/// Which quantization, which model, or which machine? Side by side as a picture and as a table; the one that is used is marked in both.
class ComparePage : public QWidget
{
    Q_OBJECT

public:
    /// All of these outlive the page.
    ComparePage(const Catalog &catalog, const ModelList &models, const FitState &state, Dialogs &dialogs, QWidget *parent = nullptr);
    ~ComparePage() override;

    const Comparison &comparison() const { return m_table->comparison(); }
    /// True while figures are being computed.
    bool busy() const { return m_running > 0 || m_later.isActive(); }

signals:
    void quantizationChosen(plimsoll::FileType type);
    void modelChosen(const QString &key);
    void machineChosen(const plimsoll::Machine &machine);
    /// What is chosen is to be seen on the Fit page.
    void fitRequested();
    void failed(const QString &sentence);

protected:
    void changeEvent(QEvent *event) override;
    void showEvent(QShowEvent *event) override;

private:
    void build();
    void connectParts();
    void stateChanged();
    void compute();
    void show(const Comparison &comparison);
    void showUsed();
    bool isUsed(const ComparedRow &row) const;
    void showPrecisions();
    void showWords();
    void choose(int row);
    void use();
    void exportFigures();
    void retranslateUi();
    QString recommendation() const;
    QString explanation() const;
    QString qualitySource() const;

    const Catalog &m_catalog;
    const FitState &m_state;
    Dialogs &m_dialogs;
    ComparisonTable *m_table;
    QSortFilterProxyModel *m_sorted;
    QTimer m_later;
    std::shared_ptr<std::atomic<bool>> m_cancel;
    QString m_question;         // what was asked last
    int m_running = 0;
    bool m_stale = true;

    ComparedSet *m_set;
    QLabel *m_subject;
    QLabel *m_advice;
    QComboBox *m_view;
    QPushButton *m_export;
    QPushButton *m_fit;
    Card *m_chartCard;
    ComparisonChart *m_chart;
    QLabel *m_chartNote;
    Card *m_tableCard;
    QTableView *m_tableView;
    Card *m_precisionCard;
    PrecisionTable *m_precisions;
    PlainTable *m_precisionView;
};

} // namespace plimsoll::app
