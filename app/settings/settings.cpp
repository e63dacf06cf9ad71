// SPDX-License-Identifier: GPL-3.0-or-later
#include "settings.h"

#include <QDir>
#include <QFile>
#include <QStandardPaths>
#include <QStringDecoder>

#include <cmath>

namespace plimsoll::app {

namespace {

constexpr qint64 longestFile = 4 << 20;

bool knownLanguage(const QString &code)
{
    const QStringList known{QString(), QStringLiteral("ru"), QStringLiteral("zh_CN"), QStringLiteral("de"), QStringLiteral("en")};
    return known.contains(code);
}

bool knownTheme(const QString &theme)
{
    return QStringList{QStringLiteral("system"), QStringLiteral("light"), QStringLiteral("dark"), QStringLiteral("contrast")}.contains(
        theme);
}

bool shortText(const QString &text) { return text.size() <= 4096; }
bool shortList(const QStringList &list) { return list.size() <= 100; }
bool contextInRange(const int &tokens) { return tokens >= 1 && tokens <= 1 << 24; }
bool temperatureInRange(const double &value) { return std::isfinite(value) && value >= 0 && value <= 2; }
bool reserveInRange(const double &gibibytes) { return std::isfinite(gibibytes) && gibibytes >= 0 && gibibytes <= mostReserve.gib(); }
bool answerInRange(const int &tokens) { return tokens >= 1 && tokens <= 1 << 20; }

/// Text that an INI file can be: UTF-8 without control characters, of a sane length.
bool plausible(const QString &path)
{
    QFile file(path);
    if (!file.exists())
        return true;
    if (file.size() > longestFile || !file.open(QIODevice::ReadOnly))
        return false;
    const QByteArray bytes = file.readAll();
    QStringDecoder decoder(QStringDecoder::Utf8);
    const QString text = decoder(bytes);
    return !decoder.hasError() && !text.contains(QChar(0));
}

/// Appends the new name to `moved`. What cannot be moved stays, and is read as far as it goes.
void moveAside(const QString &path, QStringList &moved)
{
    const QString aside = path + QStringLiteral(".damaged");
    QFile::remove(aside);
    if (QFile::rename(path, aside))
        moved << aside;
}

template <typename T>
bool readable(const QVariant &value)
{
    return value.isValid() && value.canConvert<T>();
}

/// INI files hold text; QVariant turns text that is no number into 0, which must not pass for a choice.
template <>
bool readable<int>(const QVariant &value)
{
    bool ok = false;
    value.toInt(&ok);
    return ok;
}

template <>
bool readable<double>(const QVariant &value)
{
    bool ok = false;
    value.toDouble(&ok);
    return ok;
}

} // namespace

namespace setting {

const Setting<QString> language{"window/language", QString(), Scope::Preference, knownLanguage};
const Setting<QString> theme{"window/theme", QStringLiteral("system"), Scope::Preference, knownTheme};
const Setting<double> vramReserve{"hardware/vramReserve", 0.5, Scope::Preference, reserveInRange};
const Setting<QString> enginePath{"files/engine", QString(), Scope::Preference, shortText};
const Setting<QString> dataFolder{"files/dataFolder", QString(), Scope::Preference, shortText};
const Setting<QByteArray> windowGeometry{"window/geometry", QByteArray(), Scope::State};
const Setting<QByteArray> windowState{"window/state", QByteArray(), Scope::State};
const Setting<QString> page{"window/page", QString(), Scope::State, shortText};
const Setting<QString> modelFolder{"files/modelFolder", QString(), Scope::State, shortText};
const Setting<QStringList> recentModels{"files/recentModels", QStringList(), Scope::State, shortList};
const Setting<QStringList> recentPlans{"files/recentPlans", QStringList(), Scope::State, shortList};
const Setting<QString> fitModel{"fit/model", QString(), Scope::State, shortText};
const Setting<QString> fitQuantization{"fit/quantization", QString(), Scope::State, shortText};
const Setting<int> fitContext{"fit/context", 4096, Scope::State, contextInRange};
const Setting<QString> fitKvType{"fit/kvType", QStringLiteral("f16"), Scope::State, shortText};
const Setting<double> temperature{"run/temperature", 0.8, Scope::Preference, temperatureInRange};
const Setting<int> maxTokens{"run/maxTokens", 512, Scope::Preference, answerInRange};
const Setting<QString> pretendedMachine{"hardware/pretended", QString(), Scope::State};

} // namespace setting

Settings::Settings(const QString &folder)
{
    m_folder = folder.isEmpty() ? QStandardPaths::writableLocation(QStandardPaths::AppConfigLocation) : folder;
    QDir().mkpath(m_folder);
    m_preferences = open(m_folder + QStringLiteral("/settings.ini"));
    m_state = open(m_folder + QStringLiteral("/state.ini"));
}

std::unique_ptr<QSettings> Settings::open(const QString &path)
{
    if (!plausible(path))
        moveAside(path, m_damaged);
    auto file = std::make_unique<QSettings>(path, QSettings::IniFormat);
    if (file->status() == QSettings::FormatError) {
        file.reset();
        moveAside(path, m_damaged);
        file = std::make_unique<QSettings>(path, QSettings::IniFormat);
    }
    return file;
}

template <typename T>
T Settings::value(const Setting<T> &setting) const
{
    const QVariant stored = of(setting.scope).value(QLatin1String(setting.key));
    if (!readable<T>(stored))
        return setting.fallback;
    const T value = stored.value<T>();
    return !setting.valid || setting.valid(value) ? value : setting.fallback;
}

template <typename T>
void Settings::set(const Setting<T> &setting, const T &value)
{
    of(setting.scope).setValue(QLatin1String(setting.key), QVariant::fromValue(value));
}

bool Settings::save()
{
    m_preferences->sync();
    m_state->sync();
    return m_preferences->status() == QSettings::NoError && m_state->status() == QSettings::NoError;
}

template QString Settings::value(const Setting<QString> &) const;
template QStringList Settings::value(const Setting<QStringList> &) const;
template QByteArray Settings::value(const Setting<QByteArray> &) const;
template int Settings::value(const Setting<int> &) const;
template double Settings::value(const Setting<double> &) const;
template void Settings::set(const Setting<QString> &, const QString &);
template void Settings::set(const Setting<QStringList> &, const QStringList &);
template void Settings::set(const Setting<QByteArray> &, const QByteArray &);
template void Settings::set(const Setting<int> &, const int &);
template void Settings::set(const Setting<double> &, const double &);

Bytes reserveOf(const Settings &settings)
{
    return {static_cast<uint64_t>(settings.value(setting::vramReserve) * gib(1).value)};
}

void setReserve(Settings &settings, Bytes reserve)
{
    settings.set(setting::vramReserve, reserve.gib());
}

} // namespace plimsoll::app
