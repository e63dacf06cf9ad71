// SPDX-License-Identifier: Apache-2.0
#include "kernels.h"

#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace plimsoll::engine {

#if defined(__x86_64__)
namespace {

/// Asked by hand, as not every compiler's run-time check knows it.
bool hasF16c()
{
    unsigned a = 0, b = 0, c = 0, d = 0;
    return __get_cpuid(1, &a, &b, &c, &d) && (c & bit_F16C);
}

} // namespace
#endif

std::vector<InstructionSet> availableInstructionSets()
{
    std::vector<InstructionSet> sets;
#if defined(__x86_64__)
    // The compiler's run-time check includes whether the operating system keeps the wide registers.
    __builtin_cpu_init();
    const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && hasF16c();
    if (avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl")
        && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vnni"))
        sets.push_back(InstructionSet::Avx512);
    if (avx2)
        sets.push_back(InstructionSet::Avx2);
#endif
    sets.push_back(InstructionSet::Scalar);
    return sets;
}

std::string_view name(InstructionSet set)
{
    switch (set) {
    case InstructionSet::Scalar: return "scalar";
    case InstructionSet::Avx2: return "AVX2";
    case InstructionSet::Avx512: return "AVX-512 VNNI";
    }
    return {};
}

const cpu::Kernels &cpu::kernelsOf(InstructionSet set)
{
    switch (set) {
#if defined(__x86_64__)
    case InstructionSet::Avx512: return avx512Kernels();
    case InstructionSet::Avx2: return avx2Kernels();
#endif
    default: return scalarKernels();
    }
}

} // namespace plimsoll::engine
