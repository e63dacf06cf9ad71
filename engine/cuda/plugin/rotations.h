// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "heads.h"

#include <unordered_map>
#include <vector>

namespace plimsoll::engine::cuda {

/// Sines and cosines of a batch, computed once per call for each way of rotating and read by all layers.
class RotationCache
{
public:
    static constexpr uint64_t slots = 2;   // ways of rotating that are kept
    static constexpr uint64_t slotBytes = uint64_t{4} << 20;
    static constexpr uint64_t bytes = slots * slotBytes;

    void bind(std::byte *memory) { m_memory = memory; }
    /// Another batch: nothing kept holds any more.
    void forget();

    /// Tokens of one call that fit at once.
    uint32_t tokensAtOnce(const RopeSpec &spec) const;
    /// Of tokens [first, first + count), for `spec` and its factors.
    Rotations of(cudaStream_t stream, const RopeSpec &spec, const float *factors, const TokenRow *tokens, uint32_t first, uint32_t count);

private:
    struct Rope
    {
        RopeTable table;
        const float *factors;
    };
    struct Slot
    {
        size_t rope = SIZE_MAX;
        uint32_t first = 0;
        uint32_t count = 0;
    };
    size_t ropeOf(const RopeSpec &spec, const float *factors);

    std::byte *m_memory = nullptr;
    std::vector<Rope> m_ropes;
    std::unordered_map<const RopeSpec *, size_t> m_known;   // the specs of a model stay where they are
    Slot m_slots[slots];
};

} // namespace plimsoll::engine::cuda
