// SPDX-License-Identifier: Apache-2.0
#include "url_source.h"

#include <plimsoll/units/bytes.h>

#include <httplib.h>

#include <algorithm>
#include <charconv>
#include <cstring>

namespace plimsoll::engine {
namespace {

constexpr uint64_t aheadBytes = 4u << 20;   // a header is read in small steps: ask for more at once
constexpr time_t patience = 30;             // seconds

struct Address
{
    std::string origin;   // "https://host:port"
    std::string target;   // "/path?query"
};

Address addressOf(const std::string &url)
{
    const size_t host = url.find("://") + 3;
    const size_t slash = url.find('/', host);
    return slash == std::string::npos ? Address{url, "/"} : Address{url.substr(0, slash), url.substr(slash)};
}

/// Total length from "bytes 0-99/12345"; 0 where it is not told.
uint64_t totalOf(const std::string &contentRange)
{
    const size_t slash = contentRange.rfind('/');
    uint64_t total = 0;
    if (slash != std::string::npos)
        std::from_chars(contentRange.data() + slash + 1, contentRange.data() + contentRange.size(), total);
    return total;
}

class UrlSource final : public gguf::ByteSource
{
public:
    explicit UrlSource(std::string url) : m_url(std::move(url)), m_address(addressOf(m_url)), m_client(m_address.origin)
    {
        m_client.set_follow_location(true);
        m_client.set_connection_timeout(patience);
        m_client.set_read_timeout(patience);
        m_client.set_keep_alive(true);
    }

    const std::string &name() const override { return m_url; }
    uint64_t size() const override { return m_size; }

    Status open() { return fetch(0, aheadBytes); }

    Status read(uint64_t offset, std::span<std::byte> out) override
    {
        if (offset < m_at || offset + out.size() > m_at + m_ahead.size()) {
            if (const Status fetched = fetch(offset, std::max<uint64_t>(out.size(), aheadBytes)); !fetched)
                return fetched;
        }
        if (offset < m_at || offset + out.size() > m_at + m_ahead.size())
            return unreadable("the answer is shorter than asked for");
        std::memcpy(out.data(), m_ahead.data() + (offset - m_at), out.size());
        return {};
    }

private:
    Error unreadable(std::string why) const { return {ErrorCode::FileUnreadable, {m_url, std::move(why)}}; }

    Status fetch(uint64_t offset, uint64_t bytes)
    {
        const uint64_t end = (m_size > 0 ? std::min(m_size, offset + bytes) : offset + bytes) - 1;
        const httplib::Headers headers{{"Range", "bytes=" + std::to_string(offset) + "-" + std::to_string(end)},
            {"Accept-Encoding", "identity"}};
        std::string body;
        const httplib::Result answer = m_client.Get(m_address.target, headers, [&](const char *data, size_t length) {
            body.append(data, length);
            return body.size() <= bytes;   // a server without ranges would send all of it
        });
        if (!answer)
            return unreadable(body.size() > bytes ? "the server does not answer with ranges" : httplib::to_string(answer.error()));
        if (answer->status == 404)
            return Error{ErrorCode::FileNotFound, {m_url}};
        if (answer->status != 206 && answer->status != 200)
            return unreadable("HTTP status " + std::to_string(answer->status));
        const uint64_t total = answer->status == 206 ? totalOf(answer->get_header_value("Content-Range")) : offset + body.size();
        if (total == 0)
            return unreadable("the server does not tell its length");
        m_size = total;
        m_at = answer->status == 206 ? offset : 0;
        m_ahead = std::move(body);
        return {};
    }

    std::string m_url;
    Address m_address;
    httplib::Client m_client;
    uint64_t m_size = 0;
    uint64_t m_at = 0;       // where m_ahead begins
    std::string m_ahead;
};

} // namespace

bool namesUrl(const std::string &text)
{
    return text.starts_with("http://") || text.starts_with("https://");
}

Result<std::unique_ptr<gguf::ByteSource>> openUrl(const std::string &url)
{
    auto source = std::make_unique<UrlSource>(url);
    if (const Status opened = source->open(); !opened)
        return opened.error();
    return std::unique_ptr<gguf::ByteSource>(std::move(source));
}

Result<std::string> readUrl(const std::string &url, uint64_t most)
{
    const auto source = openUrl(url);
    if (!source)
        return source.error();
    if ((*source)->size() > most)
        return Error{ErrorCode::FileUnreadable, {url, "it is longer than " + toText(Bytes{most})}};
    std::string text((*source)->size(), '\0');
    if (const Status status = (*source)->read(0, std::as_writable_bytes(std::span(text))); !status)
        return status.error();
    return text;
}

} // namespace plimsoll::engine
