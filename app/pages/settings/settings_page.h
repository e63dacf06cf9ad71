// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <plimsoll/units/bytes.h>

#include <QWidget>

class QComboBox;
class QGridLayout;
class QLabel;
class QLineEdit;
class QPushButton;

namespace plimsoll::app {

class Card;
class Dialogs;
class GibBox;
class Language;
class Settings;
class Theme;

/// What the user chooses once: language, appearance, how much VRAM stays free, where the engine and the models are. Every change acts at
/// once.
class SettingsPage : public QWidget
{
    Q_OBJECT

public:
    /// All outlive the page.
    SettingsPage(Settings &settings, Language &language, Theme &theme, Dialogs &dialogs, QWidget *parent = nullptr);

    /// Language, theme or reserve were chosen elsewhere.
    void showChoices();

signals:
    /// So much VRAM is to be kept free on each GPU.
    void reserveChosen(plimsoll::Bytes reserve);
    void engineChanged();

protected:
    void changeEvent(QEvent *event) override;

private:
    /// One line of the form.
    struct Row
    {
        QLabel *label = nullptr;
        QLabel *note = nullptr;
    };

    Row addRow(QWidget *control, QWidget *beside = nullptr);
    void build();
    void connectParts();
    void setFolder(const QString &folder);
    void setEngine(const QString &path);
    void retranslateUi();

    Settings &m_settings;
    Language &m_language;
    Theme &m_theme;
    Dialogs &m_dialogs;

    Card *m_card;
    QGridLayout *m_form;
    QComboBox *m_languages;
    QComboBox *m_themes;
    GibBox *m_reserve;
    QLineEdit *m_engine;
    QPushButton *m_chooseEngine;
    QLineEdit *m_folder;
    QPushButton *m_chooseFolder;
    Row m_languageRow, m_themeRow, m_reserveRow, m_engineRow, m_folderRow;
    QLabel *m_place;
};

} // namespace plimsoll::app
