// SPDX-License-Identifier: Apache-2.0
#include "selftest.h"
#include "subcommand.h"
#include "text.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <iostream>

namespace plimsoll::engine {
namespace {

struct SelftestOptions
{
};

int runSelftest(Context &context, const SelftestOptions &)
{
    SelftestResults results;
    checkKernels(results);
    checkBrokenFiles(results);
    checkModels(results);
    const auto failed = std::count_if(results.begin(), results.end(), [](const SelftestResult &r) { return !r.passed; });
    if (context.json) {
        nlohmann::json json = {{"passed", failed == 0}, {"checks", nlohmann::json::array()}};
        for (const SelftestResult &result : results)
            json["checks"].push_back({{"name", result.name}, {"passed", result.passed}, {"detail", result.detail}});
        printJson(json);
    } else {
        Table table({"Check", "", "Figure"});
        table.left(1).left(2);
        for (const SelftestResult &result : results)
            table.row({result.name, result.passed ? "ok" : "FAILED", printable(result.detail)});
        table.print(std::cout);
        std::cout << '\n' << results.size() - static_cast<size_t>(failed) << " of " << results.size() << " checks passed\n";
    }
    return finished() == exitOk && failed == 0 ? exitOk : exitFailure;
}

} // namespace

void addSelftest(const Command &app, Context &context)
{
    addSubcommand<SelftestOptions>(app, context, "selftest", "Check kernels, files and models on this machine", runSelftest);
}

} // namespace plimsoll::engine
