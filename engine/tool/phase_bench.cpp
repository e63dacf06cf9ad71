// SPDX-License-Identifier: Apache-2.0
#include "phase_bench.h"

#include <plimsoll/engine/quant/reference.h>

#include <cmath>
#include <cstring>

namespace plimsoll::engine {
namespace {

constexpr uint64_t memoryBytes = uint64_t{64} << 20;
constexpr uint64_t quantizedElements = uint64_t{1} << 20;   // of activations at once
constexpr uint64_t poolElements = uint64_t{1} << 16;        // of random weights in one format
constexpr uint64_t mostSpan = 1024;                         // cells that a token sees
constexpr float weightSize = 1.0f / 16;                     // deviation, for rows of some 256

} // namespace

PhaseBench::PhaseBench(Backend &backend, uint32_t threads) : m_backend(backend)
{
    const BackendTraits &traits = backend.traits();
    m_workspaceBytes = traits.workspaceFixed + threads * (traits.workspacePerThread + traits.workspacePerThreadPerCell * mostSpan);
    const auto memory = backend.allocate(SegmentKind::Weights, Bytes{memoryBytes});
    const auto workspace = backend.allocate(SegmentKind::Compute, Bytes{m_workspaceBytes});
    if (!memory || !workspace) {
        m_status = memory ? workspace.error() : memory.error();
        return;
    }
    m_memory = *memory;
    m_workspace = *workspace;
}

void PhaseBench::begin(uint32_t tokens, uint32_t firstPosition, bool expands)
{
    m_taken = 0;
    m_drawn = 0;
    m_expands = expands;
    m_tokens.clear();
    for (uint32_t t = 0; t < tokens; ++t)
        m_tokens.push_back({static_cast<int32_t>(t * 7 % 64), static_cast<int32_t>(firstPosition + t), 0, static_cast<int32_t>(t)});
    const BackendTraits &traits = m_backend.traits();
    m_buffers = {};
    m_buffers.quantized = take(quantizedElements / traits.activationBlockElements * traits.activationBlockBytes);
    m_buffers.tokens = reinterpret_cast<TokenRow *>(copied(std::as_bytes(std::span(m_tokens))));
    m_buffers.workspace = m_workspace;
    m_buffers.workspaceBytes = m_workspaceBytes;
}

/// Null once something went wrong: then nothing is run either.
std::byte *PhaseBench::take(uint64_t bytes)
{
    const uint64_t alignment = m_backend.traits().bufferAlignment;
    const uint64_t at = (m_taken + alignment - 1) / alignment * alignment;
    if (m_status && at + bytes > memoryBytes)
        m_status = Error{ErrorCode::AllocationFailed, {m_backend.traits().name, "selftest", std::to_string(at + bytes)}};
    if (!m_status)
        return nullptr;
    m_taken = at + bytes;
    return m_memory + at;
}

std::byte *PhaseBench::copied(std::span<const std::byte> bytes)
{
    std::byte *const to = take(bytes.size());
    if (to)
        m_status = m_backend.upload(to, bytes);
    return to;
}

float *PhaseBench::numbers(uint64_t count)
{
    std::vector<float> values(count);
    const uint64_t seed = ++m_drawn;
    for (uint64_t i = 0; i < count; ++i)
        values[i] = randomNormal(seed, i);
    return reinterpret_cast<float *>(copied(std::as_bytes(std::span(values))));
}

float *PhaseBench::room(uint64_t count)
{
    const std::vector<float> zeros(count);
    return reinterpret_cast<float *>(copied(std::as_bytes(std::span(zeros))));
}

/// Another part each time of one stream for each format.
std::vector<std::byte> PhaseBench::randomBytes(GgmlType type, uint64_t elements)
{
    const auto made = m_random.try_emplace(type, type, weightSize, poolElements, 1);
    std::vector<std::byte> bytes(*rowBytes(type, elements));
    made.first->second.read(++m_drawn * *rowBytes(type, RandomBlocks::stretchElements), bytes);
    return bytes;
}

Tensor PhaseBench::stored(GgmlType type, uint32_t columns, uint32_t rows, uint32_t experts)
{
    return {copied(randomBytes(type, uint64_t{columns} * rows * experts)), type, columns, rows, experts, *rowBytes(type, columns)};
}

Tensor PhaseBench::matrix(GgmlType type, uint32_t columns, uint32_t rows, uint32_t experts)
{
    if (!m_expands || type == GgmlType::F32)
        return stored(type, columns, rows, experts);
    std::vector<float> values(uint64_t{columns} * rows * experts);
    dequantize(type, randomBytes(type, values.size()).data(), values);
    return {copied(std::as_bytes(std::span(values))), GgmlType::F32, columns, rows, experts, columns * sizeof(float)};
}

Backend &PhaseBench::bound()
{
    m_backend.bind(m_buffers);
    return m_backend;
}

Result<std::vector<float>> PhaseBench::read(const float *from, uint64_t count)
{
    if (m_status)
        m_status = m_backend.finish();
    std::vector<float> values(count);
    if (m_status)
        m_status = m_backend.download(std::as_writable_bytes(std::span(values)), reinterpret_cast<const std::byte *>(from));
    if (!m_status)
        return m_status.error();
    return values;
}

} // namespace plimsoll::engine
