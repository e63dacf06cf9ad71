// SPDX-License-Identifier: Apache-2.0
#include "backend_impl.h"

#include <algorithm>

namespace plimsoll::engine::cuda {

namespace {

/// Lets `device`, the current one, reach the memory of `peer`; false where it cannot.
bool enableAccess(int32_t device, int32_t peer)
{
    int can = 0;
    if (device == peer || cudaDeviceCanAccessPeer(&can, device, peer) != cudaSuccess || !can) {
        cudaGetLastError();
        return false;
    }
    const cudaError_t enabled = cudaDeviceEnablePeerAccess(peer, 0);
    cudaGetLastError();
    return enabled == cudaSuccess || enabled == cudaErrorPeerAccessAlreadyEnabled;   // by an earlier backend of the process
}

} // namespace

bool CudaBackend::reaches(CudaBackend &peer)
{
    const auto number = static_cast<size_t>(peer.m_device);
    if (number >= m_peersAsked.size())
        return false;
    if (!m_peersAsked[number]) {
        m_peersAsked[number] = true;
        m_peersReached[number] = enableAccess(m_device, peer.m_device) && copiesRight(peer);
        use();
    }
    return m_peersReached[number];
}

/// Tried once, between phases, where the scratch of both is nobody's: there are computers that put an IOMMU between devices, say that
/// these reach each other, and then copy something else.
bool CudaBackend::copiesRight(CudaBackend &peer)
{
    constexpr uint64_t bytes = 64 * 1024;
    constexpr int pattern = 0x5a;
    if (!m_buffers.workspace || !peer.m_buffers.workspace)
        return false;
    peer.use();
    check(cudaMemsetAsync(peer.scratch(), pattern, bytes, peer.m_stream));
    check(cudaStreamSynchronize(peer.m_stream));
    use();
    check(cudaMemsetAsync(scratch(), 0, bytes, m_stream));
    check(cudaMemcpyPeerAsync(scratch(), m_device, peer.scratch(), peer.m_device, bytes, m_stream));
    std::vector<std::byte> there(bytes);
    check(cudaMemcpyAsync(there.data(), scratch(), bytes, cudaMemcpyDeviceToHost, m_stream));
    check(cudaStreamSynchronize(m_stream));
    return std::all_of(there.begin(), there.end(), [](std::byte each) { return each == std::byte{pattern}; });
}

/// Nobody waits but the streams: this one until the other has computed what is copied, the other until it has been copied.
Result<bool> CudaBackend::copyFrom(Backend &other, std::byte *destination, const std::byte *source, uint64_t bytes)
{
    auto *const peer = dynamic_cast<CudaBackend *>(&other);
    if (!peer)
        return false;
    bool reached = false;
    const Status copied = told([&] {
        reached = reaches(*peer);
        if (!reached)
            return;
        peer->use();
        check(cudaEventRecord(peer->m_computed, peer->m_stream));
        use();
        check(cudaStreamWaitEvent(m_stream, peer->m_computed));
        check(cudaMemcpyPeerAsync(destination, m_device, source, peer->m_device, bytes, m_stream));
        check(cudaEventRecord(m_received, m_stream));
        peer->use();
        check(cudaStreamWaitEvent(peer->m_stream, m_received));
    });
    if (!copied)
        return copied.error();
    return reached;
}

} // namespace plimsoll::engine::cuda
