// SPDX-License-Identifier: Apache-2.0
#include "progress.h"

#include <unistd.h>

namespace plimsoll::engine {

bool errorIsTerminal()
{
    return isatty(STDERR_FILENO) == 1;
}

} // namespace plimsoll::engine
