// SPDX-License-Identifier: Apache-2.0
#include "fit_subject.h"
#include "messages.h"
#include "subcommand.h"
#include "text.h"

#include <plimsoll/gguf/gguf.h>
#include <plimsoll/model/architecture.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <iostream>
#include <map>

namespace plimsoll::engine {
namespace {

struct InspectOptions
{
    std::string model;
    bool tensors = false;
};

constexpr uint64_t arrayElementsShown = 8;
constexpr size_t longestJsonText = 64 * 1024;

nlohmann::json elementJson(const gguf::Array &array, uint64_t i)
{
    switch (array.type()) {
    case gguf::ValueType::String: return std::string(array.string(i).substr(0, longestJsonText));
    case gguf::ValueType::F32:
    case gguf::ValueType::F64: return array.real(i);
    case gguf::ValueType::Bool: return array.integer(i) != 0;
    default: return array.integer(i);
    }
}

/// An array shows its length and its beginning: a vocabulary is of no use in a terminal.
nlohmann::json arrayJson(const gguf::Array &array)
{
    nlohmann::json first = nlohmann::json::array();
    if (array.type() != gguf::ValueType::Array) {
        for (uint64_t i = 0; i < std::min(array.count(), arrayElementsShown); ++i)
            first.push_back(elementJson(array, i));
    }
    return {{"count", array.count()}, {"first", std::move(first)}};
}

nlohmann::json valueJson(const gguf::Value &value)
{
    return std::visit(
        [](const auto &v) -> nlohmann::json {
            using T = std::decay_t<decltype(v)>;
            if constexpr (std::is_same_v<T, gguf::Array>)
                return arrayJson(v);
            else if constexpr (std::is_same_v<T, std::string_view>)
                return std::string(v.substr(0, longestJsonText));
            else
                return v;
        },
        value);
}

std::string valueText(const gguf::Value &value)
{
    constexpr size_t longest = 80;
    const nlohmann::json json = valueJson(value);
    const auto dump = [](const nlohmann::json &j) { return j.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace); };
    if (const auto *array = std::get_if<gguf::Array>(&value))
        return grouped(array->count()) + " values " + printable(dump(json.at("first")), longest);
    return printable(json.is_string() ? json.get<std::string>() : dump(json), longest);
}

struct TypeSum
{
    uint64_t count = 0;
    uint64_t elements = 0;
    Bytes bytes;
};

std::vector<std::pair<GgmlType, TypeSum>> sumsByType(const gguf::Header &header)
{
    std::map<GgmlType, TypeSum> sums;
    for (const gguf::TensorInfo &tensor : header.tensors) {
        TypeSum &sum = sums[tensor.type];
        ++sum.count;
        sum.elements += tensor.elements();
        sum.bytes += Bytes{tensor.bytes};
    }
    std::vector<std::pair<GgmlType, TypeSum>> sorted(sums.begin(), sums.end());
    std::sort(sorted.begin(), sorted.end(), [](const auto &a, const auto &b) { return a.second.bytes > b.second.bytes; });
    return sorted;
}

std::string stringOr(const gguf::Header &header, std::string_view key)
{
    const auto value = header.stringAt(key);
    return value && *value ? std::string(**value) : std::string();
}

nlohmann::json tokenizerJson(const gguf::Header &header)
{
    nlohmann::json json = {{"model", stringOr(header, "tokenizer.ggml.model")}, {"pre", stringOr(header, "tokenizer.ggml.pre")}};
    const auto tokens = header.arrayAt("tokenizer.ggml.tokens");
    json["tokens"] = tokens && *tokens ? (*tokens)->count() : 0;
    for (const char *key : {"bos", "eos", "unknown", "padding"}) {
        const auto id = header.unsignedAt("tokenizer.ggml." + std::string(key) + "_token_id");
        if (id && *id)
            json[key] = **id;
    }
    json["chatTemplate"] = header.find("tokenizer.chat_template") != nullptr;
    return json;
}

nlohmann::json tensorJson(const gguf::TensorInfo &tensor)
{
    nlohmann::json dims = nlohmann::json::array();
    for (uint32_t i = 0; i < tensor.dimensions; ++i)
        dims.push_back(tensor.dims[i]);
    return {{"name", std::string(tensor.name)}, {"type", name(tensor.type)}, {"dims", std::move(dims)}, {"part", tensor.part},
        {"offset", tensor.offset}, {"bytes", tensor.bytes}};
}

/// The shape's fields, or why the file describes none: a vocabulary alone, say.
nlohmann::json shapeJson(const Result<ModelShape> &shape)
{
    if (!shape)
        return {{"shapeError", toJson(shape.error())}};
    return {{"name", shape->name}, {"parameters", shape->parameters()}, {"activeParameters", shape->activeParameters()},
        {"layers", shape->layers()}, {"embedding", shape->embedding}, {"vocabulary", shape->vocabulary},
        {"contextTrained", shape->contextTrained}, {"architectureKnown", shape->kvKnown}};
}

nlohmann::json reportJson(const gguf::Header &header, const Result<ModelShape> &shape, bool tensors)
{
    const nlohmann::json none = nlohmann::json::array();
    nlohmann::json json = {{"path", header.path()}, {"version", header.version}, {"alignment", header.alignment},
        {"fileBytes", header.fileBytes()}, {"tensorBytes", header.tensorBytes()},
        {"architecture", stringOr(header, "general.architecture")}, {"fileType", quantizationOf(header)},
        {"tensorCount", header.tensors.size()}, {"tokenizer", tokenizerJson(header)}, {"parts", none}, {"types", none},
        {"metadata", nlohmann::json::object()}};
    json.update(shapeJson(shape));
    for (const gguf::Header::Part &part : header.parts)
        json["parts"].push_back({{"path", part.path}, {"bytes", part.fileBytes}});
    for (const auto &[type, sum] : sumsByType(header))
        json["types"].push_back({{"type", name(type)}, {"tensors", sum.count}, {"elements", sum.elements}, {"bytes", sum.bytes.value}});
    for (const auto &[key, value] : header.metadata)
        json["metadata"][std::string(key)] = valueJson(value);
    if (tensors) {
        json["tensors"] = none;
        for (const gguf::TensorInfo &tensor : header.tensors)
            json["tensors"].push_back(tensorJson(tensor));
    }
    return json;
}

std::string dimsText(const gguf::TensorInfo &tensor)
{
    std::string text;
    for (uint32_t i = 0; i < tensor.dimensions; ++i)
        text += (i ? " × " : "") + std::to_string(tensor.dims[i]);
    return text;
}

void line(const char *label, const std::string &text)
{
    if (!text.empty())
        std::cout << label << printable(text) << '\n';
}

void printShape(const ModelShape &shape)
{
    const bool experts = shape.activeParameters() != shape.parameters();
    line("Model         ", shape.name);
    line("Architecture  ", shape.architecture + (shape.kvKnown ? "" : " (not listed: its KV cache is not known)"));
    line("Parameters    ",
        countText(shape.parameters()) + (experts ? ", " + countText(shape.activeParameters()) + " active per token" : ""));
    line("Layers        ", std::to_string(shape.layers()));
    line("Context       ", shape.contextTrained ? grouped(shape.contextTrained) + " tokens trained" : "");
}

void printSummary(const gguf::Header &header, const Result<ModelShape> &shape)
{
    if (shape)
        printShape(*shape);
    else
        line("No model:     ", sentence(shape.error()));
    line("Quantization  ", quantizationOf(header));
    const nlohmann::json tokenizer = tokenizerJson(header);
    const std::string model = tokenizer.at("model"), pre = tokenizer.at("pre");
    line("Tokenizer     ",
        model.empty() ? "none"
                      : model + (pre.empty() ? "" : ", " + pre) + ", " + grouped(tokenizer.at("tokens").get<uint64_t>()) + " tokens");
    line("File          ",
        header.path() + (header.parts.size() > 1 ? " and " + std::to_string(header.parts.size() - 1) + " more parts" : ""));
    line("Size          ", toText(Bytes{header.fileBytes()}) + ", GGUF v" + std::to_string(header.version));
}

void printReport(const gguf::Header &header, const Result<ModelShape> &shape, bool tensors)
{
    printSummary(header, shape);
    std::cout << '\n';
    Table types({"Format", "Tensors", "Elements", "Size"});
    for (const auto &[type, sum] : sumsByType(header))
        types.row({std::string(name(type)), grouped(sum.count), countText(sum.elements), toText(sum.bytes)});
    types.print(std::cout);
    std::cout << "\nMetadata\n";
    Table metadata({"Key", "Value"});
    metadata.left(1);
    for (const auto &[key, value] : header.metadata)
        metadata.row({printable(key, 80), valueText(value)});
    metadata.print(std::cout, "  ");
    if (!tensors)
        return;
    std::cout << "\nTensors\n";
    Table table({"Name", "Type", "Dimensions", "Size"});
    table.left(1);
    for (const gguf::TensorInfo &tensor : header.tensors)
        table.row({printable(tensor.name, 80), std::string(name(tensor.type)), dimsText(tensor), toText(Bytes{tensor.bytes})});
    table.print(std::cout, "  ");
}

int runInspect(Context &context, const InspectOptions &options)
{
    const auto header = gguf::readHeader(options.model);
    if (!header)
        return fail(context, header.error());
    const auto shape = shapeFromGguf(*header);
    if (context.json)
        return printJson(reportJson(*header, shape, options.tensors));
    printReport(*header, shape, options.tensors);
    return finished();
}

} // namespace

void addInspect(const Command &app, Context &context)
{
    auto [command, options] = addSubcommand<InspectOptions>(app, context, "inspect", "Show what a GGUF file holds", runInspect);
    command.addOption("model", options->model, "GGUF file; of a split one its first part").required().typeName("FILE");
    command.addFlag("--tensors", options->tensors, "List every tensor");
}

} // namespace plimsoll::engine
