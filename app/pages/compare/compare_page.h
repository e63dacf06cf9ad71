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
class ComparisonChart;
class Dialogs;
class FitState;

/// Which quantization? All of one model's on one machine, as a picture and as a table; the one that is used is marked in both.
class ComparePage : public QWidget
{
    Q_OBJECT

public:
    /// All of these outlive the page.
    ComparePage(const Catalog &catalog, const FitState &state, Dialogs &dialogs, QWidget *parent = nullptr);
    ~ComparePage() override;

    const Comparison &comparison() const { return m_table->comparison(); }
    /// True while figures are being computed.
    bool busy() const { return m_running > 0 || m_later.isActive(); }

signals:
    void quantizationChosen(plimsoll::FileType type);
    /// The chosen quantization is to be seen on the Fit page.
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
    void showWords();
    void choose(int row);
    void exportFigures();
    void retranslateUi();
    QString recommendation() const;
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
};

} // namespace plimsoll::app
