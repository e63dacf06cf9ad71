// SPDX-License-Identifier: Apache-2.0
#include "event_hub.h"

#include "answers.h"

namespace plimsoll::engine {

namespace {

constexpr size_t mostPending = 256;

std::string_view word(ServiceState state)
{
    switch (state) {
    case ServiceState::Loading: return "loading";
    case ServiceState::Ready: return "ready";
    case ServiceState::Generating: return "generating";
    case ServiceState::Stopping: return "stopping";
    }
    return "stopping";
}

} // namespace

std::string EventHub::Reader::take(std::chrono::milliseconds wait)
{
    std::unique_lock<std::mutex> lock(m_mutex);
    m_arrived.wait_for(lock, wait, [this] { return !m_events.empty(); });
    std::string text;
    for (const Event &event : m_events)
        text += "event: " + event.name + "\ndata: " + event.text + "\n\n";
    m_events.clear();
    return text;
}

void EventHub::Reader::push(const Event &event)
{
    {
        const std::lock_guard<std::mutex> lock(m_mutex);
        auto old = m_events.rbegin();
        const auto alike = [&event](const Event &each) { return event.replaceable && each.replaceable && each.name == event.name; };
        while (old != m_events.rend() && alike(*old) && old->key != event.key)
            ++old;
        if (old != m_events.rend() && alike(*old))
            *old = event;
        else
            m_events.push_back(event);
        if (m_events.size() > mostPending)
            m_events.pop_front();
    }
    m_arrived.notify_one();
}

std::shared_ptr<EventHub::Reader> EventHub::subscribe()
{
    const std::lock_guard<std::mutex> lock(m_mutex);
    std::erase_if(m_readers, [](const std::weak_ptr<Reader> &reader) { return reader.expired(); });
    if (m_readers.size() >= m_mostReaders)
        return nullptr;
    auto reader = std::make_shared<Reader>();
    for (const auto &event : {m_state, m_memory, m_sequences}) {
        if (event)
            reader->push(*event);
    }
    m_readers.push_back(reader);
    return reader;
}

void EventHub::state(ServiceState state, double progress)
{
    const std::lock_guard<std::mutex> lock(m_mutex);
    m_state = Reader::Event{"state", stateJson(word(state), progress), state == ServiceState::Loading};
    publish(*m_state);
}

void EventHub::memory(const MemoryReport &report)
{
    const std::lock_guard<std::mutex> lock(m_mutex);
    m_memory = Reader::Event{"memory", memoryJson(report)};
    publish(*m_memory);
}

void EventHub::speed(const Statistics &statistics, uint32_t sequence)
{
    const std::lock_guard<std::mutex> lock(m_mutex);
    publish({"speed", timingsJson(statistics, sequence), true, sequence});
}

void EventHub::sequences(size_t running, size_t waiting, uint32_t parallel)
{
    const std::lock_guard<std::mutex> lock(m_mutex);
    m_sequences = Reader::Event{"sequences", sequencesJson(running, waiting, parallel)};
    publish(*m_sequences);
}

void EventHub::publish(const Reader::Event &event)
{
    for (const std::weak_ptr<Reader> &weak : m_readers) {
        if (const auto reader = weak.lock())
            reader->push(event);
    }
}

} // namespace plimsoll::engine
