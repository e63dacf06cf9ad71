// SPDX-License-Identifier: Apache-2.0
#include "backend_impl.h"

#include <plimsoll/engine/quant/reference.h>

#include <algorithm>
#include <cassert>
#include <cstring>
#include <string>

namespace plimsoll::engine {

std::unique_ptr<Backend> makeCpuBackend(ThreadPool &pool, InstructionSet set)
{
    return std::make_unique<cpu::CpuBackend>(pool, set);
}

Status cpuSupports(const ModelShape &shape)
{
    const std::string widest = "heads up to " + std::to_string(cpu::maxHeadDim);
    for (const BlockSpec &block : shape.blocks) {
        const AttentionSpec &attention = block.attention;
        const bool latent = block.mixer == MixerKind::LatentAttention;
        const uint32_t head = latent ? attention.kvLoraRank + attention.ropeDim : std::max(attention.headDimK, attention.headDimV);
        if (head > cpu::maxHeadDim)
            return Error{ErrorCode::UnsupportedByEngine, {std::to_string(head) + " elements per head", widest}};
        if (block.ffn.experts > cpu::maxExperts)
            return Error{ErrorCode::UnsupportedByEngine,
                {std::to_string(block.ffn.experts) + " experts", "up to " + std::to_string(cpu::maxExperts)}};
    }
    return {};
}

} // namespace plimsoll::engine

namespace plimsoll::engine::cpu {

bool multipliesQuantized(GgmlType type)
{
    return info(type).blockElements > 1;
}

void addBias(const float *bias, uint32_t n, float *x)
{
    if (!bias)
        return;
    for (uint32_t i = 0; i < n; ++i)
        x[i] += bias[i];
}

CpuBackend::CpuBackend(ThreadPool &pool, InstructionSet set)
    : m_pool(pool), m_kernels(kernelsOf(set)), m_traits(cpuTraits())
{
    assert(m_traits.workspacePerThread >= scratchBytes);
    assert(m_traits.activationBlockBytes == activationRowBytes(32));
}

Result<std::byte *> CpuBackend::allocate(SegmentKind segment, Bytes bytes)
{
    static constexpr const char *names[] = {"weights", "kv", "state", "compute", "output", "staging", "overhead"};
    Result<Arena> arena = Arena::make(bytes, names[static_cast<size_t>(segment)]);
    if (!arena)
        return arena.error();
    m_arenas.push_back(std::move(*arena));
    return m_arenas.back().bytes().data();
}

Status CpuBackend::upload(std::byte *destination, std::span<const std::byte> source)
{
    std::memcpy(destination, source.data(), source.size());
    return {};
}

Status CpuBackend::download(std::span<std::byte> destination, const std::byte *source)
{
    std::memcpy(destination.data(), source, destination.size());
    return {};
}

Status CpuBackend::copy(std::byte *destination, const std::byte *source, uint64_t bytes)
{
    // One core alone does not reach what the memory can.
    constexpr uint64_t stripe = uint64_t{1} << 18;
    if (bytes <= stripe)
        std::memcpy(destination, source, bytes);
    else
        m_pool.forEach((bytes + stripe - 1) / stripe, 1, [&](uint64_t begin, uint64_t end, uint32_t) {
            std::memcpy(destination + begin * stripe, source + begin * stripe, std::min(end * stripe, bytes) - begin * stripe);
        });
    return {};
}

void CpuBackend::bind(const Buffers &buffers)
{
    // A device that only looks up embeddings has no scratch.
    assert(!buffers.workspace || buffers.workspaceBytes >= m_pool.size() * scratchBytes);
    m_buffers = buffers;
}

void CpuBackend::normalize(const Norm &norm, const float *x, uint32_t n, float *out) const
{
    if (norm.weight || norm.plain)
        m_kernels.normalize(norm, x, n, out);
    else if (out != x)
        std::memcpy(out, x, n * sizeof(float));
}

void CpuBackend::normalizeHidden(const Norm &norm, uint32_t columns, uint32_t count, bool quantized)
{
    forTokens(count, [&](uint32_t token) {
        float *const out = m_buffers.normed + uint64_t{token} * columns;
        normalize(norm, m_buffers.hidden + uint64_t{token} * columns, columns, out);
        if (quantized)
            m_kernels.quantizeRow(out, columns, m_buffers.quantized + token * activationRowBytes(columns));
    });
}

void CpuBackend::quantize(const Rows &rows)
{
    forTokens(rows.count, [&](uint32_t token) {
        m_kernels.quantizeRow(rows.x + uint64_t{token} * rows.columns, rows.columns, m_buffers.quantized + token * activationRowBytes(rows.columns));
    });
}

Product CpuBackend::productOf(const Tensor &matrix, const Rows &rows, float *out, uint32_t firstRow, uint32_t rowCount) const
{
    Product product;
    product.weight = matrix.data + uint64_t{firstRow} * matrix.rowBytes;
    product.type = matrix.type;
    product.rows = rowCount;
    product.columns = matrix.columns;
    product.rowBytes = matrix.rowBytes;
    product.x = rows.x;
    product.xStride = rows.columns;
    product.quantized = m_buffers.quantized;
    product.tokens = rows.count;
    product.out = out;
    product.outStride = rowCount;
    return product;
}

namespace {

/// Fewest rows that a thread takes at once: enough to be worth taking, few enough that all threads end together.
constexpr uint32_t fewestRows = 64;
/// As many bytes of one token's rows as a thread takes at once, where that leaves some to take for all threads: what a row asks for ahead is
/// lost where the rows of another matrix follow.
constexpr uint64_t bytesPerChunk = uint64_t{1} << 18;

/// How a product is cut: runs of equal length, each but the last.
struct Chunks
{
    uint32_t rows;
    uint32_t count;

    Chunks(const Product &product, uint32_t threads)
    {
        const uint64_t most = product.tokens == 1 ? std::min(bytesPerChunk / product.rowBytes, uint64_t{product.rows} / (4 * threads)) : 0;
        rows = std::max(static_cast<uint32_t>(most) / fewestRows, 1u) * fewestRows;
        count = (product.rows + rows - 1) / rows;
    }

    uint32_t begin(uint64_t chunk) const { return static_cast<uint32_t>(chunk) * rows; }
    uint32_t end(uint64_t chunk, const Product &product) const { return std::min(begin(chunk) + rows, product.rows); }
};

} // namespace

void CpuBackend::multiply(std::span<const Product> products)
{
    const uint32_t threads = m_pool.size();
    uint32_t count = 0;
    for (const Product &product : products)
        count += Chunks(product, threads).count;
    m_pool.forEach(count, 1, [&](uint64_t chunk, uint64_t, uint32_t thread) {
        if (aborted())
            return;
        const Product *product = products.data();
        Chunks chunks(*product, threads);
        for (; chunk >= chunks.count; chunks = Chunks(*++product, threads))
            chunk -= chunks.count;
        m_kernels.multiply(*product, chunks.begin(chunk), chunks.end(chunk, *product), scratch(thread));
    });
}

void CpuBackend::multiplyGated(Activation activation, const Product &gate, const float *gateBias, const Product &up, const float *upBias)
{
    const Chunks chunks(gate, m_pool.size());
    m_pool.forEach(chunks.count, 1, [&](uint64_t chunk, uint64_t, uint32_t thread) {
        if (aborted())
            return;
        const uint32_t begin = chunks.begin(chunk);
        const uint32_t end = chunks.end(chunk, gate);
        m_kernels.multiply(gate, begin, end, scratch(thread));
        if (up.weight)
            m_kernels.multiply(up, begin, end, scratch(thread));
        for (uint32_t token = 0; token < gate.tokens; ++token) {
            float *const g = gate.out + token * gate.outStride + begin;
            float *const u = up.weight ? up.out + token * up.outStride + begin : nullptr;
            addBias(gateBias ? gateBias + begin : nullptr, end - begin, g);
            if (u)
                addBias(upBias ? upBias + begin : nullptr, end - begin, u);
            m_kernels.activate(activation, g, u, end - begin, g);
        }
    });
}

void CpuBackend::addToHidden(const float *bias, const Norm &postNorm, float scale, uint32_t columns, uint32_t count)
{
    forTokens(count, [&](uint32_t token) {
        float *const row = m_buffers.mixed + uint64_t{token} * columns;
        addBias(bias, columns, row);
        normalize(postNorm, row, columns, row);
        m_kernels.addScaled(row, scale, columns, m_buffers.hidden + uint64_t{token} * columns);
    });
}

void CpuBackend::embed(const EmbedPhase &phase)
{
    const uint32_t columns = phase.table.columns;
    forTokens(phase.count, [&](uint32_t token) {
        float *const out = m_buffers.hidden + uint64_t{token} * columns;
        const std::byte *row = phase.table.data + static_cast<uint64_t>(m_buffers.tokens[token].token) * phase.table.rowBytes;
        dequantize(phase.table.type, row, {out, columns});
        if (phase.scale != 1.0f)
            for (uint32_t i = 0; i < columns; ++i)
                out[i] *= phase.scale;
    });
}

void CpuBackend::output(const OutputPhase &phase)
{
    const uint32_t columns = phase.weight.columns;
    const uint32_t rows = phase.weight.rows;
    for (uint32_t token = 0; token < phase.count; ++token)
        if (const int32_t output = m_buffers.tokens[token].output; output >= 0)
            normalize(phase.norm, m_buffers.hidden + uint64_t{token} * columns, columns,
                m_buffers.outputRows + static_cast<uint64_t>(output) * columns);
    const Rows normed{m_buffers.outputRows, columns, phase.outputs};
    if (multipliesQuantized(phase.weight.type))
        quantize(normed);
    const Product product = productOf(phase.weight, normed, m_buffers.logits);
    multiply({&product, 1});
    if (!phase.bias && phase.scale == 1.0f && phase.softcap == 0.0f)
        return;
    forTokens(phase.outputs, [&](uint32_t output) {
        float *const logits = m_buffers.logits + uint64_t{output} * rows;
        for (uint32_t i = 0; i < rows; ++i)
            logits[i] *= phase.scale;
        addBias(phase.bias, rows, logits);
        if (phase.softcap > 0)
            m_kernels.softcap(phase.softcap, rows, logits);
    });
}

} // namespace plimsoll::engine::cpu
