// SPDX-License-Identifier: Apache-2.0
#include "shape_builder.h"

#include "tensor_names.h"

#include <algorithm>

namespace plimsoll {

namespace {

std::string dimsText(const std::array<uint64_t, 4> &dims, uint32_t dimensions)
{
    std::string text = "[";
    for (uint32_t i = 0; i < dimensions; ++i)
        text += (i ? ", " : "") + std::to_string(dims[i]);
    return text + "]";
}

TensorSpec specOf(TensorRole role, int32_t layer, std::initializer_list<uint64_t> dims, bool bias)
{
    TensorSpec spec;
    spec.role = role;
    spec.bias = bias;
    spec.layer = layer;
    spec.dimensions = static_cast<uint32_t>(dims.size());
    std::copy(dims.begin(), dims.end(), spec.dims.begin());
    return spec;
}

/// Parts of names that keep a matrix as it is, whatever the architecture.
bool keptFloatByName(std::string_view name)
{
    constexpr std::string_view parts[] = {"_norm.weight", "ffn_gate_inp.weight", "ffn_gate_tid2eid.weight", "altup", "laurel",
        "per_layer_model_proj", "position_embd", "token_types", "ssm_conv1d", "shortconv.conv.weight", "indexer.k_proj.weight",
        "indexer.q_proj.weight", "time_mix_first", "time_mix_w0", "time_mix_w1", "time_mix_w2", "time_mix_v0", "time_mix_v1",
        "time_mix_v2", "time_mix_a0", "time_mix_a1", "time_mix_a2", "time_mix_g1", "time_mix_g2", "time_mix_decay_w1",
        "time_mix_decay_w2", "time_mix_lerp_fused", "attn_rel_b.weight", ".rel_pos", ".patch_embd", ".patch_merger"};
    if (!name.ends_with("weight"))
        return true;
    const auto contained = [&](std::string_view part) { return name.find(part) != std::string_view::npos; };
    return std::any_of(std::begin(parts), std::end(parts), contained);
}

} // namespace

bool keptFloat(const TensorSpec &tensor)
{
    if (tensor.bias || tensor.dimensions < 2)
        return true;
    switch (tensor.role) {
    case TensorRole::Other: return keptFloatByName(tensor.otherName);
    case TensorRole::OutputNorm:
    case TensorRole::OutputNormNamedEmbedding:
    case TensorRole::AttnNorm:
    case TensorRole::AttnQNorm:
    case TensorRole::AttnKNorm:
    case TensorRole::AttnPostNorm:
    case TensorRole::AttnQANorm:
    case TensorRole::AttnKvANorm:
    case TensorRole::FfnNorm:
    case TensorRole::FfnNormNamedPost:
    case TensorRole::FfnNormNamedAttn:
    case TensorRole::FfnPostNorm:
    case TensorRole::SsmNorm:
    case TensorRole::Router:
    case TensorRole::LayerEmbeddingProj:
    case TensorRole::SsmConv:
    case TensorRole::ShortConv:
        return true;
    default:
        return roleName(tensor.role).weight != ".weight";
    }
}

bool keptAsConverted(const TensorSpec &tensor)
{
    return tensor.role == TensorRole::LayerEmbeddingProj;
}

ShapeBuilder::ShapeBuilder(Hyperparameters k, const gguf::Header &header) : keys(std::move(k)), m_header(&header) {}

ShapeBuilder::ShapeBuilder(Hyperparameters k, std::set<std::string, std::less<>> optional)
    : keys(std::move(k)), m_optional(std::move(optional))
{
}

const gguf::TensorInfo *ShapeBuilder::inFile(TensorRole role, int32_t layer, bool bias) const
{
    TensorSpec spec;
    spec.role = role;
    spec.layer = layer;
    spec.bias = bias;
    return m_header->tensor(tensorName(spec));
}

bool ShapeBuilder::offers(TensorRole role, int32_t layer, bool bias) const
{
    return m_header ? inFile(role, layer, bias) != nullptr : m_optional.contains(nameInBlock(role, bias));
}

void ShapeBuilder::require(TensorRole role, int32_t layer, std::initializer_list<uint64_t> dims, bool bias)
{
    if (!ok())
        return;
    TensorSpec spec = specOf(role, layer, dims, bias);
    if (!m_header) {
        spec.type = keptFloat(spec) && !keptAsConverted(spec) ? GgmlType::F32 : GgmlType::F16;
        shape.tensors.push_back(std::move(spec));
        return;
    }
    const gguf::TensorInfo *found = inFile(role, layer, bias);
    if (!found) {
        keys.fail({ErrorCode::TensorMissing, {tensorName(spec)}});
        return;
    }
    if (found->dims != spec.dims) {
        keys.fail({ErrorCode::TensorWrongShape,
            {tensorName(spec), dimsText(spec.dims, spec.dimensions), dimsText(found->dims, found->dimensions)}});
        return;
    }
    spec.type = found->type;
    shape.tensors.push_back(std::move(spec));
}

void ShapeBuilder::accept(TensorRole role, int32_t layer, std::initializer_list<uint64_t> dims, bool bias)
{
    if (offers(role, layer, bias))
        require(role, layer, dims, bias);
}

} // namespace plimsoll
