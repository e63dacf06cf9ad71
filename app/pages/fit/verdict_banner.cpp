// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/fit/verdict_banner.h"

#include "bridge/format.h"
#include "bridge/sentences.h"
#include "pages/fit/fit_state.h"
#include "shell/icons.h"

#include <QAccessible>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QVBoxLayout>

namespace plimsoll::app {

namespace {

Glyph glyphOf(Tone tone)
{
    switch (tone) {
    case Tone::Good: return Glyph::Check;
    case Tone::Caution: return Glyph::Caution;
    case Tone::Bad: return Glyph::Cross;
    case Tone::Neutral: return Glyph::Question;
    }
    return Glyph::Question;
}

QLabel *textLabel(QWidget *parent)
{
    auto *label = new QLabel(parent);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    return label;
}

} // namespace

VerdictBanner::VerdictBanner(QWidget *parent)
    : QFrame(parent), m_icon(new QLabel(this)), m_title(textLabel(this)), m_sentence(textLabel(this)), m_speed(textLabel(this)),
      m_launch(new QPushButton(this)), m_buttons(new QVBoxLayout), m_row(new QHBoxLayout(this))
{
    m_title->setObjectName(QStringLiteral("verdictTitle"));
    m_sentence->setObjectName(QStringLiteral("verdictSentence"));
    m_speed->setObjectName(QStringLiteral("predictedSpeed"));
    m_launch->setObjectName(QStringLiteral("launch"));
    m_launch->setProperty("primary", true);
    QFont large = font();
    large.setPointSizeF(large.pointSizeF() * 1.3);
    large.setWeight(QFont::DemiBold);
    m_title->setFont(large);
    m_icon->setFixedSize(30, 30);

    auto *words = new QVBoxLayout;
    words->setSpacing(3);
    words->addWidget(m_title);
    words->addWidget(m_sentence);
    words->addWidget(m_speed);
    words->addStretch(1);
    m_row->setContentsMargins(18, 14, 18, 14);
    m_row->setSpacing(14);
    m_row->addWidget(m_icon, 0, Qt::AlignTop);
    m_row->addLayout(words, 1);
    m_buttons->setSpacing(8);
    m_buttons->addWidget(m_launch);
    m_buttons->addStretch(1);
    m_row->addLayout(m_buttons);
}

void VerdictBanner::addBelowLaunch(QWidget *widget)
{
    m_buttons->insertWidget(m_buttons->count() - 1, widget);
}

void VerdictBanner::addBeside(QWidget *widget)
{
    m_row->addWidget(widget, 0, Qt::AlignTop);
}

QString VerdictBanner::title() const
{
    return m_title->text();
}

QString VerdictBanner::sentence() const
{
    return m_sentence->text();
}

/// What it is to do, where it runs; else what would come of trying.
QString VerdictBanner::speedOf(const Plan &plan)
{
    if (plan.verdict == Verdict::DoesNotFit)
        return Sentences::ofRunningAnyway(plan);
    const QString decode = format::tokenRate(plan.decode);
    if (!plan.decode.known())
        return {};
    return plan.prefill.known() ? tr("Predicted: generation %1, prompt processing %2.").arg(decode, format::tokenRate(plan.prefill))
                                : tr("Predicted: generation %1.").arg(decode);
}

void VerdictBanner::show(const FitState &state)
{
    if (state.plan()) {
        const Plan &plan = *state.plan();
        setTone(toneOf(plan.verdict));
        setTexts(Sentences::title(plan.verdict), Sentences::of(plan), speedOf(plan));
    } else if (state.error().code != ErrorCode::None) {
        setTone(Tone::Bad);
        setTexts(tr("This cannot be planned"), Sentences::of(state.error()), {});
    } else if (state.model().shape) {
        setTone(Tone::Neutral);
        setTexts(tr("Looking at this computer…"), tr("What it has is not known yet. You can pretend other hardware meanwhile."), {});
    } else {
        setTone(Tone::Neutral);
        setTexts(tr("No model chosen"), tr("Choose a model above, or open a GGUF file."), {});
    }
    m_launch->setEnabled(state.model().shape != nullptr);
    const bool anyway = state.plan() && state.plan()->verdict == Verdict::DoesNotFit && !state.machine().pretended;
    if (state.model().local() || !state.model().shape)
        m_launch->setText(anyway ? tr("Run anyway") : tr("Launch"));
    else
        m_launch->setText(anyway ? tr("Run anyway…") : tr("Launch…"));
    m_launch->setToolTip(anyway ? Sentences::ofRunningAnyway(*state.plan())
            : state.model().local() ? tr("Load this file into memory and run it.")
                                    : tr("Asks for the GGUF file of this model, then loads and runs it."));
}

void VerdictBanner::setTone(Tone tone)
{
    m_tone = tone;
    const QColor colour = ink(tone, isDark(palette()));
    QPalette coloured = palette();
    coloured.setColor(QPalette::WindowText, colour);
    m_title->setPalette(coloured);
    m_icon->setPixmap(icon(glyphOf(tone), colour).pixmap(QSize(26, 26), devicePixelRatioF()));
    update();
}

void VerdictBanner::setTexts(const QString &title, const QString &sentence, const QString &speed)
{
    const bool news = title != m_title->text();
    m_title->setText(title);
    m_sentence->setText(sentence);
    m_speed->setText(speed);
    m_speed->setVisible(!speed.isEmpty());
    setAccessibleName(title);
    setAccessibleDescription(sentence);
    if (news) {
        QAccessibleEvent announcement(this, QAccessible::Alert);
        QAccessible::updateAccessibility(&announcement);
    }
}

void VerdictBanner::paintEvent(QPaintEvent *)
{
    const bool dark = isDark(palette());
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    QColor edge = ink(m_tone, dark);
    edge.setAlphaF(0.35f);
    painter.setPen(edge);
    painter.setBrush(wash(m_tone, dark));
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8);
}

void VerdictBanner::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::PaletteChange)
        setTone(m_tone);
    QFrame::changeEvent(event);
}

} // namespace plimsoll::app
