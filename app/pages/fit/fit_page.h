// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "bridge/engine_types.h"
#include "models/advice.h"
#include "pages/fit/fit_state.h"

#include <QUndoStack>
#include <QVector>
#include <QWidget>

class QLabel;
class QPushButton;
class QVBoxLayout;

namespace plimsoll::app {

class Adviser;
class BudgetTable;
class Card;
class ContextCard;
class Dialogs;
class LayerStrip;
class MemoryBar;
class OffloadControl;
class PlainTable;
class RequestBar;
class ScenarioCard;
class ShareMenu;
class SuggestionList;
class VerdictBanner;
class WhyCard;

/// Does this model fit this machine? What it takes, where it goes, how fast it will be; and the button that launches it.
class FitPage : public QWidget
{
    Q_OBJECT

public:
    /// Both outlive the page.
    FitPage(const Catalog &catalog, Dialogs &dialogs, QWidget *parent = nullptr);

    const FitState &state() const { return m_state; }
    const ModelList &models() const { return m_models; }
    ModelList *modelList() { return &m_models; }
    /// What is asked, without a trace in the history.
    void setRequest(const FitRequest &request);
    /// The same as a step of the history.
    void edit(const FitRequest &request);
    QUndoStack *history() { return &m_history; }
    void setMachine(const Machine &machine);
    /// Reads the file elsewhere, then shows its plan; openFailed() where it cannot be read.
    void openFile(const QString &path);
    /// A plan that was saved: as edit(), once its model's file was read, if it is one.
    void openRequest(const FitRequest &request);
    /// True while a file is being read.
    bool opening() const { return m_opening > 0; }
    /// True while what would help is being worked out.
    bool advising() const;

signals:
    void openRequested();
    void opened(const QString &path);
    void openFailed(const plimsoll::Error &error);
    void machineRequested();
    void compareRequested();
    /// Another machine is to be pretended.
    void machineProposed(const plimsoll::Machine &machine);
    void thisComputerProposed();
    /// So much is to be kept free on each GPU.
    void reserveProposed(plimsoll::Bytes reserve);
    /// Something could not be done; a whole sentence.
    void failed(const QString &sentence);
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
    void readFile(FitRequest request, bool thenLaunch);
    void fileRead(const Result<ModelEntry> &result, FitRequest request, bool thenLaunch);
    FitRequest asking(const QString &path) const;
    void showPlan();
    void showBars();
    void showAdvice(const Advice &advice, const Plan &plan);
    void apply(const Change &change);
    void chooseOffload(OffloadMode mode, uint32_t layers);
    void moveLayer(int layer);
    void retranslateUi();

    const Catalog &m_catalog;
    ModelList m_models;
    FitState m_state;
    QUndoStack m_history;
    std::vector<Change> m_changes;   // that help the present plan, as far as they are known
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
    SuggestionList *m_suggestions;
    WhyCard *m_why;
    ContextCard *m_context;
    ScenarioCard *m_scenario;
    ShareMenu *m_share;
    QPushButton *m_compare;
    Card *m_tableCard;
    BudgetTable *m_table;
    PlainTable *m_tableView;
    Adviser *m_adviser;
};

} // namespace plimsoll::app
