// SPDX-License-Identifier: Apache-2.0
#include "shape.h"

#include "tensor_names.h"

namespace plimsoll {

uint64_t ModelShape::parameters() const
{
    uint64_t sum = 0;
    for (const TensorSpec &tensor : tensors)
        sum += tensor.elements();
    return sum;
}

namespace {

bool isExpertMatrix(TensorRole role)
{
    return role == TensorRole::ExpertGate || role == TensorRole::ExpertUp || role == TensorRole::ExpertGateUp
        || role == TensorRole::ExpertDown;
}

} // namespace

uint64_t ModelShape::activeParameters() const
{
    uint64_t sum = 0;
    for (const TensorSpec &tensor : tensors) {
        uint64_t read = tensor.elements();
        if (isExpertMatrix(tensor.role) && tensor.layer >= 0 && static_cast<size_t>(tensor.layer) < blocks.size()) {
            const FfnSpec &ffn = blocks[static_cast<size_t>(tensor.layer)].ffn;
            if (ffn.experts > 0)
                read = read / ffn.experts * ffn.expertsUsed;
        }
        sum += read;
    }
    return sum;
}

const TensorSpec *ModelShape::find(TensorRole role, int32_t layer, bool bias) const
{
    for (const TensorSpec &tensor : tensors) {
        if (tensor.role == role && tensor.layer == layer && tensor.bias == bias)
            return &tensor;
    }
    return nullptr;
}

std::string tensorName(const TensorSpec &tensor)
{
    if (tensor.role == TensorRole::Other)
        return tensor.otherName;
    std::string name;
    if (tensor.layer >= 0)
        name = "blk." + std::to_string(tensor.layer) + ".";
    return name + nameInBlock(tensor.role, tensor.bias);
}

WeightTypes typesOf(const ModelShape &shape)
{
    WeightTypes types;
    types.reserve(shape.tensors.size());
    for (const TensorSpec &tensor : shape.tensors)
        types.push_back(tensor.type);
    return types;
}

Bytes weightBytes(const ModelShape &shape, const WeightTypes &types)
{
    Bytes sum;
    for (size_t i = 0; i < shape.tensors.size() && i < types.size(); ++i)
        sum += shape.tensors[i].bytes(types[i]);
    return sum;
}

} // namespace plimsoll
