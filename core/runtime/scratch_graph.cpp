// SPDX-License-Identifier: Apache-2.0
#include "scratch_graph.h"

#include <algorithm>

namespace plimsoll {

namespace {

constexpr uint64_t alignment = 128;
constexpr uint64_t unbounded = uint64_t{1} << 62;

/// Gaps of a buffer without end, in order of offset; the last is what lies behind everything taken so far.
class Gaps
{
public:
    uint64_t take(uint64_t bytes)
    {
        size_t best = m_gaps.size() - 1;
        uint64_t bestBytes = unbounded;
        for (size_t i = 0; i + 1 < m_gaps.size(); ++i) {
            if (m_gaps[i].bytes >= bytes && m_gaps[i].bytes <= bestBytes) {
                best = i;
                bestBytes = m_gaps[i].bytes;
            }
        }
        const uint64_t offset = m_gaps[best].offset;
        m_gaps[best].offset += bytes;
        m_gaps[best].bytes -= bytes;
        if (m_gaps[best].bytes == 0)
            m_gaps.erase(m_gaps.begin() + static_cast<std::ptrdiff_t>(best));
        m_peak = std::max(m_peak, offset + bytes);
        return offset;
    }

    void giveBack(uint64_t offset, uint64_t bytes)
    {
        const auto after = std::find_if(m_gaps.begin(), m_gaps.end(), [&](const Gap &gap) { return gap.offset > offset; });
        auto gap = m_gaps.insert(after, Gap{offset, bytes});
        if (const auto next = gap + 1; next != m_gaps.end() && gap->offset + gap->bytes == next->offset) {
            gap->bytes += next->bytes;
            m_gaps.erase(next);
        }
        if (gap != m_gaps.begin() && (gap - 1)->offset + (gap - 1)->bytes == gap->offset) {
            (gap - 1)->bytes += gap->bytes;
            m_gaps.erase(gap);
        }
    }

    uint64_t peak() const { return m_peak; }

private:
    struct Gap
    {
        uint64_t offset;
        uint64_t bytes;
    };
    std::vector<Gap> m_gaps{{0, unbounded}};
    uint64_t m_peak = 0;
};

} // namespace

/// One pass over the operations with the places their results take.
class ScratchRun
{
public:
    explicit ScratchRun(const std::vector<ScratchGraph::Value> &values) : m_values(values), m_states(values.size())
    {
        for (size_t i = 0; i < values.size(); ++i) {
            if (values[i].whole != ScratchGraph::outside)
                ++state(values[i].whole).views;
            for (const ScratchGraph::Id operand : values[i].operands)
                ++state(operand).readers;
        }
    }

    uint64_t run()
    {
        for (size_t i = 0; i < m_values.size(); ++i)
            if (m_values[i].input)
                place(i);
        for (size_t i = 0; i < m_values.size(); ++i) {
            if (!m_values[i].input && m_values[i].whole == ScratchGraph::outside)
                place(i);
            for (const ScratchGraph::Id operand : m_values[i].operands)
                release(operand);
        }
        return m_gaps.peak();
    }

private:
    struct State
    {
        uint64_t offset = 0;
        uint64_t bytes = 0;   // 0: holds no place
        uint32_t readers = 0;
        uint32_t views = 0;
    };

    State &state(ScratchGraph::Id id) { return m_states[static_cast<size_t>(id)]; }
    const ScratchGraph::Value &value(ScratchGraph::Id id) const { return m_values[static_cast<size_t>(id)]; }

    void place(size_t index)
    {
        const uint64_t bytes = (m_values[index].bytes + alignment - 1) / alignment * alignment;
        if (bytes == 0)
            return;
        m_states[index].bytes = bytes;
        if (m_values[index].inPlace && takeOver(index))
            return;
        m_states[index].offset = m_gaps.take(bytes);
    }

    /// The place of an operand that this operation alone reads. A view has none of its own to give.
    bool takeOver(size_t index)
    {
        for (const ScratchGraph::Id operand : m_values[index].operands) {
            State &given = state(operand);
            if (value(operand).kept || given.readers != 1 || given.views != 0 || given.bytes != m_states[index].bytes)
                continue;
            m_states[index].offset = given.offset;
            given.bytes = 0;
            return true;
        }
        return false;
    }

    void release(ScratchGraph::Id id)
    {
        if (--state(id).readers != 0 || state(id).views != 0)
            return;
        ScratchGraph::Id owner = id;
        if (value(id).whole != ScratchGraph::outside) {
            owner = value(id).whole;
            if (--state(owner).views != 0 || state(owner).readers != 0)
                return;
        }
        if (state(owner).bytes != 0 && !value(owner).kept) {
            m_gaps.giveBack(state(owner).offset, state(owner).bytes);
            state(owner).bytes = 0;
        }
    }

    const std::vector<ScratchGraph::Value> &m_values;
    std::vector<State> m_states;
    Gaps m_gaps;
};

ScratchGraph::Id ScratchGraph::input(uint64_t bytes, bool kept)
{
    Value made;
    made.bytes = bytes;
    made.input = true;
    made.kept = kept;
    m_values.push_back(std::move(made));
    return static_cast<Id>(m_values.size() - 1);
}

ScratchGraph::Id ScratchGraph::make(uint64_t bytes, std::initializer_list<Id> operands, bool inPlace)
{
    Value made;
    made.bytes = bytes;
    made.inPlace = inPlace;
    for (const Id operand : operands)
        if (operand != outside)
            made.operands.push_back(operand);
    m_values.push_back(std::move(made));
    return static_cast<Id>(m_values.size() - 1);
}

ScratchGraph::Id ScratchGraph::view(Id whole)
{
    Value made;
    made.whole = value(whole).whole == outside ? whole : value(whole).whole;
    m_values.push_back(std::move(made));
    return static_cast<Id>(m_values.size() - 1);
}

uint64_t ScratchGraph::peak() const
{
    return ScratchRun(m_values).run();
}

} // namespace plimsoll
