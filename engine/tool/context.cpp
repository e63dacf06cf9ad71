// SPDX-License-Identifier: Apache-2.0
#include "context.h"

#include "messages.h"

#include <nlohmann/json.hpp>

#include <iostream>

namespace plimsoll::engine {

Result<const Catalog *> Context::catalog()
{
    if (!m_catalog) {
        auto loaded = loadCatalog(catalogFolder(programPath));
        if (!loaded)
            return loaded.error();
        m_catalog = std::make_unique<Catalog>(std::move(*loaded));
    }
    return m_catalog.get();
}

int finished()
{
    std::cout.flush();
    return std::cout ? exitOk : exitFailure;
}

int printJson(const nlohmann::json &json)
{
    std::cout << json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
    return finished();
}

nlohmann::json toJson(const Error &error)
{
    return {{"code", codeName(error.code)}, {"arguments", error.arguments}, {"message", sentence(error)}};
}

int fail(const Context &context, const Error &error)
{
    std::cerr << sentence(error) << '\n';
    if (context.json)
        printJson({{"error", toJson(error)}});
    return exitFailure;
}

} // namespace plimsoll::engine
