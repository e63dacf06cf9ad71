// SPDX-License-Identifier: Apache-2.0
#include "cpu_features.h"

#if defined(__x86_64__) || defined(__i386__)
#include <cpuid.h>
#include <cstdint>
#elif defined(__aarch64__) && defined(__linux__)
#include <sys/auxv.h>
#endif

namespace plimsoll::engine {

#if defined(__x86_64__) || defined(__i386__)
namespace {

struct Registers
{
    uint32_t a = 0, b = 0, c = 0, d = 0;
};

Registers cpuid(uint32_t leaf, uint32_t subleaf)
{
    Registers r;
    __get_cpuid_count(leaf, subleaf, &r.a, &r.b, &r.c, &r.d);
    return r;
}

/// Which register states the operating system saves (XCR0); 0 where it does not say.
uint64_t savedStates(const Registers &leaf1)
{
    constexpr uint32_t osxsave = 1u << 27;
    if (!(leaf1.c & osxsave))
        return 0;
    uint32_t low = 0, high = 0;
    __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return uint64_t{high} << 32 | low;
}

bool bit(uint32_t value, int index)
{
    return (value >> index & 1u) != 0;
}

} // namespace

// Bits after Intel's Software Developer's Manual, volume 2, CPUID, and volume 1, chapter 13 (state components).
std::vector<std::string> cpuInstructionSets()
{
    const Registers leaf1 = cpuid(1, 0);
    const Registers leaf7 = cpuid(7, 0);
    const Registers leaf7b = cpuid(7, 1);
    const uint64_t saved = savedStates(leaf1);
    const bool avx = (saved & 0x6) == 0x6 && bit(leaf1.c, 28);
    const bool avx512 = avx && (saved & 0xe0) == 0xe0 && bit(leaf7.b, 16);
    const bool amx = (saved & 0x60000) == 0x60000;

    const struct
    {
        bool there;
        const char *name;
    } sets[] = {
        {bit(leaf1.c, 20), "SSE4.2"},
        {avx, "AVX"},
        {avx && bit(leaf1.c, 29), "F16C"},
        {avx && bit(leaf1.c, 12), "FMA"},
        {avx && bit(leaf7.b, 5), "AVX2"},
        {avx && bit(leaf7b.a, 4), "AVX-VNNI"},
        {avx512, "AVX-512"},
        {avx512 && bit(leaf7.c, 11), "AVX-512 VNNI"},
        {avx512 && bit(leaf7b.a, 5), "AVX-512 BF16"},
        {avx512 && bit(leaf7.d, 23), "AVX-512 FP16"},
        {amx && bit(leaf7.d, 25), "AMX INT8"},
        {amx && bit(leaf7.d, 22), "AMX BF16"},
    };
    std::vector<std::string> names;
    for (const auto &set : sets) {
        if (set.there)
            names.emplace_back(set.name);
    }
    return names;
}

#elif defined(__aarch64__)

// Bits of AT_HWCAP and AT_HWCAP2 after the Linux kernel's "ARM64 ELF hwcaps".
std::vector<std::string> cpuInstructionSets()
{
    std::vector<std::string> names{"NEON"};
#if defined(__linux__)
    const unsigned long first = getauxval(AT_HWCAP);
    const unsigned long second = getauxval(AT_HWCAP2);
    if (first >> 10 & 1)
        names.emplace_back("FP16");
    if (first >> 20 & 1)
        names.emplace_back("DOTPROD");
    if (second >> 13 & 1)
        names.emplace_back("I8MM");
    if (second >> 14 & 1)
        names.emplace_back("BF16");
    if (first >> 22 & 1)
        names.emplace_back("SVE");
#endif
    return names;
}

#else

std::vector<std::string> cpuInstructionSets()
{
    return {};
}

#endif

} // namespace plimsoll::engine
