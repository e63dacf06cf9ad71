// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <plimsoll/engine/run/session.h>

#include <algorithm>
#include <string>
#include <vector>

/// "code: argument, argument", for test messages.
inline std::string describe(const plimsoll::Error &error)
{
    std::string text(plimsoll::codeName(error.code));
    for (const std::string &argument : error.arguments)
        text += (&argument == error.arguments.data() ? ": " : ", ") + argument;
    return text;
}

/// Options under which all logits of `tokens` tokens can be asked for at once, with float32 in the cache.
inline plimsoll::engine::LoadOptions exactOptions(uint32_t tokens, plimsoll::GgmlType kvType = plimsoll::GgmlType::F32)
{
    plimsoll::engine::LoadOptions options;
    options.run.context = tokens;
    options.run.batch = tokens;
    options.run.outputs = tokens;
    options.run.threads = 2;
    options.run.kvTypeK = kvType;
    options.run.kvTypeV = kvType;
    return options;
}

/// Logits after every token, [tokens, vocabulary], fed `chunk` tokens at a time from position 0 of `sequence`.
inline plimsoll::Result<std::vector<float>> logitsOf(plimsoll::engine::Session &session, const std::vector<int32_t> &tokens, size_t chunk,
    uint32_t sequence = 0)
{
    std::vector<float> all;
    for (size_t begin = 0; begin < tokens.size(); begin += chunk) {
        std::vector<plimsoll::engine::BatchToken> batch;
        for (size_t i = begin; i < std::min(begin + chunk, tokens.size()); ++i)
            batch.push_back({tokens[i], uint32_t(i), sequence, true});
        const auto logits = session.forward(batch);
        if (!logits)
            return logits.error();
        all.insert(all.end(), logits->begin(), logits->end());
    }
    return all;
}
