// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Counts what this program allocates, by standing in for the allocation calls themselves: the malloc family and mmap. Included by one
/// source of a test program, it answers independently of what the program says about itself. glibc only; not with sanitizers, which stand
/// in the same places. Stacks of threads, which glibc maps from inside, are not seen.

#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || !defined(__GLIBC__)
#define PLIMSOLL_COUNTS_ALLOCATIONS 0
#else
#define PLIMSOLL_COUNTS_ALLOCATIONS 1
#endif

namespace allocationcount {

struct Amounts
{
    int64_t heap = 0;        // live bytes of the malloc family, as asked for and rounded by it
    int64_t anonymous = 0;   // live bytes of anonymous mappings
    int64_t files = 0;       // live bytes of mapped files

    int64_t owned() const { return heap + anonymous; }
    Amounts operator-(const Amounts &other) const { return {heap - other.heap, anonymous - other.anonymous, files - other.files}; }
};

inline std::atomic<int64_t> heap{0};
inline std::atomic<int64_t> anonymous{0};
inline std::atomic<int64_t> files{0};

inline Amounts now()
{
    return {heap.load(), anonymous.load(), files.load()};
}

} // namespace allocationcount

#if PLIMSOLL_COUNTS_ALLOCATIONS

#include <malloc.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace allocationcount {

/// Mappings that are alive; a fixed table, since nothing may be allocated here.
struct Mapping
{
    uintptr_t begin = 0;
    uintptr_t end = 0;
    bool file = false;
};

inline Mapping mappings[4096];
inline std::atomic_flag busy = ATOMIC_FLAG_INIT;

class Lock
{
public:
    Lock()
    {
        while (busy.test_and_set(std::memory_order_acquire)) {
        }
    }
    ~Lock() { busy.clear(std::memory_order_release); }
};

inline void addMapping(uintptr_t begin, size_t length, bool file)
{
    const Lock lock;
    for (Mapping &mapping : mappings) {
        if (mapping.begin == mapping.end) {
            mapping = {begin, begin + length, file};
            (file ? files : anonymous) += static_cast<int64_t>(length);
            return;
        }
    }
}

/// Takes [begin, begin + length) out of whatever is mapped there.
inline void removeMapping(uintptr_t begin, size_t length)
{
    const uintptr_t end = begin + length;
    Mapping rest;
    {
        const Lock lock;
        for (Mapping &mapping : mappings) {
            const uintptr_t from = begin > mapping.begin ? begin : mapping.begin;
            const uintptr_t to = end < mapping.end ? end : mapping.end;
            if (from >= to)
                continue;
            (mapping.file ? files : anonymous) -= static_cast<int64_t>(to - from);
            if (from > mapping.begin && to < mapping.end)
                rest = {to, mapping.end, mapping.file};
            if (from > mapping.begin)
                mapping.end = from;
            else
                mapping.begin = to;
        }
    }
    if (rest.begin != rest.end) {
        (rest.file ? files : anonymous) -= static_cast<int64_t>(rest.end - rest.begin);
        addMapping(rest.begin, rest.end - rest.begin, rest.file);
    }
}

inline void *counted(void *memory)
{
    if (memory)
        heap += static_cast<int64_t>(malloc_usable_size(memory));
    return memory;
}

inline void uncount(void *memory)
{
    if (memory)
        heap -= static_cast<int64_t>(malloc_usable_size(memory));
}

} // namespace allocationcount

extern "C" {

void *__libc_malloc(size_t);
void *__libc_calloc(size_t, size_t);
void *__libc_realloc(void *, size_t);
void *__libc_memalign(size_t, size_t);
void __libc_free(void *);

void *malloc(size_t bytes)
{
    return allocationcount::counted(__libc_malloc(bytes));
}

void *calloc(size_t count, size_t bytes)
{
    return allocationcount::counted(__libc_calloc(count, bytes));
}

void *realloc(void *memory, size_t bytes)
{
    const int64_t before = memory ? static_cast<int64_t>(malloc_usable_size(memory)) : 0;
    void *const moved = __libc_realloc(memory, bytes);
    if (moved || bytes == 0)
        allocationcount::heap -= before;
    return allocationcount::counted(moved);
}

void free(void *memory)
{
    allocationcount::uncount(memory);
    __libc_free(memory);
}

void *memalign(size_t alignment, size_t bytes)
{
    return allocationcount::counted(__libc_memalign(alignment, bytes));
}

void *aligned_alloc(size_t alignment, size_t bytes)
{
    return allocationcount::counted(__libc_memalign(alignment, bytes));
}

int posix_memalign(void **memory, size_t alignment, size_t bytes)
{
    void *const made = allocationcount::counted(__libc_memalign(alignment, bytes));
    if (!made)
        return ENOMEM;
    *memory = made;
    return 0;
}

void *mmap(void *address, size_t length, int protection, int flags, int file, off_t offset)
{
    const long result = syscall(SYS_mmap, address, length, protection, flags, file, offset);
    void *const mapped = reinterpret_cast<void *>(result);
    if (mapped == MAP_FAILED)
        return mapped;
    // What is mapped at an address takes the place of what was there, in whole pages.
    const auto begin = reinterpret_cast<uintptr_t>(mapped);
    if (flags & MAP_FIXED)
        allocationcount::removeMapping(begin, (length + 4095) / 4096 * 4096);
    allocationcount::addMapping(begin, length, (flags & MAP_ANONYMOUS) == 0);
    return mapped;
}

void *mmap64(void *address, size_t length, int protection, int flags, int file, off_t offset)
{
    return mmap(address, length, protection, flags, file, offset);
}

int munmap(void *address, size_t length)
{
    const int result = static_cast<int>(syscall(SYS_munmap, address, length));
    if (result == 0)
        allocationcount::removeMapping(reinterpret_cast<uintptr_t>(address), length);
    return result;
}

} // extern "C"

#endif
