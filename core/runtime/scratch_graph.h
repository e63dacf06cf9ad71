// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <vector>

namespace plimsoll {

/// How large one device's scratch buffer must be when intermediate results of a computation share it: each lives from the operation
/// that makes it to the last that reads it, and takes the smallest gap it fits into. Follows what ggml's graph allocator does (first
/// fixed inputs, then operations in order; an element-wise operation takes over its first operand's place when nobody else reads
/// that), so that the size is the one the runtime asks for. Sizes only: nothing is allocated.
class ScratchGraph
{
public:
    using Id = int32_t;
    static constexpr Id outside = -1;   // weights, caches: not in this buffer

    /// Filled from outside before the operations run. `kept`: never given up, as where several batches are in flight.
    Id input(uint64_t bytes, bool kept);
    /// The result of an operation on `operands`. `inPlace`: may take over the place of an operand of the same size.
    Id make(uint64_t bytes, std::initializer_list<Id> operands, bool inPlace = false);
    /// Another shape of the same bytes: holds them as long as it is read itself.
    Id view(Id whole);
    /// Read by something that makes nothing here: a store into the cache, a copy to another device.
    void read(std::initializer_list<Id> operands) { make(0, operands); }

    /// Bytes of the buffer.
    uint64_t peak() const;

private:
    struct Value
    {
        uint64_t bytes = 0;
        Id whole = outside;       // what a view looks at
        bool input = false;
        bool kept = false;
        bool inPlace = false;
        std::vector<Id> operands;
    };
    const Value &value(Id id) const { return m_values[static_cast<size_t>(id)]; }

    std::vector<Value> m_values;   // in the order of execution

    friend class ScratchRun;
};

} // namespace plimsoll
