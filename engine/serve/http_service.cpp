// SPDX-License-Identifier: Apache-2.0
#include "http_service.h"

#include "access.h"
#include "requests.h"

#include <plimsoll/engine/base/timer.h>

#include <httplib.h>

#include <ctime>
#include <utility>

namespace plimsoll::engine {

namespace {

using namespace std::chrono_literals;

constexpr size_t mostBodyBytes = 8u << 20;
constexpr size_t spareThreads = 8;      // for requests that are answered at once
constexpr auto pollEvery = 40ms;        // how soon a closed connection is noticed
constexpr double pingEverySeconds = 10;
const char jsonType[] = "application/json";
const char eventsType[] = "text/event-stream";

Error refused(int status, const char *reason)
{
    return {ErrorCode::RequestRefused, {std::to_string(status), reason}};
}

/// For what the library itself refused.
const char *reasonOf(int status)
{
    switch (status) {
    case 404: return "path";
    case 405: return "method";
    case 413:
    case 414: return "size";
    default: return "request";
    }
}

bool isHidden(const httplib::Request &request)
{
    return request.path != "/health";
}

bool sendEvent(httplib::DataSink &sink, const std::string &json)
{
    const std::string text = "data: " + json + "\n\n";
    return sink.write(text.data(), text.size());
}

} // namespace

struct HttpService::State
{
    HttpOptions options;
    httplib::Server server;
    int port = 0;
    Scheduler *scheduler = nullptr;
    EventHub *events = nullptr;
    std::atomic<bool> stopped = false;
    std::atomic<bool> inRun = false;
    std::atomic<uint64_t> answers = 0;
    int64_t started = static_cast<int64_t>(std::time(nullptr));

    using Request = httplib::Request;
    using Response = httplib::Response;

    void configure();
    void route();
    void fail(Response &response, int status, const Error &error) const;
    bool refuses(const Request &request, Response &response) const;
    bool refusesBody(const Request &request, Response &response) const;
    void complete(const Request &request, Response &response, bool chat);
    void answer(Response &response, const std::shared_ptr<Job> &job, AnswerForm form, ThinkingSplit split, bool stream);
    void streamEvents(Response &response);
};

namespace {

/// Writes one answer while its job runs; each call waits a moment for more and looks whether anyone still listens.
class AnswerWriter
{
public:
    AnswerWriter(std::shared_ptr<Job> job, AnswerForm form, ThinkingSplit split, bool stream, Describe describe)
        : m_job(std::move(job)), m_form(std::move(form)), m_split(std::move(split)), m_stream(stream), m_describe(std::move(describe))
    {
    }

    /// False when the connection is gone.
    bool write(httplib::DataSink &sink)
    {
        const Job::Piece piece = m_job->take(pollEvery);
        if (!sink.is_writable())
            return false;
        if (m_stream && !begin(sink))
            return false;
        m_logprobs.insert(m_logprobs.end(), piece.logprobs.begin(), piece.logprobs.end());
        if (m_stream && !piece.text.empty() && !sendPiece(sink, m_split.push(piece.text)))
            return false;
        if (!piece.end)
            return true;
        const bool written = m_stream ? endStream(sink, *piece.end) : endWhole(sink, *piece.end);
        sink.done();
        return written;
    }

private:
    bool begin(httplib::DataSink &sink)
    {
        const std::string first = m_begun ? std::string() : m_form.first();
        m_begun = true;
        return first.empty() || sendEvent(sink, first);
    }

    /// What is held back as a possible mark keeps its tokens' logprobs with it.
    bool sendPiece(httplib::DataSink &sink, const ThinkingSplit::Piece &piece)
    {
        return (piece.thought.empty() && piece.answer.empty()) || sendEvent(sink, m_form.piece(piece, std::exchange(m_logprobs, {})));
    }

    bool endStream(httplib::DataSink &sink, const Result<Session::Generation> &end)
    {
        return sendPiece(sink, m_split.finish())
            && sendEvent(sink, end ? m_form.last(*end, m_logprobs) : errorJson(end.error(), m_describe)) && sendEvent(sink, "[DONE]");
    }

    bool endWhole(httplib::DataSink &sink, const Result<Session::Generation> &end)
    {
        const std::string text = end ? m_form.whole(*end, parted(end->text)) : errorJson(end.error(), m_describe);
        return sink.write(text.data(), text.size());
    }

    ThinkingSplit::Piece parted(const std::string &text)
    {
        ThinkingSplit::Piece piece = m_split.push(text);
        const ThinkingSplit::Piece rest = m_split.finish();
        piece.thought += rest.thought;
        piece.answer += rest.answer;
        return piece;
    }

    std::shared_ptr<Job> m_job;
    AnswerForm m_form;
    ThinkingSplit m_split;
    bool m_stream;
    Describe m_describe;
    std::vector<Session::StepLogprobs> m_logprobs;   // of tokens whose text was not sent yet
    bool m_begun = false;
};

} // namespace

void HttpService::State::configure()
{
    server.new_task_queue = [this] { return new httplib::ThreadPool(options.queueLimit + options.eventStreams + spareThreads); };
    server.set_keep_alive_max_count(1);   // a connection that waits for its next request would hold a thread
    server.set_keep_alive_timeout(2);
    server.set_read_timeout(5s);
    server.set_write_timeout(5s);
    server.set_payload_max_length(mostBodyBytes);
    server.set_tcp_nodelay(true);
    server.set_socket_options([](socket_t socket) {   // not SO_REUSEPORT: another process could share the port
        const int yes = 1;
        setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, reinterpret_cast<const char *>(&yes), sizeof yes);
    });
    server.set_default_headers({{"Cache-Control", "no-store"}, {"X-Content-Type-Options", "nosniff"}});
    server.set_pre_routing_handler([this](const Request &request, Response &response) {
        const bool refusal = refuses(request, response) || refusesBody(request, response);
        return refusal ? httplib::Server::HandlerResponse::Handled : httplib::Server::HandlerResponse::Unhandled;
    });
    server.set_error_handler([this](const Request &, Response &response) {
        if (response.body.empty())
            fail(response, response.status, refused(response.status, reasonOf(response.status)));
    });
    server.set_exception_handler([this](const Request &, Response &response, std::exception_ptr) {
        fail(response, 500, {ErrorCode::Internal, {"request"}});
    });
    route();
}

void HttpService::State::route()
{
    server.Get("/health", [this](const Request &, Response &response) {
        const bool ready = scheduler->model() != nullptr;
        response.status = ready ? 200 : 503;
        response.set_content(healthJson(ready, scheduler->loadProgress()), jsonType);
    });
    server.Get("/v1/models", [this](const Request &, Response &response) {
        response.set_content(modelsJson(options.modelName, started), jsonType);
    });
    server.Get("/plimsoll/events", [this](const Request &, Response &response) { streamEvents(response); });
    server.Post("/v1/completions", [this](const Request &request, Response &response) { complete(request, response, false); });
    server.Post("/v1/chat/completions", [this](const Request &request, Response &response) { complete(request, response, true); });
}

void HttpService::State::fail(Response &response, int status, const Error &error) const
{
    response.status = status;
    response.set_content(errorJson(error, options.describe), jsonType);
    if (status == 401)
        response.set_header("WWW-Authenticate", "Bearer");
    if (status == 429 || status == 503)
        response.set_header("Retry-After", "1");
}

bool HttpService::State::refuses(const Request &request, Response &response) const
{
    const auto headerIs = [&request](const char *name, auto accepted) {
        return request.get_header_value_count(name) == 1 && accepted(request.get_header_value(name));
    };
    if (!headerIs("Host", [this](const std::string &host) { return isOwnHost(host, port); }))
        fail(response, 403, refused(403, "host"));
    else if (request.has_header("Origin") && !headerIs("Origin", isLoopbackOrigin))
        fail(response, 403, refused(403, "origin"));
    else if (!options.token.empty() && isHidden(request)
        && !headerIs("Authorization", [this](const std::string &value) { return sameSecret(options.token, bearerToken(value)); }))
        fail(response, 401, refused(401, "token"));
    else
        return false;
    return true;
}

/// A body must say its length and be no compressed one, so that its size is known before it is read.
bool HttpService::State::refusesBody(const Request &request, Response &response) const
{
    const bool hasBody = request.has_header("Content-Length");
    if (request.has_header("Transfer-Encoding") || (!hasBody && request.method != "GET" && request.method != "HEAD"))
        fail(response, 411, refused(411, "size"));
    else if (request.has_header("Content-Encoding"))
        fail(response, 415, refused(415, "request"));
    else if (hasBody && request.get_header_value<uint64_t>("Content-Length") > mostBodyBytes)
        fail(response, 413, refused(413, "size"));
    else
        return false;
    return true;
}

void HttpService::State::complete(const Request &request, Response &response, bool chat)
{
    const ServedModel *model = scheduler->model();
    if (!model)
        return fail(response, 503, {ErrorCode::ServiceLoading, {}});
    auto wanted = readRequest(request.body, chat);
    if (!wanted)
        return fail(response, 400, wanted.error());
    auto prompt = model->encode(wanted->prompt);
    if (!prompt)
        return fail(response, 400, prompt.error());
    const size_t size = prompt->tokens.size();
    if (size == 0)
        return fail(response, 400, {ErrorCode::InvalidArgument, {"prompt", "", "at least one token"}});
    if (size > model->context())
        return fail(response, 400, {ErrorCode::ContextTooLong, {std::to_string(size), std::to_string(model->context())}});

    wanted->options.shown = std::move(prompt->shown);
    const auto job = std::make_shared<Job>(std::move(prompt->tokens), std::move(wanted->options));
    if (!scheduler->submit(job))
        return fail(response, 429, {ErrorCode::ServiceBusy, {std::to_string(options.queueLimit)}});
    AnswerForm form;
    form.chat = chat;
    form.id = (chat ? "chatcmpl-" : "cmpl-") + std::to_string(++answers);
    form.model = options.modelName;
    form.created = static_cast<int64_t>(std::time(nullptr));
    const bool separates = chat && wanted->separatesThoughts;
    ThinkingSplit split(separates ? std::move(prompt->marks) : ThinkingMarks(), separates && prompt->insideThought);
    answer(response, job, std::move(form), std::move(split), wanted->stream);
}

void HttpService::State::answer(Response &response, const std::shared_ptr<Job> &job, AnswerForm form, ThinkingSplit split, bool stream)
{
    auto writer = std::make_shared<AnswerWriter>(job, std::move(form), std::move(split), stream, options.describe);
    response.set_chunked_content_provider(
        stream ? eventsType : jsonType, [writer](size_t, httplib::DataSink &sink) { return writer->write(sink); },
        [this, job](bool) { scheduler->cancel(job); });
}

void HttpService::State::streamEvents(Response &response)
{
    const auto reader = events->subscribe();
    if (!reader)
        return fail(response, 503, {ErrorCode::ServiceBusy, {std::to_string(options.eventStreams)}});
    const auto sincePing = std::make_shared<Timer>();
    response.set_chunked_content_provider(eventsType, [reader, sincePing](size_t, httplib::DataSink &sink) {
        std::string text = reader->take(pollEvery);
        if (!sink.is_writable())
            return false;
        if (sincePing->seconds() >= pingEverySeconds) {
            sincePing->restart();
            text += ": ping\n\n";
        }
        return text.empty() || sink.write(text.data(), text.size());
    });
}

HttpService::HttpService(HttpOptions options) : m_state(std::make_unique<State>())
{
    m_state->options = std::move(options);
    m_state->configure();
}

HttpService::~HttpService() = default;

Result<int> HttpService::bind(uint16_t port)
{
    const char *loopback = "127.0.0.1";
    State &state = *m_state;
    const bool bound = port ? state.server.bind_to_port(loopback, port) : (state.port = state.server.bind_to_any_port(loopback)) > 0;
    if (!bound)
        return Error{ErrorCode::PortUnavailable, {std::to_string(port), std::generic_category().message(errno)}};
    if (port)
        state.port = port;
    return state.port;
}

void HttpService::run(Scheduler &scheduler, EventHub &events)
{
    m_state->scheduler = &scheduler;
    m_state->events = &events;
    m_state->inRun = true;
    if (!m_state->stopped)
        m_state->server.listen_after_bind();
    m_state->inRun = false;
}

void HttpService::stop()
{
    m_state->stopped = true;
    while (m_state->inRun && !m_state->server.is_running())
        std::this_thread::sleep_for(1ms);   // the library forgets a stop that comes before it listens
    m_state->server.stop();
}

} // namespace plimsoll::engine
