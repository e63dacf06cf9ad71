// SPDX-License-Identifier: Apache-2.0
#include "cublas_library.h"

#include <cstdio>
#include <cuda_runtime_api.h>
#include <dlfcn.h>

namespace plimsoll::engine::cuda {

namespace {

CublasEntries loaded()
{
    CublasEntries entries;
    char name[32];
    std::snprintf(name, sizeof(name), "libcublas.so.%d", CUDART_VERSION / 1000);
    void *const library = dlopen(name, RTLD_LAZY | RTLD_LOCAL);
    if (!library)
        return entries;
    const auto find = [library]<typename Entry>(Entry &entry, const char *symbol) { entry = reinterpret_cast<Entry>(dlsym(library, symbol)); };
    find(entries.create, "cublasCreate_v2");
    find(entries.destroy, "cublasDestroy_v2");
    find(entries.setStream, "cublasSetStream_v2");
    find(entries.setWorkspace, "cublasSetWorkspace_v2");
    find(entries.gemm, "cublasGemmEx");
    return entries;
}

} // namespace

const CublasEntries &cublasEntries()
{
    static const CublasEntries entries = loaded();
    return entries;
}

} // namespace plimsoll::engine::cuda
