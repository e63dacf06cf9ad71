// SPDX-License-Identifier: Apache-2.0
#include "machine_report.h"
#include "messages.h"
#include "options.h"
#include "subcommand.h"

#include <plimsoll/engine/probe/remembered_overhead.h>
#include <plimsoll/layout/backend_traits.h>

#include <nlohmann/json.hpp>

#include <chrono>
#include <iostream>
#include <thread>

namespace plimsoll::engine {
namespace {

struct DevicesOptions
{
    bool measure = false;
    std::string watch;
    std::string count;
    std::string nvml;
    std::string plugin;
};

nlohmann::json namesOf(const std::vector<GgmlType> &types)
{
    nlohmann::json names = nlohmann::json::array();
    for (GgmlType type : types)
        names.push_back(name(type));
    return names;
}

nlohmann::json traitsJson(const BackendTraits &traits)
{
    return {{"name", traits.name}, {"bufferAlignment", traits.bufferAlignment}, {"arenaAlignment", traits.arenaAlignment},
        {"mapsWeights", traits.mapsWeights}, {"weightRowPadding", traits.weightRowPadding}, {"formats", namesOf(traits.formats)},
        {"kvTypes", namesOf(traits.kvTypes)}, {"activationBlockElements", traits.activationBlockElements},
        {"activationBlockBytes", traits.activationBlockBytes}, {"workspacePerThread", traits.workspacePerThread},
        {"workspacePerThreadPerCell", traits.workspacePerThreadPerCell}, {"workspaceFixed", traits.workspaceFixed}};
}

nlohmann::json backendsJson(const Probe &probe)
{
    nlohmann::json backends = nlohmann::json::array({traitsJson(cpuTraits())});
    if (!probe.cudaNotice()) {
        nlohmann::json cuda = traitsJson(cudaTraits());
        const Status cublas = probe.cublas();
        cuda["cublas"] = cublas ? nlohmann::json(true) : nlohmann::json(toJson(cublas.error()));
        backends.push_back(std::move(cuda));
    }
    return backends;
}

/// What changes from moment to moment, one line.
nlohmann::json readingJson(const Machine &machine)
{
    nlohmann::json gpus = nlohmann::json::array();
    const nlohmann::json whole = toJson(machine);
    for (const nlohmann::json &gpu : whole.at("gpus")) {
        nlohmann::json reading;
        for (const char *key :
            {"name", "uuid", "total", "free", "temperatureC", "powerW", "clockMHz", "utilization", "processes"}) {
            if (gpu.contains(key))
                reading[key] = gpu.at(key);
        }
        gpus.push_back(std::move(reading));
    }
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return {{"time", std::chrono::duration<double>(now).count()}, {"ram", whole.at("ram")}, {"gpus", std::move(gpus)}};
}

int watchDevices(const Probe &probe, Machine machine, double seconds, uint64_t count)
{
    const Interruption interruption;
    const auto slice = std::chrono::milliseconds(50);
    for (uint64_t reading = 0; count == 0 || reading < count; ++reading) {
        const auto next = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
        while (reading > 0 && !*interruption.flag() && std::chrono::steady_clock::now() < next)
            std::this_thread::sleep_for(slice);
        if (*interruption.flag())
            break;
        probe.refresh(machine);
        std::cout << readingJson(machine).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
        if (finished() != exitOk)
            return exitFailure;
    }
    return exitOk;
}

void printNotices(const Probe &probe, const Machine &machine)
{
    if (probe.cudaNotice())
        std::cout << '\n' << sentence(*probe.cudaNotice()) << '\n';
    else if (const Status cublas = probe.cublas(); !cublas)
        std::cout << '\n' << sentence(cublas.error()) << '\n';
    if (probe.cudaNotice() && !machine.gpus.empty())
        std::cout << "The fit check counts the GPUs above all the same.\n";
}

int runDevices(Context &context, const DevicesOptions &options)
{
    const auto seconds = options.watch.empty() ? Result<double>(0.0) : realFrom("--watch", options.watch, 0.05, 3600);
    if (!seconds)
        return fail(context, seconds.error());
    const auto count = options.count.empty() ? Result<uint64_t>(uint64_t{0}) : countFrom("--count", options.count, 1, UINT32_MAX);
    if (!count)
        return fail(context, count.error());

    ProbeOptions probing;
    const auto catalog = context.catalog();   // GPUs can be listed without it
    probing.catalog = catalog ? *catalog : nullptr;
    probing.overheadFile = overheadFile();
    probing.cudaPlugin = options.plugin;
    if (!options.nvml.empty())
        probing.nvmlLibrary = options.nvml;
    const Probe probe(probing);
    Machine machine = probe.machine();
    if (!options.watch.empty())
        return watchDevices(probe, std::move(machine), *seconds, *count);
    if (options.measure)
        measureThoroughly(machine);
    else
        measureQuickly(machine);

    if (context.json) {
        nlohmann::json json = toJson(machine);
        json["backends"] = backendsJson(probe);
        json["notice"] = probe.cudaNotice() ? toJson(*probe.cudaNotice()) : nlohmann::json();
        return printJson(json);
    }
    printMachine(std::cout, machine);
    printNotices(probe, machine);
    return finished();
}

} // namespace

void addDevices(const Command &app, Context &context)
{
    auto [command, options] = addSubcommand<DevicesOptions>(app, context, "devices", "Show processor, memory, GPUs and disks", runDevices);
    command.addFlag("--measure", options->measure, "Measure the read bandwidth thoroughly (seconds) instead of quickly");
    command.addOption("--watch", options->watch, "Repeat the live readings as lines of JSON").typeName("SECONDS");
    command.addOption("--count", options->count, "With --watch: how many readings; until Ctrl+C unless given").typeName("N");
    command.addOption("--nvml", options->nvml, "Another NVIDIA management library").typeName("PATH").group("Advanced");
    command.addOption("--cuda-plugin", options->plugin, "Another CUDA plugin").typeName("PATH").group("Advanced");
}

} // namespace plimsoll::engine
