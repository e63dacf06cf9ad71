// SPDX-License-Identifier: Apache-2.0
#include "session_state.h"

#include <algorithm>

// What of an earlier request a later one can build on. Keys and values depend on the tokens up to theirs only, so those of a common
// beginning serve both. A window's ring has lost what lies a window and a batch back; a recurrent state is only of where it stands, or of
// where a snapshot was taken.
namespace plimsoll::engine {

/// At least one token is left to compute: its logits are wanted.
ReuseEntry Session::State::entryFor(uint32_t sequence, std::span<const TokenId> tokens) const
{
    const SequenceState &at = sequences[sequence];
    if (tokens.empty())
        return {};
    const size_t most = std::min<size_t>(at.length, tokens.size() - 1);
    const int32_t *const held = history(sequence);
    const auto common = static_cast<uint32_t>(std::mismatch(held, held + most, tokens.begin()).first - held);
    if (goesOnFrom(sequence, common))
        return {common, std::nullopt};
    ReuseEntry best;
    for (uint32_t i = 0; i < at.snapshots.size(); ++i) {
        const uint32_t position = at.snapshots[i];
        if (position > best.position && position <= common && goesOnFrom(sequence, position, true))
            best = {position, i};
    }
    return best;
}

uint32_t Session::reusable(uint32_t sequence, std::span<const TokenId> tokens) const
{
    return sequence < m_state->options.sequences ? m_state->entryFor(sequence, tokens).position : 0;
}

Result<uint32_t> Session::resume(uint32_t sequence, std::span<const TokenId> tokens)
{
    State &state = *m_state;
    if (sequence >= state.options.sequences)
        return Error{ErrorCode::InvalidArgument,
            {"sequence", std::to_string(sequence), "0 to " + std::to_string(state.options.sequences - 1)}};
    const ReuseEntry entry = state.entryFor(sequence, tokens);
    if (!entry.snapshot)
        return entry.position;
    SequenceState &at = state.sequences[sequence];
    at.stateLost = true;
    const Status done = state.forward->bringBackState(sequence, sequence * state.options.stateSnapshots + *entry.snapshot);
    if (!done)
        return done.error();
    at.length = entry.position;
    at.stateLost = false;
    return entry.position;
}

bool Session::keepsSnapshots() const
{
    return m_state->recurs && m_state->options.stateSnapshots > 0;
}

Status Session::keepSnapshot(uint32_t sequence)
{
    State &state = *m_state;
    if (!keepsSnapshots() || sequence >= state.options.sequences)
        return {};
    SequenceState &at = state.sequences[sequence];
    const bool known = std::find(at.snapshots.begin(), at.snapshots.end(), at.length) != at.snapshots.end();
    if (at.stateLost || at.length == 0 || known)
        return {};
    const uint32_t place = at.oldest;
    at.oldest = (place + 1) % state.options.stateSnapshots;
    at.snapshots[place] = 0;
    const Status done = state.forward->keepState(sequence, sequence * state.options.stateSnapshots + place);
    if (done)
        at.snapshots[place] = at.length;
    return done;
}

} // namespace plimsoll::engine
