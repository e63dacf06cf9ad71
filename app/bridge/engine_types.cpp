// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine_types.h"

#include <QFileInfo>

namespace plimsoll::app {

QString LaunchRequest::displayName() const
{
    return modelName.isEmpty() ? QFileInfo(modelPath).fileName() : modelName;
}

} // namespace plimsoll::app
