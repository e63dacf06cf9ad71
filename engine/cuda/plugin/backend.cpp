// SPDX-License-Identifier: Apache-2.0
#include "backend_impl.h"

#include "candidates.h"
#include "cuda_backend.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <mutex>
#include <set>

namespace plimsoll::engine {

Result<std::unique_ptr<Backend>> makeCudaBackend(int32_t device, uint64_t freeBefore)
{
    try {
        return std::unique_ptr<Backend>(std::make_unique<cuda::CudaBackend>(device, freeBefore));
    } catch (const CudaError &error) {
        return Error{ErrorCode::CudaUnavailable, {"device", cudaGetErrorString(error.code)}};
    }
}

} // namespace plimsoll::engine

namespace plimsoll::engine::cuda {

namespace {

uint32_t attribute(cudaDeviceAttr which, int32_t device)
{
    int value = 0;
    check(cudaDeviceGetAttribute(&value, which, device));
    return static_cast<uint32_t>(value);
}

/// More is not what a context takes: others have taken memory meanwhile.
constexpr uint64_t mostOverhead = uint64_t{2} << 30;

/// Whether the process had no backend there yet: the context that CUDA makes for the first stays when that is gone.
bool isFirstOn(int32_t device)
{
    static std::mutex guard;
    static std::set<int32_t> known;
    const std::lock_guard<std::mutex> lock(guard);
    return known.insert(device).second;
}

/// The device of the number, made current.
int32_t entered(int32_t device)
{
    check(cudaSetDevice(device));
    return device;
}

} // namespace

CudaBackend::CudaBackend(int32_t device, uint64_t freeBefore)
    : m_device(entered(device)), m_traits(cudaTraits())
{
    const uint64_t free = freeBytes();
    // More shared memory would leave room for one block only on a multiprocessor.
    constexpr uint32_t mostShared = 96 * 1024;
    m_room.multiprocessors = attribute(cudaDevAttrMultiProcessorCount, device);
    m_room.sharedBytes = std::min(attribute(cudaDevAttrMaxSharedMemoryPerBlockOptin, device), mostShared);
    const uint32_t major = attribute(cudaDevAttrComputeCapabilityMajor, device);
    m_room.capability = 10 * major + attribute(cudaDevAttrComputeCapabilityMinor, device);
    prepareAttention(m_room.sharedBytes);
    m_multiplier.emplace(m_stream, m_room.multiprocessors, m_room.capability);
    measureOverhead(freeBefore, free);
    assert(m_traits.workspaceFixed >= WorkspacePlan::total);
    assert(m_traits.activationBlockBytes == activationRowBytes(32));
}

CudaBackend::~CudaBackend()
{
    cudaSetDevice(m_device);
    cudaStreamSynchronize(m_uploads);
    cudaStreamSynchronize(m_stream);
    for (void *arena : m_arenas)
        cudaFree(arena);
    for (void *memory : m_pinned)
        cudaHostUnregister(memory);
}

void CudaBackend::measureOverhead(uint64_t freeBefore, uint64_t free)
{
    const auto taken = [now = freeBytes()](uint64_t before) { return before > now ? before - now : 0; };
    m_overhead = taken(free);
    const bool first = isFirstOn(m_device);
    if (const uint64_t whole = taken(freeBefore); first && whole > m_overhead && whole <= mostOverhead) {
        m_overhead = whole;
        m_overheadIsWhole = true;
    }
}

uint64_t CudaBackend::freeBytes() const
{
    size_t free = 0;
    size_t total = 0;
    check(cudaMemGetInfo(&free, &total));
    return free;
}

DeviceMemory CudaBackend::memory() const
{
    size_t free = 0;
    size_t total = 0;
    if (cudaSetDevice(m_device) != cudaSuccess || cudaMemGetInfo(&free, &total) != cudaSuccess) {
        cudaGetLastError();
        return {};
    }
    return {Bytes{total}, Bytes{free}, Bytes{m_overhead}, Bytes{m_overhead + m_arenaBytes + m_graphs.bytes()}, m_overheadIsWhole};
}

/// Memory that cannot be pinned is copied all the same, only slower.
void CudaBackend::pin(std::span<std::byte> inRam)
{
    cudaSetDevice(m_device);
    if (cudaHostRegister(inRam.data(), inRam.size(), cudaHostRegisterPortable) == cudaSuccess)
        m_pinned.push_back(inRam.data());
    else
        cudaGetLastError();
}

Error CudaBackend::errorOf(const CudaError &error) const
{
    return Error{ErrorCode::DeviceLost, {"CUDA" + std::to_string(m_device), cudaGetErrorString(error.code)}};
}

Result<std::byte *> CudaBackend::allocate(SegmentKind segment, Bytes bytes)
{
    static constexpr const char *names[] = {"weights", "kv", "state", "compute", "output", "staging", "overhead"};
    try {
        use();
        void *arena = nullptr;
        if (cudaMalloc(&arena, bytes.value) != cudaSuccess) {
            cudaGetLastError();
            return Error{ErrorCode::AllocationFailed,
                {"CUDA" + std::to_string(m_device), names[static_cast<size_t>(segment)], std::to_string(bytes.value)}};
        }
        m_arenas.push_back(arena);
        m_arenaBytes += bytes.value;
        check(cudaMemsetAsync(arena, 0, bytes.value, m_stream));
        check(cudaStreamSynchronize(m_stream));
        return static_cast<std::byte *>(arena);
    } catch (const CudaError &error) {
        return errorOf(error);
    }
}

Status CudaBackend::copyBetween(void *to, const void *from, uint64_t bytes, cudaMemcpyKind kind, bool waits)
{
    return told([&] {
        if (to == m_buffers.tokens)
            m_rotations.forget();   // another batch
        check(cudaMemcpyAsync(to, from, bytes, kind, m_stream));
        if (waits)
            check(cudaStreamSynchronize(m_stream));
    });
}

Status CudaBackend::upload(std::byte *destination, std::span<const std::byte> source)
{
    return copyBetween(destination, source.data(), source.size(), cudaMemcpyHostToDevice, true);
}

Status CudaBackend::uploadLater(std::byte *destination, std::span<const std::byte> source, uint32_t lane)
{
    return told([&] {
        check(cudaMemcpyAsync(destination, source.data(), source.size(), cudaMemcpyHostToDevice, m_uploads));
        check(cudaEventRecord(m_arrived.at(lane), m_uploads));
    });
}

Status CudaBackend::awaitUploads(uint32_t lane)
{
    return told([&] { check(cudaEventSynchronize(m_arrived.at(lane))); });
}

Status CudaBackend::after(cudaStream_t later, cudaEvent_t place, cudaStream_t earlier)
{
    return told([&] {
        check(cudaEventRecord(place, earlier));
        check(cudaStreamWaitEvent(later, place));
    });
}

Status CudaBackend::download(std::span<std::byte> destination, const std::byte *source)
{
    return copyBetween(destination.data(), source, destination.size(), cudaMemcpyDeviceToHost, true);
}

Status CudaBackend::copy(std::byte *destination, const std::byte *source, uint64_t bytes)
{
    return copyBetween(destination, source, bytes, cudaMemcpyDeviceToDevice, false);
}

void CudaBackend::bind(const Buffers &buffers)
{
    // A device that only looks up embeddings has no scratch.
    assert(!buffers.workspace || buffers.workspaceBytes >= WorkspacePlan::total);
    m_buffers = buffers;
    m_graphs.forget();
    m_rotations.bind(buffers.workspace);
    m_rotations.forget();
    m_room.partial = reinterpret_cast<float *>(scratch());
    m_room.partialBytes = WorkspacePlan::scratch;
    phase([&] { m_multiplier->bind(scratch()); });
}

Status CudaBackend::finish()
{
    try {
        use();
        m_graphs.end(false);   // a pass that broke off
        check(cudaStreamSynchronize(m_uploads));
        check(cudaStreamSynchronize(m_stream));
    } catch (const CudaError &error) {
        if (!m_error)
            m_error = error;
    }
    if (!m_error)
        return {};
    const Error told = errorOf(*m_error);
    m_error.reset();
    return told;
}

/// Of few tokens: with many, the time between kernels does not count.
bool CudaBackend::beginPass(const PassKind &kind)
{
    bool queued = false;
    if (kind.count <= mostVectorTokens)
        phase([&] { queued = m_graphs.replay(kind); });
    return queued;
}

/// What failed or was aborted is not called again.
bool CudaBackend::endPass()
{
    bool queued = true;
    phase([&] { queued = m_graphs.end(true); });
    if (!queued)
        m_rotations.forget();
    return queued;
}

Product CudaBackend::productOf(const Tensor &matrix, const Input &input, float *out, uint32_t firstRow, uint32_t rows) const
{
    Product product;
    product.weight = matrix.data + uint64_t{firstRow} * matrix.rowBytes;
    product.type = matrix.type;
    product.rowBytes = matrix.rowBytes;
    product.rows = rows;
    product.columns = matrix.columns;
    product.x = input.x;
    product.xStride = input.columns;
    product.quantized = m_buffers.quantized;
    product.tokens = input.count;
    product.out = out;
    product.outStride = rows;
    return product;
}

Product CudaBackend::cutProduct(const Tensor &matrix, const Input &input, float *out, uint64_t outStride, uint32_t firstRow, uint32_t rows,
    uint32_t heads, uint32_t headStep, uint64_t outStep) const
{
    Product product = productOf(matrix, input, out, firstRow, rows);
    product.outStride = outStride;
    product.batches = heads;
    product.weightStep = uint64_t{headStep} * matrix.rowBytes;
    product.outStep = outStep;
    return product;
}

Input CudaBackend::normalizeHidden(const Norm &norm, uint32_t columns, uint32_t count, bool quantized)
{
    RowNorm work;
    work.norm = norm;
    work.x = m_buffers.hidden;
    work.out = m_buffers.normed;
    work.xStride = work.outStride = work.columns = columns;
    work.quantized = quantized ? m_buffers.quantized : nullptr;
    work.rows = count;
    normRows(m_stream, work);
    return {m_buffers.normed, columns, count};
}

void CudaBackend::quantize(const Input &input)
{
    quantizeHeads(input, 1, 0, input.columns);
}

void CudaBackend::quantizeHeads(const Input &input, uint32_t heads, uint32_t stride, uint32_t columns)
{
    RowNorm work;
    work.x = input.x;
    work.xStride = input.columns;
    work.columns = columns;
    work.quantized = m_buffers.quantized;
    work.rows = input.count;
    work.units = heads;
    work.unitStride = stride;
    work.unitsApart = true;
    normRows(m_stream, work);
}

void CudaBackend::addProduct(const Tensor &weight, const Input &input, const float *bias, const Norm &postNorm, float scale)
{
    if (wantsQuantized(weight, input.count))
        quantize(input);
    Product product = productOf(weight, input, m_buffers.mixed);
    product.bias = bias;
    const bool normed = postNorm.weight || postNorm.plain;
    if (!normed && !(bias && scale != 1.0f)) {
        product.out = m_buffers.hidden;
        product.scale = scale;
        product.adds = true;
        return m_multiplier->multiply(product);
    }
    m_multiplier->multiply(product);
    addMixed(postNorm, scale, weight.rows, input.count);
}

void CudaBackend::addMixed(const Norm &postNorm, float scale, uint32_t columns, uint32_t count)
{
    RowNorm work;
    work.norm = postNorm;
    work.x = m_buffers.mixed;
    work.out = m_buffers.hidden;
    work.xStride = work.outStride = work.columns = columns;
    work.rows = count;
    work.scale = scale;
    work.adds = true;
    normRows(m_stream, work);
}

void CudaBackend::embed(const EmbedPhase &what)
{
    phase([&] {
        LookUp work;
        work.table = what.table.data;
        work.rowBytes = what.table.rowBytes;
        work.columns = what.table.columns;
        work.tokens = m_buffers.tokens;
        work.count = what.count;
        work.out = m_buffers.hidden;
        work.scale = what.scale;
        m_multiplier->lookUp(what.table.type, work);
    });
}

/// Each layer's part of the projection is a batch of its own, so that its results lie together.
void CudaBackend::layerInputs(const LayerInputsPhase &what)
{
    phase([&] {
        const Input hidden{m_buffers.hidden, what.projection.columns, what.count};
        const uint32_t layers = what.projection.rows / what.width;
        if (wantsQuantized(what.projection, what.count, layers))
            quantize(hidden);
        Product product = cutProduct(what.projection, hidden, m_buffers.layerInputs, what.width, 0, what.width, layers, what.width,
            uint64_t{what.count} * what.width);
        product.scale = 1.0f / std::sqrt(static_cast<float>(what.projection.columns));
        m_multiplier->multiply(product);
        RowNorm norm;
        norm.norm = what.norm;
        norm.x = norm.out = m_buffers.layerInputs;
        norm.xStride = norm.outStride = norm.columns = what.width;
        norm.rows = layers * what.count;
        normRows(m_stream, norm);
        LookUp work;
        work.table = what.table.data;
        work.rowBytes = what.table.rowBytes;
        work.columns = what.table.columns;
        work.tokens = m_buffers.tokens;
        work.count = what.count;
        work.out = m_buffers.layerInputs;
        work.scale = std::sqrt(static_cast<float>(what.width));
        work.width = what.width;
        work.factor = 1.0f / std::sqrt(2.0f);
        m_multiplier->lookUp(what.table.type, work);
    });
}

void CudaBackend::layerEnd(const LayerEndPhase &what)
{
    phase([&] {
        if (what.gate) {
            const uint32_t columns = what.gate.columns;
            const uint32_t width = what.gate.rows;
            const Input hidden{m_buffers.hidden, columns, what.count};
            if (wantsQuantized(what.gate, what.count))
                quantize(hidden);
            m_multiplier->multiply(productOf(what.gate, hidden, m_buffers.ffnGate));
            RowActivation work;
            work.activation = what.activation;
            work.gate = m_buffers.ffnGate;
            work.up = what.input;
            work.upStride = work.width = width;
            work.rows = what.count;
            activateRows(m_stream, work);
            addProduct(what.projection, {m_buffers.ffnGate, width, what.count}, nullptr, what.norm, 1.0f);
        }
        if (what.scale)
            scaleRows(m_stream, m_buffers.hidden, uint64_t{what.count} * what.columns, what.scale);
    });
}

void CudaBackend::output(const OutputPhase &what)
{
    phase([&] {
        const uint32_t columns = what.weight.columns;
        RowNorm norm;
        norm.norm = what.norm;
        norm.x = m_buffers.hidden;
        norm.out = m_buffers.outputRows;
        norm.xStride = norm.outStride = norm.columns = columns;
        norm.quantized = wantsQuantized(what.weight, what.outputs) ? m_buffers.quantized : nullptr;
        norm.rows = what.count;
        norm.outputs = m_buffers.tokens;
        normRows(m_stream, norm);
        const Input rows{m_buffers.outputRows, columns, what.outputs};
        m_multiplier->multiply(productOf(what.weight, rows, m_buffers.logits));
        if (what.bias || what.scale != 1.0f || what.softcap != 0.0f)
            finishLogits(m_stream, {m_buffers.logits, what.bias, what.weight.rows, what.outputs, what.scale, what.softcap});
    });
}

bool CudaBackend::canFindCandidates(const CandidatesPhase &what) const
{
    return what.kept <= std::min(mostCandidates, what.choices) && m_buffers.workspace && candidateBytes(what) <= WorkspacePlan::scratch;
}

void CudaBackend::findCandidates(const CandidatesPhase &what)
{
    phase([&] { cuda::findCandidates(m_stream, what, m_buffers.logits, scratch()); });
}

} // namespace plimsoll::engine::cuda
