// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFuture>
#include <QPromise>
#include <QThreadPool>

#include <memory>
#include <type_traits>

namespace plimsoll::app {

/// Runs `work` in the pool of threads: nothing slow holds the window. Work captures by value, and what it returns comes as a shared value
/// that nobody changes. Continue with QFuture::then(context, …), which calls back in the context's thread while the context lives.
template <typename Work>
auto elsewhere(Work work)
{
    using Value = std::shared_ptr<const std::invoke_result_t<Work>>;
    auto promise = std::make_shared<QPromise<Value>>();
    QFuture<Value> future = promise->future();
    promise->start();
    QThreadPool::globalInstance()->start([promise, work = std::move(work)] {
        promise->addResult(std::make_shared<const std::invoke_result_t<Work>>(work()));
        promise->finish();
    });
    return future;
}

} // namespace plimsoll::app
