// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "failure.h"

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace plimsoll::engine::jinja {

/// What one rendering may take. A template comes with a file and is hostile input.
struct Limits
{
    uint64_t steps = 20'000'000;              // nodes evaluated, values and bytes looked at
    size_t bytes = size_t{256} << 20;         // made in all, output included
    size_t output = size_t{64} << 20;         // bytes
    uint32_t depth = 500;                     // nested evaluations, macros included
    std::chrono::milliseconds time{5'000};
};

/// Counts what a rendering takes; throws Failure "limit" where that is too much.
class Budget
{
public:
    explicit Budget(const Limits &limits) : m_limits(limits), m_end(std::chrono::steady_clock::now() + limits.time) {}

    void step(uint64_t count = 1)
    {
        m_steps += count;
        if (m_steps > m_limits.steps)
            fail("limit", "steps");
        if (m_steps >= m_nextLook) {
            m_nextLook = m_steps + 4096;
            if (std::chrono::steady_clock::now() > m_end)
                fail("limit", "time");
        }
    }

    /// Before `count` bytes are made.
    void allocate(size_t count)
    {
        if (count > m_limits.bytes - m_bytes)
            fail("limit", "memory");
        m_bytes += count;
        step(count / 64);
    }

    const Limits &limits() const { return m_limits; }

private:
    Limits m_limits;
    std::chrono::steady_clock::time_point m_end;
    uint64_t m_steps = 0;
    uint64_t m_nextLook = 4096;
    size_t m_bytes = 0;
};

} // namespace plimsoll::engine::jinja
