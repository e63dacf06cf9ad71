// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "bridge/engine_types.h"
#include "pages/fit/fit_state.h"

#include <QVector>
#include <QWidget>

class QLabel;
class QTableView;
class QVBoxLayout;

namespace plimsoll::app {

class BudgetTable;
class Card;
class LayerStrip;
class MemoryBar;
class OffloadControl;
class RequestBar;
class VerdictBanner;

/// Does this model fit this machine? What it takes, where it goes, how fast it will be; and the button that launches it.
class FitPage : public QWidget
{
    Q_OBJECT

public:
    /// `catalog` outlives the page.
    explicit FitPage(const Catalog &catalog, QWidget *parent = nullptr);

    const FitState &state() const { return m_state; }
    const ModelList &models() const { return m_models; }
    void setRequest(const FitRequest &request);
    void setMachine(const Machine &machine);
    /// Reads the file elsewhere, then shows its plan; openFailed() where it cannot be read.
    void openFile(const QString &path);
    /// True while a file is being read.
    bool opening() const { return m_opening > 0; }

signals:
    void openRequested();
    void opened(const QString &path);
    void openFailed(const plimsoll::Error &error);
    void machineRequested();
    /// The chosen model is of the catalogue: the window asks for its file, then calls launchFile().
    void fileNeeded(const QString &modelName);
    void launchRequested(const plimsoll::app::LaunchRequest &request);
    void requestChanged();

public slots:
    void launch();
    /// Opens the file, then launches it.
    void launchFile(const QString &path);

protected:
    void changeEvent(QEvent *event) override;
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dropEvent(QDropEvent *event) override;

private:
    void build();
    void connectParts();
    void fileRead(const Result<ModelEntry> &result, bool thenLaunch);
    void readFile(const QString &path, bool thenLaunch);
    void showPlan();
    void showBars();
    void showReasons();
    void retranslateUi();

    const Catalog &m_catalog;
    ModelList m_models;
    FitState m_state;
    int m_opening = 0;

    RequestBar *m_requestBar;
    VerdictBanner *m_verdict;
    Card *m_memory;
    QVBoxLayout *m_barLayout;
    QVector<MemoryBar *> m_bars;
    QLabel *m_memoryNote;
    Card *m_layers;
    LayerStrip *m_strip;
    OffloadControl *m_offload;
    Card *m_why;
    QLabel *m_reasons;
    Card *m_tableCard;
    BudgetTable *m_table;
    QTableView *m_tableView;
};

} // namespace plimsoll::app
