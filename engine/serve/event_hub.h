// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <plimsoll/engine/run/session.h>

#include <chrono>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace plimsoll::engine {

enum class ServiceState { Loading, Ready, Generating, Stopping };

/// Tells the event streams what goes on. All functions from any thread.
class EventHub
{
public:
    /// One event stream's place. A reader that falls behind misses old events, never the latest.
    class Reader
    {
    public:
        /// The events that have come, as server-sent events; empty when none came in time.
        std::string take(std::chrono::milliseconds wait);

    private:
        friend class EventHub;
        struct Event
        {
            std::string name;
            std::string text;
            bool replaceable = false;   // by a later one of the same name and key, while only such of that name came between
            uint32_t key = 0;
        };
        void push(const Event &event);

        std::mutex m_mutex;
        std::condition_variable m_arrived;
        std::deque<Event> m_events;
    };

    explicit EventHub(size_t mostReaders) : m_mostReaders(mostReaders) {}

    /// Begins with the current state, memory and count of sequences. Null when there are too many; a reader that was let go leaves its place.
    std::shared_ptr<Reader> subscribe();

    void state(ServiceState state, double progress);
    void memory(const MemoryReport &report);
    /// Of the generation in one sequence.
    void speed(const Statistics &statistics, uint32_t sequence);
    void sequences(size_t running, size_t waiting, uint32_t parallel);

private:
    void publish(const Reader::Event &event);

    const size_t m_mostReaders;
    std::mutex m_mutex;
    std::vector<std::weak_ptr<Reader>> m_readers;
    std::optional<Reader::Event> m_state;
    std::optional<Reader::Event> m_memory;
    std::optional<Reader::Event> m_sequences;
};

} // namespace plimsoll::engine
