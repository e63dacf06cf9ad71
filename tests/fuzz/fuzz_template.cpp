// SPDX-License-Identifier: Apache-2.0
#include <plimsoll/engine/jinja/template.h>
#include <plimsoll/result/error.h>

#include <nlohmann/json.hpp>

#include <cstdlib>

using namespace plimsoll;
using namespace plimsoll::engine::jinja;

namespace {

const nlohmann::ordered_json &conversation()
{
    static const auto json = nlohmann::ordered_json::parse(R"({"bos_token": "<s>", "add_generation_prompt": true, "messages": [
        {"role": "system", "content": " S\n"}, {"role": "user", "content": "\u00fc"},
        {"role": "assistant", "content": "", "tool_calls": [{"function": {"name": "f", "arguments": {"a": [1, 2.5, null, true]}}}]}],
        "tools": [{"type": "function", "function": {"name": "f", "parameters": {"type": "object", "properties": {"a": {"type": "array"}}}}}]})");
    return json;
}

} // namespace

/// Any bytes are a template that is rendered within its limits, or a named error.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const Result<Template> parsed = Template::parse({reinterpret_cast<const char *>(data), size});
    if (!parsed)
        return parsed.error().code == ErrorCode::ModelInvalid ? 0 : (std::abort(), 0);
    const Limits limits{.steps = 200'000, .bytes = size_t{4} << 20, .output = size_t{1} << 20, .depth = 200, .time = std::chrono::seconds(2)};
    const Result<std::string> text = parsed->render(conversation(), limits);
    if (text ? text->size() > limits.output : text.error().code != ErrorCode::ModelInvalid)
        std::abort();
    return 0;
}
