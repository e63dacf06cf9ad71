// SPDX-License-Identifier: Apache-2.0
#include "cuda_runtime.h"
#include "stream.h"

#include <set>
#include <utility>

namespace {

struct Peers
{
    simt::PeerAccess access = simt::PeerAccess::Right;
    uint64_t copies = 0;
    std::set<std::pair<int, int>> enabled;   // (who reaches, whose memory)
};

Peers &peers()
{
    static Peers all;
    return all;
}

} // namespace

void simt::setPeerAccess(PeerAccess access)
{
    peers().access = access;
    peers().enabled.clear();
}

uint64_t simt::peerCopies() { return peers().copies; }

cudaError_t cudaDeviceCanAccessPeer(int *can, int device, int peer)
{
    *can = peers().access != simt::PeerAccess::None && device != peer;
    return cudaSuccess;
}

cudaError_t cudaDeviceEnablePeerAccess(int peer, unsigned)
{
    if (peers().access == simt::PeerAccess::None || peer == simt::currentDevice())
        return cudaErrorInvalidDevice;
    return peers().enabled.insert({simt::currentDevice(), peer}).second ? cudaSuccess : cudaErrorPeerAccessAlreadyEnabled;
}

/// The runtime would go through RAM where access is not enabled, and wait; here that is a mistake, as is a copy of what may not have been
/// computed yet.
cudaError_t cudaMemcpyPeerAsync(void *to, int toDevice, const void *from, int fromDevice, size_t bytes, cudaStream_t stream)
{
    const bool owned = simt::ownerOf(to, bytes) == toDevice && simt::ownerOf(from, bytes) == fromDevice;
    if (!owned || !peers().enabled.contains({toDevice, fromDevice}))
        return cudaErrorInvalidValue;
    if (!simt::waitedFor(fromDevice, *stream))
        return cudaErrorInvalidValue;
    ++peers().copies;
    if (peers().access == simt::PeerAccess::Right)
        stream->putOff([=] { std::memcpy(to, from, bytes); });
    return cudaSuccess;
}
