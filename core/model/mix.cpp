// SPDX-License-Identifier: Apache-2.0
#include "mix.h"

#include "mix_rules.h"
#include "shape_builder.h"

#include <algorithm>
#include <array>
#include <numeric>

namespace plimsoll {

namespace {

/// What the rules ask about the model as a whole.
struct MixModel
{
    std::array<std::span<const MixRule>, mixCategories> rules;   // of each category
    FileType fileType = FileType::F16;
    GgmlType base = GgmlType::F16;
    bool floats = false;      // the base has no blocks
    bool smallest = false;    // one of the file types that count and bump by rules of their own
    bool importanceMatrix = false;
    bool falcon = false;
    bool seventyB = false;
    bool tied = false;
    uint32_t experts = 0;
    uint32_t gqa = 0;        // heads per KV head of the first layer, 0 where it has none
    uint32_t layers = 0;     // prediction blocks counted
    uint32_t valueTensors = 0;
};

bool oneOrTwoBit(FileType type)
{
    switch (type) {
    case FileType::IQ1_S:
    case FileType::IQ1_M:
    case FileType::IQ2_XXS:
    case FileType::IQ2_XS:
    case FileType::IQ2_S:
    case FileType::IQ2_M:
        return true;
    default:
        return false;
    }
}

/// The shapes whose values are shared by so many heads that the quantizer spends more bits on them.
bool isSeventyB(const ModelShape &shape, uint32_t layers)
{
    if (shape.blocks.empty())
        return false;
    const AttentionSpec &first = shape.blocks.front().attention;
    if (shape.architecture == "llama")
        return layers == 80 && first.heads != first.kvHeads;
    if (shape.architecture == "qwen2" || shape.architecture == "deci" || shape.architecture == "olmo")
        return layers == 80;
    return shape.architecture == "jais2" && layers == 68;
}

/// The heads that files give the first layer: those of gated delta nets name one count for all layers, other recurrent ones none there.
const AttentionSpec *firstHeads(const ModelShape &shape)
{
    for (const BlockSpec &block : shape.blocks)
        if (block.mixer != MixerKind::GatedDelta)
            return &block.attention;
    return nullptr;
}

/// `categories`: of the shape's tensors.
MixModel modelOf(const ModelShape &shape, const std::vector<MixCategory> &categories, FileType fileType, bool importanceMatrix)
{
    MixModel m;
    for (size_t category = 0; category < mixCategories; ++category)
        m.rules[category] = mixRules(fileType, static_cast<MixCategory>(category));
    m.fileType = fileType;
    m.base = info(fileType).base;
    m.floats = info(m.base).blockElements == 1;
    m.smallest = oneOrTwoBit(fileType);
    m.importanceMatrix = importanceMatrix;
    m.falcon = shape.architecture == "falcon";
    m.layers = shape.layers() + shape.predictionBlocks;
    m.seventyB = isSeventyB(shape, m.layers);
    m.tied = true;
    for (const BlockSpec &block : shape.blocks)
        m.experts = std::max(m.experts, block.ffn.experts);
    if (const AttentionSpec *first = firstHeads(shape); first && first->kvHeads > 0)
        m.gqa = first->heads / first->kvHeads;
    // Files that still have a value matrix in latent attention count a KV head for every head.
    if (!shape.blocks.empty() && shape.blocks.front().mixer == MixerKind::LatentAttention)
        m.gqa = 1;
    bool predictionListed = false;
    for (size_t i = 0; i < categories.size(); ++i) {
        m.valueTensors += categories[i] == MixCategory::Value;
        predictionListed = predictionListed || shape.tensors[i].layer >= static_cast<int32_t>(shape.layers());
        m.tied = m.tied && categories[i] != MixCategory::Output;
    }
    // Prediction blocks are in the file whether or not the shape lists their tensors.
    if (m.valueTensors > 0 && !predictionListed)
        m.valueTensors += shape.predictionBlocks;
    return m;
}

/// i-th of n: the first eighth, the last eighth, and every third between.
bool more(uint32_t i, uint32_t n)
{
    const int signedI = static_cast<int>(i);
    const int eighth = static_cast<int>(n / 8);
    return signedI < eighth || i >= 7 * n / 8 || (signedI - eighth) % 3 == 2;
}

bool applies(MixWhen when, const MixModel &m, uint32_t i, uint32_t n)
{
    switch (when) {
    case MixWhen::Always: return true;
    case MixWhen::Gqa4: return m.gqa >= 4;
    case MixWhen::Gqa4OrExperts4: return m.gqa >= 4 || m.experts >= 4;
    case MixWhen::FirstTwo: return i < 2;
    case MixWhen::FirstFour: return i < 4;
    case MixWhen::FirstEighth: return i < n / 8;
    case MixWhen::FirstEighthNotFalcon: return !m.falcon && i < n / 8;
    case MixWhen::FirstEighthWithMatrix: return m.importanceMatrix && i < n / 8;
    case MixWhen::FirstEighthNoMatrix: return !m.importanceMatrix && i < n / 8;
    case MixWhen::FirstSixteenth: return i < n / 16;
    case MixWhen::FirstSixteenthFalcon: return m.falcon && i < n / 16;
    case MixWhen::Middle: return i >= n / 8 && i < 7 * n / 8;
    case MixWhen::More: return more(i, n);
    case MixWhen::MoreFalcon: return m.falcon && more(i, n);
    case MixWhen::MoreNotFalcon: return !m.falcon && more(i, n);
    case MixWhen::MoreOrNotFalcon: return !m.falcon || more(i, n);
    case MixWhen::MoreEightExperts: return m.experts == 8 && more(i, n);
    case MixWhen::EightExperts: return m.experts == 8;
    case MixWhen::NotFalcon: return !m.falcon;
    case MixWhen::NoMatrix: return !m.importanceMatrix;
    }
    return false;
}

GgmlType outputType(const MixModel &m, const TensorSpec &tensor)
{
    if (m.fileType == FileType::MXFP4_MOE || m.falcon || tensor.dims[0] % info(m.base).blockElements != 0)
        return GgmlType::Q8_0;
    if (m.smallest || m.fileType == FileType::IQ3_XXS)
        return GgmlType::Q5_K;
    return m.base == GgmlType::Q8_0 ? GgmlType::Q8_0 : GgmlType::Q6_K;
}

/// Counts of what was met so far, in the order of layers.
struct Running
{
    uint32_t values = 0;
    uint32_t down = 0;
    uint32_t gate = 0;
    uint32_t up = 0;
};

/// The tensor's place among its kind; a mixture of experts counts blocks instead.
uint32_t place(const MixModel &m, MixCategory category, const TensorSpec &tensor, Running &running)
{
    uint32_t *counter = nullptr;
    switch (category) {
    case MixCategory::Value: return running.values++;
    case MixCategory::Down: counter = &running.down; break;
    case MixCategory::Gate: counter = &running.gate; break;
    case MixCategory::Up: counter = &running.up; break;
    default: return 0;
    }
    const uint32_t i = (*counter)++;
    return m.experts > 1 && !m.smallest ? static_cast<uint32_t>(std::max(tensor.layer, 0)) : i;
}

GgmlType chosenType(const MixModel &m, const TensorSpec &tensor, MixCategory category, Running &running)
{
    if (category == MixCategory::Output || (m.tied && category == MixCategory::Embedding))
        return outputType(m, tensor);
    if (m.fileType == FileType::MXFP4_MOE)
        return tensor.dims[2] > 1 ? GgmlType::MXFP4 : GgmlType::Q8_0;

    const uint32_t i = place(m, category, tensor, running);
    const uint32_t n = category == MixCategory::Value ? m.valueTensors : m.layers;
    GgmlType type = m.base;
    for (const MixRule &rule : m.rules[static_cast<size_t>(category)]) {
        if (applies(rule.when, m, i, n)) {
            type = rule.type;
            break;
        }
    }
    if (m.smallest)
        return type;
    if (category == MixCategory::Value && m.seventyB && (type == GgmlType::Q3_K || type == GgmlType::Q4_K))
        type = GgmlType::Q5_K;
    if (m.experts == 8 && (category == MixCategory::Value || category == MixCategory::Key))
        type = GgmlType::Q8_0;
    return type;
}

} // namespace

GgmlType fittingType(GgmlType type, uint64_t columns)
{
    if (columns % info(type).blockElements == 0)
        return type;
    GgmlType fallback = GgmlType::F16;
    switch (type) {
    case GgmlType::IQ1_S:
    case GgmlType::IQ1_M:
    case GgmlType::IQ2_XXS:
    case GgmlType::IQ2_XS:
    case GgmlType::IQ2_S:
    case GgmlType::IQ3_XXS:
    case GgmlType::IQ3_S:
    case GgmlType::IQ4_XS: fallback = GgmlType::IQ4_NL; break;
    case GgmlType::Q2_0:
    case GgmlType::Q2_K:
    case GgmlType::Q3_K:
    case GgmlType::TQ1_0:
    case GgmlType::TQ2_0: fallback = GgmlType::Q4_0; break;
    case GgmlType::Q4_K: fallback = GgmlType::Q5_0; break;
    case GgmlType::Q5_K: fallback = GgmlType::Q5_1; break;
    case GgmlType::Q6_K: fallback = GgmlType::Q8_0; break;
    default: break;
    }
    return columns % info(fallback).blockElements == 0 ? fallback : GgmlType::F16;
}

bool needsImportanceMatrix(FileType fileType)
{
    switch (fileType) {
    case FileType::IQ3_XXS:
    case FileType::IQ3_XS:
    case FileType::Q2_K_S:
        return true;
    default:
        return oneOrTwoBit(fileType);
    }
}

namespace {

/// Tensors in the order of their layers, what is outside the blocks first; empty where they are listed so.
std::vector<size_t> byLayer(const ModelShape &shape)
{
    const std::vector<TensorSpec> &tensors = shape.tensors;
    if (std::ranges::is_sorted(tensors, {}, &TensorSpec::layer))
        return {};
    std::vector<size_t> order(tensors.size());
    std::iota(order.begin(), order.end(), size_t{0});
    std::ranges::stable_sort(order, {}, [&](size_t i) { return tensors[i].layer; });
    return order;
}

} // namespace

WeightTypes mixTypes(const ModelShape &shape, FileType fileType, std::optional<bool> importanceMatrix)
{
    std::vector<MixCategory> categories;
    categories.reserve(shape.tensors.size());
    for (const TensorSpec &tensor : shape.tensors)
        categories.push_back(mixCategory(tensor));
    const MixModel m = modelOf(shape, categories, fileType, importanceMatrix.value_or(needsImportanceMatrix(fileType)));
    WeightTypes types = typesOf(shape);
    Running running;
    const std::vector<size_t> order = byLayer(shape);
    for (size_t i = 0; i < shape.tensors.size(); ++i) {
        const size_t index = order.empty() ? i : order[i];
        const TensorSpec &tensor = shape.tensors[index];
        if (keptFloat(tensor)) {
            if (keptAsConverted(tensor) && m.floats)
                types[index] = m.base;
            continue;
        }
        types[index] = m.floats ? m.base : fittingType(chosenType(m, tensor, categories[index], running), tensor.dims[0]);
    }
    return types;
}

} // namespace plimsoll
