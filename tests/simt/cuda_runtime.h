// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "block.h"
#include "vector_types.h"

#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <functional>
#include <tuple>
#include <type_traits>

/// A stand-in for the CUDA runtime, so that the backend's .cu files compile with a C++ compiler and run on the processor. It has what they
/// use, by the same names, and no more. Kernels run when they are launched; only copies may come later (stream.h), and kernels too where a
/// test asks for it. While a stream is captured nothing runs; a graph is what was captured, in its order.

#define __global__
#define __device__
#define __host__
#define __forceinline__ inline
// Blocks run one after another, so one copy serves them all.
#define __shared__ static
#define __launch_bounds__(...)
#define __grid_constant__
#define __restrict__ __restrict

#define CUDART_VERSION 13000

using dim3 = simt::Index;

enum cudaError_t {
    cudaSuccess = 0,
    cudaErrorInvalidValue = 1,
    cudaErrorMemoryAllocation = 2,
    cudaErrorNoDevice = 100,
    cudaErrorInvalidDevice = 101,
    cudaErrorSharedObjectInitFailed = 303,
    cudaErrorInvalidResourceHandle = 400,
    cudaErrorPeerAccessAlreadyEnabled = 704,
    cudaErrorNotSupported = 801,
    cudaErrorStreamCaptureUnsupported = 900,
    cudaErrorStreamCaptureInvalidated = 901,
    cudaErrorUnknown = 999,
};
const char *cudaGetErrorString(cudaError_t code);
cudaError_t cudaGetLastError();

enum cudaMemcpyKind { cudaMemcpyHostToDevice = 1, cudaMemcpyDeviceToHost = 2, cudaMemcpyDeviceToDevice = 3, cudaMemcpyDefault = 4 };
enum cudaDeviceAttr {
    cudaDevAttrMultiProcessorCount,
    cudaDevAttrMaxSharedMemoryPerBlockOptin,
    cudaDevAttrComputeCapabilityMajor,
    cudaDevAttrComputeCapabilityMinor,
    cudaDevAttrGlobalMemoryBusWidth,
    cudaDevAttrMemoryClockRate,
};
struct cudaDeviceProp
{
    char name[256];
    struct
    {
        char bytes[16];
    } uuid;
    size_t totalGlobalMem;
    int major;
    int minor;
    int multiProcessorCount;
    int integrated;
};
enum cudaFuncAttribute { cudaFuncAttributeMaxDynamicSharedMemorySize };
struct SimtStream;
using cudaStream_t = SimtStream *;
struct SimtEvent;
using cudaEvent_t = SimtEvent *;
inline constexpr unsigned cudaStreamNonBlocking = 1;
inline constexpr unsigned cudaEventDisableTiming = 2;
inline constexpr unsigned cudaHostRegisterPortable = 1;

struct SimtGraph;
using cudaGraph_t = SimtGraph *;
using cudaGraphExec_t = SimtGraph *;
enum cudaStreamCaptureMode { cudaStreamCaptureModeGlobal, cudaStreamCaptureModeThreadLocal, cudaStreamCaptureModeRelaxed };

enum cudaLaunchAttributeID { cudaLaunchAttributeProgrammaticStreamSerialization = 6 };
struct cudaLaunchAttribute
{
    cudaLaunchAttributeID id;
    union
    {
        int programmaticStreamSerializationAllowed;
    } val;
};
struct cudaLaunchConfig_t
{
    dim3 gridDim;
    dim3 blockDim;
    size_t dynamicSmemBytes = 0;
    cudaStream_t stream = nullptr;
    cudaLaunchAttribute *attrs = nullptr;
    unsigned numAttrs = 0;
};

cudaError_t cudaSetDevice(int device);
cudaError_t cudaGetDevice(int *device);
cudaError_t cudaGetDeviceCount(int *count);
cudaError_t cudaGetDeviceProperties(cudaDeviceProp *properties, int device);
cudaError_t cudaDeviceGetPCIBusId(char *text, int bytes, int device);
cudaError_t cudaDeviceGetAttribute(int *value, cudaDeviceAttr which, int device);
cudaError_t cudaMalloc(void **address, size_t bytes);
cudaError_t cudaFree(void *address);
cudaError_t cudaHostRegister(void *memory, size_t bytes, unsigned flags);
cudaError_t cudaHostUnregister(void *memory);
cudaError_t cudaMemGetInfo(size_t *free, size_t *total);
cudaError_t cudaMemcpyAsync(void *to, const void *from, size_t bytes, cudaMemcpyKind kind, cudaStream_t stream);
cudaError_t cudaDeviceCanAccessPeer(int *can, int device, int peer);
cudaError_t cudaDeviceEnablePeerAccess(int peer, unsigned flags);
cudaError_t cudaMemcpyPeerAsync(void *to, int toDevice, const void *from, int fromDevice, size_t bytes, cudaStream_t stream);
cudaError_t cudaMemsetAsync(void *to, int value, size_t bytes, cudaStream_t stream);
cudaError_t cudaStreamCreateWithFlags(cudaStream_t *stream, unsigned flags);
cudaError_t cudaStreamDestroy(cudaStream_t stream);
cudaError_t cudaStreamSynchronize(cudaStream_t stream);
cudaError_t cudaStreamWaitEvent(cudaStream_t stream, cudaEvent_t event, unsigned flags = 0);
cudaError_t cudaEventCreateWithFlags(cudaEvent_t *event, unsigned flags);
cudaError_t cudaEventDestroy(cudaEvent_t event);
cudaError_t cudaEventRecord(cudaEvent_t event, cudaStream_t stream);
cudaError_t cudaEventSynchronize(cudaEvent_t event);
cudaError_t cudaStreamBeginCapture(cudaStream_t stream, cudaStreamCaptureMode mode);
cudaError_t cudaStreamEndCapture(cudaStream_t stream, cudaGraph_t *graph);
cudaError_t cudaGraphInstantiate(cudaGraphExec_t *executable, cudaGraph_t graph, unsigned long long flags);
cudaError_t cudaGraphLaunch(cudaGraphExec_t executable, cudaStream_t stream);
cudaError_t cudaGraphDestroy(cudaGraph_t graph);
cudaError_t cudaGraphExecDestroy(cudaGraphExec_t executable);

namespace simt {
/// Launches so far, of graphs too, and bytes that are allocated: for tests.
uint64_t launchCount();
uint64_t graphLaunchCount();
uint64_t allocatedBytes();
/// Bytes that came to the host, and from there.
uint64_t downloadedBytes();
uint64_t uploadedBytes();
/// cudaMalloc fails beyond this.
void setMemory(uint64_t bytes);
/// What devices say they are from now on, 10 · major + minor; 90 at first.
void setCapability(int capability);
/// Launches fail from now on, as on a device that is lost; or copies.
void setLost(bool lost);
void setCopiesFail(bool fail);
/// Every copy fails once so many more were begun.
void setCopiesFailAfter(uint64_t copies);
/// Kernels run when somebody waits for them from now on, as copies do: what another stream overwrites too early shows.
void setKernelsLate(bool late);
bool kernelsAreLate();
/// Whether devices reach each other's memory from now on; `Wrong`: they say so, and copy something else. And how many copies went that way.
enum class PeerAccess { Right, Wrong, None };
void setPeerAccess(PeerAccess access);
uint64_t peerCopies();
/// Counts it; whether it can be, on that stream of the current device.
bool launched(SimtStream *stream);
/// How far streams can be captured.
enum class Capture { Works, NotBegun, NotInstantiated };
void setCapture(Capture capture);
/// Runs a kernel, or notes it for a graph.
cudaError_t submit(cudaStream_t stream, std::function<void()> kernel);
} // namespace simt

template <typename Kernel>
cudaError_t cudaFuncSetAttribute(Kernel *, cudaFuncAttribute, int)
{
    return cudaSuccess;
}

template <typename... Parameters, typename... Arguments>
cudaError_t cudaLaunchKernelEx(const cudaLaunchConfig_t *config, void (*kernel)(Parameters...), Arguments &&...arguments)
{
    const std::tuple<Parameters...> values(static_cast<Parameters>(arguments)...);
    const bool early = config->numAttrs > 0 && config->attrs->val.programmaticStreamSerializationAllowed;
    return simt::submit(config->stream, [kernel, grid = config->gridDim, block = config->blockDim, bytes = config->dynamicSmemBytes,
                                            early, values] {
        simt::runGrid(reinterpret_cast<const void *>(kernel), grid, block, bytes, [&] { std::apply(kernel, values); }, early);
    });
}

inline void __syncthreads()
{
    simt::syncBlock();
}

inline void __syncwarp(unsigned mask = ~0u)
{
    simt::exchange(simt::Collective::Sync, mask, 0);
}

namespace simt {

/// The value that lane `from` of the warp brings.
template <typename T>
T shuffle(unsigned mask, T value, unsigned from)
{
    static_assert(sizeof(T) <= sizeof(uint64_t) && std::is_trivially_copyable_v<T>);
    uint64_t word = 0;
    std::memcpy(&word, &value, sizeof value);
    const uint64_t *const all = exchange(Collective::Shuffle, mask, word);
    if (!(mask >> from & 1))
        return value;
    std::memcpy(&value, all + from, sizeof value);
    return value;
}

} // namespace simt

template <typename T>
T __shfl_sync(unsigned mask, T value, int lane)
{
    return simt::shuffle(mask, value, static_cast<unsigned>(lane) % simt::warpSize);
}

template <typename T>
T __shfl_xor_sync(unsigned mask, T value, int lanes)
{
    return simt::shuffle(mask, value, (simt::laneOfThread() ^ static_cast<unsigned>(lanes)) % simt::warpSize);
}

inline unsigned __ballot_sync(unsigned mask, int predicate)
{
    const uint64_t *const all = simt::exchange(simt::Collective::Ballot, mask, predicate != 0);
    unsigned votes = 0;
    for (unsigned lane = 0; lane < simt::warpSize; ++lane)
        if (mask >> lane & 1 && all[lane])
            votes |= 1u << lane;
    return votes;
}

inline int __popc(unsigned word)
{
    return std::popcount(word);
}

/// Four products of signed bytes, added to `sum`.
inline int __dp4a(int a, int b, int sum)
{
    for (int shift = 0; shift < 32; shift += 8)
        sum += static_cast<int8_t>(a >> shift) * static_cast<int8_t>(b >> shift);
    return sum;
}

template <typename T>
T atomicAdd(T *address, T value)
{
    const T before = *address;
    *address = before + value;
    return before;
}

/// Bytes of the eight of `low` and `high`, by the low three bits of each nibble of `selector`.
inline unsigned __byte_perm(unsigned low, unsigned high, unsigned selector)
{
    const uint64_t bytes = low | static_cast<uint64_t>(high) << 32;
    unsigned out = 0;
    for (unsigned i = 0; i < 4; ++i)
        out |= static_cast<unsigned>(bytes >> (8 * (selector >> (4 * i) & 7)) & 255) << (8 * i);
    return out;
}

template <typename T>
constexpr T min(T a, T b)
{
    return b < a ? b : a;
}

template <typename T>
constexpr T max(T a, T b)
{
    return a < b ? b : a;
}

inline float __expf(float x) { return std::exp(x); }
inline int __float2int_rn(float x) { return static_cast<int>(std::nearbyint(x)); }
inline float __uint_as_float(unsigned x) { return std::bit_cast<float>(x); }
inline unsigned __float_as_uint(float x) { return std::bit_cast<unsigned>(x); }
inline int __float_as_int(float x) { return std::bit_cast<int>(x); }
