// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "session.h"

#include <nlohmann/json_fwd.hpp>

namespace plimsoll::engine {

/// `{"predicted":{"owned":…,"mapped":…},"actual":{…}}`, bytes; `"disk"` where weights stay there; other devices in use as
/// `"devices":[{"name":…,"predicted":…,…}]`.
nlohmann::json toJson(const MemoryReport &memory);

/// `{"bytes":…,"seconds":…,"bytesPerSecond":…}`
nlohmann::json toJson(const LoadReport &loading);

} // namespace plimsoll::engine
