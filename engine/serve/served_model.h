// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <plimsoll/engine/run/batcher.h>
#include <plimsoll/engine/text/chat.h>

#include <functional>
#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace plimsoll::engine {

/// A text to be continued, or a conversation to be answered.
using Prompt = std::variant<std::string, Conversation>;

/// What the service asks of a model.
class ServedModel
{
public:
    virtual ~ServedModel() = default;

    /// From any thread. Errors: ModelHasNoTokenizer, ModelInvalid (chat template).
    virtual Result<ChatPrompt> encode(const Prompt &prompt) const = 0;
    /// Tokens that a prompt and its answer may take together. From any thread.
    virtual uint32_t context() const = 0;

    /// Generations that can run at once. From any thread.
    virtual uint32_t sequences() const = 0;

    /// The rest only from the scheduler's thread. start() and step() as those of Batcher; no more than `sequences` are started.
    virtual Result<uint32_t> start(std::vector<TokenId> prompt, Session::GenerateOptions options) = 0;
    virtual std::vector<Batcher::Ended> step() = 0;
    virtual MemoryReport memory() const = 0;
};

/// Makes the model; takes as long as loading takes. `progress` is called with 0 to 1; `cancel` asks it to give up.
using ModelLoader
    = std::function<Result<std::unique_ptr<ServedModel>>(const std::function<void(double)> &progress, const std::atomic<bool> &cancel)>;

/// Loads a file into a Session.
ModelLoader sessionLoader(std::string path, LoadOptions options);

} // namespace plimsoll::engine
