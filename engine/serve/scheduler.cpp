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

    void piece()
    {
        const double now = m_sinceStart.seconds();
        if (m_figures.generatedTokens++ == 0)
            m_figures.prefillSeconds = m_figures.timeToFirstTokenSeconds = now;
        m_figures.decodeSeconds = now - m_figures.timeToFirstTokenSeconds;
        if (m_figures.generatedTokens > 1 && m_sinceTold.seconds() < speedEverySeconds)
            return;
        m_sinceTold.restart();
        m_events.speed(m_figures);
    }

private:
    EventHub &m_events;
    Statistics m_figures;
    Timer m_sinceStart;
    Timer m_sinceTold;
};

} // namespace

Job::Piece Job::take(std::chrono::milliseconds wait)
{
    std::unique_lock<std::mutex> lock(m_mutex);
    m_changed.wait_for(lock, wait, [this] { return !m_text.empty() || m_result; });
    Piece piece;
    piece.text.swap(m_text);
    piece.end = m_result ? &*m_result : nullptr;
    return piece;
}

void Job::add(std::string_view text)
{
    {
        const std::lock_guard<std::mutex> lock(m_mutex);
        m_text += text;
    }
    m_changed.notify_one();
}

void Job::finish(Result<Session::Generation> result)
{
    {
        const std::lock_guard<std::mutex> lock(m_mutex);
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
        if (m_running)
            m_running->m_cancelled = true;
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
        if (m_stop || m_waiting.size() + (m_running ? 1 : 0) >= m_mostJobs)
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
    while (const auto job = next()) {
        auto generation = run(*job);
        {
            const std::lock_guard<std::mutex> lock(m_mutex);
            m_running = nullptr;   // first, so that who has the answer finds the place free
        }
        job->finish(std::move(generation));
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
    return true;
}

std::shared_ptr<Job> Scheduler::next()
{
    std::unique_lock<std::mutex> lock(m_mutex);
    m_submitted.wait(lock, [this] { return m_stop || !m_waiting.empty(); });
    if (m_stop)
        return nullptr;
    m_running = std::move(m_waiting.front());
    m_waiting.pop_front();
    return m_running;
}

Result<Session::Generation> Scheduler::run(Job &job)
{
    m_events.state(ServiceState::Generating, 1);
    LiveSpeed speed(m_events, job.m_prompt.size());
    Session::GenerateOptions options = job.m_options;
    options.cancel = &job.m_cancelled;
    options.onText = [&](std::string_view text) {
        job.add(text);
        speed.piece();
        return !job.m_cancelled;
    };
    auto generation = m_model->generate(job.m_prompt, options);
    if (generation)
        m_events.speed(generation->statistics);
    m_events.memory(m_model->memory());
    m_events.state(ServiceState::Ready, 1);
    return generation;
}

} // namespace plimsoll::engine
