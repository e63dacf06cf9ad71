// SPDX-License-Identifier: Apache-2.0
#include "kernels.h"

#include <plimsoll/engine/base/timer.h>

#include <atomic>

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

double integerPeak(ThreadPool &pool, InstructionSet set)
{
    const cpu::Kernels &kernels = cpu::kernelsOf(set);
    constexpr uint32_t partsPerThread = 16;
    constexpr double productsOfPart = 5e8;   // all of them take some 20 ms
    const auto rounds = static_cast<uint32_t>(productsOfPart / kernels.productsPerRound) + 1;
    const uint32_t parts = pool.size() * partsPerThread;
    std::atomic<uint32_t> sink{0};
    const Timer timer;
    pool.forEach(parts, 1, [&](uint64_t, uint64_t, uint32_t) { sink ^= kernels.multiplyAtPeak(rounds); });
    const double seconds = timer.seconds();
    return seconds > 0 ? 2.0 * kernels.productsPerRound * rounds * parts / seconds : 0;
}

} // namespace plimsoll::engine
