// SPDX-License-Identifier: Apache-2.0
#include "binder.h"
#include "phases.h"

namespace plimsoll::engine {

namespace {

std::span<std::byte> rangeOf(const Layout &layout, DeviceIndex index, const Device &device, BufferId id, int32_t layer = -1)
{
    const BufferPlan *const plan = layout.find(id, index, layer);
    if (!plan || plan->bytes == 0 || !device.arena(plan->segment))
        return {};
    return {device.arena(plan->segment) + plan->offset, plan->bytes};
}

std::byte *addressOf(const Layout &layout, DeviceIndex index, const Device &device, BufferId id, int32_t layer = -1)
{
    return rangeOf(layout, index, device, id, layer).data();
}

Buffers buffersOf(const Layout &layout, DeviceIndex index, const Device &device)
{
    const auto bytes = [&](BufferId id) { return addressOf(layout, index, device, id); };
    const auto floats = [&](BufferId id) { return reinterpret_cast<float *>(bytes(id)); };
    Buffers buffers;
    buffers.hidden = floats(BufferId::Hidden);
    buffers.normed = floats(BufferId::Normed);
    buffers.query = floats(BufferId::Query);
    buffers.key = floats(BufferId::Key);
    buffers.value = floats(BufferId::Value);
    buffers.attentionOut = floats(BufferId::AttentionOut);
    buffers.ffnGate = floats(BufferId::FfnGate);
    buffers.ffnUp = floats(BufferId::FfnUp);
    buffers.mixed = floats(BufferId::Mixed);
    buffers.routerLogits = floats(BufferId::RouterLogits);
    buffers.expertChoice = bytes(BufferId::ExpertChoice);
    buffers.expertRows = floats(BufferId::ExpertRows);
    buffers.quantized = bytes(BufferId::Quantized);
    buffers.layerInputs = floats(BufferId::LayerInputs);
    buffers.tokens = reinterpret_cast<TokenRow *>(bytes(BufferId::Tokens));
    buffers.history = reinterpret_cast<int32_t *>(bytes(BufferId::History));
    buffers.outputRows = floats(BufferId::OutputRows);
    buffers.logits = floats(BufferId::Logits);
    const std::span<std::byte> workspace = rangeOf(layout, index, device, BufferId::Workspace);
    buffers.workspace = workspace.data();
    buffers.workspaceBytes = workspace.size();
    return buffers;
}

/// The cache of a layer, or of the layer whose cache it reads.
KvCache cacheOf(const BindInput &input, DeviceIndex index, int32_t layer)
{
    const int32_t owner = input.shape.blocks[static_cast<size_t>(layer)].attention.kvFromLayer;
    layer = owner >= 0 ? owner : layer;
    const BlockSpec &block = input.shape.blocks[static_cast<size_t>(layer)];
    const KvRow row = kvRow(block);
    const Device &device = input.devices[index];
    KvCache cache;
    cache.k = addressOf(input.layout, index, device, BufferId::KvK, layer);
    cache.v = addressOf(input.layout, index, device, BufferId::KvV, layer);
    cache.typeK = input.options.kvTypeK;
    cache.typeV = input.options.kvTypeV;
    cache.cells = cellsPerSequence(block, input.options);
    cache.rowBytesK = rowBytes(cache.typeK, row.k).value_or(0);
    cache.rowBytesV = rowBytes(cache.typeV, row.v).value_or(0);
    return cache;
}

Error cacheElsewhere()
{
    return {ErrorCode::UnsupportedByEngine, {"a cache on another device than the layer that reads it", "one device"}};
}

void bindQueriesKeysValues(MixerInputPhase &in, Binder &binder, const BlockSpec &block, uint64_t embedding)
{
    const AttentionSpec &spec = block.attention;
    const uint64_t queryWidth = uint64_t{spec.heads} * spec.headDimK;
    const uint64_t keyWidth = uint64_t{spec.kvHeads} * spec.headDimK;
    const uint64_t valueWidth = uint64_t{spec.kvHeads} * spec.headDimV;
    in.qkv = binder.matrix(TensorRole::AttnQkv);
    if (in.qkv) {
        in.qkv = binder.needed(TensorRole::AttnQkv, embedding, queryWidth + keyWidth + valueWidth);
        in.qkvBias = binder.bias(TensorRole::AttnQkv, queryWidth + keyWidth + valueWidth);
    } else {
        in.q = binder.needed(TensorRole::AttnQ, embedding, spec.gated ? 2 * queryWidth : queryWidth);
        in.qBias = binder.bias(TensorRole::AttnQ, queryWidth);
    }
    if (!in.qkv && spec.kvFromLayer < 0) {
        in.k = binder.needed(TensorRole::AttnK, embedding, keyWidth);
        in.kBias = binder.bias(TensorRole::AttnK, keyWidth);
        in.v = binder.optional(TensorRole::AttnV, embedding, valueWidth);
        in.vBias = binder.bias(TensorRole::AttnV, valueWidth);
    }
    in.qNorm = binder.headNorm(TensorRole::AttnQNorm, block, spec.headDimK, queryWidth, in.qNormLength, in.normsOfEachHead);
    if (spec.kvFromLayer < 0)
        in.kNorm = binder.headNorm(TensorRole::AttnKNorm, block, spec.headDimK, keyWidth, in.kNormLength, in.normsOfEachHead);
    if (spec.valueNorm)
        in.vNorm = {nullptr, nullptr, block.norm, block.normEpsilon, true};
}

LatentTensors bindLatent(MixerInputPhase &in, Binder &binder, const BlockSpec &block, uint64_t embedding)
{
    const AttentionSpec &spec = block.attention;
    const uint64_t queryWidth = uint64_t{spec.heads} * spec.headDimK;
    const auto norm = [&](TensorRole role, uint64_t length) { return binder.neededNorm(role, block.norm, block.normEpsilon, length); };
    LatentTensors latent;
    if (spec.qLoraRank > 0) {
        latent.qA = binder.needed(TensorRole::AttnQA, embedding, spec.qLoraRank);
        latent.qANorm = norm(TensorRole::AttnQANorm, spec.qLoraRank);
        latent.qB = binder.needed(TensorRole::AttnQB, spec.qLoraRank, queryWidth);
    } else {
        in.q = binder.needed(TensorRole::AttnQ, embedding, queryWidth);
    }
    latent.kvA = binder.needed(TensorRole::AttnKvA, embedding, uint64_t{spec.kvLoraRank} + spec.ropeDim);
    latent.kvANorm = norm(TensorRole::AttnKvANorm, spec.kvLoraRank);
    latent.kvB = binder.optional(TensorRole::AttnKvB, spec.kvLoraRank, spec.heads * (uint64_t{spec.nopeDim} + spec.headDimV));
    if (!latent.kvB) {
        latent.kB = binder.neededStack(TensorRole::AttnKB, spec.nopeDim, spec.kvLoraRank, spec.heads);
        latent.vB = binder.neededStack(TensorRole::AttnVB, spec.kvLoraRank, spec.headDimV, spec.heads);
    }
    return latent;
}

void bindMixer(LayerPhases &phases, Binder &binder, Vector ropeFactors, const BindInput &input, int32_t layer)
{
    const BlockSpec &block = input.shape.blocks[static_cast<size_t>(layer)];
    const AttentionSpec &spec = block.attention;
    const uint64_t embedding = input.shape.embedding;

    MixerInputPhase &in = phases.input;
    in.block = &block;
    in.norm = binder.norm(TensorRole::AttnNorm, block.norm, block.normEpsilon, embedding);
    if (block.mixer == MixerKind::LatentAttention)
        in.latent = bindLatent(in, binder, block, embedding);
    else
        bindQueriesKeysValues(in, binder, block, embedding);
    in.ropeFactors = ropeFactors;
    in.cache = cacheOf(input, phases.mixerDevice, layer);
    if (!in.cache.k)
        binder.fail(cacheElsewhere());

    phases.attention.block = &block;
    phases.attention.latent = in.latent;
    phases.attention.sinks = binder.vector(TensorRole::AttnSinks, spec.heads);
    phases.attention.cache = in.cache;

    phases.project.weight = binder.needed(TensorRole::AttnOutput, uint64_t{spec.heads} * spec.headDimV, embedding);
    phases.project.bias = binder.bias(TensorRole::AttnOutput, embedding);
    phases.project.postNorm = binder.norm(TensorRole::AttnPostNorm, block.norm, block.normEpsilon, embedding);
    phases.project.residualScale = block.residualScale;
}

RecurrentState stateOf(const BindInput &input, DeviceIndex index, int32_t layer)
{
    const auto floats = [&](BufferId id) {
        return reinterpret_cast<float *>(addressOf(input.layout, index, input.devices[index], id, layer));
    };
    return {floats(BufferId::State), floats(BufferId::Snapshots)};
}

void bindDeltaNet(RecurrentPhase &phase, Binder &binder, const RecurrentSpec &spec, const BlockSpec &block, uint64_t embedding)
{
    phase.all = binder.matrix(TensorRole::SsmIn);
    if (phase.all) {
        phase.all = binder.needed(TensorRole::SsmIn, embedding, uint64_t{spec.convChannels} + spec.valueWidth());
    } else {
        phase.mixed = binder.needed(TensorRole::AttnQkv, embedding, spec.convChannels);
        phase.gate = binder.needed(TensorRole::AttnGate, embedding, spec.valueWidth());
    }
    phase.rates = binder.matrix(TensorRole::SsmBetaAlpha);
    if (phase.rates) {
        phase.rates = binder.needed(TensorRole::SsmBetaAlpha, embedding, 2 * uint64_t{spec.stateHeads});
    } else {
        phase.writeRate = binder.needed(TensorRole::SsmBeta, embedding, spec.stateHeads);
        phase.decayRate = binder.needed(TensorRole::SsmAlpha, embedding, spec.stateHeads);
    }
    phase.outNorm = binder.neededNorm(TensorRole::SsmNorm, block.norm, block.normEpsilon, spec.headDimV);
}

void bindMamba2(RecurrentPhase &phase, Binder &binder, const RecurrentSpec &spec, const BlockSpec &block, uint64_t embedding)
{
    phase.all = binder.needed(TensorRole::SsmIn, embedding, uint64_t{spec.valueWidth()} + spec.convChannels + spec.stateHeads);
    phase.convolutionBias = binder.bias(TensorRole::SsmConv, spec.convChannels);
    phase.skip = binder.neededVector(TensorRole::SsmD, spec.stateHeads);
    phase.outNorm = binder.norm(TensorRole::SsmNorm, block.norm, block.normEpsilon, spec.valueWidth());
}

/// The recurrent mixers: `phases.recurrent` and the projection behind it.
void bindRecurrent(LayerPhases &phases, Binder &binder, const BindInput &input, int32_t layer)
{
    const BlockSpec &block = input.shape.blocks[static_cast<size_t>(layer)];
    const RecurrentSpec &spec = block.recurrent;
    const uint64_t embedding = input.shape.embedding;
    RecurrentPhase &phase = phases.recurrent;
    phase.block = &block;
    phase.norm = binder.neededNorm(TensorRole::AttnNorm, block.norm, block.normEpsilon, embedding);
    phase.state = stateOf(input, phases.mixerDevice, layer);
    if (!phase.state.data)
        binder.fail(cacheElsewhere());
    phases.project.residualScale = block.residualScale;
    const uint64_t taps = uint64_t{spec.convKernel} * spec.convChannels;
    if (block.mixer == MixerKind::ShortConv) {
        phase.all = binder.needed(TensorRole::ShortConvIn, embedding, 3 * uint64_t{spec.convChannels});
        phase.convolution = binder.neededVector(TensorRole::ShortConv, taps);
        phases.project.weight = binder.needed(TensorRole::ShortConvOut, spec.convChannels, embedding);
        return;
    }
    phase.convolution = binder.neededVector(TensorRole::SsmConv, taps);
    phase.decay = binder.neededVector(TensorRole::SsmA, spec.stateHeads);
    phase.decayBias = binder.neededVector(TensorRole::SsmDt, spec.stateHeads);
    if (block.mixer == MixerKind::GatedDelta)
        bindDeltaNet(phase, binder, spec, block, embedding);
    else
        bindMamba2(phase, binder, spec, block, embedding);
    phases.project.weight = binder.needed(TensorRole::SsmOut, spec.valueWidth(), embedding);
}

void bindDense(LayerPhases &phases, Binder &binder, const BindInput &input, const BlockSpec &block)
{
    const uint64_t embedding = input.shape.embedding;
    const uint64_t width = block.ffn.width;
    FfnPhase &ffn = phases.ffn;
    ffn.block = &block;
    ffn.norm = binder.ffnNorm(block, embedding);
    ffn.gate = binder.matrix(TensorRole::FfnGate);
    if (ffn.gate)
        ffn.gate = binder.needed(TensorRole::FfnGate, embedding, width);
    const bool joined = block.ffn.gated && !ffn.gate;
    ffn.up = binder.needed(TensorRole::FfnUp, embedding, joined ? 2 * width : width);
    ffn.down = binder.needed(TensorRole::FfnDown, width, embedding);
    ffn.gateBias = binder.bias(TensorRole::FfnGate, width);
    ffn.upBias = binder.bias(TensorRole::FfnUp, joined ? 2 * width : width);
    ffn.downBias = binder.bias(TensorRole::FfnDown, embedding);
    ffn.postNorm = binder.norm(TensorRole::FfnPostNorm, block.norm, block.normEpsilon, embedding);
    ffn.besideExperts = block.ffn.kind == FfnKind::Experts;
    ffn.ownNorm = binder.norm(TensorRole::DensePostNorm, block.norm, block.normEpsilon, embedding);
}

void bindShared(ExpertsPhase &phase, Binder &binder, uint64_t embedding, const BlockSpec &block)
{
    if (block.ffn.sharedWidth == 0)
        return;
    phase.sharedGate = binder.matrix(TensorRole::SharedGate);
    phase.sharedUp = binder.needed(TensorRole::SharedUp, embedding, block.ffn.sharedWidth);
    phase.sharedDown = binder.needed(TensorRole::SharedDown, block.ffn.sharedWidth, embedding);
    phase.sharedRouter = binder.matrix(TensorRole::SharedRouter);
}

void bindExperts(LayerPhases &phases, Binder &binder, Binder &routed, const BindInput &input, const BlockSpec &block)
{
    const uint64_t embedding = input.shape.embedding;
    const FfnSpec &spec = block.ffn;
    RouterPhase &router = phases.router;
    const bool besideDense = spec.width > 0;
    router.block = &block;
    router.norm = besideDense ? binder.norm(TensorRole::ExpertNorm, block.norm, block.normEpsilon, embedding)
                              : binder.ffnNorm(block, embedding);
    router.ownNorm = {binder.vector(TensorRole::RouterScale, embedding), nullptr, block.norm, block.normEpsilon, false};
    router.expertScale = binder.vector(TensorRole::ExpertDownScale, spec.experts);
    router.weight = binder.needed(TensorRole::Router, embedding, spec.experts);
    router.bias = binder.bias(TensorRole::Router, spec.experts);
    router.selectionBias = binder.vector(TensorRole::RouterBias, spec.experts);

    ExpertsPhase &experts = phases.experts;
    experts.block = &block;
    experts.columns = input.shape.embedding;
    if (spec.gated && routed.matrix(TensorRole::ExpertGateUp)) {
        experts.up = routed.neededStack(TensorRole::ExpertGateUp, embedding, 2 * uint64_t{spec.expertWidth}, spec.experts);
    } else {
        if (spec.gated)
            experts.gate = routed.neededStack(TensorRole::ExpertGate, embedding, spec.expertWidth, spec.experts);
        experts.up = routed.neededStack(TensorRole::ExpertUp, embedding, spec.expertWidth, spec.experts);
    }
    experts.down = routed.neededStack(TensorRole::ExpertDown, spec.expertWidth, embedding, spec.experts);
    experts.gateBias = routed.bias(TensorRole::ExpertGate, uint64_t{spec.experts} * spec.expertWidth);
    experts.upBias = routed.bias(TensorRole::ExpertUp, uint64_t{spec.experts} * spec.expertWidth);
    experts.downBias = routed.bias(TensorRole::ExpertDown, spec.experts * embedding);
    const bool apart = phases.expertsDevice != phases.ffnDevice;
    experts.part = apart ? ExpertsPart::Routed : ExpertsPart::Whole;
    ExpertsPhase &rest = apart ? phases.besideExperts : experts;
    rest.block = &block;
    rest.columns = input.shape.embedding;
    rest.besideDense = besideDense;
    const TensorRole postNorm = besideDense ? TensorRole::ExpertPostNorm : TensorRole::FfnPostNorm;
    rest.postNorm = binder.norm(postNorm, block.norm, block.normEpsilon, embedding);
    bindShared(rest, binder, embedding, block);
}

/// What stands at the end of a layer: its own input, and a factor.
LayerEndPhase boundEnd(Binder &binder, const ModelShape &shape, const BlockSpec &block)
{
    LayerEndPhase end;
    end.scale = binder.vector(TensorRole::LayerScale, 1);
    end.activation = block.ffn.activation;
    end.columns = shape.embedding;
    if (shape.layerInput == 0)
        return end;
    end.gate = binder.needed(TensorRole::LayerInputGate, shape.embedding, shape.layerInput);
    end.projection = binder.needed(TensorRole::LayerInputProj, shape.layerInput, shape.embedding);
    end.norm = binder.neededNorm(TensorRole::LayerInputNorm, block.norm, block.normEpsilon, shape.embedding);
    return end;
}

LayerInputsPhase boundLayerInputs(Binder &binder, const ModelShape &shape)
{
    LayerInputsPhase phase;
    if (shape.layerInput == 0)
        return phase;
    const uint64_t all = uint64_t{shape.layerInput} * shape.layers();
    phase.table = binder.needed(TensorRole::LayerEmbedding, all, shape.vocabulary);
    phase.projection = binder.needed(TensorRole::LayerEmbeddingProj, shape.embedding, all);
    phase.norm = binder.neededNorm(TensorRole::LayerEmbeddingNorm, shape.outputNorm, shape.outputNormEpsilon, shape.layerInput);
    phase.width = shape.layerInput;
    return phase;
}

/// Divisors of the frequencies: those of Llama 3, or LongRoPE's for contexts as trained or longer.
Vector ropeFactors(Binder &outside, const RopeSpec &rope, uint32_t context)
{
    if (!rope.factored)
        return nullptr;
    if (const Vector plain = outside.vector(TensorRole::RopeFactors, rope.dims / 2))
        return plain;
    return outside.vector(context > rope.originalContext ? TensorRole::RopeFactorsLong : TensorRole::RopeFactorsShort, rope.dims / 2);
}

Result<LayerPhases> bindLayer(const BindInput &input, const PieceIndex &index, int32_t layer)
{
    const BlockSpec &block = input.shape.blocks[static_cast<size_t>(layer)];
    const auto deviceOf = [&](PieceKind kind) { return input.placement.devices[index.of({kind, layer})]; };
    LayerPhases phases;
    phases.mixerDevice = deviceOf(PieceKind::Mixer);
    phases.ffnDevice = deviceOf(PieceKind::Ffn);
    phases.expertsDevice = block.ffn.kind == FfnKind::Experts ? deviceOf(PieceKind::Experts) : phases.ffnDevice;

    Binder outside(input.weights[phases.mixerDevice], -1);
    Binder mixer(input.weights[phases.mixerDevice], layer);
    Binder ffn(input.weights[phases.ffnDevice], layer);
    Binder experts(input.weights[phases.expertsDevice], layer);
    if (isRecurrent(block)) {
        bindRecurrent(phases, mixer, input, layer);
    } else if (block.mixer != MixerKind::None) {
        const Vector factors = ropeFactors(outside, block.attention.rope, input.options.context);
        bindMixer(phases, mixer, factors, input, layer);
    }
    if (block.ffn.kind == FfnKind::Experts)
        bindExperts(phases, ffn, experts, input, block);
    if (block.ffn.width > 0 && block.ffn.kind != FfnKind::None)
        bindDense(phases, ffn, input, block);
    phases.end = boundEnd(ffn, input.shape, block);
    for (const Binder *each : {&outside, &mixer, &ffn, &experts}) {
        if (!each->status())
            return each->status().error();
    }
    return phases;
}

Status bindLayers(const BindInput &input, const PieceIndex &index, std::span<LayerPhases> layers)
{
    for (size_t layer = 0; layer < layers.size(); ++layer) {
        Result<LayerPhases> bound = bindLayer(input, index, static_cast<int32_t>(layer));
        if (!bound)
            return bound.error();
        std::construct_at(&layers[layer], *std::move(bound));
    }
    return {};
}

/// Binds the layers once more, with what is streamed in its slots.
Status bindStreamed(const BindInput &input, const PieceIndex &index, ModelPhases &phases)
{
    const ModelShape &shape = input.shape;
    phases.streaming = input.placement.streaming;
    if (!phases.streaming)
        return {};
    const DeviceIndex device = phases.streaming.device;
    std::vector<const std::byte *> addresses = input.weights[device].addresses();
    phases.streamed.resize(shape.blocks.size());
    for (const BufferPlan &plan : input.layout.buffers) {
        if (plan.id != BufferId::Streamed)
            continue;
        const auto tensor = static_cast<size_t>(plan.layer);
        std::byte *const slot = input.devices[device].arena(plan.segment) + plan.offset;
        const TensorSpec &spec = shape.tensors[tensor];
        phases.streamed[static_cast<size_t>(spec.layer)].push_back({&spec, {input.weights[hostDevice].addresses()[tensor], plan.bytes}, slot});
        addresses[tensor] = slot;
    }
    std::vector<Weights> weights(input.weights.begin(), input.weights.end());
    weights[device] = Weights(shape, input.devices[device].backend->traits(), std::move(addresses));
    const Placement placement = withStreamed(piecesOf(shape), input.placement);
    std::byte *const prepared = addressOf(input.layout, hostDevice, input.devices[hostDevice], BufferId::StreamedPhases);
    phases.streamedLayers = {reinterpret_cast<LayerPhases *>(prepared), shape.blocks.size()};
    const Status bound = bindLayers({shape, placement, input.options, input.layout, input.devices, weights}, index, phases.streamedLayers);
    for (size_t layer = 0; bound && layer < phases.streamed.size(); ++layer) {
        if (phases.streamed[layer].empty())
            phases.streamedLayers[layer] = phases.layers[layer];
    }
    return bound;
}

} // namespace

Result<std::vector<Device>> allocateDevices(const Layout &layout, std::span<Backend *const> backends)
{
    std::vector<Device> devices(layout.devices.size());
    for (DeviceIndex index = 0; index < devices.size(); ++index) {
        Device &device = devices[index];
        device.backend = index < backends.size() ? backends[index] : nullptr;
        for (const Segment &segment : layout.devices[index].segments) {
            if (segment.backing != Backing::Owned || segment.kind == SegmentKind::Overhead)
                continue;
            Result<std::byte *> arena = device.backend->allocate(segment.kind, segment.bytes);
            if (!arena)
                return arena.error();
            device.arenas[static_cast<size_t>(segment.kind)] = *arena;
        }
        device.buffers = buffersOf(layout, index, device);
        device.staging = rangeOf(layout, hostDevice, devices[hostDevice], BufferId::Staging, static_cast<int32_t>(index));
        if (!device.staging.empty())
            device.backend->pin(device.staging);
    }
    return devices;
}

Result<ModelPhases> bindPhases(const BindInput &input)
{
    const ModelShape &shape = input.shape;
    const PieceIndex index(shape);
    ModelPhases phases;
    phases.embedDevice = input.placement.devices.front();
    phases.outputDevice = input.placement.devices.back();

    Binder embed(input.weights[phases.embedDevice], -1);
    phases.embed.table = embed.needed(TensorRole::TokenEmbedding, shape.embedding, shape.vocabulary);
    phases.embed.scale = shape.embeddingScale;
    phases.layerInputs = boundLayerInputs(embed, shape);

    Binder output(input.weights[phases.outputDevice], -1);
    const bool otherName = shape.find(TensorRole::OutputNormNamedEmbedding) != nullptr;
    const TensorRole norm = otherName ? TensorRole::OutputNormNamedEmbedding : TensorRole::OutputNorm;
    phases.output.norm = output.neededNorm(norm, shape.outputNorm, shape.outputNormEpsilon, shape.embedding);
    const TensorRole matrix = shape.tiedOutput ? TensorRole::TokenEmbedding : TensorRole::Output;
    phases.output.weight = output.needed(matrix, shape.embedding, shape.vocabulary);
    phases.output.bias = output.bias(TensorRole::Output, shape.vocabulary);
    phases.output.scale = shape.logitScale;
    phases.output.softcap = shape.logitSoftcap;
    for (const Binder *each : {&embed, &output}) {
        if (!each->status())
            return each->status().error();
    }

    // The arena begins at a page, and every buffer at a multiple of the alignment.
    std::byte *const prepared = addressOf(input.layout, hostDevice, input.devices[hostDevice], BufferId::Phases);
    phases.layers = {reinterpret_cast<LayerPhases *>(prepared), shape.blocks.size()};
    Status bound = bindLayers(input, index, phases.layers);
    if (bound)
        bound = bindStreamed(input, index, phases);
    if (!bound)
        return bound.error();
    return phases;
}

} // namespace plimsoll::engine
