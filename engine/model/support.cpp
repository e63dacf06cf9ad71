// SPDX-License-Identifier: Apache-2.0
#include "support.h"

#include <plimsoll/model/architecture.h>

#include <algorithm>

namespace plimsoll::engine {

namespace {

std::string joined(const std::vector<std::string> &names)
{
    std::string text;
    for (const std::string &each : names)
        text += (text.empty() ? "" : ", ") + each;
    return text;
}

/// The first thing in a block that no phase computes; empty where there is none.
std::string unsupportedPart(const BlockSpec &block)
{
    if (block.parallel && block.ffn.kind == FfnKind::Experts)
        return "attention and experts in parallel";
    if (isRecurrent(block) || block.mixer == MixerKind::None)
        return {};
    const AttentionSpec &attention = block.attention;
    if (attention.heads == 0 || attention.kvHeads == 0 || attention.heads % attention.kvHeads != 0)
        return "heads that the KV heads do not divide";
    return {};
}

} // namespace

std::vector<std::string> runnableArchitectures()
{
    return knownArchitectures();
}

Status supported(const ModelShape &shape)
{
    const std::vector<std::string> names = runnableArchitectures();
    if (std::find(names.begin(), names.end(), shape.architecture) == names.end())
        return Error{ErrorCode::UnsupportedByEngine, {shape.architecture, joined(names)}};
    for (const BlockSpec &block : shape.blocks) {
        const std::string part = unsupportedPart(block);
        if (!part.empty())
            return Error{ErrorCode::UnsupportedByEngine, {shape.architecture + ": " + part, joined(names)}};
    }
    return {};
}

} // namespace plimsoll::engine
