// SPDX-License-Identifier: Apache-2.0
#include "context.h"

#include <csignal>

namespace plimsoll::engine {
namespace {

// A signal handler has no other way to reach what it must tell.
std::atomic<bool> interrupted = false;
static_assert(std::atomic<bool>::is_always_lock_free);

void onInterrupt(int)
{
    interrupted.store(true, std::memory_order_relaxed);
}

void install(void (*handler)(int), int flags)
{
    struct sigaction action = {};
    action.sa_handler = handler;
    action.sa_flags = flags;
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
}

} // namespace

Interruption::Interruption()
{
    interrupted.store(false, std::memory_order_relaxed);
    install(onInterrupt, SA_RESETHAND);
}

Interruption::~Interruption()
{
    install(SIG_DFL, 0);
}

const std::atomic<bool> *Interruption::flag() const
{
    return &interrupted;
}

} // namespace plimsoll::engine
