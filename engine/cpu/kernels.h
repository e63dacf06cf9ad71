// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cpu_backend.h"

#include <cstddef>
#include <cstdint>

/// What an instruction set implements: a table of plain functions over rows, each called from many threads on different rows. The
/// phases, the splitting over threads and all bookkeeping are written once, above this table. Functions defined in headers that the
/// files of instruction sets include are static or in an anonymous namespace: one compiled for AVX-512 must never stand in for another.
namespace plimsoll::engine::cpu {

/// A row of n activations for integer products, n a multiple of 32: int8 [n], then float32 scales [n/32] and, for each block of 32,
/// the sums of the integers in its first and in its second half of 16: int32 [n/32] and [n/32].
struct ActivationRow
{
    const int8_t *q;
    const float *scales;
    const int32_t *firstSums;
    const int32_t *secondSums;
};

static inline uint64_t activationRowBytes(uint32_t n)
{
    return uint64_t{n} / 32 * 44;
}

static inline ActivationRow activationRow(const std::byte *row, uint32_t n)
{
    const std::byte *const sums = row + n + n / 32 * sizeof(float);
    return {reinterpret_cast<const int8_t *>(row), reinterpret_cast<const float *>(row + n), reinterpret_cast<const int32_t *>(sums),
        reinterpret_cast<const int32_t *>(sums) + n / 32};
}

/// out[t · outStride + r] = weight row r · activations of token t. Formats of blocks multiply `quantized`, plain numbers `x`.
struct Product
{
    const std::byte *weight = nullptr;     // [rows, columns]
    GgmlType type = GgmlType::F32;
    uint32_t rows = 0;
    uint32_t columns = 0;
    uint64_t rowBytes = 0;
    const float *x = nullptr;              // [tokens, columns], rows xStride apart
    uint64_t xStride = 0;
    const std::byte *quantized = nullptr;  // [tokens] of ActivationRow
    const uint32_t *tokenRows = nullptr;   // row of x or quantized for each token; null: token t is row t
    uint32_t tokens = 0;
    float *out = nullptr;
    uint64_t outStride = 0;
};

static inline uint64_t xRow(const Product &product, uint32_t token)
{
    return product.tokenRows ? product.tokenRows[token] : token;
}

/// Some consecutive tokens of one sequence; for each of the key-value heads [kvHead, kvHead + kvHeads) the `heads` query heads that share
/// it, from `head` on; and of the positions that a token sees those in [first, last].
struct AttentionTask
{
    const AttentionSpec *spec = nullptr;
    const float *sinks = nullptr;          // [heads of the model]
    KvCache cache;
    const TokenRow *tokens = nullptr;
    uint32_t count = 0;                    // count × heads × kvHeads at most maxAttentionRows
    uint32_t head = 0;
    uint32_t heads = 0;
    uint32_t kvHead = 0;
    uint32_t kvHeads = 1;
    int64_t first = 0;
    int64_t last = INT64_MAX;
    const float *query = nullptr;          // row of the first token
    uint64_t queryStride = 0;
    float *out = nullptr;
    uint64_t outStride = 0;
    float *parts = nullptr;                // instead of `out`, of one token: [heads of the model, attentionPartWidth]
};

/// What is known of one head after a part of the positions: Σ weight · value [headDimV], the highest score, Σ weight.
static inline uint32_t attentionPartWidth(const AttentionSpec &spec)
{
    return spec.headDimV + 2;
}

/// The first position that a token sees.
static inline int64_t firstVisible(const AttentionSpec &spec, int32_t position)
{
    if (spec.chunked && spec.window > 0)
        return position - position % int64_t{spec.window};
    const int64_t first = spec.window == 0 ? 0 : int64_t{position} - int64_t{spec.window} + 1;
    return first > 0 ? first : 0;
}

/// One token of one head of a recurrence: state = decay · state; d = write · (value − key · state, or value where the state is not
/// corrected); state += key ⊗ d; out = query · state. `keyScale` and `queryScale` multiply key and query.
struct RecurrenceStep
{
    float *state = nullptr;         // [dimK, dimV]
    const float *key = nullptr;     // [dimK]
    const float *query = nullptr;   // [dimK]
    const float *value = nullptr;   // [dimV]
    float *out = nullptr;           // [dimV]
    uint32_t dimK = 0;
    uint32_t dimV = 0;
    float decay = 1.0f;
    float write = 1.0f;
    float keyScale = 1.0f;
    float queryScale = 1.0f;
    bool corrects = false;
};

/// A block of 32 activations none of which is larger counts as zero: 127 / it would overflow.
inline constexpr float smallestActivation = 1e-30f;
/// Rows of queries that share one pass over keys and values.
inline constexpr uint32_t maxAttentionRows = 32;
/// The widest head.
inline constexpr uint32_t maxHeadDim = 576;
/// Bytes of scratch each thread needs; BackendTraits::workspacePerThread.
inline constexpr uint64_t scratchBytes = 512 * 1024;
/// The end of the first thread's scratch, where parts of attention wait to be joined.
inline constexpr uint64_t attentionPartsBytes = 256 * 1024;

struct Kernels
{
    /// x[n] into one ActivationRow; n a multiple of 32. Scale: largest magnitude / 127; rounding to nearest even.
    void (*quantizeRow)(const float *x, uint32_t n, std::byte *row);
    /// Weight rows [begin, end) with all tokens.
    void (*multiply)(const Product &product, uint32_t begin, uint32_t end, std::byte *scratch);
    /// out = norm(x); in place allowed. `norm.weight` is there, or `norm.plain`.
    void (*normalize)(const Norm &norm, const float *x, uint32_t n, float *out);
    /// out = act(gate) · up, or act(gate) where up is null; in place allowed.
    void (*activate)(Activation activation, const float *gate, const float *up, uint32_t n, float *out);
    /// out += scale · x
    void (*addScaled)(const float *x, float scale, uint32_t n, float *out);
    /// out = cap · tanh(x / cap), in place
    void (*softcap)(float cap, uint32_t n, float *x);
    /// x *= 1 / (1 + e^-gate)
    void (*gate)(const float *gate, uint32_t n, float *x);
    void (*recur)(const RecurrenceStep &step);
    void (*attend)(const AttentionTask &task, std::byte *scratch);
    /// `rounds` rounds of productsPerRound integer products, with nothing around; returns something of them, so that none is left out.
    uint32_t (*multiplyAtPeak)(uint32_t rounds);
    uint32_t productsPerRound;
    /// x[n] as KV cells store it, in one of BackendTraits::kvTypes; n is a multiple of its block. The same bits from every instruction set.
    void (*store)(const float *x, uint32_t n, GgmlType type, std::byte *out);
};

const Kernels &scalarKernels();
#if defined(__x86_64__)
const Kernels &avx2Kernels();
const Kernels &avx512Kernels();
#endif
const Kernels &kernelsOf(InstructionSet set);

} // namespace plimsoll::engine::cpu
