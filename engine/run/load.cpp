// SPDX-License-Identifier: Apache-2.0
#include "session_state.h"

#include "warm_up.h"

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

Status Session::State::layOutOnHost()
{
    pool = std::make_unique<ThreadPool>(options.threads);
    backend = makeCpuBackend(*pool, availableInstructionSets().front());
    for (const auto &[option, type] : {std::pair("kv-type-k", options.kvTypeK), std::pair("kv-type-v", options.kvTypeV)}) {
        if (const auto &known = backend->traits().kvTypes; std::find(known.begin(), known.end(), type) == known.end())
            return Error{ErrorCode::InvalidArgument, {option, std::string(name(type)), namesOf(known)}};
    }
    placement = hostPlacement(shape);
    const Bytes noOverhead{};
    Result<Layout> laidOut = layOut(shape, typesOf(shape), placement, options, {&backend->traits(), 1}, {&noOverhead, 1});
    if (!laidOut)
        return laidOut.error();
    layout = *std::move(laidOut);

    const DeviceLayout &host = layout.devices[hostDevice];
    const Bytes needed = host.owned() + host.mapped();
    const SystemMemory memory = systemMemory();
    if (needed.value > memory.available)
        return Error{ErrorCode::NotEnoughMemory, {"RAM", std::to_string(needed.value), std::to_string(memory.available)}};
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
    Backend *const backends[] = {backend.get()};
    Result<std::vector<Device>> allocated = allocateDevices(layout, backends);
    if (!allocated)
        return allocated.error();
    devices = *std::move(allocated);
    return {};
}

/// Where each tensor is used: in the mapping, or in the owned arena it is copied to.
Result<std::vector<const std::byte *>> Session::State::placeWeights()
{
    std::vector<const std::byte *> data;
    std::byte *const arena = devices[hostDevice].arena(SegmentKind::Weights);
    for (size_t i = 0; i < places.size(); ++i) {
        const TensorPlace &place = places[i];
        const std::span<const std::byte> bytes = files[place.part].bytes().subspan(place.offset, place.bytes);
        if (!arena) {
            data.push_back(bytes.data());
            continue;
        }
        const BufferPlan *const plan = layout.find(BufferId::Weights, hostDevice, static_cast<int32_t>(i));
        if (!plan || plan->bytes < place.bytes)
            return Error{ErrorCode::Internal, {"the layout has no room for " + tensorName(shape.tensors[i])}};
        const Status copied = backend->upload(arena + plan->offset, bytes);
        if (!copied)
            return copied.error();
        data.push_back(arena + plan->offset);
    }
    if (arena)
        files.clear();   // and with it what of the file was resident
    return data;
}

Status Session::State::bind()
{
    Result<std::vector<const std::byte *>> data = placeWeights();
    if (!data)
        return data.error();
    weights.emplace_back(shape, backend->traits(), *std::move(data));
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

Status Session::State::warmUpWeights(const LoadOptions &load)
{
    if (!load.warmUp || devices[hostDevice].arena(SegmentKind::Weights))
        return {};
    std::vector<std::span<const std::byte>> ranges;
    for (const TensorPlace &place : places)
        ranges.push_back(files[place.part].bytes().subspan(place.offset, place.bytes));
    return warmUp(ranges, *pool, load.progress, load.cancel);
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
        status = state.layOutOnHost();
    if (status)
        status = state.allocate();
    if (status)
        status = state.bind();
    if (status)
        status = state.warmUpWeights(options);
    if (!status)
        return status.error();
    if (options.progress)
        options.progress(1.0);
    return session;
}

} // namespace plimsoll::engine
