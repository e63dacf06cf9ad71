// SPDX-License-Identifier: Apache-2.0
#include "shared_access.h"

#include "block.h"
#include "stream.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <dlfcn.h>
#include <string>
#include <unordered_map>
#include <vector>

#include <sanitizer/asan_interface.h>   // says nothing where that is off

// Static shared arrays are variables without a first value; here begin and end those of the program, or of the library that this is in.
extern "C" __attribute__((visibility("hidden"))) std::byte __bss_start[];
extern "C" __attribute__((visibility("hidden"))) std::byte _end[];

namespace simt {

namespace {

constexpr size_t margin = 4096;   // around dynamic shared memory, that no thread may touch
constexpr unsigned threadBits = 10;
constexpr size_t wordBytes = 4;
constexpr unsigned mostWarps = 1024 / warpSize;

/// An access: when, in barriers so far, and by which thread. 0: none.
using Access = uint32_t;

/// To a byte or a word. Readers since it was written: the last; the last other lane of its warp; the last of another warp. Warps run one
/// after another between two barriers of a block, so whom else a writer could meet these stand for.
struct Record
{
    Access written = 0;
    Access read = 0;
    Access readBeside = 0;
    Access readElsewhere = 0;
};

/// Written, of a word: what was done to each of its bytes is noted instead, as they were not touched together.
constexpr Access byBytes = ~Access{0};

struct Watch
{
    alignas(16) std::byte memory[margin + mostShared + margin];
    size_t dynamicBytes = 0;
    std::vector<Record> words;         // of all variables without a first value, `memory` among them
    std::vector<std::array<Record, wordBytes>> bytes;
    uint32_t now = 1;                  // counts barriers, of warps too, over all blocks
    Access blockSince = 0;             // the first of all accesses since the block's last barrier
    Access warpSince[mostWarps]{};     // each warp's
    int thread = -1;                   // that runs in a block that is watched
    bool early = false;                // before it waited for other kernels
    bool block = false;                // whether the one that runs is
    std::unordered_map<const void *, uint64_t> blocks;   // so far, of each kernel
};

Watch g_watch;
bool g_watches = false;

const std::byte *firstWatched()
{
    return __bss_start - reinterpret_cast<uintptr_t>(__bss_start) % wordBytes;
}

size_t watchedBytes() { return static_cast<size_t>(_end - firstWatched()); }

unsigned threadOf(Access access) { return access & ((1u << threadBits) - 1); }
unsigned warpOf(Access access) { return threadOf(access) / warpSize; }

/// Whether the two, of which `other` was first, lack a barrier between them.
bool collide(Access other, Access access)
{
    const Watch &w = g_watch;
    if (other < w.blockSince || threadOf(other) == threadOf(access))
        return false;
    return warpOf(other) != warpOf(access) || other >= w.warpSince[warpOf(access)];
}

/// "function at file:line" of an instruction, where binutils are there to tell.
std::string placeOf(const void *code)
{
    Dl_info info{};
    if (!dladdr(code, &info) || !info.dli_fname)
        return "?";
    // A program that is not position-independent is linked to where it runs.
    const auto offset = static_cast<const char *>(code) - static_cast<const char *>(info.dli_fbase) - 1;
    char command[1024];
    std::snprintf(command, sizeof command, "addr2line -Cfipse '%s' %#zx 2>/dev/null", info.dli_fname, static_cast<size_t>(offset));
    std::string text;
    if (FILE *const lines = popen(command, "r")) {
        for (int c = 0; (c = std::fgetc(lines)) != EOF;)
            text += static_cast<char>(c);
        pclose(lines);
    }
    while (!text.empty() && text.back() == '\n')
        text.pop_back();
    std::snprintf(command, sizeof command, "%s+%#zx", info.dli_fname, static_cast<size_t>(offset));
    return text.empty() ? command : text;
}

[[noreturn]] void report(const std::string &what, const void *code)
{
    fail((what + ", in " + placeOf(code)).c_str());
}

[[noreturn]] void reportRace(const char *what, Access other, const char *did, const void *code)
{
    report(std::string(what) + " shared memory that, with no barrier between, thread " + std::to_string(threadOf(other)) + did, code);
}

[[maybe_unused]] inline void noteRead(Record &record, Access access, const void *code)
{
    if (collide(record.written, access))
        reportRace("reads", record.written, " wrote", code);
    if (record.read == access)
        return;
    if (record.read < g_watch.blockSince) {
        record.readBeside = record.readElsewhere = 0;
    } else if (warpOf(record.read) != warpOf(access)) {
        record.readElsewhere = record.read;
        record.readBeside = 0;
    } else if (threadOf(record.read) != threadOf(access)) {
        record.readBeside = record.read;
    }
    record.read = access;
}

/// Who comes after the writer comes after those it came after.
[[maybe_unused]] inline void noteWrite(Record &record, Access access, const void *code)
{
    if (collide(record.written, access))
        reportRace("writes", record.written, " wrote", code);
    for (const Access other : {record.read, record.readBeside, record.readElsewhere})
        if (collide(other, access))
            reportRace("writes", other, " read", code);
    record = {access, 0, 0, 0};
}

template <bool Writes>
void noteBytes(size_t first, size_t bytes, Access access, const void *code)
{
    for (size_t i = first; i < first + bytes; ++i) {
        Record &word = g_watch.words[i / wordBytes];
        auto &records = g_watch.bytes[i / wordBytes];
        if (word.written != byBytes)
            records.fill(word);
        word.written = byBytes;
        Record &record = records[i % wordBytes];
        Writes ? noteWrite(record, access, code) : noteRead(record, access, code);
    }
}

template <bool Writes>
void noteWord(size_t number, Access access, const void *code)
{
    Record &word = g_watch.words[number];
    if (word.written == byBytes)
        noteBytes<Writes>(number * wordBytes, wordBytes, access, code);
    else
        return Writes ? noteWrite(word, access, code) : noteRead(word, access, code);
    if (Writes)
        word = {access, 0, 0, 0};
}

template <bool Writes>
void noteWatched(const void *address, size_t bytes, const void *code)
{
    Watch &w = g_watch;
    const auto first = static_cast<size_t>(static_cast<const std::byte *>(address) - firstWatched());
    if (first >= watchedBytes()) {   // global memory, or a stack
        if (w.early && ownerOf(address, bytes) >= 0)
            report("touches memory of the device before it waits for the kernels before it", code);
        return;
    }
    const size_t dynamic = first - static_cast<size_t>(w.memory - firstWatched());
    if (dynamic < sizeof w.memory && (dynamic < margin || dynamic - margin + bytes > w.dynamicBytes))
        report("goes past the dynamic shared memory", code);
    const Access access = w.now << threadBits | static_cast<Access>(w.thread);
    if ((first | bytes) % wordBytes != 0)
        return noteBytes<Writes>(first, bytes, access, code);
    for (size_t i = first / wordBytes; i < (first + bytes) / wordBytes; ++i)
        noteWord<Writes>(i, access, code);
}

/// Nothing in the host's part of a file, and in blocks that are not watched.
template <bool Writes>
[[gnu::always_inline]] inline void note(const void *address, size_t bytes, const void *code)
{
    if (g_watch.thread >= 0)
        noteWatched<Writes>(address, bytes, code);
}

} // namespace

std::byte *dynamicShared()
{
    return g_watch.memory + margin;
}

void setDynamicBytes(size_t bytes)
{
    g_watch.dynamicBytes = bytes;
    ASAN_UNPOISON_MEMORY_REGION(dynamicShared(), bytes);
    ASAN_POISON_MEMORY_REGION(dynamicShared() + bytes, mostShared - bytes + margin);
}

void beginBlockAccess(const void *kernel)
{
    constexpr uint64_t surely = 4;
    constexpr uint64_t step = 64;
    Watch &w = g_watch;
    std::fill_n(dynamicShared(), w.dynamicBytes, std::byte{0xcb});
    if (!g_watches)
        return;
    const uint64_t before = w.blocks[kernel]++;
    w.block = before < surely || before % step == 0;
    if (!w.block)
        return;
    constexpr uint32_t late = 1u << (31 - threadBits);
    if (w.now >= late || w.words.empty()) {
        w.words.assign(watchedBytes() / wordBytes + 1, {});
        w.bytes.assign(w.words.size(), {});
        w.now = 0;
    }
    orderBlock();
}

void orderBlock()
{
    Watch &w = g_watch;
    w.blockSince = ++w.now << threadBits;
    std::fill(std::begin(w.warpSince), std::end(w.warpSince), w.blockSince);
}

void orderWarp(unsigned warp)
{
    g_watch.warpSince[warp] = ++g_watch.now << threadBits;
}

void watchThread(int thread, bool early)
{
    g_watch.thread = g_watch.block ? thread : -1;
    g_watch.early = early;
}

bool watchesShared()
{
    return g_watches;
}

} // namespace simt

#ifdef SIMT_WATCHES
// What the compiler calls. The names are its own, so they may stand beside no sanitizer's library.
#define SIMT_ACCESS(bytes)                                                                                                                \
    void __tsan_read##bytes(const void *at) { simt::note<false>(at, bytes, __builtin_return_address(0)); }                               \
    void __tsan_write##bytes(const void *at) { simt::note<true>(at, bytes, __builtin_return_address(0)); }                               \
    void __tsan_unaligned_read##bytes(const void *at) { simt::note<false>(at, bytes, __builtin_return_address(0)); }                     \
    void __tsan_unaligned_write##bytes(const void *at) { simt::note<true>(at, bytes, __builtin_return_address(0)); }

extern "C" {
SIMT_ACCESS(1)
SIMT_ACCESS(2)
SIMT_ACCESS(4)
SIMT_ACCESS(8)
SIMT_ACCESS(16)
void __tsan_read_range(const void *at, size_t bytes) { simt::note<false>(at, bytes, __builtin_return_address(0)); }
void __tsan_write_range(const void *at, size_t bytes) { simt::note<true>(at, bytes, __builtin_return_address(0)); }
void __tsan_init() { simt::g_watches = true; }
void __tsan_func_entry(const void *) {}
void __tsan_func_exit() {}
uint8_t __tsan_atomic8_load(const volatile uint8_t *at, int) { return *at; }   // whether a table of the host's is made
void __tsan_vptr_update(const void *, const void *) {}
void __ubsan_handle_out_of_bounds(const void *, uintptr_t) { simt::report("goes past the end of an array", __builtin_return_address(0)); }
}
#endif
