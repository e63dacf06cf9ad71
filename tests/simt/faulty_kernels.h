// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Kernels with the mistakes that the test runtime is there to find, one each, and one without. Each launches one block of `threads`.
namespace simt {

enum class Fault {
    None,                // turns a row around, through shared memory
    NoBarrier,           // the same without the barrier
    NoBarrierAtTheEnd,   // the row is written again before all have read it
    ShuffleForBarrier,   // lanes read what others wrote, with a shuffle between
    SharedCounter,       // all write one word
    PastDynamic,         // one word behind the dynamic shared memory
    PastArray,           // one element behind a shared array
    NeverWaits,          // for the kernels before it
    WritesBeforeWaiting, // what they may be reading
};
void runFaulty(Fault fault, unsigned threads);

} // namespace simt
