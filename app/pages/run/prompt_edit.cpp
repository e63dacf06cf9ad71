// SPDX-License-Identifier: GPL-3.0-or-later
#include "prompt_edit.h"

#include <QEvent>
#include <QKeyEvent>

#include <algorithm>

namespace plimsoll::app {

namespace {

constexpr int fewestLines = 2;
constexpr int mostLines = 8;

} // namespace

PromptEdit::PromptEdit(QWidget *parent) : QPlainTextEdit(parent)
{
    setTabChangesFocus(true);
    document()->setDocumentMargin(6);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(document(), &QTextDocument::blockCountChanged, this, &PromptEdit::fitHeight);
    fitHeight();
}

QSize PromptEdit::sizeHint() const
{
    const int lines = std::clamp(blockCount(), fewestLines, mostLines);
    const int margins = 2 * frameWidth() + static_cast<int>(2 * document()->documentMargin());
    return {QPlainTextEdit::sizeHint().width(), lines * fontMetrics().lineSpacing() + margins + 2};
}

void PromptEdit::fitHeight()
{
    setFixedHeight(sizeHint().height());
}

void PromptEdit::keyPressEvent(QKeyEvent *event)
{
    const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (enter && !(event->modifiers() & Qt::ShiftModifier)) {
        event->accept();
        emit submitted();
        return;
    }
    QPlainTextEdit::keyPressEvent(event);
}

void PromptEdit::changeEvent(QEvent *event)
{
    QPlainTextEdit::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        fitHeight();
}

} // namespace plimsoll::app
