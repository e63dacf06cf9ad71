// SPDX-License-Identifier: Apache-2.0
#include "launch_command.h"

#include <plimsoll/layout/place_rule.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

namespace plimsoll {

namespace {

/// Arguments of a command, in order.
class Arguments
{
public:
    explicit Arguments(std::vector<std::string> words) : m_words(std::move(words)) {}

    void add(std::string word) { m_words.push_back(std::move(word)); }
    void add(std::string option, std::string value)
    {
        add(std::move(option));
        add(std::move(value));
    }
    void add(std::string option, uint64_t value) { add(std::move(option), std::to_string(value)); }

    const std::vector<std::string> &words() const { return m_words; }

    std::string line() const
    {
        std::string text;
        for (const std::string &word : m_words)
            text += (text.empty() ? "" : " ") + shellQuoted(word);
        return text;
    }

private:
    std::vector<std::string> m_words;
};

std::string lower(std::string_view text)
{
    std::string made(text);
    std::transform(made.begin(), made.end(), made.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return made;
}

/// Shortest decimal form, '.' whatever the locale.
std::string decimal(double value)
{
    std::array<char, 32> text{};
    const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() ? std::string(text.data(), end) : "0";
}

Arguments vllmArguments(const ServerModel &model, const PagedServerOptions &o)
{
    Arguments arguments({"vllm", "serve", model.model});
    if (!model.quantization.empty())
        arguments.add("--quantization", model.quantization);
    arguments.add("--tensor-parallel-size", o.tensorParallel);
    if (o.pipelineParallel > 1)
        arguments.add("--pipeline-parallel-size", o.pipelineParallel);
    arguments.add("--max-model-len", o.context);
    arguments.add("--max-num-seqs", o.sequences);
    arguments.add("--max-num-batched-tokens", o.batchedTokens);
    arguments.add("--gpu-memory-utilization", decimal(o.memoryShare));
    if (o.cacheElementBytes == 1)
        arguments.add("--kv-cache-dtype", std::string("fp8"));
    if (o.graphs == Bytes{})
        arguments.add("--enforce-eager");
    arguments.add("--port", model.port);
    return arguments;
}

/// A DNS label made of what the name has.
std::string label(const std::string &name)
{
    std::string made;
    for (const char c : lower(name))
        made += std::isalnum(static_cast<unsigned char>(c)) ? c : '-';
    made = made.substr(0, 63);
    while (!made.empty() && made.back() == '-')
        made.pop_back();
    while (!made.empty() && made.front() == '-')
        made.erase(made.begin());
    return made.empty() ? "model" : made;
}

/// A YAML string in double quotes.
std::string yaml(const std::string &text)
{
    std::string made = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\')
            made += '\\';
        if (c == '\n')
            made += "\\n";
        else if (static_cast<unsigned char>(c) >= 0x20)
            made += c;
    }
    return made + "\"";
}

} // namespace

std::string shellQuoted(const std::string &argument)
{
    constexpr std::string_view harmless = "@%+=:,./-_";
    const auto plain = [&](unsigned char c) { return std::isalnum(c) || harmless.find(static_cast<char>(c)) != std::string_view::npos; };
    if (!argument.empty() && std::all_of(argument.begin(), argument.end(), plain))
        return argument;
    std::string quoted = "'";
    for (const char c : argument)
        quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return quoted + "'";
}

namespace {

std::vector<std::string> pieceArguments(const ModelShape &shape, const Placement &placement)
{
    const std::vector<PlaceRule> rules = rulesFor(shape, placement);
    const bool outputOnGpu = !placement.devices.empty() && placement.devices.back() != hostDevice;
    uint32_t layers = 0;
    for (const PlaceRule &rule : rules) {
        if (rule.kind == PieceKind::Mixer && rule.device != hostDevice)
            layers = shape.layers() - rule.firstLayer;
    }
    layers = outputOnGpu ? shape.layers() + 1 : layers;
    if (rulesFor(shape, layerPlacement(shape, layers, {})) == rules)
        return {"--gpu-layers", std::to_string(layers)};
    std::vector<std::string> arguments;
    for (const PlaceRule &rule : rules)
        arguments.insert(arguments.end(), {"--place", textOf(rule)});
    return arguments;
}

} // namespace

std::vector<std::string> placementArguments(const ModelShape &shape, const Placement &placement)
{
    std::vector<std::string> arguments = pieceArguments(shape, placement);
    if (placement.streaming)
        arguments.insert(arguments.end(), {"--stream-from", std::to_string(placement.streaming.fromTokens)});
    return arguments;
}

std::string plimsollCommand(const std::string &modelFile, const RunOptions &o, const ModelShape &shape, const Placement &placement)
{
    Arguments arguments({"plimsoll-engine", "serve", "--model", modelFile});
    arguments.add("--ctx", o.context);
    arguments.add("--batch", o.batch);
    if (o.sequences > 1)
        arguments.add("--parallel", o.sequences);
    if (o.kvTypeK == o.kvTypeV) {
        arguments.add("--kv-type", std::string(info(o.kvTypeK).name));
    } else {
        arguments.add("--kv-type-k", std::string(info(o.kvTypeK).name));
        arguments.add("--kv-type-v", std::string(info(o.kvTypeV).name));
    }
    for (std::string &each : placementArguments(shape, placement))
        arguments.add(std::move(each));
    return arguments.line();
}

std::string llamaCommand(const std::string &modelFile, const LlamaOptions &o, const LlamaPlacementOptions &p)
{
    Arguments arguments({"llama-server", "-m", modelFile});
    arguments.add("-c", o.context);
    arguments.add("-b", o.batch);
    arguments.add("-ub", o.microBatch);
    arguments.add("-np", o.sequences);
    if (o.unifiedCache)
        arguments.add("-kvu");
    arguments.add("-fa", std::string(o.flashAttention ? "on" : "off"));
    arguments.add("-ctk", lower(info(o.kvTypeK).name));
    arguments.add("-ctv", lower(info(o.kvTypeV).name));
    if (o.fullWindows)
        arguments.add("--swa-full");
    if (!o.mapWeights)
        arguments.add("--no-mmap");
    if (o.predictionContext)
        arguments.add("--spec-type", std::string("draft-mtp"));
    if (!o.projector.empty())
        arguments.add("--mmproj", o.projector);
    arguments.add("-ngl", p.gpuLayers);
    if (!p.split.empty()) {
        std::string shares;
        for (const uint32_t layers : p.split)
            shares += (shares.empty() ? "" : ",") + std::to_string(layers);
        arguments.add("-ts", shares);
    }
    if (p.expertLayersInRam > 0)
        arguments.add("--n-cpu-moe", p.expertLayersInRam);
    for (const std::string &rule : p.overrides)
        arguments.add("-ot", rule);
    arguments.add("--fit", std::string("off"));
    return arguments.line();
}

std::string vllmCommand(const ServerModel &model, const PagedServerOptions &options)
{
    return vllmArguments(model, options).line();
}

std::string sglangCommand(const ServerModel &model, const PagedServerOptions &o)
{
    Arguments arguments({"python3", "-m", "sglang.launch_server", "--model-path", model.model});
    if (!model.quantization.empty())
        arguments.add("--quantization", model.quantization);
    arguments.add("--tp-size", o.tensorParallel);
    if (o.pipelineParallel > 1)
        arguments.add("--pp-size", o.pipelineParallel);
    arguments.add("--context-length", o.context);
    arguments.add("--max-running-requests", o.sequences);
    arguments.add("--chunked-prefill-size", o.batchedTokens);
    arguments.add("--mem-fraction-static", decimal(o.memoryShare));
    if (o.cacheElementBytes == 1)
        arguments.add("--kv-cache-dtype", std::string("fp8_e4m3"));
    if (o.graphs == Bytes{})
        arguments.add("--disable-cuda-graph");
    arguments.add("--port", model.port);
    return arguments.line();
}

std::string kubernetesManifest(const std::string &name, const ServerModel &model, const PagedServerOptions &o)
{
    const std::string id = label(name);
    const std::string port = std::to_string(model.port);
    std::string arguments;
    const Arguments command = vllmArguments(model, o);
    const std::vector<std::string> &words = command.words();
    for (size_t i = 2; i < words.size(); ++i)   // behind "vllm serve"
        arguments += "            - " + yaml(words[i]) + "\n";
    return "apiVersion: apps/v1\n"
           "kind: Deployment\n"
           "metadata:\n"
           "  name: " + id + "\n"
           "spec:\n"
           "  replicas: 1\n"
           "  selector:\n"
           "    matchLabels:\n"
           "      app: " + id + "\n"
           "  template:\n"
           "    metadata:\n"
           "      labels:\n"
           "        app: " + id + "\n"
           "    spec:\n"
           "      containers:\n"
           "        - name: server\n"
           "          image: vllm/vllm-openai:latest\n"
           "          command: [\"vllm\", \"serve\"]\n"
           "          args:\n" + arguments +
           "          ports:\n"
           "            - containerPort: " + port + "\n"
           "          readinessProbe:\n"
           "            httpGet: {path: /health, port: " + port + "}\n"
           "          resources:\n"
           "            limits:\n"
           "              nvidia.com/gpu: " + std::to_string(uint64_t{o.tensorParallel} * o.pipelineParallel) + "\n"
           "          volumeMounts:\n"
           "            - {name: shm, mountPath: /dev/shm}\n"
           "      volumes:\n"
           "        - name: shm\n"
           "          emptyDir: {medium: Memory}\n"
           "---\n"
           "apiVersion: v1\n"
           "kind: Service\n"
           "metadata:\n"
           "  name: " + id + "\n"
           "spec:\n"
           "  selector:\n"
           "    app: " + id + "\n"
           "  ports:\n"
           "    - {port: " + port + ", targetPort: " + port + "}\n";
}

} // namespace plimsoll
