// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fields.h"

#include <plimsoll/engine/text/chat.h>

namespace plimsoll::engine {

/// Reads "messages", "tools" and "chat_template_kwargs" of /v1/chat/completions; what is wrong is noted in `fields`.
Conversation readConversation(Fields &fields);

} // namespace plimsoll::engine
