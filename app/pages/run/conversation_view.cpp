// SPDX-License-Identifier: GPL-3.0-or-later
#include "conversation_view.h"

#include <QEvent>
#include <QScrollBar>
#include <QTextBlock>
#include <QTextCursor>

namespace plimsoll::app {

namespace {

constexpr int flushEvery = 33;   // ms

} // namespace

ConversationView::ConversationView(QWidget *parent) : QTextEdit(parent)
{
    setReadOnly(true);
    setUndoRedoEnabled(false);
    setAcceptRichText(false);
    setTabChangesFocus(true);
    setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    document()->setDocumentMargin(12);
    m_flushTimer.setSingleShot(true);
    m_flushTimer.setInterval(flushEvery);
    connect(&m_flushTimer, &QTimer::timeout, this, &ConversationView::flush);
}

void ConversationView::setModelName(const QString &name)
{
    m_modelName = name;
}

void ConversationView::addPrompt(const QString &text)
{
    flush();
    addTurn({Speaker::User, text});
    showEnd();
}

void ConversationView::beginAnswer()
{
    flush();
    addTurn({Speaker::Model, QString()});
    showEnd();
}

void ConversationView::appendAnswer(const QString &text)
{
    if (m_turns.isEmpty() || m_turns.last().speaker != Speaker::Model)
        return;
    // Many vocabularies begin an answer with a space.
    QString &answer = m_turns.last().text;
    const QString shown = answer.isEmpty() && !text.isEmpty() && text.front().isSpace() ? text.mid(1) : text;
    answer += shown;
    m_gathered += shown;
    if (!m_flushTimer.isActive())
        m_flushTimer.start();
}

void ConversationView::endAnswer()
{
    flush();
    if (!m_turns.isEmpty() && m_turns.last().speaker == Speaker::Model && m_turns.last().text.isEmpty())
        rebuild();
}

QString ConversationView::takeBackPrompt()
{
    m_gathered.clear();
    while (!m_turns.isEmpty() && m_turns.last().speaker == Speaker::Model)
        m_turns.removeLast();
    const QString prompt = m_turns.isEmpty() ? QString() : m_turns.takeLast().text;
    rebuild();
    return prompt;
}

void ConversationView::clearConversation()
{
    m_turns.clear();
    m_gathered.clear();
    clear();
}

QString ConversationView::lastAnswer() const
{
    return m_turns.isEmpty() || m_turns.last().speaker != Speaker::Model ? QString() : m_turns.last().text;
}

void ConversationView::addTurn(const Turn &turn)
{
    m_turns.append(turn);
    insertHeading(turn.speaker);
    insertText(turn.text);
}

void ConversationView::insertHeading(Speaker speaker)
{
    QTextCursor cursor(document());
    cursor.movePosition(QTextCursor::End);
    QTextBlockFormat block;
    block.setTopMargin(document()->isEmpty() ? 0 : 14);
    QTextCharFormat bold;
    bold.setFontWeight(QFont::DemiBold);
    //: Heads what the user wrote in the conversation with a model.
    const QString name = speaker == Speaker::User ? tr("You") : m_modelName;
    if (document()->isEmpty())
        cursor.setBlockFormat(block);
    else
        cursor.insertBlock(block);
    cursor.insertText(name, bold);
    QTextBlockFormat body;
    body.setTopMargin(2);
    cursor.insertBlock(body, QTextCharFormat());
}

void ConversationView::insertText(const QString &text)
{
    QTextCursor cursor(document());
    cursor.movePosition(QTextCursor::End);
    cursor.insertText(text);
}

void ConversationView::flush()
{
    m_flushTimer.stop();
    if (m_gathered.isEmpty())
        return;
    const bool follow = atEnd();
    insertText(m_gathered);
    m_gathered.clear();
    if (follow)
        showEnd();
}

void ConversationView::rebuild()
{
    const bool follow = atEnd();
    const int position = verticalScrollBar()->value();
    m_gathered.clear();
    clear();
    for (qsizetype i = 0; i < m_turns.size(); ++i) {
        const Turn &turn = m_turns.at(i);
        insertHeading(turn.speaker);
        const bool silent = turn.speaker == Speaker::Model && turn.text.isEmpty();
        insertText(silent ? tr("(The model gave no text.)") : turn.text);
    }
    if (follow)
        showEnd();
    else
        verticalScrollBar()->setValue(position);
}

bool ConversationView::atEnd() const
{
    return verticalScrollBar()->value() >= verticalScrollBar()->maximum() - 4;
}

void ConversationView::showEnd()
{
    verticalScrollBar()->setValue(verticalScrollBar()->maximum());
}

void ConversationView::changeEvent(QEvent *event)
{
    QTextEdit::changeEvent(event);
    if (event->type() == QEvent::LanguageChange)
        rebuild();
}

} // namespace plimsoll::app
