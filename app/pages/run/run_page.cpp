// SPDX-License-Identifier: GPL-3.0-or-later
#include "run_page.h"

#include "bridge/format.h"
#include "bridge/sentences.h"
#include "conversation_view.h"
#include "memory_table.h"
#include "pages/notice_strip.h"
#include "prompt_edit.h"
#include "sampling_box.h"
#include "shell/card.h"
#include "speed_table.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QScrollArea>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <cmath>

namespace plimsoll::app {

namespace {

using State = EngineProcess::State;

QPushButton *button(const char *objectName)
{
    auto *result = new QPushButton;
    result->setObjectName(QLatin1String(objectName));
    result->setAutoDefault(false);
    return result;
}

void enlarge(QLabel *label, qreal factor)
{
    QFont font = label->font();
    font.setPointSizeF(font.pointSizeF() * factor);
    font.setWeight(QFont::DemiBold);
    label->setFont(font);
}

/// A text field inside the round corners of a card.
Card *onCard(QAbstractScrollArea *field)
{
    auto *card = new Card;
    card->body()->setContentsMargins(5, 5, 5, 5);
    field->setFrameShape(QFrame::NoFrame);
    card->body()->addWidget(field);
    return card;
}

} // namespace

RunPage::RunPage(EngineProcess *engine, QWidget *parent) : QWidget(parent), m_engine(engine), m_stack(new QStackedWidget)
{
    setObjectName(QStringLiteral("runPage"));
    m_stack->addWidget(buildEmptyPage());
    m_stack->addWidget(buildRunningPage());
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_stack);
    connectEngine();
    connectControls();
    retranslateUi();
}

QWidget *RunPage::buildEmptyPage()
{
    auto *page = new QWidget;
    m_hintTitle = new QLabel;
    m_hint = new QLabel;
    m_choose = button("chooseModel");
    m_choose->setProperty("primary", true);
    enlarge(m_hintTitle, 1.4);
    m_hintTitle->setAlignment(Qt::AlignCenter);
    m_hint->setAlignment(Qt::AlignCenter);
    m_hint->setWordWrap(true);
    m_hint->setMaximumWidth(520);
    m_hint->setMinimumWidth(360);
    auto *layout = new QVBoxLayout(page);
    layout->setSpacing(14);
    layout->addStretch(2);
    layout->addWidget(m_hintTitle, 0, Qt::AlignHCenter);
    // Beside stretches, not aligned: only so the layout gives the wrapped text its height.
    auto *hintRow = new QHBoxLayout;
    hintRow->addStretch(1);
    hintRow->addWidget(m_hint, 100);
    hintRow->addStretch(1);
    layout->addLayout(hintRow);
    layout->addWidget(m_choose, 0, Qt::AlignHCenter);
    layout->addStretch(3);
    return page;
}

QWidget *RunPage::buildRunningPage()
{
    auto *page = new QWidget;
    m_progress = new QProgressBar;
    m_progress->setObjectName(QStringLiteral("loadProgress"));
    m_conversation = new ConversationView;
    m_conversation->setObjectName(QStringLiteral("conversation"));
    buildStrip();
    auto *talk = new QVBoxLayout;
    talk->addWidget(onCard(m_conversation), 1);
    talk->addLayout(buildPromptRow());
    auto *body = new QHBoxLayout;
    body->addLayout(talk, 1);
    body->addWidget(buildSide());
    auto *layout = new QVBoxLayout(page);
    layout->addLayout(buildHeader());
    layout->addWidget(m_progress);
    layout->addWidget(m_strip);
    layout->addLayout(body, 1);
    return page;
}

QLayout *RunPage::buildHeader()
{
    m_modelName = new QLabel;
    m_modelName->setObjectName(QStringLiteral("modelName"));
    m_modelName->setTextFormat(Qt::PlainText);
    m_modelName->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_modelName->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    enlarge(m_modelName, 1.2);
    m_stateText = new QLabel;
    m_stateText->setObjectName(QStringLiteral("engineState"));
    m_newConversation = button("newConversation");
    m_reload = button("reload");
    m_unload = button("unload");
    auto *row = new QHBoxLayout;
    row->addWidget(m_modelName, 1);
    row->addWidget(m_stateText);
    row->addSpacing(12);
    row->addWidget(m_newConversation);
    row->addWidget(m_reload);
    row->addWidget(m_unload);
    return row;
}

QLayout *RunPage::buildPromptRow()
{
    m_prompt = new PromptEdit;
    m_prompt->setObjectName(QStringLiteral("prompt"));
    m_send = button("send");
    m_send->setProperty("primary", true);
    m_stop = button("stop");
    auto *buttons = new QVBoxLayout;
    buttons->addStretch(1);
    buttons->addWidget(m_send);
    buttons->addWidget(m_stop);
    auto *row = new QHBoxLayout;
    row->addWidget(onCard(m_prompt), 1);
    row->addLayout(buttons);
    return row;
}

QWidget *RunPage::buildSide()
{
    m_memory = new MemoryTable;
    m_speed = new SpeedTable;
    m_sampling = new SamplingBox;
    auto *column = new QWidget;
    auto *layout = new QVBoxLayout(column);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_speed);
    layout->addWidget(m_memory);
    layout->addWidget(m_sampling);
    layout->addStretch(1);
    auto *scroll = new QScrollArea;
    scroll->setWidget(column);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setFixedWidth(310);
    return scroll;
}

void RunPage::buildStrip()
{
    m_strip = new NoticeStrip(Tone::Bad);
    m_strip->setObjectName(QStringLiteral("errorStrip"));
    m_tryAgain = button("tryAgain");
    m_chooseAnother = button("chooseAnother");
    m_dismiss = button("dismiss");
    m_strip->addButton(m_tryAgain);
    m_strip->addButton(m_chooseAnother);
    m_strip->addButton(m_dismiss);
    m_strip->hide();
}

void RunPage::connectEngine()
{
    connect(m_engine, &EngineProcess::stateChanged, this, &RunPage::engineStateChanged);
    connect(m_engine, &EngineProcess::loadProgress, this, &RunPage::showProgress);
    connect(m_engine, &EngineProcess::memoryReported, m_memory, &MemoryTable::setFigures);
    connect(m_engine, &EngineProcess::statisticsChanged, m_speed, &SpeedTable::setFigures);
    connect(m_engine, &EngineProcess::promptAccepted, this, [this](const QString &text) {
        m_conversation->addPrompt(text);
        m_conversation->beginAnswer();
        showState();
    });
    connect(m_engine, &EngineProcess::textReceived, m_conversation, &ConversationView::appendAnswer);
    connect(m_engine, &EngineProcess::generationFinished, m_conversation, &ConversationView::endAnswer);
    connect(m_engine, &EngineProcess::failed, this, &RunPage::showError);
}

void RunPage::connectControls()
{
    connect(m_send, &QPushButton::clicked, this, &RunPage::send);
    connect(m_prompt, &PromptEdit::submitted, this, &RunPage::send);
    connect(m_prompt, &QPlainTextEdit::textChanged, this, &RunPage::showState);
    connect(m_stop, &QPushButton::clicked, m_engine, &EngineProcess::stopGeneration);
    connect(m_unload, &QPushButton::clicked, m_engine, &EngineProcess::unload);
    connect(m_newConversation, &QPushButton::clicked, this, &RunPage::newConversation);
    const auto relaunch = [this] { m_engine->launch(LaunchRequest(m_engine->request())); };
    connect(m_reload, &QPushButton::clicked, this, relaunch);
    connect(m_tryAgain, &QPushButton::clicked, this, relaunch);
    connect(m_choose, &QPushButton::clicked, this, &RunPage::chooseModelRequested);
    connect(m_chooseAnother, &QPushButton::clicked, this, &RunPage::chooseModelRequested);
    connect(m_dismiss, &QPushButton::clicked, this, [this] { showError({}); });
    connect(m_sampling, &SamplingBox::changed, this, &RunPage::optionsChanged);
}

GenerateOptions RunPage::options() const
{
    return m_sampling->options();
}

void RunPage::setOptions(const GenerateOptions &options)
{
    m_sampling->setOptions(options);
}

void RunPage::engineStateChanged(EngineProcess::State state)
{
    if (state == State::Starting) {
        m_conversation->clearConversation();
        m_conversation->setModelName(m_engine->request().displayName());
        m_memory->forget();
        m_speed->setFigures({});
        showError({});
    }
    const bool focusIsFree = m_stop->hasFocus() || m_send->hasFocus() || !window()->focusWidget();
    showState();
    if (state == State::Ready && isVisible() && focusIsFree)
        m_prompt->setFocus();
}

void RunPage::showState()
{
    const State state = m_engine->state();
    const bool running = state != State::Idle && state != State::Failed;
    const bool known = !m_engine->request().modelPath.isEmpty();
    m_stack->setCurrentIndex(known && (state != State::Idle || !m_conversation->isEmpty()) ? 1 : 0);
    m_modelName->setText(m_engine->request().displayName());
    m_modelName->setToolTip(m_engine->request().modelPath);
    m_send->setVisible(state != State::Generating);
    m_stop->setVisible(state == State::Generating);
    m_send->setEnabled(state == State::Ready && !m_prompt->toPlainText().trimmed().isEmpty());
    m_newConversation->setEnabled((state == State::Ready || state == State::Idle) && !m_conversation->isEmpty());
    m_unload->setVisible(running);
    m_unload->setEnabled(state != State::Stopping);
    m_reload->setVisible(!running);
    m_progress->setVisible(state == State::Starting || state == State::Loading);
    showProgress();
}

void RunPage::showProgress()
{
    const double fraction = m_engine->progress();
    m_progress->setRange(0, m_engine->state() == State::Starting ? 0 : 1000);
    m_progress->setValue(static_cast<int>(fraction * 1000));
    m_progress->setFormat(format::percent(std::floor(fraction * 100) / 100));
    switch (m_engine->state()) {
    case State::Idle:
        m_stateText->setText(tr("Not loaded"));
        break;
    case State::Starting:
        m_stateText->setText(tr("Starting the engine…"));
        break;
    case State::Loading:
        m_stateText->setText(tr("Loading…"));
        break;
    case State::Ready:
        m_stateText->setText(tr("Ready"));
        break;
    case State::Generating:
        m_stateText->setText(tr("Writing…"));
        break;
    case State::Stopping:
        m_stateText->setText(tr("Unloading…"));
        break;
    case State::Failed:
        m_stateText->setText(tr("Stopped by an error"));
        break;
    }
}

void RunPage::showError(const Error &error)
{
    m_error = error;
    const bool refused = error.code != ErrorCode::None && m_engine->state() == State::Ready;
    if (refused) {
        const QString prompt = m_conversation->takeBackPrompt();
        if (m_prompt->toPlainText().isEmpty())
            m_prompt->setPlainText(prompt);
    }
    m_strip->setText(Sentences::of(error));
    m_strip->setVisible(error.code != ErrorCode::None);
    m_tryAgain->setVisible(!refused);
    m_chooseAnother->setVisible(!refused);
    m_dismiss->setVisible(refused);
    showState();
}

void RunPage::send()
{
    const QString text = m_prompt->toPlainText();
    if (m_engine->state() != State::Ready || text.trimmed().isEmpty())
        return;
    showError({});
    m_prompt->clear();
    m_engine->generate(text, m_sampling->options());
}

void RunPage::newConversation()
{
    m_engine->clearConversation();
    m_conversation->clearConversation();
    m_speed->setFigures({});
    showError({});
    m_prompt->setFocus();
}

void RunPage::retranslateUi()
{
    m_hintTitle->setText(tr("No model is loaded"));
    m_hint->setText(tr("Choose a model and see whether it fits, then launch it. It runs here, on this computer, and nothing leaves it."));
    m_choose->setText(tr("Choose a &model"));
    m_newConversation->setText(tr("&New conversation"));
    m_reload->setText(tr("&Load again"));
    m_unload->setText(tr("&Unload"));
    m_unload->setToolTip(tr("Ends the engine and frees all of its memory."));
    m_tryAgain->setText(tr("Try &again"));
    m_chooseAnother->setText(tr("Choose another &model"));
    m_dismiss->setText(tr("&Close"));
    m_send->setText(tr("&Send"));
    m_send->setToolTip(tr("Enter sends, Shift+Enter starts a new line."));
    m_stop->setText(tr("S&top"));
    m_stop->setToolTip(tr("Ends the answer where it is."));
    m_prompt->setPlaceholderText(tr("Write a message. Enter sends, Shift+Enter starts a new line."));
    m_prompt->setAccessibleName(tr("Message to the model"));
    m_conversation->setAccessibleName(tr("Conversation"));
    m_progress->setAccessibleName(tr("Load progress"));
    m_strip->setText(Sentences::of(m_error));
    showState();
}

void RunPage::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::LanguageChange)
        retranslateUi();
}

} // namespace plimsoll::app
