// SPDX-License-Identifier: GPL-3.0-or-later
#include "shell/plimsoll_style.h"

#include "charts/palette.h"
#include "shell/icons.h"

#include <QApplication>
#include <QPainter>
#include <QPainterPath>
#include <QPushButton>
#include <QStyleFactory>
#include <QStyleOption>

namespace plimsoll::app {

namespace {

constexpr double radius = 5;
constexpr int controlHeight = 32;

bool enabled(const QStyleOption *option)
{
    return option->state & QStyle::State_Enabled;
}

bool primary(const QWidget *widget)
{
    return widget && widget->property("primary").toBool();
}

QColor blend(const QColor &a, const QColor &b, double share)
{
    const auto mix = [share](float x, float y) { return static_cast<float>(x * (1 - share) + y * share); };
    return QColor::fromRgbF(mix(a.redF(), b.redF()), mix(a.greenF(), b.greenF()), mix(a.blueF(), b.blueF()));
}

QColor border(const QStyleOption *option)
{
    return option->palette.color(QPalette::Mid);
}

void box(QPainter *painter, const QRect &rect, const QColor &fill, const QColor &line, double width = 1, double corner = radius)
{
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setBrush(fill.isValid() ? QBrush(fill) : QBrush(Qt::NoBrush));
    painter->setPen(line.isValid() ? QPen(line, width) : QPen(Qt::NoPen));
    const double inset = width / 2;
    painter->drawRoundedRect(QRectF(rect).adjusted(inset, inset, -inset, -inset), corner, corner);
    painter->restore();
}

// A text field, spin box or combo box: the accent frames it while it has the focus.
void field(QPainter *painter, const QStyleOption *option, const QRect &rect)
{
    const bool focus = option->state & QStyle::State_HasFocus;
    const bool hover = enabled(option) && (option->state & QStyle::State_MouseOver);
    const QColor line = focus ? option->palette.color(QPalette::Highlight)
                              : (hover ? blend(border(option), option->palette.color(QPalette::Text), 0.3) : border(option));
    box(painter, rect, option->palette.color(enabled(option) ? QPalette::Base : QPalette::Window), line, focus ? 2 : 1);
}

void chevron(QPainter *painter, const QRect &rect, bool up, const QColor &colour)
{
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(QPen(colour, 1.5, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    const QPointF c = QRectF(rect).center();
    const double h = up ? -2 : 2;
    painter->drawPolyline(QPolygonF({{c.x() - 4, c.y() - h}, {c.x(), c.y() + h}, {c.x() + 4, c.y() - h}}));
    painter->restore();
}

void drawButton(const QStyleOption *option, QPainter *painter, const QWidget *widget)
{
    const QPalette &p = option->palette;
    const bool pressed = option->state & (QStyle::State_Sunken | QStyle::State_On);
    const bool hover = enabled(option) && (option->state & QStyle::State_MouseOver);
    QColor fill = p.color(QPalette::Button);
    QColor line = border(option);
    if (primary(widget) && enabled(option)) {
        fill = p.color(QPalette::Highlight);
        line = QColor();
    }
    if (pressed || hover)
        fill = blend(fill, p.color(QPalette::WindowText), pressed ? 0.14 : 0.07);
    box(painter, option->rect, fill, line);
}

void drawSlider(const QStyleOptionSlider *slider, QPainter *painter, const QRect &groove, const QRect &handle)
{
    const QPalette &p = slider->palette;
    const QColor accent = p.color(enabled(slider) ? QPalette::Active : QPalette::Disabled, QPalette::Highlight);
    const QRect track(groove.left(), groove.center().y() - 2, groove.width(), 4);
    box(painter, track, p.color(QPalette::Mid), {}, 0, 2);
    QRect done = track;
    if (slider->direction == Qt::RightToLeft)
        done.setLeft(handle.center().x());
    else
        done.setRight(handle.center().x());
    box(painter, done, accent, {}, 0, 2);
    const bool focus = slider->state & QStyle::State_HasFocus;
    const QRect knob(handle.center() - QPoint(8, 8), QSize(17, 17));
    if (focus)
        box(painter, knob.adjusted(-3, -3, 3, 3), {}, accent, 1.5, 11.5);
    box(painter, knob, p.color(QPalette::Base), accent, 2, 8.5);
}

// A scroll bar without buttons at its ends.
QRect scrollBarPart(const QStyleOptionComplex *option, QStyle::SubControl part)
{
    const auto *bar = qstyleoption_cast<const QStyleOptionSlider *>(option);
    if (!bar || part == QStyle::SC_ScrollBarAddLine || part == QStyle::SC_ScrollBarSubLine)
        return {};
    const QRect all = option->rect;
    const bool horizontal = bar->orientation == Qt::Horizontal;
    const int length = horizontal ? all.width() : all.height();
    const qint64 range = qint64(bar->maximum) - bar->minimum;
    const int share = range == 0 ? length : static_cast<int>(qint64(length) * bar->pageStep / (range + bar->pageStep));
    const int handle = qBound(qMin(36, length), share, length);
    const int start = QStyle::sliderPositionFromValue(bar->minimum, bar->maximum, bar->sliderPosition, length - handle, bar->upsideDown);
    const auto along = [&](int from, int size) {
        return horizontal ? QRect(all.left() + from, all.top(), size, all.height())
                          : QRect(all.left(), all.top() + from, all.width(), size);
    };
    switch (part) {
    case QStyle::SC_ScrollBarSlider: return along(start, handle);
    case QStyle::SC_ScrollBarSubPage: return along(0, start);
    case QStyle::SC_ScrollBarAddPage: return along(start + handle, length - start - handle);
    default: return all;
    }
}

} // namespace

PlimsollStyle::PlimsollStyle() : QProxyStyle(QStyleFactory::create(QStringLiteral("Fusion"))) {}

void PlimsollStyle::drawPrimitive(PrimitiveElement element, const QStyleOption *option, QPainter *painter, const QWidget *widget) const
{
    const QPalette &p = option->palette;
    switch (element) {
    case PE_PanelButtonCommand: drawButton(option, painter, widget); return;
    case PE_PanelLineEdit:
        if (const auto *frame = qstyleoption_cast<const QStyleOptionFrame *>(option); frame && frame->lineWidth > 0)
            field(painter, option, option->rect);
        return;
    case PE_FrameLineEdit: return;
    case PE_FrameFocusRect:
        box(painter, option->rect, {}, p.color(QPalette::Highlight), 1.5, 4);
        return;
    case PE_PanelButtonTool:
        if (option->state & (State_On | State_Sunken))
            box(painter, option->rect, blend(p.color(QPalette::Window), p.color(QPalette::Highlight), 0.16), {}, 0, 6);
        else if (enabled(option) && (option->state & State_MouseOver))
            box(painter, option->rect, blend(p.color(QPalette::Window), p.color(QPalette::WindowText), 0.06), {}, 0, 6);
        return;
    case PE_IndicatorRadioButton: {
        const QRect dot(option->rect.center() - QPoint(7, 7), QSize(16, 16));
        const bool on = option->state & State_On;
        const QColor accent = enabled(option) ? p.color(QPalette::Highlight) : p.color(QPalette::Disabled, QPalette::Text);
        box(painter, dot, p.color(QPalette::Base), on ? accent : blend(border(option), p.color(QPalette::Text), 0.35), on ? 5 : 1.2, 8);
        return;
    }
    case PE_IndicatorCheckBox: {
        const QRect square(option->rect.center() - QPoint(7, 7), QSize(16, 16));
        const bool on = option->state & State_On;
        const QColor accent = enabled(option) ? p.color(QPalette::Highlight) : p.color(QPalette::Disabled, QPalette::Text);
        const QColor edge = on ? QColor() : blend(border(option), p.color(QPalette::Text), 0.35);
        box(painter, square, on ? accent : p.color(QPalette::Base), edge, 1.2, 3.5);
        if (on) {
            painter->save();
            painter->setRenderHint(QPainter::Antialiasing);
            painter->setPen(QPen(p.color(QPalette::HighlightedText), 1.8, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
            const QPointF o = square.topLeft();
            painter->drawPolyline(QPolygonF({o + QPointF(4, 8.3), o + QPointF(6.8, 11), o + QPointF(12, 5.2)}));
            painter->restore();
        }
        return;
    }
    case PE_Frame:
        if (const auto *frame = qstyleoption_cast<const QStyleOptionFrame *>(option); frame && frame->lineWidth > 0)
            box(painter, option->rect, {}, border(option), 1, radius);
        return;
    case PE_FrameStatusBarItem: return;
    default: QProxyStyle::drawPrimitive(element, option, painter, widget);
    }
}

void PlimsollStyle::drawControl(ControlElement element, const QStyleOption *option, QPainter *painter, const QWidget *widget) const
{
    const QPalette &p = option->palette;
    switch (element) {
    case CE_PushButtonLabel:
        if (const auto *button = qstyleoption_cast<const QStyleOptionButton *>(option); button && primary(widget) && enabled(option)) {
            QStyleOptionButton copy = *button;
            copy.palette.setColor(QPalette::ButtonText, p.color(QPalette::HighlightedText));
            QProxyStyle::drawControl(element, &copy, painter, widget);
            return;
        }
        break;
    case CE_ProgressBarGroove: box(painter, option->rect, p.color(QPalette::Midlight), {}, 0, 4); return;
    case CE_HeaderSection:
        painter->fillRect(option->rect, p.color(QPalette::AlternateBase));
        painter->setPen(border(option));
        painter->drawLine(option->rect.bottomLeft(), option->rect.bottomRight());
        return;
    default: break;
    }
    QProxyStyle::drawControl(element, option, painter, widget);
}

void PlimsollStyle::drawComplexControl(
    ComplexControl control, const QStyleOptionComplex *option, QPainter *painter, const QWidget *widget) const
{
    const QColor arrow = option->palette.color(enabled(option) ? QPalette::Normal : QPalette::Disabled, QPalette::Text);
    if (control == CC_ComboBox) {
        field(painter, option, option->rect);
        chevron(painter, proxy()->subControlRect(control, option, SC_ComboBoxArrow, widget), false, arrow);
        return;
    }
    if (control == CC_SpinBox) {
        field(painter, option, option->rect);
        chevron(painter, proxy()->subControlRect(control, option, SC_SpinBoxUp, widget), true, arrow);
        chevron(painter, proxy()->subControlRect(control, option, SC_SpinBoxDown, widget), false, arrow);
        return;
    }
    const auto *slider = qstyleoption_cast<const QStyleOptionSlider *>(option);
    if (control == CC_ScrollBar && slider) {
        const QPalette &p = option->palette;
        const bool active = option->state & (State_MouseOver | State_Sunken);
        painter->fillRect(option->rect, p.color(QPalette::Window));
        box(painter, proxy()->subControlRect(control, option, SC_ScrollBarSlider, widget).adjusted(3, 3, -3, -3),
            blend(p.color(QPalette::Mid), p.color(QPalette::WindowText), active ? 0.45 : 0.15), {}, 0, 3.5);
        return;
    }
    const auto *button = qstyleoption_cast<const QStyleOptionToolButton *>(option);
    if (control == CC_ToolButton && button && (button->features & QStyleOptionToolButton::HasMenu)) {
        // The small arrow of a menu button is left out: what it shows is its current choice.
        QStyleOptionToolButton plain = *button;
        plain.features &= ~QStyleOptionToolButton::ToolButtonFeatures(QStyleOptionToolButton::HasMenu);
        QProxyStyle::drawComplexControl(control, &plain, painter, widget);
        return;
    }
    if (control == CC_Slider && slider && slider->orientation == Qt::Horizontal) {
        drawSlider(slider, painter, proxy()->subControlRect(control, option, SC_SliderGroove, widget),
            proxy()->subControlRect(control, option, SC_SliderHandle, widget));
        return;
    }
    QProxyStyle::drawComplexControl(control, option, painter, widget);
}

QRect PlimsollStyle::subControlRect(
    ComplexControl control, const QStyleOptionComplex *option, SubControl subControl, const QWidget *widget) const
{
    const QRect all = option->rect;
    if (control == CC_ScrollBar)
        return scrollBarPart(option, subControl);
    if (control == CC_ComboBox) {
        if (subControl == SC_ComboBoxArrow)
            return visualRect(option->direction, all, QRect(all.right() - 25, all.top(), 22, all.height()));
        if (subControl == SC_ComboBoxEditField)
            return visualRect(option->direction, all, all.adjusted(9, 3, -26, -3));
    }
    if (control == CC_SpinBox) {
        const int half = all.height() / 2;
        if (subControl == SC_SpinBoxUp)
            return visualRect(option->direction, all, QRect(all.right() - 23, all.top() + 3, 20, half - 3));
        if (subControl == SC_SpinBoxDown)
            return visualRect(option->direction, all, QRect(all.right() - 23, all.top() + half, 20, half - 3));
        if (subControl == SC_SpinBoxEditField)
            return visualRect(option->direction, all, all.adjusted(7, 3, -25, -3));
    }
    return QProxyStyle::subControlRect(control, option, subControl, widget);
}

QSize PlimsollStyle::sizeFromContents(ContentsType type, const QStyleOption *option, const QSize &size, const QWidget *widget) const
{
    const QSize result = QProxyStyle::sizeFromContents(type, option, size, widget);
    // All that stand in one row are of one height.
    const int height = qMax(controlHeight, option->fontMetrics.height() + 12);
    switch (type) {
    case CT_PushButton: return {result.width() + 18, height};
    case CT_ComboBox: return {size.width() + 44, height};
    case CT_SpinBox: return {result.width() + 10, height};
    case CT_LineEdit: return {result.width() + 8, height};
    case CT_Slider: return {result.width(), qMax(result.height(), 26)};
    default: return result;
    }
}

int PlimsollStyle::pixelMetric(PixelMetric metric, const QStyleOption *option, const QWidget *widget) const
{
    switch (metric) {
    case PM_ButtonShiftHorizontal:
    case PM_ButtonShiftVertical: return 0;
    case PM_SliderLength:
    case PM_SliderThickness:
    case PM_SliderControlThickness: return 24;
    case PM_ScrollBarExtent: return 13;
    case PM_LayoutHorizontalSpacing: return 10;
    case PM_LayoutVerticalSpacing: return 8;
    default: return QProxyStyle::pixelMetric(metric, option, widget);
    }
}

QIcon PlimsollStyle::standardIcon(StandardPixmap name, const QStyleOption *option, const QWidget *widget) const
{
    const bool dark = widget ? isDark(widget->palette()) : isDark(QApplication::palette());
    switch (name) {
    case SP_MessageBoxWarning: return icon(Glyph::Caution, ink(Tone::Caution, dark));
    case SP_MessageBoxCritical: return icon(Glyph::Cross, ink(Tone::Bad, dark));
    case SP_MessageBoxQuestion: return icon(Glyph::Question, ink(Tone::Neutral, dark));
    case SP_MessageBoxInformation: return icon(Glyph::Info, ink(Tone::Neutral, dark));
    default: return QProxyStyle::standardIcon(name, option, widget);
    }
}

int PlimsollStyle::styleHint(StyleHint hint, const QStyleOption *option, const QWidget *widget, QStyleHintReturn *data) const
{
    switch (hint) {
    case SH_Slider_AbsoluteSetButtons: return Qt::LeftButton;   // a click goes there instead of one page towards it
    case SH_ComboBox_Popup: return 0;
    default: return QProxyStyle::styleHint(hint, option, widget, data);
    }
}

} // namespace plimsoll::app
