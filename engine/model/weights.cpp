// SPDX-License-Identifier: Apache-2.0
#include "weights.h"

#include <algorithm>
#include <string>

namespace plimsoll::engine {

namespace {

std::string dimensionsText(const std::array<uint64_t, 4> &dims, uint32_t count)
{
    std::string text;
    for (uint32_t i = 0; i < count; ++i)
        text += (i == 0 ? "" : " x ") + std::to_string(dims[i]);
    return text;
}

std::string formatsText(const std::vector<GgmlType> &formats)
{
    std::string text;
    for (GgmlType format : formats)
        text += (text.empty() ? "" : ", ") + std::string(name(format));
    return text;
}

} // namespace

Result<std::vector<TensorPlace>> placesOf(const ModelShape &shape, const gguf::Header &header, std::span<const uint64_t> partBytes)
{
    std::vector<TensorPlace> places;
    places.reserve(shape.tensors.size());
    for (const TensorSpec &spec : shape.tensors) {
        const std::string tensor = tensorName(spec);
        const gguf::TensorInfo *const found = header.tensor(tensor);
        if (!found)
            return Error{ErrorCode::TensorMissing, {tensor}};
        if (found->dims != spec.dims || found->type != spec.type)
            return Error{ErrorCode::TensorWrongShape,
                {tensor, dimensionsText(spec.dims, spec.dimensions), dimensionsText(found->dims, found->dimensions)}};
        const uint64_t fileBytes = found->part < partBytes.size() ? partBytes[found->part] : 0;
        if (found->offset > fileBytes || found->bytes > fileBytes - found->offset)
            return Error{ErrorCode::GgufTensorPastEnd,
                {header.parts[found->part].path, tensor, std::to_string(found->offset + found->bytes), std::to_string(fileBytes)}};
        places.push_back({found->part, found->offset, found->bytes});
    }
    return places;
}

Weights::Weights(const ModelShape &shape, const BackendTraits &traits, std::vector<const std::byte *> data)
    : m_shape(&shape), m_traits(&traits), m_data(std::move(data))
{
}

const std::byte *Weights::addressOf(const TensorSpec &spec) const
{
    return m_data[static_cast<size_t>(&spec - m_shape->tensors.data())];
}

Result<Tensor> Weights::tensor(TensorRole role, int32_t layer) const
{
    const TensorSpec *const spec = m_shape->find(role, layer);
    if (!spec || !addressOf(*spec))
        return Tensor{};
    if (std::find(m_traits->formats.begin(), m_traits->formats.end(), spec->type) == m_traits->formats.end())
        return Error{ErrorCode::TensorWrongType, {tensorName(*spec), std::string(name(spec->type)), formatsText(m_traits->formats)}};
    const uint64_t largest = *std::max_element(spec->dims.begin(), spec->dims.end());
    const std::optional<uint64_t> bytes = rowBytes(spec->type, spec->dims[0]);
    if (!bytes || spec->dims[3] != 1 || largest > INT32_MAX)
        return Error{ErrorCode::TensorWrongShape,
            {tensorName(*spec), "rows of whole blocks", dimensionsText(spec->dims, spec->dimensions)}};
    return Tensor{addressOf(*spec), spec->type, static_cast<uint32_t>(spec->dims[0]), static_cast<uint32_t>(spec->dims[1]),
        static_cast<uint32_t>(spec->dims[2]), *bytes};
}

Result<Vector> Weights::vector(TensorRole role, int32_t layer, bool bias, uint64_t length) const
{
    const TensorSpec *const spec = m_shape->find(role, layer, bias);
    if (!spec || !addressOf(*spec))
        return Vector{nullptr};
    if (spec->type != GgmlType::F32)
        return Error{ErrorCode::TensorWrongType, {tensorName(*spec), std::string(name(spec->type)), "F32"}};
    if (length != 0 && spec->elements() != length)
        return Error{ErrorCode::TensorWrongShape,
            {tensorName(*spec), std::to_string(length), dimensionsText(spec->dims, spec->dimensions)}};
    return reinterpret_cast<Vector>(addressOf(*spec));
}

} // namespace plimsoll::engine
