// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

/// Flows of control that are switched by hand: what a thread of a GPU block is here. One operating-system thread runs them all.
namespace simt {

struct Fiber
{
    void *context = nullptr;         // where it goes on: its stack pointer, or a ucontext
    const void *stackBottom = nullptr;
    size_t stackBytes = 0;
};

/// Gets `fiber` ready to begin with entry() on the given stack; entry never returns.
void prepare(Fiber &fiber, std::byte *stack, size_t bytes, void (*entry)());

/// Leaves `from` here and goes on in `to`. `ends`: from is never gone back to.
void switchTo(Fiber &from, Fiber &to, bool ends = false);

/// First thing in every entry.
void arrived();

} // namespace simt
