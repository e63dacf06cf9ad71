// SPDX-License-Identifier: GPL-3.0-or-later
#include "shell/icons.h"

#include <QApplication>
#include <QIconEngine>
#include <QPainter>
#include <QPainterPath>
#include <QPalette>

namespace plimsoll::app {

namespace {

// All drawings stand in a square of 24 by 24.
using Draw = void (*)(QPainter &);

void drawFit(QPainter &p)
{
    p.drawEllipse(QRectF(6, 6, 12, 12));
    p.drawLine(QPointF(2, 12), QPointF(22, 12));
}

void drawCompare(QPainter &p)
{
    p.drawPolyline(QPolygonF({{3, 3}, {3, 21}, {21, 21}}));
    for (const QPointF &at : {QPointF(8, 15), QPointF(12.5, 9.5), QPointF(18, 6)})
        p.drawEllipse(at, 1.8, 1.8);
}

void drawModels(QPainter &p)
{
    for (const double y : {5.0, 12.0, 19.0}) {
        p.drawEllipse(QPointF(4.5, y), 1.6, 1.6);
        p.drawLine(QPointF(9.5, y), QPointF(21, y));
    }
}

void drawSettings(QPainter &p)
{
    const std::pair<double, double> knobs[]{{5.0, 15.0}, {12.0, 8.0}, {19.0, 17.0}};   // height, place of the knob
    for (const auto &[y, x] : knobs) {
        p.drawLine(QPointF(3, y), QPointF(x - 2.4, y));
        p.drawLine(QPointF(x + 2.4, y), QPointF(21, y));
        p.drawEllipse(QPointF(x, y), 2.4, 2.4);
    }
}

void drawRun(QPainter &p)
{
    QPainterPath bubble;
    bubble.addRoundedRect(QRectF(3, 4, 18, 13), 3, 3);
    QPainterPath tail;
    tail.moveTo(7, 16);
    tail.lineTo(7, 21);
    tail.lineTo(12, 16.5);
    p.drawPath(bubble.united(tail));
    p.drawLine(QPointF(7.5, 9), QPointF(16.5, 9));
    p.drawLine(QPointF(7.5, 12.5), QPointF(13.5, 12.5));
}

void drawHardware(QPainter &p)
{
    p.drawRoundedRect(QRectF(6, 6, 12, 12), 2, 2);
    p.drawRoundedRect(QRectF(9.5, 9.5, 5, 5), 1, 1);
    for (const double at : {9.0, 12.0, 15.0}) {
        p.drawLine(QPointF(at, 2.5), QPointF(at, 6));
        p.drawLine(QPointF(at, 18), QPointF(at, 21.5));
        p.drawLine(QPointF(2.5, at), QPointF(6, at));
        p.drawLine(QPointF(18, at), QPointF(21.5, at));
    }
}

void drawOpen(QPainter &p)
{
    QPainterPath folder;
    folder.moveTo(3, 18.5);
    folder.lineTo(3, 5.5);
    folder.lineTo(9, 5.5);
    folder.lineTo(11, 8);
    folder.lineTo(21, 8);
    folder.lineTo(21, 18.5);
    folder.closeSubpath();
    p.drawPath(folder);
}

void drawPlay(QPainter &p)
{
    p.setBrush(p.pen().color());
    p.drawPolygon(QPolygonF({{8, 5.5}, {18.5, 12}, {8, 18.5}}));
}

void drawStop(QPainter &p)
{
    p.setBrush(p.pen().color());
    p.drawRoundedRect(QRectF(6.5, 6.5, 11, 11), 1.5, 1.5);
}

void drawEject(QPainter &p)
{
    p.drawPolygon(QPolygonF({{5.5, 13.5}, {12, 5.5}, {18.5, 13.5}}));
    p.drawLine(QPointF(5.5, 18), QPointF(18.5, 18));
}

void drawLanguage(QPainter &p)
{
    p.drawEllipse(QRectF(3, 3, 18, 18));
    p.drawEllipse(QRectF(8, 3, 8, 18));
    p.drawLine(QPointF(3, 12), QPointF(21, 12));
}

void drawTheme(QPainter &p)
{
    p.drawEllipse(QRectF(4, 4, 16, 16));
    QPainterPath half;
    half.moveTo(12, 4);
    half.arcTo(QRectF(4, 4, 16, 16), 90, 180);
    p.fillPath(half, p.pen().color());
}

void drawSearch(QPainter &p)
{
    p.drawEllipse(QRectF(3.5, 3.5, 12.5, 12.5));
    p.drawLine(QPointF(14.8, 14.8), QPointF(20.5, 20.5));
}

void drawCheck(QPainter &p)
{
    p.drawEllipse(QRectF(2.5, 2.5, 19, 19));
    p.drawPolyline(QPolygonF({{7.5, 12.5}, {10.8, 15.8}, {16.5, 8.8}}));
}

void drawCaution(QPainter &p)
{
    p.drawPolygon(QPolygonF({{12, 3}, {22, 20.5}, {2, 20.5}}));
    p.drawLine(QPointF(12, 9.5), QPointF(12, 14.5));
    p.drawPoint(QPointF(12, 17.6));
}

void drawCross(QPainter &p)
{
    p.drawEllipse(QRectF(2.5, 2.5, 19, 19));
    p.drawLine(QPointF(8.5, 8.5), QPointF(15.5, 15.5));
    p.drawLine(QPointF(15.5, 8.5), QPointF(8.5, 15.5));
}

void drawQuestion(QPainter &p)
{
    p.drawEllipse(QRectF(2.5, 2.5, 19, 19));
    QPainterPath hook;
    hook.moveTo(9, 9.5);
    hook.cubicTo(9, 5.5, 15, 5.5, 15, 9.5);
    hook.cubicTo(15, 12, 12, 11.8, 12, 14.3);
    p.drawPath(hook);
    p.drawPoint(QPointF(12, 17.4));
}

void drawInfo(QPainter &p)
{
    p.drawEllipse(QRectF(2.5, 2.5, 19, 19));
    p.drawLine(QPointF(12, 11), QPointF(12, 16.8));
    p.drawPoint(QPointF(12, 7.4));
}

Draw drawing(Glyph glyph)
{
    switch (glyph) {
    case Glyph::Fit: return drawFit;
    case Glyph::Compare: return drawCompare;
    case Glyph::Models: return drawModels;
    case Glyph::Settings: return drawSettings;
    case Glyph::Run: return drawRun;
    case Glyph::Hardware: return drawHardware;
    case Glyph::Open: return drawOpen;
    case Glyph::Play: return drawPlay;
    case Glyph::Stop: return drawStop;
    case Glyph::Eject: return drawEject;
    case Glyph::Language: return drawLanguage;
    case Glyph::Theme: return drawTheme;
    case Glyph::Search: return drawSearch;
    case Glyph::Check: return drawCheck;
    case Glyph::Caution: return drawCaution;
    case Glyph::Cross: return drawCross;
    case Glyph::Question: return drawQuestion;
    case Glyph::Info: return drawInfo;
    }
    return drawQuestion;
}

class GlyphEngine : public QIconEngine
{
public:
    GlyphEngine(Glyph glyph, const QColor &colour) : m_glyph(glyph), m_colour(colour) {}

    void paint(QPainter *painter, const QRect &rect, QIcon::Mode mode, QIcon::State state) override
    {
        const QPalette palette = QApplication::palette();
        QColor colour = m_colour.isValid() ? m_colour : palette.color(QPalette::WindowText);
        if (mode == QIcon::Disabled)
            colour = palette.color(QPalette::Disabled, QPalette::WindowText);
        else if (!m_colour.isValid() && (mode == QIcon::Selected || state == QIcon::On))
            colour = palette.color(QPalette::Highlight);
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        // A size wider than high leaves its rest empty: the gap between a drawing and the words after it.
        const int side = qMin(rect.width(), rect.height());
        painter->translate(rect.topLeft());
        painter->scale(side / 24.0, side / 24.0);
        painter->setPen(QPen(colour, 1.7, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        painter->setBrush(Qt::NoBrush);
        drawing(m_glyph)(*painter);
        painter->restore();
    }

    QPixmap pixmap(const QSize &size, QIcon::Mode mode, QIcon::State state) override
    {
        QPixmap pixmap(size);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        paint(&painter, QRect(QPoint(0, 0), size), mode, state);
        return pixmap;
    }

    QIconEngine *clone() const override { return new GlyphEngine(*this); }

private:
    Glyph m_glyph;
    QColor m_colour;
};

} // namespace

QIcon icon(Glyph glyph, const QColor &colour)
{
    return QIcon(new GlyphEngine(glyph, colour));
}

QIcon programIcon()
{
    return icon(Glyph::Fit, QColor(0x0b, 0x64, 0xad));
}

} // namespace plimsoll::app
