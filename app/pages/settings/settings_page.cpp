// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/settings/settings_page.h"

#include "bridge/format.h"
#include "pages/gib_box.h"
#include "settings/settings.h"
#include "shell/card.h"
#include "shell/dialogs.h"
#include "shell/language.h"
#include "shell/theme.h"

#include <QComboBox>
#include <QDir>
#include <QEvent>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalBlocker>

#include <initializer_list>

namespace plimsoll::app {

SettingsPage::SettingsPage(Settings &settings, Language &language, Theme &theme, Dialogs &dialogs, QWidget *parent)
    : QWidget(parent), m_settings(settings), m_language(language), m_theme(theme), m_dialogs(dialogs), m_card(new Card(this)),
      m_form(new QGridLayout), m_languages(new QComboBox(this)), m_themes(new QComboBox(this)), m_reserve(new GibBox(this)),
      m_engine(new QLineEdit(this)), m_chooseEngine(new QPushButton(this)), m_folder(new QLineEdit(this)),
      m_chooseFolder(new QPushButton(this)), m_place(new QLabel(this))
{
    build();
    connectParts();
    retranslateUi();
}

/// A label, the control, perhaps a button beside it, and a note below.
SettingsPage::Row SettingsPage::addRow(QWidget *control, QWidget *beside)
{
    Row row{new QLabel(this), new QLabel(this)};
    const int line = m_form->rowCount();
    row.label->setBuddy(control);
    row.note->setWordWrap(true);
    row.note->setForegroundRole(QPalette::PlaceholderText);
    m_form->addWidget(row.label, line, 0);
    m_form->addWidget(control, line, 1);
    if (beside)
        m_form->addWidget(beside, line, 2);
    row.note->hide();   // until it has words
    m_form->addWidget(row.note, line + 1, 1, 1, 2);
    m_form->setRowMinimumHeight(line + 2, 10);
    return row;
}

void SettingsPage::build()
{
    m_languages->setObjectName(QStringLiteral("settingLanguage"));
    m_themes->setObjectName(QStringLiteral("settingTheme"));
    m_reserve->setObjectName(QStringLiteral("settingReserve"));
    m_engine->setObjectName(QStringLiteral("settingEngine"));
    m_chooseEngine->setObjectName(QStringLiteral("chooseEngine"));
    m_folder->setObjectName(QStringLiteral("settingFolder"));
    m_chooseFolder->setObjectName(QStringLiteral("chooseFolder"));
    m_languages->addItem(QString(), QString());
    for (const QString &code : Language::codes())
        m_languages->addItem(Language::nativeName(code), code);
    for (const QString &theme : Theme::names())
        m_themes->addItem(QString(), theme);
    m_reserve->setSingleStep(0.25);
    m_engine->setText(m_settings.value(setting::enginePath));
    m_folder->setText(m_settings.value(setting::dataFolder));

    for (QWidget *control : std::initializer_list<QWidget *>{m_languages, m_themes, m_reserve})
        control->setMaximumWidth(320);
    for (QLineEdit *edit : {m_engine, m_folder})
        edit->setTextMargins(6, 0, 6, 0);

    m_form->setHorizontalSpacing(16);
    m_form->setColumnStretch(1, 1);
    m_languageRow = addRow(m_languages);
    m_themeRow = addRow(m_themes);
    m_reserveRow = addRow(m_reserve);
    m_engineRow = addRow(m_engine, m_chooseEngine);
    m_folderRow = addRow(m_folder, m_chooseFolder);
    m_place->setWordWrap(true);
    m_place->setForegroundRole(QPalette::PlaceholderText);
    m_card->body()->addLayout(m_form);
    m_card->body()->addWidget(m_place);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(24, 20, 24, 20);
    column->addWidget(m_card);
    column->addStretch(1);
}

void SettingsPage::connectParts()
{
    connect(m_languages, &QComboBox::currentIndexChanged, this, [this] { m_language.use(m_languages->currentData().toString()); });
    connect(m_themes, &QComboBox::currentIndexChanged, this, [this] { m_theme.use(m_themes->currentData().toString()); });
    connect(&m_theme, &Theme::changed, this, &SettingsPage::showChoices);
    connect(m_reserve, &GibBox::bytesChanged, this, &SettingsPage::reserveChosen);
    connect(m_engine, &QLineEdit::editingFinished, this, [this] { setEngine(m_engine->text()); });
    connect(m_folder, &QLineEdit::editingFinished, this, [this] { setFolder(m_folder->text()); });
    connect(m_chooseEngine, &QPushButton::clicked, this, [this] {
        if (const QString path = m_dialogs.openDocument(this, m_engine->text(), tr("Programs (*)")); !path.isEmpty())
            setEngine(path);
    });
    connect(m_chooseFolder, &QPushButton::clicked, this, [this] {
        if (const QString path = m_dialogs.chooseFolder(this, m_folder->text()); !path.isEmpty())
            setFolder(path);
    });
}

void SettingsPage::setEngine(const QString &path)
{
    m_engine->setText(path);
    if (path == m_settings.value(setting::enginePath))
        return;
    m_settings.set(setting::enginePath, path);
    emit engineChanged();
}

void SettingsPage::setFolder(const QString &folder)
{
    m_folder->setText(folder);
    m_settings.set(setting::dataFolder, folder);
}

void SettingsPage::showChoices()
{
    const QSignalBlocker quietLanguages(m_languages), quietThemes(m_themes);
    m_languages->setCurrentIndex(m_languages->findData(m_language.choice()));
    m_themes->setCurrentIndex(m_themes->findData(m_theme.choice()));
    m_reserve->setBytes(reserveOf(m_settings), {}, mostReserve);
}

void SettingsPage::retranslateUi()
{
    m_card->setTitle(tr("Settings"));
    m_languageRow.label->setText(tr("Language"));
    m_languages->setAccessibleName(tr("Language"));
    m_languages->setItemText(0, tr("As the system"));
    m_themeRow.label->setText(tr("Appearance"));
    m_themes->setAccessibleName(tr("Appearance"));
    for (int i = 0; i < m_themes->count(); ++i)
        m_themes->setItemText(i, Theme::title(m_themes->itemData(i).toString()));
    m_reserveRow.label->setText(tr("VRAM kept free"));
    m_reserveRow.note->setText(tr("On each GPU. A plan that leaves less is called tight."));
    m_reserve->setAccessibleName(tr("VRAM kept free on each GPU"));
    m_engineRow.label->setText(tr("Engine"));
    m_engineRow.note->setText(tr("The program plimsoll-engine. Empty: the one beside this program."));
    m_engine->setAccessibleName(tr("Path of the engine"));
    m_engine->setPlaceholderText(tr("Found automatically"));
    m_chooseEngine->setText(tr("Choose…"));
    m_chooseEngine->setAccessibleName(tr("Choose the engine"));
    m_folderRow.label->setText(tr("Folder of the models"));
    m_folderRow.note->setText(tr("Where “Open” begins. Empty: where the last file was opened."));
    m_folder->setAccessibleName(tr("Folder of the models"));
    m_folder->setPlaceholderText(tr("The last one used"));
    m_chooseFolder->setText(tr("Choose…"));
    m_chooseFolder->setAccessibleName(tr("Choose the folder of the models"));
    m_place->setText(tr("Settings are kept in %1.").arg(QDir::toNativeSeparators(m_settings.folder())));
    for (const Row &row : {m_languageRow, m_themeRow, m_reserveRow, m_engineRow, m_folderRow})
        row.note->setVisible(!row.note->text().isEmpty());
    showChoices();
}

void SettingsPage::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslateUi();
    QWidget::changeEvent(event);
}

} // namespace plimsoll::app
