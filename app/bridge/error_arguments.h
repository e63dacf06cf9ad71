// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "format.h"

#include <plimsoll/result/error.h>

#include <QDir>
#include <QString>

/// The arguments of an error as they stand in a sentence. One that is missing or empty reads as a dash.
namespace plimsoll::app {

inline QString textArgument(const Error &error, size_t index)
{
    if (index >= error.arguments.size() || error.arguments[index].empty())
        return format::unknown();
    return QString::fromStdString(error.arguments[index]).simplified().left(500);
}

inline QString pathArgument(const Error &error, size_t index)
{
    return QDir::toNativeSeparators(textArgument(error, index));
}

inline QString bytesArgument(const Error &error, size_t index)
{
    bool ok = false;
    const quint64 bytes = textArgument(error, index).toULongLong(&ok);
    return ok ? format::memory({bytes}) : textArgument(error, index);
}

inline QString countArgument(const Error &error, size_t index)
{
    bool ok = false;
    const quint64 number = textArgument(error, index).toULongLong(&ok);
    return ok ? format::count(number) : textArgument(error, index);
}

} // namespace plimsoll::app
