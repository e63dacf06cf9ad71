// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <plimsoll/gguf/writer.h>
#include <plimsoll/model/architecture.h>

#include <nlohmann/json.hpp>

#include <cmath>
#include <cstring>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

/// Small models of any family as catalogue entries, and files of them: the entry's keys as they stand, and numbers from a generator that
/// gives the same everywhere. Sizes are odd, so that whatever is padded or tiled shows.
inline nlohmann::json madeFamily(const std::string &architecture, const nlohmann::json &keys, const nlohmann::json &optional = {})
{
    nlohmann::json entry = {{"id", "made"}, {"name", "Made"}, {"license", "none"}, {"repository", "none"}, {"source", "none"},
        {"architecture", architecture}, {"optional_tensors", nlohmann::json::array({"output.weight"})},
        {"hyperparameters",
            {{"block_count", 5}, {"context_length", 128}, {"embedding_length", 144}, {"feed_forward_length", 100}, {"vocab_size", 259},
                {"attention.head_count", 6}, {"attention.head_count_kv", 3}, {"attention.key_length", 24},
                {"attention.value_length", 24}, {"rope.dimension_count", 24}, {"rope.freq_base", 500.0},
                {"attention.layer_norm_rms_epsilon", 1e-5}}}};
    for (const auto &[key, value] : keys.items()) {
        if (value.is_null())
            entry["hyperparameters"].erase(key);
        else
            entry["hyperparameters"][key] = value;
    }
    for (const auto &name : optional)
        entry["optional_tensors"].push_back(name);
    return entry;
}

/// Number `index` of tensor `tensor`, in [-1, 1) in steps of 2^-15.
inline float madeNumber(uint32_t tensor, uint64_t index)
{
    uint64_t x = (uint64_t{tensor} << 40) + index + 1;
    x *= 0x9E3779B97F4A7C15u;
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
    return static_cast<float>(static_cast<int32_t>((x >> 40) & 0xFFFF) - 0x8000) / 32768.0f;
}

/// Matrices keep the size of what they multiply, norms and factors are near 1, divisors of frequencies from 1 to 2 (those for long
/// contexts larger), biases small, decay negative.
inline std::vector<float> madeTensor(const plimsoll::TensorSpec &spec, uint32_t index)
{
    using Role = plimsoll::TensorRole;
    const bool norm = plimsoll::tensorName(spec).find("norm.weight") != std::string::npos;
    const bool bias = spec.bias || spec.role == Role::RouterBias || spec.role == Role::AttnSinks || spec.role == Role::SsmDt;
    const bool divisor = spec.role == Role::RopeFactors || spec.role == Role::RopeFactorsShort || spec.role == Role::RopeFactorsLong;
    const bool decay = spec.role == Role::SsmA;
    const bool scale = spec.role == Role::LayerScale || spec.role == Role::RouterScale || spec.role == Role::ExpertDownScale;
    const bool factor = norm || scale || spec.role == Role::SsmD;
    float middle = factor ? 1.0f : decay ? -1.0f : 0.0f;
    float size = factor || bias || decay ? 0.25f : 2.0f / std::sqrt(static_cast<float>(spec.dims[0]));
    if (divisor) {
        middle = spec.role == Role::RopeFactorsLong ? 2.5f : 1.5f;
        size = 0.5f;
    }
    if (spec.role == Role::RouterScale) {
        // So far from each other that no rounding changes which experts are chosen.
        middle *= 8.0f;
        size *= 8.0f;
    }
    std::vector<float> values(spec.elements());
    for (size_t i = 0; i < values.size(); ++i)
        values[i] = middle + size * madeNumber(index, i);
    return values;
}

inline void setKey(plimsoll::gguf::Writer &writer, const std::string &key, const nlohmann::json &value)
{
    if (value.is_boolean())
        writer.set(key, value.get<bool>());
    else if (value.is_number_float())
        writer.set(key, value.get<float>());
    else if (value.is_number())
        writer.set(key, value.get<uint32_t>());
    else if (value.is_string())
        writer.set(key, value.get<std::string>());
    else
        writer.set(key, value.get<std::vector<uint32_t>>());
}

/// What is wrong with a file: keys set anew, tensors changed or left out (false), numbers changed.
struct FamilyFault
{
    std::function<void(plimsoll::gguf::Writer &)> keys;
    std::function<bool(plimsoll::gguf::OutTensor &)> tensor;
    std::function<void(const plimsoll::TensorSpec &, std::vector<float> &)> values;
};

/// Writes the model in float32, without a tokenizer.
inline plimsoll::Status writeFamily(const nlohmann::json &entry, const std::string &path, const FamilyFault &fault = {})
{
    const auto shape = plimsoll::shapeFromCatalog(entry);
    if (!shape)
        return shape.error();
    plimsoll::gguf::Writer writer;
    writer.set("general.architecture", shape->architecture);
    writer.set("general.name", std::string("made"));
    writer.set("tokenizer.ggml.model", std::string("no_vocab"));
    for (const auto &[key, value] : entry["hyperparameters"].items())
        setKey(writer, shape->architecture + "." + key, value);
    if (fault.keys)
        fault.keys(writer);
    std::vector<size_t> written;
    for (size_t i = 0; i < shape->tensors.size(); ++i) {
        const plimsoll::TensorSpec &spec = shape->tensors[i];
        plimsoll::gguf::OutTensor tensor{
            plimsoll::tensorName(spec), plimsoll::GgmlType::F32, {spec.dims.begin(), spec.dims.begin() + spec.dimensions}};
        if (fault.tensor && !fault.tensor(tensor))
            continue;
        if (const auto added = writer.add(std::move(tensor)); !added)
            return added;
        written.push_back(i);
    }
    return writer.write(path, [&](size_t index, uint64_t offset, std::span<std::byte> out) -> plimsoll::Status {
        const plimsoll::TensorSpec &spec = shape->tensors[written[index]];
        std::vector<float> values = madeTensor(spec, static_cast<uint32_t>(written[index]));
        if (fault.values)
            fault.values(spec, values);
        values.resize((offset + out.size() + sizeof(float) - 1) / sizeof(float));
        std::memcpy(out.data(), reinterpret_cast<const std::byte *>(values.data()) + offset, out.size());
        return {};
    });
}
