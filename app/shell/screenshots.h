// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace plimsoll::app {

/// `plimsoll --screenshots FOLDER [MODEL.gguf]`: every page in every language, light and dark, as PNG files in `folder`, of a pretended
/// machine so that they are the same everywhere. With a model the Run page shows it at work. Returns the exit status.
int takeScreenshots(const QString &folder, const QString &modelPath);

} // namespace plimsoll::app
