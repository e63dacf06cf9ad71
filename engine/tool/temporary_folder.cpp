// SPDX-License-Identifier: Apache-2.0
#include "temporary_folder.h"

#include <random>

namespace plimsoll::engine {

TemporaryFolder::TemporaryFolder()
{
    std::error_code code;
    const std::filesystem::path parent = std::filesystem::temp_directory_path(code);
    std::random_device random;
    for (int attempt = 0; attempt < 16 && !code; ++attempt) {
        const std::filesystem::path candidate = parent / ("plimsoll-" + std::to_string(random()) + std::to_string(random()));
        if (std::filesystem::create_directory(candidate, code)) {   // false where it was there already
            m_path = candidate;
            return;
        }
    }
}

TemporaryFolder::~TemporaryFolder()
{
    std::error_code ignored;
    if (!m_path.empty())
        std::filesystem::remove_all(m_path, ignored);
}

} // namespace plimsoll::engine
