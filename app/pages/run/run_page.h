// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "bridge/engine_process.h"

#include <plimsoll/result/error.h>

#include <QWidget>

class QLabel;
class QLayout;
class QProgressBar;
class QPushButton;
class QStackedWidget;

namespace plimsoll::app {

class ConversationView;
class MemoryTable;
class NoticeStrip;
class PromptEdit;
class SamplingBox;
class SpeedTable;

/// Shows one engine: its loading, the conversation, its speed and its memory. Launches only again what was launched before; a
/// model is chosen elsewhere.
class RunPage : public QWidget
{
    Q_OBJECT

public:
    /// `engine` outlives the page.
    explicit RunPage(EngineProcess *engine, QWidget *parent = nullptr);

    GenerateOptions options() const;
    void setOptions(const GenerateOptions &options);

signals:
    /// The user wants another model: the window shows the page where one is chosen.
    void chooseModelRequested();
    void optionsChanged();

protected:
    void changeEvent(QEvent *event) override;

private:
    QWidget *buildEmptyPage();
    QWidget *buildRunningPage();
    QLayout *buildHeader();
    QLayout *buildPromptRow();
    QWidget *buildSide();
    void buildStrip();
    void connectEngine();
    void connectControls();
    void retranslateUi();

    void engineStateChanged(EngineProcess::State state);
    void showState();
    void showProgress();
    void showError(const Error &error);
    void send();
    void newConversation();

    EngineProcess *m_engine;
    Error m_error;   // what the strip shows; None: hidden

    QStackedWidget *m_stack;
    QLabel *m_hintTitle;
    QLabel *m_hint;
    QPushButton *m_choose;
    QLabel *m_modelName;
    QLabel *m_stateText;
    QPushButton *m_newConversation;
    QPushButton *m_reload;
    QPushButton *m_unload;
    QProgressBar *m_progress;
    NoticeStrip *m_strip;
    QPushButton *m_tryAgain;
    QPushButton *m_chooseAnother;
    QPushButton *m_dismiss;
    ConversationView *m_conversation;
    MemoryTable *m_memory;
    SpeedTable *m_speed;
    SamplingBox *m_sampling;
    PromptEdit *m_prompt;
    QPushButton *m_send;
    QPushButton *m_stop;
};

} // namespace plimsoll::app
