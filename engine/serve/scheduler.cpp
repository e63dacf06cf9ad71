// SPDX-License-Identifier: Apache-2.0
#include "scheduler.h"

#include <plimsoll/engine/base/timer.h>

#include <algorithm>

namespace plimsoll::engine {

namespace {

constexpr double speedEverySeconds = 0.2;
constexpr double progressStep = 0.01;

Session::Generation cancelledGeneration()
{
    Session::Generation generation;
    generation.stop = StopReason::Cancelled;
    return generation;
}

/// Figures of a generation while it runs. Pieces of text stand for tokens until the model counts for itself at the end.
class LiveSpeed
{
public:
    LiveSpeed(EventHub &events, size_t promptTokens) : m_events(events) { m_figures.promptTokens = static_cast<uint32_t>(promptTokens); }

    void piece(uint32_t sequence)
    {
        const double now = m_sinceStart.seconds();
        if (m_figures.generatedTokens++ == 0)
            m_figures.prefillSeconds = m_figures.timeToFirstTokenSeconds = now;
        m_figures.decodeSeconds = now - m_figures.timeToFirstTokenSeconds;
        if (m_figures.generatedTokens > 1 && m_sinceTold.seconds() < speedEverySeconds)
            return;
        m_sinceTold.restart();
        m_events.speed(m_figures, sequence);
    }

private:
    EventHub &m_events;
    Statistics m_figures;
    Timer m_sinceStart;
    Timer m_sinceTold;
};

} // namespace

/// A job that runs in a sequence.
struct Scheduler::Run
{
    std::shared_ptr<Job> job;
    LiveSpeed speed;
    uint32_t sequence = 0;
};

Job::Piece Job::take(std::chrono::milliseconds wait)
{
    std::unique_lock<std::mutex> lock(m_mutex);
    m_changed.wait_for(lock, wait, [this] { return !m_text.empty() || m_result; });
    Piece piece;
    piece.text.swap(m_text);
    piece.logprobs.swap(m_logprobs);
    piece.end = m_result ? &*m_result : nullptr;
    return piece;
}

void Job::add(std::string_view text)
{
    {
        const std::lock_guard<std::mutex> lock(m_mutex);
        m_text += text;
        m_logprobs.insert(m_logprobs.end(), m_early.begin(), m_early.end());
    }
    m_early.clear();
    m_changed.notify_one();
}

void Job::finish(Result<Session::Generation> result)
{
    {
        const std::lock_guard<std::mutex> lock(m_mutex);
        m_logprobs.insert(m_logprobs.end(), m_early.begin(), m_early.end());
        m_result = std::move(result);
    }
    m_changed.notify_one();
}

Scheduler::Scheduler(ModelLoader loader, EventHub &events, size_t mostJobs, std::function<void(const Error &)> failed)
    : m_loader(std::move(loader)), m_events(events), m_mostJobs(mostJobs), m_failed(std::move(failed)), m_thread([this] { work(); })
{
}

Scheduler::~Scheduler()
{
    m_stop = true;
    {
        const std::lock_guard<std::mutex> lock(m_mutex);
        for (const auto &job : m_running)
            job->m_cancelled = true;
        for (const auto &job : m_waiting)
            job->finish(cancelledGeneration());
        m_waiting.clear();
    }
    m_submitted.notify_all();
    m_thread.join();
}

bool Scheduler::submit(std::shared_ptr<Job> job)
{
    {
        const std::lock_guard<std::mutex> lock(m_mutex);
        if (m_stop || m_waiting.size() + m_running.size() >= m_mostJobs)
            return false;
        m_waiting.push_back(std::move(job));
    }
    m_submitted.notify_one();
    return true;
}

void Scheduler::cancel(const std::shared_ptr<Job> &job)
{
    const std::lock_guard<std::mutex> lock(m_mutex);
    job->m_cancelled = true;
    if (std::erase(m_waiting, job) > 0)
        job->finish(cancelledGeneration());
}

void Scheduler::work()
{
    if (!load())
        return;
    while (admit()) {
        for (Batcher::Ended &ended : m_model->step())
            end(ended.sequence, std::move(ended.generation));
    }
}

bool Scheduler::load()
{
    double told = 0;
    m_events.state(ServiceState::Loading, 0);
    auto model = m_loader(
        [&](double progress) {
            m_progress = progress;
            if (progress - told < progressStep)
                return;
            told = progress;
            m_events.state(ServiceState::Loading, progress);
        },
        m_stop);
    if (!model) {
        m_failed(model.error());
        return false;
    }
    m_model = std::move(*model);
    m_events.memory(m_model->memory());
    m_ready = m_model.get();
    m_events.state(ServiceState::Ready, 1);
    tellSequences();
    return true;
}

/// Starts what waits, as far as there are sequences; waits while there is nothing to do. False at the end, when nothing runs any more.
bool Scheduler::admit()
{
    while (true) {
        std::shared_ptr<Job> job;
        {
            std::unique_lock<std::mutex> lock(m_mutex);
            if (m_running.empty())
                m_submitted.wait(lock, [this] { return m_stop || !m_waiting.empty(); });
            if (m_stop)
                return !m_running.empty();
            if (m_waiting.empty() || m_running.size() >= m_model->sequences())
                return true;
            job = std::move(m_waiting.front());
            m_waiting.pop_front();
            m_running.push_back(job);
        }
        start(job);
    }
}

void Scheduler::start(const std::shared_ptr<Job> &job)
{
    auto run = std::make_unique<Run>(Run{job, LiveSpeed(m_events, job->m_prompt.size())});
    Session::GenerateOptions options = std::move(job->m_options);
    options.cancel = &job->m_cancelled;
    options.onLogprobs = [job = job.get()](const Session::StepLogprobs &logprobs) { job->m_early.push_back(logprobs); };
    options.onText = [run = run.get()](std::string_view text) {
        run->job->add(text);
        run->speed.piece(run->sequence);
        return !run->job->m_cancelled;
    };
    const Result<uint32_t> sequence = m_model->start(std::move(job->m_prompt), std::move(options));
    if (!sequence)
        return leave(job, sequence.error());
    run->sequence = *sequence;
    m_runs[*sequence] = std::move(run);
    if (m_runs.size() == 1)
        m_events.state(ServiceState::Generating, 1);
    tellSequences();
}

void Scheduler::end(uint32_t sequence, Result<Session::Generation> generation)
{
    const auto run = m_runs.extract(sequence);
    if (generation)
        m_events.speed(generation->statistics, sequence);
    m_events.memory(m_model->memory());
    if (m_runs.empty())
        m_events.state(ServiceState::Ready, 1);
    leave(run.mapped()->job, std::move(generation));
    tellSequences();
}

void Scheduler::leave(const std::shared_ptr<Job> &job, Result<Session::Generation> result)
{
    {
        const std::lock_guard<std::mutex> lock(m_mutex);
        std::erase(m_running, job);   // first, so that who has the answer finds the place free
    }
    job->finish(std::move(result));
}

void Scheduler::tellSequences()
{
    size_t waiting = 0;
    {
        const std::lock_guard<std::mutex> lock(m_mutex);
        waiting = m_waiting.size();
    }
    m_events.sequences(m_runs.size(), waiting, m_model->sequences());
}

} // namespace plimsoll::engine
