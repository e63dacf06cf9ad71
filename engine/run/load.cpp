// SPDX-License-Identifier: Apache-2.0
#include "session_state.h"

#include "warm_up.h"

#include <plimsoll/engine/base/timer.h>
#include <plimsoll/engine/cpu/cpu_backend.h>
#include <plimsoll/engine/model/support.h>
#include <plimsoll/model/architecture.h>

#include <algorithm>

// Loading, in the order of the steps: what the file is, how it is to run, where everything goes, and only then memory.
namespace plimsoll::engine {

namespace {

constexpr uint32_t defaultContext = 4096;
constexpr uint32_t defaultBatch = 512;
constexpr uint32_t mostThreads = 1024;
constexpr uint32_t mostSequences = 1024;
constexpr uint32_t mostSnapshots = 64;

Error invalid(const char *option, uint64_t value, const std::string &accepted)
{
    return {ErrorCode::InvalidArgument, {option, std::to_string(value), accepted}};
}

std::string namesOf(const std::vector<GgmlType> &types)
{
    std::string names;
    for (const GgmlType type : types)
        names += (names.empty() ? "" : ", ") + std::string(name(type));
    return names;
}

Result<std::vector<InputFile>> openParts(const gguf::Header &header)
{
    std::vector<InputFile> files;
    for (const gguf::Header::Part &part : header.parts) {
        Result<InputFile> file = InputFile::open(part.path);
        if (!file)
            return file.error();
        files.push_back(*std::move(file));
    }
    return files;
}

} // namespace

Status Session::State::readModel(const std::string &path)
{
    Result<gguf::Header> read = gguf::readHeader(path);
    if (!read)
        return read.error();
    header = *std::move(read);
    Result<ModelShape> known = shapeFromGguf(header);
    if (!known)
        return known.error();
    shape = *std::move(known);
    Status runs = supported(shape);
    if (runs)
        runs = cpuSupports(shape);
    if (!runs)
        return runs;
    Result<std::unique_ptr<Tokenizer>> made = makeTokenizer(header);
    if (made)
        tokenizer = *std::move(made);
    else if (made.error().code != ErrorCode::ModelHasNoTokenizer)
        return made.error();
    return {};
}

Status Session::State::settleOptions(const RunOptions &wanted)
{
    options = wanted;
    if (options.context == 0)
        options.context = std::min(shape.contextTrained > 0 ? shape.contextTrained : defaultContext, defaultContext);
    if (options.sequences == 0 || options.sequences > mostSequences)
        return invalid("parallel", options.sequences, "1 to " + std::to_string(mostSequences));
    if (options.stateSnapshots > mostSnapshots)
        return invalid("state-snapshots", options.stateSnapshots, "0 to " + std::to_string(mostSnapshots));
    if (options.threads == 0)
        options.threads = physicalCores();
    if (options.threads > mostThreads)
        return invalid("threads", options.threads, "1 to " + std::to_string(mostThreads));
    // No call holds more tokens than all contexts together.
    const uint64_t cells = uint64_t{options.context} * options.sequences;
    options.batch = static_cast<uint32_t>(std::min<uint64_t>(options.batch > 0 ? options.batch : defaultBatch, cells));
    options.outputs = std::clamp(options.outputs, std::min(options.sequences, options.batch), options.batch);
    return {};
}

Status Session::State::place(const LoadOptions &load)
{
    placement = hostPlacement(shape);
    if (!load.place)
        return {};
    Result<Placing> chosen = load.place(shape, options);
    if (!chosen)
        return chosen.error();
    placement = std::move(chosen->placement);
    offered = std::move(chosen->devices);
    return {};
}

Status Session::State::openDevices()
{
    pool = std::make_unique<ThreadPool>(options.threads);
    host = makeCpuBackend(*pool, availableInstructionSets().front());
    others.resize(offered.size());
    for (DeviceIndex device = 1; device < deviceCount(); ++device) {
        if (std::find(placement.devices.begin(), placement.devices.end(), device) == placement.devices.end())
            continue;
        Result<std::unique_ptr<Backend>> opened = offered[device - 1].open();
        if (!opened)
            return opened.error();
        others[device - 1] = *std::move(opened);
    }
    return {};
}

Status Session::State::checkCacheTypes(DeviceIndex device) const
{
    for (const auto &[option, type] : {std::pair("kv-type-k", options.kvTypeK), std::pair("kv-type-v", options.kvTypeV)}) {
        if (const auto &known = backend(device)->traits().kvTypes; std::find(known.begin(), known.end(), type) == known.end())
            return Error{ErrorCode::InvalidArgument, {option, std::string(name(type)), namesOf(known)}};
    }
    return {};
}

Status Session::State::layOutMemory()
{
    std::vector<BackendTraits> traits;
    std::vector<Bytes> overhead;
    for (DeviceIndex device = 0; device < deviceCount(); ++device) {
        traits.push_back(backend(device) ? backend(device)->traits() : BackendTraits{});
        overhead.push_back(backend(device) ? backend(device)->memory().overhead : Bytes{});
        const Status known = backend(device) ? checkCacheTypes(device) : Status();
        if (!known)
            return known;
    }
    Result<Layout> laidOut = layOut(shape, typesOf(shape), placement, options, traits, overhead);
    if (!laidOut)
        return laidOut.error();
    layout = *std::move(laidOut);
    for (DeviceIndex device = 0; device < deviceCount(); ++device) {
        const Status room = backend(device) ? checkRoom(device) : Status();
        if (!room)
            return room;
    }
    return {};
}

Status Session::State::checkRoom(DeviceIndex device) const
{
    const DeviceLayout &laidOut = layout.devices[device];
    Bytes needed = laidOut.owned() + laidOut.mapped();
    Bytes free{systemMemory().available};
    if (device != hostDevice) {
        needed = needed - laidOut.of(SegmentKind::Overhead);   // taken already
        free = backend(device)->memory().free;
    }
    if (needed > free)
        return Error{ErrorCode::NotEnoughMemory, {nameOf(device), std::to_string(needed.value), std::to_string(free.value)}};
    return {};
}

Status Session::State::allocate()
{
    std::vector<uint64_t> partBytes;
    for (const gguf::Header::Part &part : header.parts) {
        Result<MappedFile> file = MappedFile::open(part.path);
        if (!file)
            return file.error();
        partBytes.push_back(file->bytes().size());
        files.push_back(*std::move(file));
    }
    Result<std::vector<TensorPlace>> found = placesOf(shape, header, partBytes);
    if (!found)
        return found.error();
    places = *std::move(found);

    before = processMemory();
    std::vector<Backend *> backends;
    for (DeviceIndex device = 0; device < deviceCount(); ++device)
        backends.push_back(backend(device));
    Result<std::vector<Device>> allocated = allocateDevices(layout, backends);
    if (!allocated)
        return allocated.error();
    devices = *std::move(allocated);
    return {};
}

/// What the arena of a device has room for.
std::vector<WeightCopy> Session::State::copiesFor(DeviceIndex device) const
{
    std::vector<WeightCopy> copies;
    std::byte *const arena = devices[device].arena(SegmentKind::Weights);
    if (!arena)
        return copies;
    for (const BufferPlan &plan : layout.buffers) {
        if (plan.id == BufferId::Weights && plan.device == device)
            copies.push_back({places[static_cast<size_t>(plan.layer)], arena + plan.offset});
    }
    return copies;
}

std::vector<std::span<const std::byte>> Session::State::mappedRanges() const
{
    std::vector<std::span<const std::byte>> ranges;
    if (layout.devices[hostDevice].mapped().value == 0)
        return ranges;
    const std::vector<bool> needed = neededTensors(shape, placement, hostDevice);
    const std::vector<bool> onDisk = tensorsOnDisk(shape, placement);
    for (size_t i = 0; i < places.size(); ++i) {
        if (needed[i] && !onDisk[i])
            ranges.push_back(files[places[i].part].bytes().subspan(places[i].offset, places[i].bytes));
    }
    return ranges;
}

Status Session::State::copyWeights(WeightLoader &loader, DeviceIndex device, std::span<const WeightCopy> copies)
{
    if (copies.empty())
        return {};
    if (device == hostDevice)
        return loader.read(copies);
    return loader.upload(*backend(device), devices[device].staging, copies);
}

/// Into arenas what does not stay in the files; the rest once through the page cache.
Status Session::State::readWeights(const LoadOptions &load)
{
    const Timer timer;
    std::vector<std::vector<WeightCopy>> copies;
    uint64_t copied = 0;
    for (DeviceIndex device = 0; device < deviceCount(); ++device) {
        copies.push_back(copiesFor(device));
        for (const WeightCopy &each : copies.back())
            copied += each.place.bytes;
    }
    const std::vector<std::span<const std::byte>> ranges = load.warmUp ? mappedRanges() : std::vector<std::span<const std::byte>>();
    uint64_t all = copied;
    for (const std::span<const std::byte> range : ranges)
        all += range.size();

    const auto report = [&](double bytes) {
        if (load.progress && all > 0)
            load.progress(bytes / static_cast<double>(all));
    };
    if (copied > 0) {
        Result<std::vector<InputFile>> opened = openParts(header);
        if (!opened)
            return opened.error();
        uint64_t arrived = 0;
        WeightLoader loader(*opened, *pool, [&](uint64_t bytes) { report(static_cast<double>(arrived += bytes)); }, load.cancel);
        for (DeviceIndex device = 0; device < deviceCount(); ++device) {
            const Status done = copyWeights(loader, device, copies[device]);
            if (!done)
                return done;
        }
    }
    if ((layout.devices[hostDevice].mapped() + layout.devices[hostDevice].disk()).value == 0)
        files.clear();
    const auto warmed = [&](double share) { report(static_cast<double>(copied) + share * static_cast<double>(all - copied)); };
    const Status status = ranges.empty() ? Status() : warmUp(ranges, *pool, warmed, load.cancel);
    loading = {all, timer.seconds()};
    return status;
}

/// Where each tensor is used: in the mapping, or in the arena it was copied to; null where it is not.
std::vector<const std::byte *> Session::State::addressesOn(DeviceIndex device) const
{
    std::vector<const std::byte *> addresses(shape.tensors.size());
    if (device == hostDevice) {
        const bool maps = layout.devices[device].mapped().value > 0;
        const std::vector<bool> needed = neededTensors(shape, placement, device);
        const std::vector<bool> onDisk = tensorsOnDisk(shape, placement);
        for (size_t i = 0; i < places.size(); ++i) {
            if (maps ? needed[i] : onDisk[i])
                addresses[i] = files[places[i].part].bytes().data() + places[i].offset;
        }
    }
    for (const BufferPlan &plan : layout.buffers) {
        if (plan.id == BufferId::Weights && plan.device == device)
            addresses[static_cast<size_t>(plan.layer)] = devices[device].arena(SegmentKind::Weights) + plan.offset;
    }
    return addresses;
}

Status Session::State::bind()
{
    std::vector<Weights> weights;
    weights.reserve(deviceCount());
    for (DeviceIndex device = 0; device < deviceCount(); ++device)
        weights.emplace_back(shape, (backend(device) ? backend(device) : host.get())->traits(), addressesOn(device));
    Result<ModelPhases> phases = bindPhases({shape, placement, options, layout, devices, weights});
    if (!phases)
        return phases.error();
    forward.emplace(shape, *std::move(phases), devices, options.batch);
    for (const BlockSpec &block : shape.blocks) {
        recurs = recurs || isRecurrent(block);
        if (block.attention.window == 0)
            continue;
        smallestRing = std::min(smallestRing, static_cast<uint32_t>(cellsPerSequence(block, options)));
        largestWindow = std::max(largestWindow, block.attention.window);
    }
    sequences.assign(options.sequences, {});
    for (SequenceState &each : sequences)
        each.snapshots.assign(recurs ? options.stateSnapshots : 0, 0);
    next.assign(options.sequences, 0);
    return {};
}

/// What only loading asks for.
void Session::State::forgetPlaces()
{
    std::vector<TensorPlace>().swap(places);
    std::erase_if(layout.buffers, [](const BufferPlan &plan) { return plan.id == BufferId::Weights || plan.id == BufferId::Streamed; });
    layout.buffers.shrink_to_fit();
}

Result<std::unique_ptr<Session>> Session::load(const std::string &path, LoadOptions options)
{
    std::unique_ptr<Session> session(new Session);
    State &state = *session->m_state;
    if (options.progress)
        options.progress(0.0);
    Status status = state.readModel(path);
    if (status)
        status = state.settleOptions(options.run);
    if (status)
        status = state.place(options);
    if (status)
        status = state.openDevices();
    if (status)
        status = state.layOutMemory();
    if (status)
        status = state.allocate();
    if (status)
        status = state.bind();
    if (status)
        status = state.readWeights(options);
    if (!status)
        return status.error();
    state.forgetPlaces();
    if (options.progress)
        options.progress(1.0);
    return session;
}

} // namespace plimsoll::engine
