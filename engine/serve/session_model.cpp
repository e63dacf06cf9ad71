// SPDX-License-Identifier: Apache-2.0
#include "served_model.h"

#include <mutex>

namespace plimsoll::engine {

namespace {

class SessionModel final : public ServedModel
{
public:
    explicit SessionModel(std::unique_ptr<Session> session) : m_session(std::move(session)), m_format(chatFormat(m_session->header())) {}

    Result<std::vector<TokenId>> encode(const Prompt &prompt) const override
    {
        const Tokenizer *tokenizer = m_session->tokenizer();
        if (!tokenizer)
            return Error{ErrorCode::ModelHasNoTokenizer, {m_session->header().path()}};
        const auto *messages = std::get_if<std::vector<ChatMessage>>(&prompt);
        const std::string text = messages ? chatPrompt(m_format, *messages) : std::get<std::string>(prompt);
        const std::lock_guard<std::mutex> one(m_encoding);   // a long text needs many times its size for a moment
        return tokenizer->encode(text, {.addSpecial = true, .parseSpecial = true});
    }

    uint32_t context() const override { return m_session->options().context; }

    Result<Session::Generation> generate(std::span<const TokenId> prompt, const Session::GenerateOptions &options) override
    {
        return m_session->generate(prompt, options);
    }

    MemoryReport memory() const override { return m_session->memory(); }

private:
    std::unique_ptr<Session> m_session;
    ChatFormat m_format;
    mutable std::mutex m_encoding;
};

} // namespace

ModelLoader sessionLoader(std::string path, LoadOptions options)
{
    return [path = std::move(path), options = std::move(options)](const std::function<void(double)> &progress,
               const std::atomic<bool> &cancel) -> Result<std::unique_ptr<ServedModel>> {
        LoadOptions now = options;
        now.progress = progress;
        now.cancel = &cancel;
        auto session = Session::load(path, std::move(now));
        if (!session)
            return session.error();
        return std::unique_ptr<ServedModel>(std::make_unique<SessionModel>(std::move(*session)));
    };
}

} // namespace plimsoll::engine
