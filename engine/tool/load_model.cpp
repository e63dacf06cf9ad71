// SPDX-License-Identifier: Apache-2.0
#include "load_model.h"

#include "progress.h"
#include "text.h"

#include <ostream>

namespace plimsoll::engine {

Result<std::unique_ptr<Session>> loadModel(Context &context, const std::string &path, const RunArguments &arguments,
    const DeviceArguments &devices, const Interruption &interruption, uint32_t outputs)
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
    options.place = devices.placing(context);
    return Session::load(path, std::move(options));
}

void printMemory(std::ostream &out, const MemoryReport &memory)
{
    Table table({"Memory", "Predicted", "Actual"});
    table.row({"RAM, mapped", toText(Bytes{memory.predictedMapped}), toText(Bytes{memory.actualMapped})});
    table.row({"RAM, owned", toText(Bytes{memory.predictedOwned}), toText(Bytes{memory.actualOwned})});
    if (memory.onDisk > 0)
        table.row({"Left on disk", toText(Bytes{memory.onDisk}), "-"});
    for (const DeviceMemoryReport &device : memory.devices)
        table.row({printable(device.name), toText(Bytes{device.predicted}), toText(Bytes{device.actual})});
    table.print(out);
}

void printLoading(std::ostream &out, const LoadReport &loading)
{
    if (loading.bytes > 0)
        out << "Weights read\t" << toText(Bytes{loading.bytes}) << " in " << rateNumber(loading.seconds) << " s, "
            << rateNumber(Bandwidth{loading.bytesPerSecond()}.gbPerSecond()) << " GB/s\n";
}

} // namespace plimsoll::engine
