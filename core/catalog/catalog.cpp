// SPDX-License-Identifier: Apache-2.0
#include "catalog.h"

#include "name_match.h"

#include <cstdlib>
#include <filesystem>

namespace plimsoll {

namespace {

constexpr size_t namesSuggested = 5;

template <typename Entry, typename Names>
Result<const Entry *> look(const std::vector<Entry> &entries, std::string_view wanted, ErrorCode unknown, Names names)
{
    const std::string key = comparableName(wanted);
    const std::string bareKey = bareName(key);
    if (!key.empty()) {
        for (const auto same : {&sameName, &sameBareName}) {
            for (const Entry &entry : entries) {
                for (const std::string &name : names(entry)) {
                    if (same(comparableName(name), key, bareKey))
                        return &entry;
                }
            }
        }
    }
    std::vector<std::string> known;
    for (const Entry &entry : entries)
        known.push_back(names(entry).front());
    return Error{unknown, {std::string(wanted), nearestNames(wanted, known, namesSuggested)}};
}

} // namespace

Result<const CatalogModel *> Catalog::model(std::string_view id) const
{
    return look(models, id, ErrorCode::UnknownModel, [](const CatalogModel &m) { return std::vector<std::string>{m.id, m.name}; });
}

Result<const CatalogGpu *> Catalog::gpu(std::string_view name) const
{
    return look(gpus, name, ErrorCode::UnknownGpu, [](const CatalogGpu &g) {
        std::vector<std::string> names{g.name};
        names.insert(names.end(), g.aliases.begin(), g.aliases.end());
        return names;
    });
}

std::vector<const CatalogModel *> Catalog::siblings(std::string_view id) const
{
    const auto word = [](const std::string &text) { return text.substr(0, text.find('-')); };
    std::vector<const CatalogModel *> found;
    if (const auto entry = model(id)) {
        for (const CatalogModel &each : models) {
            if (word(each.id) == word((*entry)->id))
                found.push_back(&each);
        }
    }
    return found;
}

std::string catalogFolder(const std::string &programPath)
{
    namespace fs = std::filesystem;
    std::vector<fs::path> candidates;
    if (const char *resources = std::getenv("PLIMSOLL_RESOURCES"))
        candidates.push_back(fs::path(resources) / "catalog");
    const fs::path folder = fs::path(programPath).parent_path();
    candidates.push_back(folder / "catalog");
    candidates.push_back(folder / ".." / "share" / "plimsoll" / "catalog");
    // A build folder inside the source tree: up from there.
    fs::path above = folder;
    for (int level = 0; level < 5 && !above.empty(); ++level) {
        candidates.push_back(above / "resources" / "catalog");
        if (above == above.parent_path())
            break;
        above = above.parent_path();
    }
    std::error_code ignored;
    for (const fs::path &candidate : candidates) {
        if (fs::is_regular_file(candidate / "models.json", ignored))
            return candidate.lexically_normal().string();
    }
    return candidates.front().string();
}

} // namespace plimsoll
