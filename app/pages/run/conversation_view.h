// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QTextEdit>
#include <QTimer>

namespace plimsoll::app {

/// What was said, as plain text. Text that streams in is gathered for a moment and appended; the view follows it only while its
/// end is in sight.
class ConversationView : public QTextEdit
{
    Q_OBJECT

public:
    explicit ConversationView(QWidget *parent = nullptr);

    void setModelName(const QString &name);
    void addPrompt(const QString &text);
    /// Opens the answer that appendAnswer() continues.
    void beginAnswer();
    void appendAnswer(const QString &text);
    /// Shows what is still gathered; an answer without text is marked as such.
    void endAnswer();
    /// Takes back the last prompt and what followed it, and returns the prompt.
    QString takeBackPrompt();
    void clearConversation();
    bool isEmpty() const { return m_turns.isEmpty(); }
    /// All that the model said last.
    QString lastAnswer() const;

protected:
    void changeEvent(QEvent *event) override;

private:
    enum class Speaker { User, Model };
    struct Turn
    {
        Speaker speaker = Speaker::User;
        QString text;
    };

    void addTurn(const Turn &turn);
    void insertHeading(Speaker speaker);
    void insertText(const QString &text);
    void flush();
    void rebuild();
    bool atEnd() const;
    void showEnd();

    QList<Turn> m_turns;
    QString m_modelName;
    QString m_gathered;   // received, not shown yet
    QTimer m_flushTimer;
};

} // namespace plimsoll::app
