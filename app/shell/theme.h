// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QPalette>
#include <QString>
#include <QStringList>

namespace plimsoll::app {

/// Light, dark, of high contrast, or as the system is. Sets the application's style, palette and font; widgets hear of a change by
/// PaletteChange.
class Theme : public QObject
{
    Q_OBJECT

public:
    enum class Mode { System, Light, Dark, Contrast };

    explicit Theme(QObject *parent = nullptr);

    /// "system", "light", "dark", "contrast": in the order of Mode.
    static const QStringList &names();
    /// As people read it.
    static QString title(const QString &name);
    /// One of names(); anything else counts as "system".
    void use(const QString &name);
    QString choice() const;
    bool dark() const { return m_dark; }

    /// The system's own palette may have changed: look again.
    void followSystem();

    static QPalette palette(bool dark);
    static QPalette contrastPalette();

signals:
    void changed();

private:
    void apply();

    Mode m_mode = Mode::System;
    bool m_dark = false;
};

} // namespace plimsoll::app
