// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "answers.h"
#include "event_hub.h"
#include "scheduler.h"

#include <memory>
#include <string>

namespace plimsoll::engine {

struct HttpOptions
{
    std::string token;          // empty: none is asked for
    std::string modelName;
    size_t queueLimit = 16;
    size_t eventStreams = 8;
    Describe describe;
};

/// The HTTP side: checks who asks and what, hands jobs to the scheduler, and writes what comes back. Its threads never touch the model
/// but for its functions for any thread.
class HttpService
{
public:
    explicit HttpService(HttpOptions options);
    ~HttpService();

    /// Takes the port on 127.0.0.1, 0: any that is free. Errors: PortUnavailable.
    Result<int> bind(uint16_t port);
    /// Answers until stop(). `scheduler` and `events` must outlive the call.
    void run(Scheduler &scheduler, EventHub &events);
    /// From any thread, also before run().
    void stop();

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace plimsoll::engine
