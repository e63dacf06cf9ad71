// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "attention.h"
#include "cuda_error.h"
#include "heads.h"
#include "matrix.h"
#include "pass_graphs.h"
#include "rotations.h"
#include "rows.h"

#include <plimsoll/engine/model/backend.h>

#include <array>
#include <bitset>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace plimsoll::engine::cuda {

/// Rows of a phase that matrices multiply.
struct Input
{
    const float *x = nullptr;
    uint32_t columns = 0;   // and the distance of two rows
    uint32_t count = 0;
};

/// How BackendTraits::workspaceFixed is used.
struct WorkspacePlan
{
    static constexpr uint64_t rotations = RotationCache::bytes;
    static constexpr uint64_t groups = uint64_t{4} << 20;
    static constexpr uint64_t scratch = Gemm::scratchBytes;   // matrices in another format; partial results of attention
    static constexpr uint64_t total = rotations + groups + scratch;
};

/// A stream; the first member, so that everything else is gone before it is.
class Stream
{
public:
    Stream() { check(cudaStreamCreateWithFlags(&m_stream, cudaStreamNonBlocking)); }
    ~Stream() { cudaStreamDestroy(m_stream); }
    Stream(const Stream &) = delete;
    Stream &operator=(const Stream &) = delete;
    operator cudaStream_t() const { return m_stream; }

private:
    cudaStream_t m_stream = nullptr;
};

/// A place in a stream that others wait for; passed until it is set.
class Event
{
public:
    Event() { check(cudaEventCreateWithFlags(&m_event, cudaEventDisableTiming)); }
    ~Event() { cudaEventDestroy(m_event); }
    Event(const Event &) = delete;
    Event &operator=(const Event &) = delete;
    operator cudaEvent_t() const { return m_event; }

private:
    cudaEvent_t m_event = nullptr;
};

/// The phases as kernels on one stream. A failure in one is kept, what follows is not begun, and finish() tells it.
class CudaBackend : public Backend
{
public:
    /// Throws CudaError.
    CudaBackend(int32_t device, uint64_t freeBefore);
    ~CudaBackend() override;

    const BackendTraits &traits() const override { return m_traits; }
    DeviceMemory memory() const override;
    Result<std::byte *> allocate(SegmentKind segment, Bytes bytes) override;
    void pin(std::span<std::byte> inRam) override;
    Status upload(std::byte *destination, std::span<const std::byte> source) override;
    Status uploadLater(std::byte *destination, std::span<const std::byte> source, uint32_t lane) override;
    Status awaitUploads(uint32_t lane) override;
    Status uploadsAfterPhases() override { return after(m_uploads, m_computed, m_stream); }
    Status phasesAfterUploads() override { return after(m_stream, m_uploaded, m_uploads); }
    Status download(std::span<std::byte> destination, const std::byte *source) override;
    Status copy(std::byte *destination, const std::byte *source, uint64_t bytes) override;
    Result<bool> copyFrom(Backend &other, std::byte *destination, const std::byte *source, uint64_t bytes) override;
    void bind(const Buffers &buffers) override;
    void setAbort(const std::atomic<bool> *abort) override { m_abort = abort; }

    bool beginPass(const PassKind &kind) override;
    bool endPass() override;
    void embed(const EmbedPhase &phase) override;
    void layerInputs(const LayerInputsPhase &phase) override;
    void mixerInput(const MixerInputPhase &phase) override;
    void attention(const AttentionPhase &phase) override;
    void recurrent(const RecurrentPhase &phase) override;
    void project(const ProjectPhase &phase) override;
    void ffn(const FfnPhase &phase) override;
    void router(const RouterPhase &phase) override;
    void experts(const ExpertsPhase &phase) override;
    void layerEnd(const LayerEndPhase &phase) override;
    void output(const OutputPhase &phase) override;
    bool canFindCandidates(const CandidatesPhase &phase) const override;
    void findCandidates(const CandidatesPhase &phase) override;
    const TokenCandidate *candidates() const override { return reinterpret_cast<const TokenCandidate *>(scratch()); }
    Status finish() override;

private:
    /// Runs the body of a phase unless an earlier one failed or the call was aborted.
    template <typename Body>
    void phase(Body &&body)
    {
        if (m_error || (m_abort && m_abort->load(std::memory_order_relaxed)))
            return m_graphs.spoil();
        try {
            use();
            body();
        } catch (const CudaError &error) {
            m_error = error;
            m_graphs.spoil();
        }
    }
    void use() const { check(cudaSetDevice(m_device)); }
    Error errorOf(const CudaError &error) const;
    /// Runs the body of what is no phase, whose failure is told at once.
    template <typename Body>
    Status told(Body &&body)
    {
        try {
            use();
            body();
            return {};
        } catch (const CudaError &error) {
            return errorOf(error);
        }
    }
    /// What comes next on `later` waits for all on `earlier`.
    Status after(cudaStream_t later, cudaEvent_t place, cudaStream_t earlier);
    /// `waits`: until it is done.
    Status copyBetween(void *to, const void *from, uint64_t bytes, cudaMemcpyKind kind, bool waits);
    /// Whether copies come from there without RAM, and right.
    bool reaches(CudaBackend &peer);
    bool copiesRight(CudaBackend &peer);
    uint64_t freeBytes() const;
    /// Of `freeBefore`, before there was a context, and of `free`, when there was one.
    void measureOverhead(uint64_t freeBefore, uint64_t free);

    /// Whether a product of so many tokens (and of batches, where it is cut into some) reads activation rows.
    bool wantsQuantized(const Tensor &matrix, uint32_t count, uint32_t batches = 1) const
    {
        return m_multiplier->readsQuantized(matrix.type, matrix.columns, count, batches);
    }
    Product productOf(const Tensor &matrix, const Input &input, float *out, uint32_t firstRow, uint32_t rows) const;
    Product productOf(const Tensor &matrix, const Input &input, float *out) const { return productOf(matrix, input, out, 0, matrix.rows); }
    /// Rows [firstRow + head · headStep, + rows) of the matrix for each of `heads`: results outStep apart, tokens outStride.
    Product cutProduct(const Tensor &matrix, const Input &input, float *out, uint64_t outStride, uint32_t firstRow, uint32_t rows,
        uint32_t heads = 1, uint32_t headStep = 0, uint64_t outStep = 0) const;
    /// buffers.normed = norm(hidden), and quantized where that is wanted.
    Input normalizeHidden(const Norm &norm, uint32_t columns, uint32_t count, bool quantized);
    void quantize(const Input &input);
    /// hidden += scale · postNorm(weight · input + bias), with `mixed` between.
    void addProduct(const Tensor &weight, const Input &input, const float *bias, const Norm &postNorm, float scale);
    /// hidden += scale · postNorm(mixed)
    void addMixed(const Norm &postNorm, float scale, uint32_t columns, uint32_t count);
    /// ffnGate = act(gate · input) · (up · input); returns what the next matrix multiplies, quantized where it wants that.
    Input multiplyGated(const FfnSpec &spec, const Tensor &gate, const Tensor &up, const float *gateBias, const float *upBias,
        const Input &input, const Tensor &next);

    void finishQueries(const MixerInputPhase &phase);
    HeadFinish headFinish(const MixerInputPhase &phase) const;
    void latentInput(const MixerInputPhase &phase);
    void absorbKeys(const MixerInputPhase &phase);
    void latentAttention(const AttentionPhase &phase);
    void projectValues(const AttentionPhase &phase);
    void attendHeads(const AttentionPhase &phase, const AttentionSpec &spec, const KvCache &cache);
    /// Quantizes `columns` elements of each head of each token, head after head.
    void quantizeHeads(const Input &input, uint32_t heads, uint32_t stride, uint32_t columns);
    void projectRecurrent(const RecurrentPhase &phase, const Input &input);
    void projectDeltaNet(const RecurrentPhase &phase, const Input &input, std::vector<Product> &products);
    void addRouted(const ExpertsPhase &phase);
    void computeShared(const ExpertsPhase &phase);

    /// Null before bind(), as the workspace is.
    std::byte *scratch() const
    {
        return m_buffers.workspace ? m_buffers.workspace + WorkspacePlan::rotations + WorkspacePlan::groups : nullptr;
    }

    int32_t m_device;
    BackendTraits m_traits;
    Stream m_stream;
    Stream m_uploads;                 // of uploadLater()
    std::array<Event, 2> m_arrived;   // by lane
    Event m_uploaded;                 // what phases wait for
    Event m_computed;                 // what another stream, or another device that copies, waits for
    Event m_received;                 // from another device
    std::bitset<256> m_peersAsked;    // by number of the device: whether it is known
    std::bitset<256> m_peersReached;  // whether copies come from there without RAM
    AttentionRoom m_room;
    std::optional<Multiplier> m_multiplier;
    RotationCache m_rotations;
    PassGraphs m_graphs{m_stream};
    Buffers m_buffers;
    std::vector<void *> m_arenas;
    std::vector<void *> m_pinned;
    uint64_t m_arenaBytes = 0;
    uint64_t m_overhead = 0;
    bool m_overheadIsWhole = false;
    std::optional<CudaError> m_error;
    const std::atomic<bool> *m_abort = nullptr;
};

} // namespace plimsoll::engine::cuda
