// SPDX-License-Identifier: Apache-2.0
#include "cuda_runtime.h"
#include "stream.h"

#include <utility>

namespace {

struct Graphs
{
    uint64_t launches = 0;
    simt::Capture capture = simt::Capture::Works;
};

Graphs &graphs()
{
    static Graphs all;
    return all;
}

} // namespace

uint64_t simt::graphLaunchCount()
{
    return graphs().launches;
}

void simt::setCapture(Capture capture)
{
    graphs().capture = capture;
}

bool simt::noted(SimtStream *stream, std::function<void()> work, bool isKernel)
{
    if (!stream || !stream->captured)
        return false;
    stream->captured->nodes.push_back({std::move(work), isKernel});
    return true;
}

cudaError_t simt::submit(cudaStream_t stream, std::function<void()> kernel)
{
    if (noted(stream, kernel, true))
        return cudaSuccess;
    if (!launched(stream))
        return cudaErrorUnknown;
    if (stream && kernelsAreLate())
        stream->putOff(std::move(kernel));
    else
        kernel();
    return cudaSuccess;
}

cudaError_t cudaStreamBeginCapture(cudaStream_t stream, cudaStreamCaptureMode)
{
    if (!stream || stream->captured || graphs().capture == simt::Capture::NotBegun)
        return cudaErrorNotSupported;
    stream->captured.emplace();
    return cudaSuccess;
}

cudaError_t cudaStreamEndCapture(cudaStream_t stream, cudaGraph_t *graph)
{
    *graph = nullptr;
    if (!stream->captured)
        return cudaErrorInvalidValue;
    const bool invalid = stream->captured->invalid;
    if (!invalid)
        *graph = new SimtGraph(*std::move(stream->captured));
    stream->captured.reset();
    return invalid ? cudaErrorStreamCaptureInvalidated : cudaSuccess;
}

cudaError_t cudaGraphInstantiate(cudaGraphExec_t *executable, cudaGraph_t graph, unsigned long long)
{
    if (graphs().capture == simt::Capture::NotInstantiated)
        return cudaErrorMemoryAllocation;
    constexpr size_t nodeBytes = 512;
    void *memory = nullptr;
    if (const cudaError_t taken = cudaMalloc(&memory, graph->nodes.size() * nodeBytes); taken != cudaSuccess)
        return taken;
    *executable = new SimtGraph(*graph);
    (*executable)->memory = memory;
    return cudaSuccess;
}

cudaError_t cudaGraphLaunch(cudaGraphExec_t executable, cudaStream_t stream)
{
    if (stream->captured)
        return cudaErrorUnknown;
    ++graphs().launches;
    simt::catchUp(stream);
    for (const SimtGraph::Node &node : executable->nodes) {
        if (node.isKernel && !simt::launched(stream))
            return cudaErrorUnknown;
        node.run();
    }
    return cudaSuccess;
}

cudaError_t cudaGraphDestroy(cudaGraph_t graph)
{
    delete graph;
    return cudaSuccess;
}

cudaError_t cudaGraphExecDestroy(cudaGraphExec_t executable)
{
    cudaFree(executable->memory);
    delete executable;
    return cudaSuccess;
}
