// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <plimsoll/engine/bench/random_blocks.h>
#include <plimsoll/engine/model/backend.h>

#include <deque>
#include <map>
#include <vector>

namespace plimsoll::engine {

/// One backend with memory for phases that run by themselves. Matrices and buffers hold numbers that are the same on every backend, so
/// that what two of them make of a phase can be compared. What goes wrong is kept until read().
class PhaseBench
{
public:
    /// `backend` outlives it; `threads`: of a backend that has a workspace for each.
    PhaseBench(Backend &backend, uint32_t threads);

    /// A new phase of so many tokens of sequence 0, from `firstPosition` on, all of which want logits; all that was there is gone.
    /// `expands`: matrices become float32 numbers of the same values.
    void begin(uint32_t tokens, uint32_t firstPosition, bool expands);

    /// Random, so large that a product keeps the size of its input; whole blocks.
    Tensor matrix(GgmlType type, uint32_t columns, uint32_t rows, uint32_t experts = 1);
    /// The same bytes on every backend, whatever begin() said.
    Tensor stored(GgmlType type, uint32_t columns, uint32_t rows, uint32_t experts = 1);
    /// Normally distributed.
    float *numbers(uint64_t count);
    /// Zeros.
    float *room(uint64_t count);
    std::byte *copied(std::span<const std::byte> bytes);
    /// A new one, which stays where it is: backends keep what they know of it by its address.
    BlockSpec &block() { return m_blocks.emplace_back(); }

    /// What the phases of this begin() find; its tokens, workspace and activation rows are there already.
    Buffers &buffers() { return m_buffers; }
    /// What buffers().tokens holds.
    std::span<const TokenRow> tokens() const { return m_tokens; }
    /// The backend, with these buffers.
    Backend &bound();
    const Status &status() const { return m_status; }
    /// Waits for the phases. Errors: theirs, those of the memory.
    Result<std::vector<float>> read(const float *from, uint64_t count);

private:
    std::byte *take(uint64_t bytes);
    std::vector<std::byte> randomBytes(GgmlType type, uint64_t elements);

    Backend &m_backend;
    Status m_status;
    std::byte *m_memory = nullptr;
    std::byte *m_workspace = nullptr;
    uint64_t m_workspaceBytes = 0;
    uint64_t m_taken = 0;
    uint64_t m_drawn = 0;   // random streams so far
    bool m_expands = false;
    Buffers m_buffers;
    std::vector<TokenRow> m_tokens;
    std::map<GgmlType, RandomBlocks> m_random;
    std::deque<BlockSpec> m_blocks;
};

} // namespace plimsoll::engine
