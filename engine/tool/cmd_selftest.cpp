// SPDX-License-Identifier: Apache-2.0
#include "offload.h"
#include "options.h"
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
    std::string device;
    std::vector<std::string> formats;
};

Error invalid(const char *option, const std::string &text, std::string accepted)
{
    return Error{ErrorCode::InvalidArgument, {option, text, std::move(accepted)}};
}

/// The number in "cuda:1".
Result<uint32_t> deviceNumber(const std::string &text, const std::vector<CudaDevice> &devices)
{
    const std::string prefix = "cuda:";
    const auto number = text.starts_with(prefix) ? countFrom("--device", text.substr(prefix.size()), 0, devices.size() - 1)
                                                 : Result<uint64_t>(invalid("--device", text, ""));
    if (number)
        return static_cast<uint32_t>(*number);
    std::string known;
    for (size_t i = 0; i < devices.size(); ++i)
        known += (i > 0 ? ", " : "") + prefix + std::to_string(i) + " (" + devices[i].name + ")";
    return invalid("--device", text, known);
}

Result<std::vector<GgmlType>> formatsFrom(const std::vector<std::string> &names)
{
    const std::vector<GgmlType> known = cudaTraits().formats;
    std::vector<GgmlType> formats;
    std::string list;
    for (const GgmlType each : known)
        list += (list.empty() ? "" : ", ") + std::string(name(each));
    for (const std::string &text : names) {
        const auto found = std::find_if(known.begin(), known.end(), [&](GgmlType each) { return name(each) == text; });
        if (found == known.end())
            return invalid("--format", text, list);
        formats.push_back(*found);
    }
    return formats;
}

/// What is checked, for the report; null: the processor's kernels.
Result<nlohmann::json> check(Context &context, const SelftestOptions &options, SelftestResults &results)
{
    const auto formats = formatsFrom(options.formats);
    if (!formats)
        return formats.error();
    if (options.device.empty()) {
        checkKernels(results);
        checkBrokenFiles(results);
        checkModels(results);
        return nlohmann::json();
    }
    const auto offer = offeredGpus(context.programPath);
    if (!offer)
        return offer.error();
    const auto number = deviceNumber(options.device, offer->devices);
    if (!number)
        return number.error();
    const BackendMaker make = [&] { return offer->plugin->makeBackend(*number); };
    checkDevicePhases(make, *formats, results);
    checkDeviceModels(make, results);
    const CudaDevice &device = offer->devices[*number];
    return nlohmann::json{{"name", device.name}, {"uuid", device.uuid}, {"pciBusId", device.pciBusId},
        {"computeCapability", device.computeCapability}, {"totalBytes", device.total.value}};
}

int runSelftest(Context &context, const SelftestOptions &options)
{
    SelftestResults results;
    const auto device = check(context, options, results);
    if (!device) {
        if (!options.device.empty())
            std::cerr << options.device << ": ";
        return fail(context, device.error());
    }
    const auto failed = std::count_if(results.begin(), results.end(), [](const SelftestResult &r) { return !r.passed; });
    if (context.json) {
        nlohmann::json json = {{"passed", failed == 0}, {"checks", nlohmann::json::array()}};
        if (!device->is_null())
            json["device"] = *device;
        for (const SelftestResult &result : results)
            json["checks"].push_back({{"name", result.name}, {"passed", result.passed}, {"detail", result.detail}});
        printJson(json);
    } else {
        if (!device->is_null())
            std::cout << options.device << ": " << printable((*device)["name"].get<std::string>()) << "\n\n";
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
    const auto [command, options] =
        addSubcommand<SelftestOptions>(app, context, "selftest", "Check kernels, files and models on this machine", runSelftest);
    command
        .addOption("--device", options->device, "Check this GPU and its driver instead: every kernel and tiny models, against the processor")
        .typeName("cuda:NUMBER");
    command.addOption("--format", options->formats, "Of the weight formats only this one; may be given several times").typeName("NAME");
}

} // namespace plimsoll::engine
