// SPDX-License-Identifier: Apache-2.0
#include "session_state.h"

#include <algorithm>
#include <cmath>

namespace plimsoll::engine {

namespace {

constexpr uint32_t unseen = UINT32_MAX;

Error invalid(const char *option, uint64_t value, const std::string &accepted)
{
    return {ErrorCode::InvalidArgument, {option, std::to_string(value), accepted}};
}

/// Whether a row has at least one number: weights that are none leave nothing else behind.
bool hasNumbers(const Session::Outputs &outputs, size_t row)
{
    if (outputs.kept > 0)
        return outputs.candidates[row * (outputs.kept + 1) + outputs.kept].token != 0;
    const std::span<const float> logits = outputs.row(row).logits;
    return std::any_of(logits.begin(), logits.end(), [](float x) { return std::isfinite(x); });
}

} // namespace

Session::Session() : m_state(std::make_unique<State>()) {}
Session::~Session() = default;

const gguf::Header &Session::header() const
{
    return m_state->header;
}

const ModelShape &Session::shape() const
{
    return m_state->shape;
}

const RunOptions &Session::options() const
{
    return m_state->options;
}

const Layout &Session::layout() const
{
    return m_state->layout;
}

const Tokenizer *Session::tokenizer() const
{
    return m_state->tokenizer.get();
}

MemoryReport Session::memory() const
{
    const DeviceLayout &host = m_state->layout.devices[hostDevice];
    const ProcessMemory now = processMemory();
    const ProcessMemory &before = m_state->before;
    MemoryReport report;
    report.predictedOwned = host.owned().value;
    report.predictedMapped = host.mapped().value;
    report.onDisk = host.disk().value;
    report.actualOwned = now.anonymous > before.anonymous ? now.anonymous - before.anonymous : 0;
    report.actualMapped = now.file > before.file ? now.file - before.file : 0;
    for (DeviceIndex device = 1; device < m_state->deviceCount(); ++device) {
        const Backend *const backend = m_state->backend(device);
        if (!backend)
            continue;
        const DeviceMemory memory = backend->memory();
        const uint64_t predicted = m_state->layout.devices[device].owned().value;
        report.devices.push_back({m_state->nameOf(device), predicted, memory.taken.value, memory.overhead.value});
    }
    return report;
}

LoadReport Session::loading() const
{
    return m_state->loading;
}

bool Session::State::goesOnFrom(uint32_t sequence, uint32_t position, bool restored) const
{
    const SequenceState &at = sequences[sequence];
    if (position == 0)
        return true;
    if (position > at.length || (recurs && !restored && (at.stateLost || position < at.length)))
        return false;
    // The cell of position p was taken again by p + ring.
    return at.written <= smallestRing || position >= at.written + largestWindow - smallestRing;
}

void Session::State::beginWriting(uint32_t sequence, uint32_t position)
{
    SequenceState &at = sequences[sequence];
    at.length = std::min(at.length, position);
    at.stateLost = recurs;
    at.written = position == 0 ? 1 : std::max(at.written, position + 1);
    for (uint32_t &snapshot : at.snapshots) {
        if (snapshot > position)
            snapshot = 0;
    }
}

/// Checks a batch and notes in `next` where each sequence in it will end.
Status Session::State::check(std::span<const BatchToken> tokens)
{
    if (tokens.empty() || tokens.size() > options.batch)
        return invalid("batch", tokens.size(), "1 to " + std::to_string(options.batch));
    std::fill(next.begin(), next.end(), unseen);
    uint32_t outputs = 0;
    for (const BatchToken &each : tokens) {
        if (each.token < 0 || static_cast<uint32_t>(each.token) >= shape.vocabulary)
            return Error{ErrorCode::TokenOutOfRange, {std::to_string(each.token), std::to_string(shape.vocabulary)}};
        if (each.sequence >= options.sequences)
            return invalid("sequence", each.sequence, "0 to " + std::to_string(options.sequences - 1));
        if (each.position >= options.context)
            return Error{ErrorCode::ContextTooLong, {std::to_string(uint64_t{each.position} + 1), std::to_string(options.context)}};
        uint32_t &end = next[each.sequence];
        const bool follows = end == unseen ? goesOnFrom(each.sequence, each.position) : each.position == end;
        if (!follows)
            return invalid("position", each.position, "the one that follows in its sequence");
        end = each.position + 1;
        outputs += each.wantsLogits ? 1 : 0;
    }
    if (outputs > options.outputs)
        return invalid("outputs", outputs, "at most " + std::to_string(options.outputs));
    return {};
}

Session::OutputRow Session::Outputs::row(size_t index) const
{
    if (kept > 0)
        return {{}, {candidates + index * (kept + 1), kept}};
    return {{logits + index * vocabulary, vocabulary}, {}};
}

Result<std::span<const float>> Session::forward(std::span<const BatchToken> batch, const std::atomic<bool> *cancel)
{
    const Result<Outputs> done = forward(batch, CandidatesWanted{}, cancel);
    if (!done)
        return done.error();
    const auto outputs = static_cast<size_t>(std::count_if(batch.begin(), batch.end(), [](const BatchToken &each) { return each.wantsLogits; }));
    return std::span<const float>(done->logits, outputs * done->vocabulary);
}

Result<Session::Outputs> Session::forward(std::span<const BatchToken> batch, const CandidatesWanted &wanted, const std::atomic<bool> *cancel)
{
    State &state = *m_state;
    const Status valid = state.check(batch);
    if (!valid)
        return valid.error();
    uint64_t outputs = 0;
    for (const BatchToken &each : batch) {
        state.beginWriting(each.sequence, each.position);
        outputs += each.wantsLogits ? 1 : 0;
    }
    const Status done = state.forward->run(batch, cancel, wanted);
    if (!done)
        return done.error();
    for (const BatchToken &each : batch) {
        SequenceState &at = state.sequences[each.sequence];
        at.length = state.next[each.sequence];
        at.stateLost = false;
        state.history(each.sequence)[each.position] = each.token;
    }
    const Outputs found{state.forward->logits(), state.forward->candidates(), state.shape.vocabulary, state.forward->kept()};
    for (uint64_t row = 0; row < outputs; ++row)
        if (!hasNumbers(found, row))
            return Error{ErrorCode::ModelInvalid, {"logits", "nan"}};
    return found;
}

} // namespace plimsoll::engine
