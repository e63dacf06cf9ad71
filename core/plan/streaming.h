// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "choose.h"

namespace plimsoll {

/// What of a placement is streamed, and to which GPU: the first of those in use that has room for the buffers, from as many tokens as the
/// request says, or as the prediction says that it pays from; nothing where no weights are in RAM, where no GPU has room, or where calls are
/// too small.
Streaming chooseStreaming(const Task &task, const Placement &placement);

/// The machine with room kept for that on its first GPU, so that a placement chosen for it can stream whatever it leaves in RAM.
Machine withRoomToStream(const Task &task);

} // namespace plimsoll
