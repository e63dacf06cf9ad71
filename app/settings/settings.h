// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <plimsoll/units/bytes.h>

#include <QByteArray>
#include <QSettings>
#include <QString>
#include <QStringList>

#include <memory>

namespace plimsoll::app {

/// Preferences are what the user chose, in settings.ini; State is what the program remembers by itself, in state.ini, and may
/// be lost without harm.
enum class Scope { Preference, State };

template <typename T>
struct Setting
{
    const char *key;
    T fallback;
    Scope scope;
    bool (*valid)(const T &) = nullptr;   // what a file brings is used only when this holds; null: anything
};

/// Every setting there is. A value that cannot be read, or is not valid, counts as its fallback.
namespace setting {
extern const Setting<QString> language;            // "" follows the system; ru, zh_CN, de, en
extern const Setting<QString> theme;               // "system", "light", "dark", "contrast"
extern const Setting<double> vramReserve;          // GiB kept free on each GPU
extern const Setting<QString> enginePath;          // empty: found automatically
extern const Setting<QString> dataFolder;          // of the models; empty: modelFolder
extern const Setting<QByteArray> windowGeometry;
extern const Setting<QByteArray> windowState;
extern const Setting<QString> page;                // name of the page last shown
extern const Setting<QString> modelFolder;         // where files were last opened
extern const Setting<QStringList> recentModels;    // paths, latest first
extern const Setting<QStringList> recentPlans;     // paths, latest first
extern const Setting<QString> fitModel;            // catalogue id or path
extern const Setting<QString> fitQuantization;
extern const Setting<int> fitContext;
extern const Setting<QString> fitKvType;
extern const Setting<double> temperature;
extern const Setting<int> maxTokens;
extern const Setting<QString> pretendedMachine;    // JSON of core toJson(Machine); empty: the real one
} // namespace setting

/// The settings of this program, in INI files of one folder. A damaged file is moved aside and the program starts with the
/// fallbacks; damagedFiles() names it so that the user can be told.
class Settings
{
public:
    /// Empty: the configuration folder of the program.
    explicit Settings(const QString &folder = {});

    template <typename T>
    T value(const Setting<T> &setting) const;
    template <typename T>
    void set(const Setting<T> &setting, const T &value);

    /// Where the files are.
    const QString &folder() const { return m_folder; }
    /// Where damaged files were moved to.
    const QStringList &damagedFiles() const { return m_damaged; }
    /// False when the folder cannot be written; values are then kept for this run only.
    bool save();

private:
    std::unique_ptr<QSettings> open(const QString &path);
    QSettings &of(Scope scope) const { return scope == Scope::Preference ? *m_preferences : *m_state; }

    QString m_folder;
    QStringList m_damaged;
    std::unique_ptr<QSettings> m_preferences;
    std::unique_ptr<QSettings> m_state;
};

inline constexpr Bytes mostReserve = gib(64);
/// setting::vramReserve, at most mostReserve.
Bytes reserveOf(const Settings &settings);
void setReserve(Settings &settings, Bytes reserve);

} // namespace plimsoll::app
