// SPDX-License-Identifier: Apache-2.0
#include "stream.h"

#include "cuda_runtime.h"

#include <algorithm>
#include <set>

namespace {

std::set<SimtStream *> &streams()
{
    static std::set<SimtStream *> all;
    return all;
}

} // namespace

void SimtStream::catchUp(uint64_t wanted)
{
    while (begun < wanted && !later.empty()) {
        const std::function<void()> work = std::move(later.front());
        later.erase(later.begin());
        ++begun;
        work();
    }
}

void simt::catchUp(SimtStream *stream)
{
    if (stream)
        stream->catchUp(stream->count());
}

bool simt::waitedFor(int device, const SimtStream &stream)
{
    return std::all_of(streams().begin(), streams().end(), [&](const SimtStream *each) {
        const auto seen = stream.kernelsOf.find(each);
        const uint64_t most = std::max(each->kernelsWaitedFor, seen == stream.kernelsOf.end() ? 0 : seen->second);
        return each->device != device || each->kernels <= most;
    });
}

cudaError_t cudaStreamCreateWithFlags(cudaStream_t *stream, unsigned)
{
    *stream = new SimtStream;
    (*stream)->device = simt::currentDevice();
    streams().insert(*stream);
    return cudaSuccess;
}

cudaError_t cudaStreamDestroy(cudaStream_t stream)
{
    simt::catchUp(stream);
    streams().erase(stream);
    for (SimtStream *each : streams())
        each->kernelsOf.erase(stream);
    delete stream;
    return cudaSuccess;
}

cudaError_t cudaStreamSynchronize(cudaStream_t stream)
{
    if (stream && stream->captured) {
        stream->captured->invalid = true;
        return cudaErrorStreamCaptureUnsupported;
    }
    simt::catchUp(stream);
    if (stream)
        stream->kernelsWaitedFor = stream->kernels;
    return cudaSuccess;
}

cudaError_t cudaEventCreateWithFlags(cudaEvent_t *event, unsigned)
{
    *event = new SimtEvent;
    (*event)->device = simt::currentDevice();
    return cudaSuccess;
}

cudaError_t cudaEventDestroy(cudaEvent_t event)
{
    delete event;
    return cudaSuccess;
}

cudaError_t cudaEventRecord(cudaEvent_t event, cudaStream_t stream)
{
    if (!stream || event->device != stream->device)
        return cudaErrorInvalidResourceHandle;
    event->stream = stream;
    event->count = stream->count();
    event->kernels = stream->kernels;
    return cudaSuccess;
}

/// A stream that is gone has done everything.
cudaError_t cudaEventSynchronize(cudaEvent_t event)
{
    if (streams().contains(event->stream))
        event->stream->catchUp(event->count);
    return cudaSuccess;
}

cudaError_t cudaStreamWaitEvent(cudaStream_t stream, cudaEvent_t event, unsigned)
{
    if (event->stream)
        stream->kernelsOf[event->stream] = event->kernels;
    return cudaEventSynchronize(event);
}
