// SPDX-License-Identifier: Apache-2.0
#include "fiber.h"

#include <cstdint>

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#endif

#if defined(__x86_64__)

// Registers that a call preserves (System V ABI) go to the old stack and come from the new one.
asm(R"(
.text
.globl simtSwitchStacks
.hidden simtSwitchStacks
.type simtSwitchStacks, @function
simtSwitchStacks:
    pushq %rbp
    pushq %rbx
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    movq %rsp, (%rdi)
    movq %rsi, %rsp
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbx
    popq %rbp
    ret
.size simtSwitchStacks, .-simtSwitchStacks
)");
extern "C" void simtSwitchStacks(void **from, void *to);

namespace simt {
namespace {

void swapContexts(Fiber &from, Fiber &to)
{
    simtSwitchStacks(&from.context, to.context);
}

void makeContext(Fiber &fiber, std::byte *stack, size_t bytes, void (*entry)())
{
    constexpr size_t savedRegisters = 6;
    // Entry finds the stack as after a call: 8 bytes past a multiple of 16.
    auto top = reinterpret_cast<uintptr_t>(stack + bytes) / 16 * 16 - 8;
    auto *words = reinterpret_cast<void **>(top) - 1 - savedRegisters;
    for (size_t i = 0; i < savedRegisters; ++i)
        words[i] = nullptr;
    words[savedRegisters] = reinterpret_cast<void *>(entry);
    fiber.context = words;
}

} // namespace
} // namespace simt

#else

#include <memory>
#include <ucontext.h>

namespace simt {
namespace {

// Contexts stay until the program ends: as many as the largest block has threads.
ucontext_t *contextOf(Fiber &fiber)
{
    if (!fiber.context)
        fiber.context = new ucontext_t{};
    return static_cast<ucontext_t *>(fiber.context);
}

void swapContexts(Fiber &from, Fiber &to)
{
    swapcontext(contextOf(from), contextOf(to));
}

void makeContext(Fiber &fiber, std::byte *stack, size_t bytes, void (*entry)())
{
    ucontext_t *const context = contextOf(fiber);
    getcontext(context);
    context->uc_stack.ss_sp = stack;
    context->uc_stack.ss_size = bytes;
    context->uc_link = nullptr;
    makecontext(context, entry, 0);
}

} // namespace
} // namespace simt

#endif

namespace simt {

void prepare(Fiber &fiber, std::byte *stack, size_t bytes, void (*entry)())
{
    fiber.stackBottom = stack;
    fiber.stackBytes = bytes;
    makeContext(fiber, stack, bytes, entry);
}

#if defined(__SANITIZE_ADDRESS__)

namespace {
Fiber *g_left = nullptr;   // whose stack is being left: it learns its own bounds when it is
}

void switchTo(Fiber &from, Fiber &to, bool ends)
{
    void *fake = nullptr;
    g_left = &from;
    if (ends)
        __asan_handle_no_return();   // takes away the marks of frames that nobody returns from: the next thread has this stack
    __sanitizer_start_switch_fiber(ends ? nullptr : &fake, to.stackBottom, to.stackBytes);
    swapContexts(from, to);
    __sanitizer_finish_switch_fiber(fake, nullptr, nullptr);
}

void arrived()
{
    __sanitizer_finish_switch_fiber(nullptr, &g_left->stackBottom, &g_left->stackBytes);
}

#else

void switchTo(Fiber &from, Fiber &to, bool)
{
    swapContexts(from, to);
}

void arrived() {}

#endif

} // namespace simt
