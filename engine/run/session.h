// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <plimsoll/engine/model/backend.h>
#include <plimsoll/engine/model/batch.h>
#include <plimsoll/engine/text/grammar.h>
#include <plimsoll/engine/text/sampler.h>
#include <plimsoll/engine/text/tokenizer.h>
#include <plimsoll/gguf/gguf.h>
#include <plimsoll/layout/layout.h>
#include <plimsoll/result/result.h>

#include <atomic>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace plimsoll::engine {

/// A device besides the processor, and what makes a backend there; that takes a moment, and memory.
struct ComputeDevice
{
    std::string name;
    std::function<Result<std::unique_ptr<Backend>>()> open;
};

/// Where the pieces of a model go, on the processor and on `devices`, DeviceIndex 1, 2, …; only those that hold a piece are opened.
struct Placing
{
    Placement placement;
    std::vector<ComputeDevice> devices;
};
/// Asked while loading, with the options as they will run.
using PlaceModel = std::function<Result<Placing>(const ModelShape &, const RunOptions &)>;

struct LoadOptions
{
    RunOptions run;                     // context 0: as trained, at most 4096; threads 0: physical cores; batch 0: 512, at most the context
    bool warmUp = true;                 // read all mapped weights once before the first token
    PlaceModel place;                   // null: everything in RAM
    std::function<void(double)> progress;   // 0 to 1; from the loading thread
    const std::atomic<bool> *cancel = nullptr;
};

/// Bytes on another device: what the layout said, and what its backend has taken.
struct DeviceMemoryReport
{
    std::string name;
    uint64_t predicted = 0;
    uint64_t actual = 0;
    uint64_t overhead = 0;         // of both: context, modules, libraries, measured when the backend was made
};

/// Bytes on the host: what the layout said, and what the process has taken since. The zero is set when header, vocabulary and threads
/// exist and the first arena does not: these are the program's own few megabytes, not the model's. Nothing is taken off afterwards.
struct MemoryReport
{
    uint64_t predictedOwned = 0;
    uint64_t predictedMapped = 0;
    uint64_t actualOwned = 0;      // growth of RssAnon
    uint64_t actualMapped = 0;     // growth of RssFile
    std::vector<DeviceMemoryReport> devices;   // the others in use
    uint64_t onDisk = 0;           // mapped too, but RAM need not hold it: of actualMapped as much as the system kept
};

/// What reading the weights took, once memory was there: copied to devices, and mapped ones warmed.
struct LoadReport
{
    uint64_t bytes = 0;
    double seconds = 0;

    double bytesPerSecond() const { return seconds > 0 ? static_cast<double>(bytes) / seconds : 0; }
};

struct Statistics
{
    uint32_t promptTokens = 0;
    uint32_t reusedTokens = 0;     // of these, which an earlier request had left in the cache
    uint32_t generatedTokens = 0;
    double prefillSeconds = 0;
    double timeToFirstTokenSeconds = 0;
    double decodeSeconds = 0;

    double prefillRate() const { return prefillSeconds > 0 ? (promptTokens - reusedTokens) / prefillSeconds : 0; }
    double decodeRate() const { return decodeSeconds > 0 && generatedTokens > 1 ? (generatedTokens - 1) / decodeSeconds : 0; }
};

enum class StopReason {
    EndOfText,     // a token that ends a text, or one of the stop texts
    Length,
    ContextFull,
    Cancelled,     // by the flag, or by onText
};

/// A loaded model with its memory. One thread at a time calls it. Made by load(); freed as a whole.
class Session
{
public:
    /// Refuses before reading weights: UnsupportedByEngine, TensorMissing, TensorWrongShape, TensorWrongType, NotEnoughMemory,
    /// AllocationFailed, InvalidArgument, what placing and opening devices report, and those of readHeader, shapeFromGguf and
    /// makeTokenizer; later FileUnreadable, Cancelled. The memory asked for is what the layout owns plus what it maps: weights that do not
    /// stay in RAM would be read again for every token, which is left to those that a placement leaves on disk.
    static Result<std::unique_ptr<Session>> load(const std::string &path, LoadOptions options);
    ~Session();

    const gguf::Header &header() const;
    const ModelShape &shape() const;
    const RunOptions &options() const;
    const Layout &layout() const;
    /// Null where the file has no vocabulary.
    const Tokenizer *tokenizer() const;
    MemoryReport memory() const;
    LoadReport loading() const;

    /// One forward pass over any mix of sequences, positions ascending without a gap from what the cache holds of each; a lower position
    /// forgets what came after it. Returns [wanted, vocabulary] logits in order, valid until the next call.
    /// Errors: TokenOutOfRange, ContextTooLong, InvalidArgument (more tokens or logits than the options allow, sequence, position),
    /// Cancelled, ModelInvalid (weights that are no numbers).
    Result<std::span<const float>> forward(std::span<const BatchToken> batch, const std::atomic<bool> *cancel = nullptr);

    /// What there is of one token that wanted logits: all of them, or the largest, in order; neither: it did not want them.
    struct OutputRow
    {
        std::span<const float> logits;                // [vocabulary]
        std::span<const TokenCandidate> candidates;

        bool empty() const { return logits.empty() && candidates.empty(); }
    };
    /// Of all that wanted them, in order; valid until the next call.
    struct Outputs
    {
        const float *logits = nullptr;                // [wanted, vocabulary]
        const TokenCandidate *candidates = nullptr;   // or: [wanted, kept + 1]
        uint32_t vocabulary = 0;
        uint32_t kept = 0;

        OutputRow row(size_t index) const;
    };
    /// The same; but where the output is computed on a device that can, only as many candidates as are wanted come back from there.
    Result<Outputs> forward(std::span<const BatchToken> batch, const CandidatesWanted &wanted, const std::atomic<bool> *cancel = nullptr);

    /// Leading tokens of `tokens` that need not be computed again in `sequence`: what it holds begins with them, and it can go on from
    /// there. Fewer than all: one is left whose logits are wanted.
    uint32_t reusable(uint32_t sequence, std::span<const TokenId> tokens) const;
    /// Gets ready for that: forward() of the rest, from the position returned, gives what forward() of all would have given.
    /// Errors: InvalidArgument (sequence), what a backend reports.
    Result<uint32_t> resume(uint32_t sequence, std::span<const TokenId> tokens);
    /// Whether there is a recurrent state, and room for snapshots of it.
    bool keepsSnapshots() const;
    /// Notes the recurrent state as it is now, in place of the oldest snapshot, so that resume() can come back to it.
    /// Errors: what a backend reports.
    Status keepSnapshot(uint32_t sequence);

    /// How likely the model found a token, before penalties and temperature.
    struct TokenLogprob
    {
        TokenId token = -1;
        std::string bytes;
        float logprob = 0;             // natural logarithm
    };
    struct StepLogprobs
    {
        TokenLogprob chosen;
        std::vector<TokenLogprob> top;   // descending
    };
    struct GenerateOptions
    {
        uint32_t maxTokens = 256;
        SamplerOptions sampler;
        uint32_t sequence = 0;
        bool ignoreEnd = false;
        int logprobs = -1;                                     // so many of the likeliest tokens are noted at each step; -1: nothing
        std::shared_ptr<const Grammar> grammar;                // what the text must follow; null: anything
        std::vector<std::string> stop;                         // texts that end the generation and are not shown
        std::vector<TokenId> shown;                            // control tokens that are part of the text all the same
        std::function<bool(std::string_view text)> onText;     // whole UTF-8; false stops
        std::function<void(const StepLogprobs &)> onLogprobs;  // of a token, before its text, where they are noted
        const std::atomic<bool> *cancel = nullptr;
    };
    struct Generation
    {
        std::string text;
        std::vector<TokenId> tokens;
        std::vector<StepLogprobs> logprobs;   // one per token where they were asked for
        Statistics statistics;
        StopReason stop = StopReason::Length;
    };
    /// Prefill of what of `prompt` the sequence does not hold yet, then decode. A cancelled generation is a value, with what there was of it.
    /// Errors: InvalidArgument (empty prompt, sampler), TokenOutOfRange, ContextTooLong.
    Result<Generation> generate(std::span<const TokenId> prompt, const GenerateOptions &options);

private:
    Session();
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace plimsoll::engine
