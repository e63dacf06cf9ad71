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

} // namespace

bool keptFloat(const TensorSpec &tensor)
{
    switch (tensor.role) {
    case TensorRole::Router:
    case TensorRole::SsmConv:
        return true;
    default:
        break;
    }
    if (tensor.bias || tensor.dimensions < 2)
        return true;
    const std::string name = tensorName(tensor);
    return !name.ends_with("weight") || name.find("_norm.weight") != std::string::npos;
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
        spec.type = keptFloat(spec) ? GgmlType::F32 : GgmlType::F16;
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
