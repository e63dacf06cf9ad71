// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace plimsoll::app {

/// Writes UTF-8; the old file stays whole where the new one cannot be written. False then.
bool saveText(const QString &path, const QString &text);

/// The sentence for it.
QString couldNotWrite(const QString &path);

} // namespace plimsoll::app
