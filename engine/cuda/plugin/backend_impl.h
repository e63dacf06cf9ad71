// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "attention.h"
#include "cuda_error.h"
#include "heads.h"
#include "matrix.h"
#include "rotations.h"
#include "rows.h"

#include <plimsoll/engine/model/backend.h>

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

/// The phases as kernels on one stream. A failure in one is kept, what follows is not begun, and finish() tells it.
class CudaBackend : public Backend
{
public:
    /// Throws CudaError.
    explicit CudaBackend(int32_t device);
    ~CudaBackend() override;

    const BackendTraits &traits() const override { return m_traits; }
    DeviceMemory memory() const override;
    Result<std::byte *> allocate(SegmentKind segment, Bytes bytes) override;
    void pin(std::span<std::byte> inRam) override;
    Status upload(std::byte *destination, std::span<const std::byte> source) override;
    Status uploadLater(std::byte *destination, std::span<const std::byte> source) override;
    Status download(std::span<std::byte> destination, const std::byte *source) override;
    Status copy(std::byte *destination, const std::byte *source, uint64_t bytes) override;
    void bind(const Buffers &buffers) override;
    void setAbort(const std::atomic<bool> *abort) override { m_abort = abort; }

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
    Status finish() override;

private:
    /// Runs the body of a phase unless an earlier one failed or the call was aborted.
    template <typename Body>
    void phase(Body &&body)
    {
        if (m_error || (m_abort && m_abort->load(std::memory_order_relaxed)))
            return;
        try {
            use();
            body();
        } catch (const CudaError &error) {
            m_error = error;
        }
    }
    void use() const { check(cudaSetDevice(m_device)); }
    Error errorOf(const CudaError &error) const;
    /// `waits`: until it is done.
    Status copyBetween(void *to, const void *from, uint64_t bytes, cudaMemcpyKind kind, bool waits);
    uint64_t freeBytes() const;

    /// Whether a product of so many tokens reads activation rows.
    static bool wantsQuantized(const Tensor &matrix, uint32_t count)
    {
        return count <= mostVectorTokens && multipliesQuantized(matrix.type);
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

    std::byte *scratch() const { return m_buffers.workspace + WorkspacePlan::rotations + WorkspacePlan::groups; }

    int32_t m_device;
    BackendTraits m_traits;
    Stream m_stream;
    AttentionRoom m_room;
    std::optional<Multiplier> m_multiplier;
    RotationCache m_rotations;
    Buffers m_buffers;
    std::vector<void *> m_arenas;
    std::vector<void *> m_pinned;
    uint64_t m_arenaBytes = 0;
    uint64_t m_overhead = 0;
    std::optional<CudaError> m_error;
    const std::atomic<bool> *m_abort = nullptr;
};

} // namespace plimsoll::engine::cuda
