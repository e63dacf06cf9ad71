// SPDX-License-Identifier: Apache-2.0
#include "offload.h"

#include "command_line.h"
#include "fit_subject.h"
#include "options.h"

#include <plimsoll/engine/probe/remembered_overhead.h>

#include <algorithm>
#include <filesystem>
#include <memory>

namespace plimsoll::engine {
namespace {

Error invalid(const char *option, const std::string &text, std::string accepted)
{
    return Error{ErrorCode::InvalidArgument, {option, text, std::move(accepted)}};
}

std::vector<std::string> partsOf(const std::string &text)
{
    std::vector<std::string> parts;
    for (size_t begin = 0; begin <= text.size();) {
        const size_t end = std::min(text.find(',', begin), text.size());
        parts.push_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
    return parts;
}

/// "3,1": one share per GPU.
Result<std::vector<double>> sharesFrom(const std::string &text, size_t gpus)
{
    std::vector<double> shares;
    for (const std::string &part : partsOf(text)) {
        const auto share = realFrom("--split", part, 0, 1e9);
        if (!share)
            return share.error();
        shares.push_back(*share);
    }
    const bool all = std::all_of(shares.begin(), shares.end(), [](double share) { return share == 0; });
    if (shares.size() > gpus || all)
        return invalid("--split", text, "at most one share per GPU, one of them above 0");
    return shares;
}

Result<std::vector<PlaceRule>> rulesFrom(const std::vector<std::string> &texts)
{
    std::vector<PlaceRule> rules;
    for (const std::string &text : texts) {
        const auto rule = placeRuleFrom(text);
        if (!rule)
            return invalid("--place", text,
                "KIND[:FIRST[-LAST]]=DEVICE, where KIND is layer, mixer, ffn, experts, embedding or output, and DEVICE 0 (RAM), the "
                "number of a GPU from 1, or disk");
        rules.push_back(*rule);
    }
    return rules;
}

bool anyOnGpu(const std::vector<PlaceRule> &rules)
{
    return std::any_of(rules.begin(), rules.end(), [](const PlaceRule &rule) { return rule.device != hostDevice; });
}

/// What needs no GPU.
Result<Placing> placedInRam(const ModelShape &shape, const std::vector<PlaceRule> &rules)
{
    Placing placing{hostPlacement(shape), {}};
    if (const Status status = applyRules(rules, shape, 0, placing.placement); !status)
        return status.error();
    return placing;
}

/// Numbers of devices, in the order they were named, none twice.
Result<std::vector<uint32_t>> chosen(const std::string &text, const std::vector<CudaDevice> &devices)
{
    std::vector<uint32_t> numbers;
    if (text.empty()) {
        for (uint32_t i = 0; i < devices.size(); ++i)
            numbers.push_back(i);
        return numbers;
    }
    std::string known;
    for (const CudaDevice &each : devices)
        known += (known.empty() ? "" : ", ") + each.name;
    for (const std::string &part : partsOf(text)) {
        auto found = devices.end();
        if (const auto number = countFrom("--gpu", part, 0, devices.size() - 1))
            found = devices.begin() + static_cast<std::ptrdiff_t>(*number);
        else if (!part.empty())
            found = std::find_if(devices.begin(), devices.end(),
                [&](const CudaDevice &each) { return each.name.find(part) != std::string::npos; });
        const auto number = static_cast<uint32_t>(found - devices.begin());
        if (found == devices.end() || std::find(numbers.begin(), numbers.end(), number) != numbers.end())
            return invalid("--gpu", text, "numbers from 0, or parts of names, each once: " + known);
        numbers.push_back(number);
    }
    return numbers;
}

/// The backend of a device, whose overhead is remembered. Only the management library, which tells the driver as well, knows what is free
/// before there is a context.
Result<std::unique_ptr<Backend>> opened(const CudaPlugin &plugin, uint32_t number, const Gpu &gpu)
{
    auto backend = plugin.makeBackend(number, gpu.driver.empty() ? Bytes{} : gpu.free);
    if (!backend)
        return backend;
    if (const DeviceMemory memory = (*backend)->memory(); memory.overheadIsWhole)
        rememberOverhead(overheadFile(), gpu, memory.overhead);
    return backend;
}

Result<Placing> placed(
    Context &context, const DeviceArguments &arguments, const OfferedGpus &offer, const ModelShape &shape, const RunOptions &run)
{
    const auto numbers = chosen(arguments.gpus, offer.devices);
    if (!numbers)
        return numbers.error();
    auto machine = machineFrom(context, {});
    if (!machine)
        return machine.error();
    if (machine->gpus.size() != offer.devices.size())
        return Error{ErrorCode::CudaUnavailable, {"device", std::to_string(machine->gpus.size())}};
    Placing placing;
    std::vector<Gpu> gpus;
    for (const uint32_t number : *numbers) {
        gpus.push_back(machine->gpus[number]);
        placing.devices.push_back({offer.devices[number].name,
            [plugin = offer.plugin, number, gpu = machine->gpus[number]] { return opened(*plugin, number, gpu); }});
    }
    machine->gpus = std::move(gpus);
    PlanRequest request;
    request.options = run;
    if (const Status status = arguments.offload.apply(shape, machine->gpus.size(), request); !status)
        return status.error();
    auto plan = makePlan(shape, typesOf(shape), *machine, request);
    if (!plan)
        return plan.error();
    placing.placement = std::move(plan->placement);
    return placing;
}

} // namespace

Result<OfferedGpus> offeredGpus(const std::string &programPath)
{
    auto plugin = CudaPlugin::find(std::filesystem::path(programPath).parent_path().string());
    if (!plugin)
        return plugin.error();
    auto devices = plugin->devices();
    if (!devices)
        return devices.error();
    return OfferedGpus{std::make_shared<const CudaPlugin>(std::move(*plugin)), std::move(*devices)};
}

void OffloadArguments::addTo(const Command &command)
{
    command.addOption("--gpu-layers", gpuLayers, "So many layers on the GPUs; chosen automatically unless given").typeName("N");
    command.addOption("--cpu-moe", expertLayers, "Keep the routed experts in RAM: of the first N layers, or of all")
        .typeName("[N]")
        .orAlone("all");
    command.addOption("--split", split, "In which ratio the GPUs share the layers").typeName("A,B,...");
    command
        .addOption("--place", places,
            "Put parts by hand (may be repeated), over what the others say or over everything in RAM: layer, mixer, ffn, experts, "
            "embedding, output; 0 is RAM, 1 the first GPU, and on disk RAM need not hold them")
        .typeName("KIND[:FIRST[-LAST]]=DEVICE|disk");
    command
        .addOption("--stream-from", streamFrom,
            "Calls of so many tokens or more bring weights from RAM to a GPU, which keeps room for that; 0: never. Unless given: from where it "
            "is likely to pay, if room is left")
        .typeName("TOKENS");
}

Status OffloadArguments::apply(const ModelShape &shape, size_t gpus, PlanRequest &request) const
{
    if (any()) {
        request.offload = OffloadMode::Layers;
        request.gpuLayers = shape.layers() + 1;
    }
    if (!gpuLayers.empty()) {
        const auto layers = countFrom("--gpu-layers", gpuLayers, 0, 10000);
        if (!layers)
            return layers.error();
        request.offload = *layers == 0 ? OffloadMode::CpuOnly : OffloadMode::Layers;
        request.gpuLayers = static_cast<uint32_t>(*layers);
    }
    if (expertLayers == "all") {
        request.expertsInRam = true;
    } else if (!expertLayers.empty()) {
        const auto layers = countFrom("--cpu-moe", expertLayers, 0, 10000);
        if (!layers)
            return layers.error();
        request.expertLayersInRam = static_cast<uint32_t>(*layers);
    }
    if (!split.empty()) {
        auto shares = sharesFrom(split, gpus);
        if (!shares)
            return shares.error();
        request.shares = std::move(*shares);
    }
    if (!streamFrom.empty()) {
        const auto tokens = countFrom("--stream-from", streamFrom, 0, mostBatch);
        if (!tokens)
            return tokens.error();
        request.streamFrom = static_cast<uint32_t>(*tokens);
    }
    auto rules = rulesFrom(places);
    if (!rules)
        return rules.error();
    request.places = std::move(*rules);
    if (!any() && !request.places.empty())
        request.offload = OffloadMode::CpuOnly;
    return {};
}

void DeviceArguments::addTo(const Command &command)
{
    command
        .addOption("--gpu", gpus,
            "Use these GPUs only: numbers from 0 as 'devices' lists them, or parts of names; 'none': the processor alone")
        .typeName("NUMBER|NAME,...");
    offload.addTo(command);
}

PlaceModel DeviceArguments::placing(Context &context) const
{
    return [arguments = *this, &context](const ModelShape &shape, const RunOptions &run) -> Result<Placing> {
        PlanRequest asked;
        if (const Status status = arguments.offload.apply(shape, SIZE_MAX, asked); !status)
            return status.error();
        const bool byHand = anyOnGpu(asked.places);
        if (arguments.gpus == "none" || (asked.offload == OffloadMode::CpuOnly && !byHand))
            return placedInRam(shape, asked.places);
        const auto offer = offeredGpus(context.programPath);
        if (offer)
            return placed(context, arguments, *offer, shape, run);
        if (!arguments.offload.gpuLayers.empty() || !arguments.gpus.empty() || byHand)
            return offer.error();
        return placedInRam(shape, asked.places);
    };
}

} // namespace plimsoll::engine
