// SPDX-License-Identifier: Apache-2.0
#include "synth.h"

#include "random_blocks.h"
#include "synth_metadata.h"

#include <plimsoll/engine/quant/reference.h>
#include <plimsoll/gguf/writer.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <map>
#include <memory>
#include <numbers>
#include <vector>

namespace plimsoll::engine {

namespace {

/// How Llama 3.1 divides its RoPE frequencies: the fast ones stay, the slow ones are stretched eightfold, with a ramp between.
std::vector<float> ropeDivisors(const RopeSpec &rope)
{
    constexpr double stretch = 8.0;
    constexpr double trained = 8192.0;
    constexpr double lowTurns = 1.0;
    constexpr double highTurns = 4.0;
    std::vector<float> divisors;
    for (uint32_t i = 0; i < rope.dims / 2; ++i) {
        const double frequency = std::pow(static_cast<double>(rope.base), -2.0 * i / rope.dims);
        const double turns = trained * frequency / (2.0 * std::numbers::pi);
        const double kept = std::clamp((turns - lowTurns) / (highTurns - lowTurns), 0.0, 1.0);
        divisors.push_back(static_cast<float>(1.0 / ((1.0 - kept) / stretch + kept)));
    }
    return divisors;
}

/// The rotation that the divisors belong to: some layers may have none.
const RopeSpec &factoredRope(const ModelShape &shape)
{
    const auto factored = [](const BlockSpec &block) { return !isRecurrent(block) && block.attention.rope.factored; };
    const auto found = std::find_if(shape.blocks.begin(), shape.blocks.end(), factored);
    return (found == shape.blocks.end() ? shape.blocks.front() : *found).attention.rope;
}

/// Norms near 1, biases near 0, decay negative.
std::vector<float> parameters(const TensorSpec &spec, const ModelShape &shape, uint64_t seed)
{
    if (spec.role == TensorRole::RopeFactors) {
        std::vector<float> divisors = ropeDivisors(factoredRope(shape));
        divisors.resize(spec.elements(), 1.0f);
        return divisors;
    }
    const bool bias = spec.bias || spec.role == TensorRole::RouterBias || spec.role == TensorRole::SsmDt;
    const float sign = spec.role == TensorRole::SsmA ? -1.0f : 1.0f;
    std::vector<float> values(spec.elements());
    for (size_t i = 0; i < values.size(); ++i)
        values[i] = (bias ? 0.0f : sign) + 0.1f * std::clamp(randomNormal(seed, i), -2.0f, 2.0f);
    return values;
}

/// Parameters that stand for themselves, though some have two dimensions.
bool isParameters(const TensorSpec &spec)
{
    return spec.dimensions == 1 || spec.role == TensorRole::SsmA || spec.role == TensorRole::SsmD || spec.role == TensorRole::SsmNorm;
}

/// Hands out the bytes of every tensor. Matrices of one format and row length follow each other in one random stream.
class TensorData
{
public:
    TensorData(const ModelShape &shape, const WeightTypes &types, const SynthOptions &options)
        : m_shape(shape), m_types(types), m_options(options), m_total(std::max<uint64_t>(1, weightBytes(shape, types).value))
    {
        for (size_t i = 0; i < shape.tensors.size(); ++i) {
            uint64_t &elements = m_elements[streamOf(i)];
            m_begin.push_back(elements);
            elements += roundUp(shape.tensors[i].elements(), RandomBlocks::stretchElements);
        }
    }

    Status fill(size_t index, uint64_t offset, std::span<std::byte> out)
    {
        if (m_options.cancel && m_options.cancel->load(std::memory_order_relaxed))
            return Error{ErrorCode::Cancelled, {}};
        if (isParameters(m_shape.tensors[index]))
            fillVector(index, offset, out);
        else
            blocksOf(index).read(*rowBytes(m_types[index], m_begin[index]) + offset, out);
        m_done += out.size();
        if (m_options.progress)
            m_options.progress(static_cast<double>(m_done) / static_cast<double>(m_total));
        return {};
    }

private:
    using Stream = std::pair<GgmlType, uint64_t>;   // format, row length

    Stream streamOf(size_t index) const { return {m_types[index], m_shape.tensors[index].dims[0]}; }

    void fillVector(size_t index, uint64_t offset, std::span<std::byte> out) const
    {
        const std::vector<float> values = parameters(m_shape.tensors[index], m_shape, randomBits(m_options.seed, index));
        std::vector<std::byte> bytes(*rowBytes(m_types[index], values.size()));
        quantize(m_types[index], values, bytes.data());
        std::memcpy(out.data(), bytes.data() + offset, out.size());
    }

    /// A product of `columns` terms keeps its size when each weight has the deviation 1/sqrt(columns).
    const RandomBlocks &blocksOf(size_t index)
    {
        const Stream stream = streamOf(index);
        std::unique_ptr<RandomBlocks> &blocks = m_blocks[stream];
        if (!blocks) {
            const auto [type, columns] = stream;
            const uint64_t seed = randomBits(m_options.seed, (uint64_t{1} << 32) + m_blocks.size());
            blocks = std::make_unique<RandomBlocks>(type, 1.0f / std::sqrt(static_cast<float>(columns)), m_elements[stream], seed);
        }
        return *blocks;
    }

    const ModelShape &m_shape;
    const WeightTypes &m_types;
    const SynthOptions &m_options;
    std::vector<uint64_t> m_begin;              // per tensor: the element of its stream where it begins
    std::map<Stream, uint64_t> m_elements;
    std::map<Stream, std::unique_ptr<RandomBlocks>> m_blocks;
    uint64_t m_done = 0;
    uint64_t m_total;
};

} // namespace

namespace {

/// The numbers of the kept layers, where a key has one for each; those of RoPE's sections are not of layers.
void keepLayers(HyperparameterMap &keys, const ModelShape &shape)
{
    for (auto &[key, value] : keys) {
        auto *const numbers = std::get_if<std::vector<double>>(&value);
        if (numbers && numbers->size() > shape.layers() && key != "rope.dimension_sections")
            numbers->resize(shape.layers());
    }
    keys["block_count"] = int64_t{shape.layers()};
    if (const auto shared = keys.find("attention.shared_kv_layers"); shared != keys.end())
        shared->second = static_cast<int64_t>(std::count_if(shape.blocks.begin(), shape.blocks.end(),
            [](const BlockSpec &block) { return block.attention.kvFromLayer >= 0; }));
}

/// Rows or columns of tensors that hold a part for each layer.
void keepLayerParts(ModelShape &shape)
{
    for (TensorSpec &spec : shape.tensors) {
        const uint64_t all = uint64_t{shape.layerInput} * shape.layers();
        if (spec.role == TensorRole::LayerEmbedding)
            spec.dims[0] = all;
        if (spec.role == TensorRole::LayerEmbeddingProj)
            spec.dims[1] = all;
    }
}

} // namespace

Result<ModelShape> shrink(ModelShape shape, const SynthOptions &options)
{
    if (options.layers > shape.layers())
        return Error{ErrorCode::InvalidArgument,
            {"layers", std::to_string(options.layers), "at most " + std::to_string(shape.layers())}};
    if (options.vocabulary > shape.vocabulary)
        return Error{ErrorCode::InvalidArgument,
            {"vocab", std::to_string(options.vocabulary), "at most " + std::to_string(shape.vocabulary)}};
    if (options.layers > 0) {
        shape.blocks.resize(options.layers);
        std::erase_if(shape.tensors, [&](const TensorSpec &spec) { return spec.layer >= static_cast<int32_t>(options.layers); });
        keepLayerParts(shape);
    }
    if (options.vocabulary > 0) {
        for (TensorSpec &spec : shape.tensors) {
            const bool table = spec.role == TensorRole::TokenEmbedding || spec.role == TensorRole::LayerEmbedding;
            if (table || spec.role == TensorRole::Output)
                spec.dims[spec.bias ? 0 : 1] = options.vocabulary;
        }
        shape.vocabulary = options.vocabulary;
    }
    if (!shape.hyperparameters.empty()) {
        // Prediction blocks are not written.
        shape.hyperparameters.erase("nextn_predict_layers");
        shape.hyperparameters["vocab_size"] = int64_t{shape.vocabulary};
        keepLayers(shape.hyperparameters, shape);
    }
    shape.predictionBlocks = 0;
    return shape;
}

Result<std::vector<std::string>> synthesize(
    const ModelShape &wanted, FileType fileType, const std::string &path, const SynthOptions &options)
{
    const Result<ModelShape> shape = shrink(wanted, options);
    if (!shape)
        return shape.error();
    const WeightTypes types = mixTypes(*shape, fileType);
    gguf::Writer writer;
    Status status = setMetadata(writer, *shape, fileType);
    if (status && options.tokenizer == SynthTokenizer::Byte)
        status = setByteVocabulary(writer, shape->vocabulary);
    else
        setNoVocabulary(writer);
    for (size_t i = 0; status && i < shape->tensors.size(); ++i) {
        const TensorSpec &spec = shape->tensors[i];
        status = writer.add({tensorName(spec), types[i], {spec.dims.begin(), spec.dims.begin() + spec.dimensions}});
    }
    if (!status)
        return status.error();
    TensorData data(*shape, types, options);
    const auto fill = [&data](size_t index, uint64_t offset, std::span<std::byte> out) { return data.fill(index, offset, out); };
    if (options.partBytes > 0)
        return writer.writeParts(path, options.partBytes, fill);
    if (status = writer.write(path, fill); !status)
        return status.error();
    return std::vector<std::string>{path};
}

} // namespace plimsoll::engine
