// SPDX-License-Identifier: Apache-2.0
#include "rotations.h"

#include <algorithm>

namespace plimsoll::engine::cuda {

namespace {

bool same(const RopeTable &a, const RopeTable &b)
{
    return a.layout == b.layout && a.pairs == b.pairs && a.magnitude == b.magnitude
        && std::equal(a.frequency, a.frequency + a.pairs, b.frequency);
}

} // namespace

void RotationCache::forget()
{
    for (Slot &slot : m_slots)
        slot = {};
}

uint32_t RotationCache::tokensAtOnce(const RopeSpec &spec) const
{
    const uint64_t pairs = std::max(1u, spec.dims / 2);
    return static_cast<uint32_t>(slotBytes / (pairs * sizeof(float2)));
}

size_t RotationCache::ropeOf(const RopeSpec &spec, const float *factors)
{
    const auto known = m_known.find(&spec);
    if (known != m_known.end())
        return known->second;
    const RopeTable table = ropeTable(spec, nullptr);
    const auto alike = std::find_if(m_ropes.begin(), m_ropes.end(),
        [&](const Rope &each) { return each.factors == factors && same(each.table, table); });
    const auto index = static_cast<size_t>(alike - m_ropes.begin());
    if (alike == m_ropes.end())
        m_ropes.push_back({table, factors});
    m_known.emplace(&spec, index);
    return index;
}

Rotations RotationCache::of(
    cudaStream_t stream, const RopeSpec &spec, const float *factors, const TokenRow *tokens, uint32_t first, uint32_t count)
{
    const size_t index = ropeOf(spec, factors);
    const RopeTable &table = m_ropes[index].table;
    if (table.pairs == 0)
        return {};
    const size_t place = index % slots;
    auto *const values = reinterpret_cast<float2 *>(m_memory + place * slotBytes);
    Slot &slot = m_slots[place];
    if (slot.rope != index || slot.first != first || slot.count != count) {
        fillRotations(stream, table, factors, tokens + first, count, values);
        slot = {index, first, count};
    }
    return {values, table.pairs, table.layout == RopeLayout::Norm};
}

} // namespace plimsoll::engine::cuda
