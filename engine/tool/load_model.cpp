// SPDX-License-Identifier: Apache-2.0
#include "load_model.h"

#include "progress.h"
#include "text.h"

#include <nlohmann/json.hpp>

#include <ostream>

namespace plimsoll::engine {

Result<std::unique_ptr<Session>> loadModel(const Context &context, const std::string &path, const RunArguments &arguments,
    const Interruption &interruption, uint32_t outputs)
{
    LoadOptions options;
    options.run.context = 0;
    options.run.batch = 0;
    options.run.threads = 0;
    options.run.outputs = outputs;
    options.run.stateSnapshots = 0;   // nothing comes after the one text
    if (const Status status = arguments.apply(options.run); !status)
        return status.error();
    Progress progress("loading", !context.json);
    options.progress = progress.function();
    options.cancel = interruption.flag();
    return Session::load(path, std::move(options));
}

nlohmann::json toJson(const MemoryReport &memory)
{
    return {{"predicted", {{"owned", memory.predictedOwned}, {"mapped", memory.predictedMapped}}},
        {"actual", {{"owned", memory.actualOwned}, {"mapped", memory.actualMapped}}}};
}

void printMemory(std::ostream &out, const MemoryReport &memory)
{
    Table table({"RAM", "Predicted", "Actual"});
    table.row({"mapped", toText(Bytes{memory.predictedMapped}), toText(Bytes{memory.actualMapped})});
    table.row({"owned", toText(Bytes{memory.predictedOwned}), toText(Bytes{memory.actualOwned})});
    table.print(out);
}

} // namespace plimsoll::engine
