// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "event_hub.h"
#include "served_model.h"

#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <thread>

namespace plimsoll::engine {

/// One generation on its way: filled by the scheduler's thread, emptied by the thread that answers the request.
class Job
{
public:
    Job(std::vector<TokenId> prompt, Session::GenerateOptions options) : m_prompt(std::move(prompt)), m_options(std::move(options)) {}

    struct Piece
    {
        std::string text;                                   // since the last call
        std::vector<Session::StepLogprobs> logprobs;        // of its tokens, where they were asked for
        const Result<Session::Generation> *end = nullptr;   // set once all text was taken and the generation is over; owned by the job
    };
    /// Waits for text or the end, at most so long.
    Piece take(std::chrono::milliseconds wait);

private:
    friend class Scheduler;
    void add(std::string_view text);
    void finish(Result<Session::Generation> result);

    std::vector<TokenId> m_prompt;
    Session::GenerateOptions m_options;
    std::atomic<bool> m_cancelled = false;
    std::vector<Session::StepLogprobs> m_early;   // of tokens whose text is still to come; of the scheduler's thread alone
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::string m_text;
    std::vector<Session::StepLogprobs> m_logprobs;
    std::optional<Result<Session::Generation>> m_result;
};

/// Owns the model and the one thread that loads it and runs it: as many jobs at once as the model has sequences, the others wait in a
/// bounded line.
class Scheduler
{
public:
    /// `failed` is called from the scheduler's thread when loading fails; nothing runs after that.
    Scheduler(ModelLoader loader, EventHub &events, size_t mostJobs, std::function<void(const Error &)> failed);
    /// Cancels what runs and waits for it.
    ~Scheduler();

    /// Null until loaded; then for the scheduler's life. Only its functions for any thread may be called.
    const ServedModel *model() const { return m_ready.load(); }
    double loadProgress() const { return m_progress.load(); }

    /// False when the line is full.
    bool submit(std::shared_ptr<Job> job);
    /// Takes the job out of the line, or stops it; it ends with what it has. Ended ones are left alone.
    void cancel(const std::shared_ptr<Job> &job);

private:
    struct Run;

    void work();
    bool load();
    bool admit();
    void start(const std::shared_ptr<Job> &job);
    void end(uint32_t sequence, Result<Session::Generation> generation);
    void leave(const std::shared_ptr<Job> &job, Result<Session::Generation> result);
    void tellSequences();

    ModelLoader m_loader;
    EventHub &m_events;
    const size_t m_mostJobs;
    std::function<void(const Error &)> m_failed;
    std::unique_ptr<ServedModel> m_model;
    std::atomic<const ServedModel *> m_ready = nullptr;
    std::atomic<double> m_progress = 0;
    std::atomic<bool> m_stop = false;

    std::mutex m_mutex;
    std::condition_variable m_submitted;
    std::deque<std::shared_ptr<Job>> m_waiting;
    std::vector<std::shared_ptr<Job>> m_running;
    std::map<uint32_t, std::unique_ptr<Run>> m_runs;   // by sequence; of the scheduler's thread alone
    std::thread m_thread;   // the last member: starts when all others exist
};

} // namespace plimsoll::engine
