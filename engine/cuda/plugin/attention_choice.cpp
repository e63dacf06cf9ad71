// SPDX-License-Identifier: Apache-2.0
#include "attention.h"

#include <algorithm>

/// Which kernel attends to what. All numbers of the choice are here; measurements on GPUs may replace them.
namespace plimsoll::engine::cuda {

namespace {

/// Tensor cores take mma.sync on half floats from here on.
constexpr uint32_t leastCapability = 75;
/// A tile has 32 or 64 rows, heads of a group for each token: with fewer than these most of it would be empty. Steps of decoding, also
/// of several tokens that were guessed, stay below and are computed in float32.
constexpr uint32_t fewestTokens = 16;
constexpr uint32_t fewestRows = 32;

/// What a cell of float32 holds would be rounded to half floats, which nobody wants who chose that cache.
bool narrow(GgmlType cells)
{
    return cells == GgmlType::F16 || cells == GgmlType::Q8_0 || cells == GgmlType::Q4_0;
}

bool takesPrompts(const AttentionWork &work, const AttentionRoom &room)
{
    return room.capability >= leastCapability && narrow(work.cache.typeK) && narrow(work.cache.typeV) && fitsPrompt(work, room.sharedBytes);
}

/// Tokens of one sequence at positions that follow each other, from the first one on.
size_t runLength(std::span<const TokenRow> tokens)
{
    size_t n = 1;
    while (n < tokens.size() && tokens[n].sequence == tokens[0].sequence && tokens[n].position == tokens[n - 1].position + 1)
        ++n;
    return n;
}

AttentionWork part(AttentionWork work, size_t first, size_t count)
{
    work.query += first * work.queryStride;
    work.gates = work.gates ? work.gates + first * work.queryStride : nullptr;
    work.out += first * work.heads * work.dimV;
    work.tokens += first;
    work.count = static_cast<uint32_t>(count);
    return work;
}

} // namespace

void prepareAttention(size_t sharedBytes)
{
    prepareFewRows(sharedBytes);
    preparePrompt(sharedBytes);
}

void attend(cudaStream_t stream, const AttentionWork &work, std::span<const TokenRow> tokens, const AttentionRoom &room)
{
    const bool prompts = tokens.size() >= fewestTokens && takesPrompts(work, room);
    size_t few = 0;   // tokens before `first` that wait to be taken together
    for (size_t first = 0; prompts && first < tokens.size();) {
        const size_t count = runLength(tokens.subspan(first));
        if (count < fewestTokens || count * (work.heads / work.kvHeads) < fewestRows) {
            few += count;
        } else {
            if (few > 0)
                attendFewRows(stream, part(work, first - few, few), room);
            few = 0;
            attendPrompt(stream, part(work, first, count), tokens[first].sequence, tokens[first].position, room);
        }
        first += count;
    }
    const size_t rest = prompts ? few : work.count;
    if (rest > 0)
        attendFewRows(stream, part(work, work.count - rest, rest), room);
}

} // namespace plimsoll::engine::cuda
