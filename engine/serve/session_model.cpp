// SPDX-License-Identifier: Apache-2.0
#include "served_model.h"

#include <mutex>
#include <optional>

namespace plimsoll::engine {

namespace {

class SessionModel final : public ServedModel
{
public:
    explicit SessionModel(std::unique_ptr<Session> session)
        : m_session(std::move(session)), m_batcher(*m_session)
    {
        if (m_session->tokenizer())
            m_template.emplace(m_session->header(), *m_session->tokenizer());
    }

    Result<ChatPrompt> encode(const Prompt &prompt) const override
    {
        const Tokenizer *tokenizer = m_session->tokenizer();
        if (!tokenizer)
            return Error{ErrorCode::ModelHasNoTokenizer, {m_session->header().path()}};
        const std::lock_guard<std::mutex> one(m_encoding);   // a long text needs many times its size for a moment
        if (const auto *conversation = std::get_if<Conversation>(&prompt))
            return m_template->prompt(*conversation);
        ChatPrompt result;
        result.tokens = tokenizer->encode(std::get<std::string>(prompt), {.addSpecial = true, .parseSpecial = true});
        return result;
    }

    uint32_t context() const override { return m_session->options().context; }

    uint32_t sequences() const override { return m_batcher.sequences(); }

    Result<uint32_t> start(std::vector<TokenId> prompt, Session::GenerateOptions options) override
    {
        if (options.sampler.dryMultiplier > 0 && m_session->tokenizer()) {
            if (m_breakers.empty())
                m_breakers = dryBreakersOf(*m_session->tokenizer());
            options.sampler.dryBreakers = m_breakers;
        }
        return m_batcher.start(std::move(prompt), std::move(options));
    }

    std::vector<Batcher::Ended> step() override { return m_batcher.step(); }

    MemoryReport memory() const override { return m_session->memory(); }

private:
    std::unique_ptr<Session> m_session;
    Batcher m_batcher;
    std::optional<ChatTemplate> m_template;
    std::vector<TokenId> m_breakers;   // of DRY; found when first needed
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
