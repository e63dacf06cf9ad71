// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "kernels.h"

#include <plimsoll/engine/base/memory.h>

#include <span>
#include <vector>

namespace plimsoll::engine {
struct RopeTable;
}

namespace plimsoll::engine::cpu {

/// Float32 rows of one phase.
struct Rows
{
    const float *x = nullptr;
    uint32_t columns = 0;   // and the distance of two rows
    uint32_t count = 0;
};

/// A token that chose the expert at hand, and its weight there.
struct ExpertRow
{
    uint32_t token;
    float weight;
};

/// Most experts of a layer.
inline constexpr uint32_t maxExperts = 1024;

/// The phases over a table of kernels. The buffers are those of BufferId, each row as long as this layer needs it.
class CpuBackend : public Backend
{
public:
    CpuBackend(ThreadPool &pool, InstructionSet set);

    const BackendTraits &traits() const override { return m_traits; }
    Result<std::byte *> allocate(SegmentKind segment, Bytes bytes) override;
    Status upload(std::byte *destination, std::span<const std::byte> source) override;
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
    Status finish() override { return {}; }

private:
    bool aborted() const { return m_abort && m_abort->load(std::memory_order_relaxed); }
    std::byte *scratch(uint32_t thread) const { return m_buffers.workspace + thread * scratchBytes; }

    /// body(token) for each of `count` tokens, spread over the threads when there are several.
    template <typename Body>
    void forTokens(uint32_t count, Body &&body)
    {
        if (count == 1)
            return body(0u);
        m_pool.forEach(count, 1, [&](uint64_t begin, uint64_t end, uint32_t) {
            for (uint64_t token = begin; token < end; ++token)
                body(static_cast<uint32_t>(token));
        });
    }

    void normalize(const Norm &norm, const float *x, uint32_t n, float *out) const;
    /// buffers.normed = norm(hidden), and quantized where a matrix that reads it wants that.
    void normalizeHidden(const Norm &norm, uint32_t columns, uint32_t count, bool quantized);
    void quantize(const Rows &rows);
    /// A product of matrix and rows; `firstRow` and `rowCount` take a part of the matrix.
    Product productOf(const Tensor &matrix, const Rows &rows, float *out, uint32_t firstRow, uint32_t rowCount) const;
    Product productOf(const Tensor &matrix, const Rows &rows, float *out) const { return productOf(matrix, rows, out, 0, matrix.rows); }
    void multiply(std::span<const Product> products);
    /// gate.out = act(gate + its bias) · (up + its bias), chunk by chunk while both are in the cache. Without `up.weight`: act(gate).
    void multiplyGated(Activation activation, const Product &gate, const float *gateBias, const Product &up, const float *upBias);
    /// hidden += scale · postNorm(mixed + bias)
    void addToHidden(const float *bias, const Norm &postNorm, float scale, uint32_t columns, uint32_t count);

    /// attentionOut = attention with heads as `spec` has them.
    void attend(const AttentionPhase &phase, const AttentionSpec &spec, const KvCache &cache);
    void joinParts(const AttentionSpec &spec, const float *parts, uint32_t ranges, uint32_t count);
    void gateHeads(const AttentionSpec &spec, uint32_t count);
    void latentInput(const MixerInputPhase &phase);
    void latentToken(const MixerInputPhase &phase, const RopeTable &rope, uint32_t token);
    void absorbKeys(const MixerInputPhase &phase);
    void absorbJoinedKeys(const MixerInputPhase &phase);
    void latentAttention(const AttentionPhase &phase);
    void projectValues(const AttentionPhase &phase);
    /// Quantizes `columns` elements of every head of every token for a product per head: head after head, token after token in each.
    void quantizeHeads(const Rows &rows, uint32_t heads, uint32_t stride, uint32_t columns);
    void projectGatedQuery(const MixerInputPhase &phase, const Rows &normed);
    void cutProduct(const Tensor &matrix, const Rows &rows, uint32_t columns, float *out, uint32_t at, uint32_t outWidth);
    void projectDeltaNet(const RecurrentPhase &phase, const Rows &rows);
    void projectRecurrent(const RecurrentPhase &phase);
    void convolve(const RecurrentPhase &phase, uint32_t begin, uint32_t channels);
    void recurHead(const RecurrentPhase &phase, uint32_t head);
    void normalizeHeads(Norm norm, bool ofEachHead, uint32_t length, uint32_t width, float *row) const;
    void finishToken(const MixerInputPhase &phase, const RopeTable &rope, uint32_t token);
    void addLookedUp(const LayerInputsPhase &phase, uint32_t token);
    void choose(const FfnSpec &spec, const float *selectionBias, float *logits, ExpertChoice *chosen) const;
    void addExperts(const ExpertsPhase &phase, uint32_t columns);
    void addExpert(const ExpertsPhase &phase, uint32_t expert, uint32_t count, uint32_t columns);
    void computeShared(const ExpertsPhase &phase, uint32_t columns);
    void addShared(const ExpertsPhase &phase, uint32_t columns);

    ThreadPool &m_pool;
    const Kernels &m_kernels;
    BackendTraits m_traits;
    Buffers m_buffers;
    std::vector<Arena> m_arenas;
    std::vector<ExpertRow> m_rowsOfExpert;
    std::vector<Product> m_products;   // one per head, or matrices cut by rows; grows with the most that were needed and stays
    uint32_t m_cutRow = 0;             // where the next cut begins
    const std::atomic<bool> *m_abort = nullptr;
};

/// Whether the format multiplies activations that were quantized, or float32 ones.
bool multipliesQuantized(GgmlType type);

void addBias(const float *bias, uint32_t n, float *x);

} // namespace plimsoll::engine::cpu
