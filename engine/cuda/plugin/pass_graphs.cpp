// SPDX-License-Identifier: Apache-2.0
#include "pass_graphs.h"

#include "cuda_error.h"

#include <algorithm>
#include <bit>

namespace plimsoll::engine::cuda {

namespace {

/// More is not what a graph takes: others have taken memory meanwhile.
constexpr uint64_t mostGraphBytes = uint64_t{64} << 20;

uint64_t freeBytes()
{
    size_t free = 0;
    size_t total = 0;
    return cudaMemGetInfo(&free, &total) == cudaSuccess ? free : 0;
}

} // namespace

uint32_t roundedSpan(uint32_t span)
{
    constexpr uint32_t smallest = 128;
    const uint32_t step = std::max(smallest, std::bit_floor(span) / 8);
    return (span + step - 1) / step * step;
}

uint64_t PassGraphs::bytes() const
{
    uint64_t sum = 0;
    for (const Recorded &each : m_recorded)
        sum += each.bytes;
    return sum;
}

void PassGraphs::forget()
{
    for (const Recorded &each : m_recorded)
        if (each.graph)
            cudaGraphExecDestroy(each.graph);
    m_recorded.clear();
    m_recording = nullptr;
}

/// In place of the longest unused where there are too many.
PassGraphs::Recorded &PassGraphs::of(const PassKind &kind, bool &isNew)
{
    auto found = std::find_if(m_recorded.begin(), m_recorded.end(), [&](const Recorded &each) { return each.kind == kind; });
    isNew = found == m_recorded.end();
    if (isNew && m_recorded.size() < most) {
        m_recorded.reserve(most);
        found = m_recorded.insert(m_recorded.end(), Recorded{kind});
    } else if (isNew) {
        found = std::min_element(m_recorded.begin(), m_recorded.end(), [](const auto &a, const auto &b) { return a.used < b.used; });
        if (found->graph)
            cudaGraphExecDestroy(found->graph);
        *found = Recorded{kind};
    }
    found->used = ++m_uses;
    return *found;
}

bool PassGraphs::replay(PassKind kind)
{
    kind.longestSpan = roundedSpan(kind.longestSpan);
    bool isNew = false;
    Recorded &recorded = of(kind, isNew);
    if (recorded.graph) {
        check(cudaGraphLaunch(recorded.graph, m_stream));
        return true;
    }
    if (isNew || recorded.refused)
        return false;
    // What other threads do with the device does not concern this stream.
    if (cudaStreamBeginCapture(m_stream, cudaStreamCaptureModeThreadLocal) == cudaSuccess) {
        m_recording = &recorded;
        m_spoiled = false;
    } else {
        recorded.refused = true;
        cudaGetLastError();
    }
    return false;
}

bool PassGraphs::end(bool whole)
{
    if (!m_recording)
        return true;
    Recorded &recorded = *m_recording;
    m_recording = nullptr;
    cudaGraph_t graph = nullptr;
    const bool ended = cudaStreamEndCapture(m_stream, &graph) == cudaSuccess;
    whole = whole && !m_spoiled;
    const uint64_t before = freeBytes();
    if (ended && whole && cudaGraphInstantiate(&recorded.graph, graph, 0) != cudaSuccess)
        recorded.graph = nullptr;
    if (graph)
        cudaGraphDestroy(graph);
    recorded.refused = whole && !recorded.graph;
    if (!recorded.graph) {
        cudaGetLastError();
        return false;
    }
    check(cudaGraphLaunch(recorded.graph, m_stream));
    if (const uint64_t after = freeBytes(); after < before && before - after <= mostGraphBytes)
        recorded.bytes = before - after;
    return true;
}

} // namespace plimsoll::engine::cuda
