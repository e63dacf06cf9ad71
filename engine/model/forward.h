// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "batch.h"
#include "phases.h"
#include "weight_stream.h"

#include <atomic>
#include <optional>
#include <span>
#include <vector>

namespace plimsoll::engine {

/// The one forward pass: walks the layers of a model and calls the phases on the device where each piece lies, taking the residual stream
/// along; where weights are streamed, calls that are long enough take them to the GPU on the way. One thread calls. Allocates nothing after
/// it was made.
class Forward
{
public:
    /// Shape, backends and arenas outlive it. `batch`: the most tokens of one call.
    Forward(const ModelShape &shape, ModelPhases phases, std::vector<Device> devices, uint32_t batch);

    /// The batch is checked by the caller: tokens, positions and sequences in range, counts within the options.
    /// `cancel` is polled between phases. Where the device of the output can find candidates, and they are wanted, they alone come back.
    /// Errors: Cancelled, what a backend reports.
    Status run(std::span<const BatchToken> batch, const std::atomic<bool> *cancel, const CandidatesWanted &wanted = {});

    /// Copies the recurrent state of a sequence to a snapshot, or back. Errors: what a backend reports.
    Status keepState(uint32_t sequence, uint32_t snapshot) { return copyState(sequence, snapshot, true); }
    Status bringBackState(uint32_t sequence, uint32_t snapshot) { return copyState(sequence, snapshot, false); }

    /// Of the last run: [outputs, vocabulary], in RAM.
    const float *logits() const { return m_devices[hostDevice].buffers.logits; }
    /// How many of each row came back instead, 0: all logits; and these, as Backend::findCandidates() says.
    uint32_t kept() const { return m_wanted.kept; }
    const TokenCandidate *candidates() const { return m_candidates.data(); }

private:
    void settleCandidates(const CandidatesWanted &wanted);
    Status placeTokens(std::span<const BatchToken> batch);
    void runEmbedding();
    /// The layers, and the output where it is wanted.
    Status runLayers();
    /// The same on `m_whole`, as one pass.
    Status runWhole();
    Status takeOutput();
    Status runMixer(LayerPhases &layer);
    Status runAttention(LayerPhases &layer);
    Status runLayer(size_t layer);
    Status runFfn(LayerPhases &layer);
    Status runExperts(LayerPhases &layer);
    Status runExpertsElsewhere(LayerPhases &layer);
    Status runEnd(size_t layer);
    Status moveHidden(DeviceIndex to);
    Status moveRows(DeviceIndex to, float *Buffers::*rows);
    Status runOutput();
    Status copyState(uint32_t sequence, uint32_t snapshot, bool keep);
    Status copy(DeviceIndex from, DeviceIndex to, const void *source, void *destination, uint64_t bytes);
    Status poll() const;
    void setAbort(const std::atomic<bool> *cancel);
    Backend &on(DeviceIndex device) { return *m_devices[device].backend; }
    bool streams() const { return m_layers.data() != m_phases.layers.data(); }
    uint64_t hiddenBytes() const { return uint64_t{m_count} * m_shape->embedding * sizeof(float); }
    const Buffers &buffers(DeviceIndex device) const { return m_devices[device].buffers; }

    const ModelShape *m_shape;
    ModelPhases m_phases;
    std::vector<Device> m_devices;
    std::optional<WeightStream> m_stream;   // where weights are streamed
    std::span<LayerPhases> m_layers;     // of the running call
    std::vector<DeviceIndex> m_used;     // devices that compute something
    std::vector<TokenRow> m_rows;        // [batch]
    CandidatesPhase m_wanted;            // of the running call
    std::vector<TokenCandidate> m_candidates;   // as large as they were at most
    const std::atomic<bool> *m_cancel = nullptr;
    DeviceIndex m_whole;                 // where all layers and the output are; hostDevice: on several, or there
    DeviceIndex m_at = hostDevice;       // where the residual stream is
    uint32_t m_count = 0;
    uint32_t m_outputs = 0;
    uint32_t m_longest = 0;              // positions end before this
};

} // namespace plimsoll::engine
