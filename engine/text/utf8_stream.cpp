// SPDX-License-Identifier: Apache-2.0
#include "tokenizer.h"
#include "unicode.h"

namespace plimsoll::engine {

std::string Utf8Stream::push(std::string_view bytes)
{
    m_pending += bytes;
    const size_t whole = m_pending.size() - unicode::incompleteTail(m_pending);
    std::string result;
    result.reserve(whole);
    for (std::string_view rest = std::string_view(m_pending).substr(0, whole); !rest.empty();) {
        const unicode::Decoded next = unicode::decode(rest);
        if (next.valid)
            result += rest.substr(0, next.length);
        else
            unicode::append(result, 0xFFFD);
        rest.remove_prefix(next.length);
    }
    m_pending.erase(0, whole);
    return result;
}

std::string Utf8Stream::finish()
{
    std::string result;
    if (!m_pending.empty())
        unicode::append(result, 0xFFFD);   // one for the begun character, as decoders do
    m_pending.clear();
    return result;
}

} // namespace plimsoll::engine
