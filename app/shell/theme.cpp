// SPDX-License-Identifier: GPL-3.0-or-later
#include "shell/theme.h"

#include "charts/palette.h"
#include "shell/plimsoll_style.h"

#include <QApplication>
#include <QFont>

#include <algorithm>

namespace plimsoll::app {

namespace {

struct Colours
{
    QRgb window, base, alternate, button, text, muted, border, accent, onAccent, tooltip;
};

constexpr Colours lightColours{0xfff4f6f8, 0xffffffff, 0xfff6f8fa, 0xffffffff, 0xff1a2128, 0xff5b6772, 0xffd3d9e0, 0xff0b64ad, 0xffffffff,
    0xff28313a};
constexpr Colours darkColours{0xff181b1f, 0xff212529, 0xff262b30, 0xff2c3238, 0xffe6eaee, 0xffa3adb8, 0xff3c444d, 0xff62aee8, 0xff0a1118,
    0xff39424b};

constexpr Colours contrastColours{0xff000000, 0xff000000, 0xff141414, 0xff000000, 0xffffffff, 0xffe6e6e6, 0xffffffff, 0xffffe14d,
    0xff000000, 0xff000000 };

QPalette paletteOf(const Colours &c, bool dark)
{
    const auto colour = [](QRgb rgb) { return QColor::fromRgb(rgb); };
    QPalette p(colour(c.text), colour(c.button), colour(dark ? 0xff4a535d : 0xffffffff), colour(dark ? 0xff0e1114 : 0xff9aa4af),
        colour(c.border), colour(c.text), colour(0xffffffff), colour(c.base), colour(c.window));
    p.setColor(QPalette::AlternateBase, colour(c.alternate));
    p.setColor(QPalette::Midlight, colour(dark ? 0xff343b42 : 0xffe7ebef));
    p.setColor(QPalette::Mid, colour(c.border));
    p.setColor(QPalette::Shadow, colour(dark ? 0xff000000 : 0xff8a949e));
    p.setColor(QPalette::PlaceholderText, colour(c.muted));
    p.setColor(QPalette::Highlight, colour(c.accent));
    p.setColor(QPalette::HighlightedText, colour(c.onAccent));
    p.setColor(QPalette::Link, colour(c.accent));
    p.setColor(QPalette::LinkVisited, colour(c.accent));
    p.setColor(QPalette::ToolTipBase, colour(c.tooltip));
    p.setColor(QPalette::ToolTipText, colour(0xffffffff));
    const QColor faint = colour(dark ? 0xff6d7680 : 0xff98a2ac);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText, QPalette::HighlightedText})
        p.setColor(QPalette::Disabled, role, faint);
    p.setColor(QPalette::Disabled, QPalette::Highlight, colour(c.border));
    p.setColor(QPalette::Disabled, QPalette::Button, colour(c.window));
    return p;
}

} // namespace

Theme::Theme(QObject *parent) : QObject(parent)
{
    QApplication::setStyle(new PlimsollStyle);
    QFont font = QApplication::font();
    // Without the second family Chinese would fall back to Japanese shapes of the same characters.
    font.setFamilies({QStringLiteral("Noto Sans"), QStringLiteral("Noto Sans CJK SC")});
    if (font.pointSizeF() < 10)
        font.setPointSizeF(10);
    QApplication::setFont(font);
    apply();
}

const QStringList &Theme::names()
{
    static const QStringList all{QStringLiteral("system"), QStringLiteral("light"), QStringLiteral("dark"), QStringLiteral("contrast")};
    return all;
}

QString Theme::title(const QString &name)
{
    switch (std::max(names().indexOf(name), qsizetype{0})) {
    case 1: return tr("Light");
    case 2: return tr("Dark");
    case 3: return tr("High contrast");
    default: return tr("As the system");
    }
}

void Theme::use(const QString &name)
{
    m_mode = static_cast<Mode>(std::max(names().indexOf(name), qsizetype{0}));
    apply();
}

QString Theme::choice() const
{
    return names()[static_cast<int>(m_mode)];
}

void Theme::followSystem()
{
    if (m_mode == Mode::System)
        apply();
}

QPalette Theme::palette(bool dark)
{
    return paletteOf(dark ? darkColours : lightColours, dark);
}

QPalette Theme::contrastPalette()
{
    return paletteOf(contrastColours, true);
}

void Theme::apply()
{
    m_dark = m_mode == Mode::Dark || m_mode == Mode::Contrast;
    if (m_mode == Mode::System) {
        // An empty palette uncovers the platform's; its luminance says what the user chose there.
        QApplication::setPalette(QPalette());
        m_dark = isDark(QApplication::palette());
    }
    QApplication::setPalette(m_mode == Mode::Contrast ? contrastPalette() : palette(m_dark));
    emit changed();
}

} // namespace plimsoll::app
