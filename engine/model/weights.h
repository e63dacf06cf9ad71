// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "backend.h"

#include <plimsoll/gguf/gguf.h>
#include <plimsoll/model/shape.h>

#include <span>
#include <vector>

namespace plimsoll::engine {

/// Where the tensors of a shape lie in the files that hold them.
struct TensorPlace
{
    uint32_t part = 0;
    uint64_t offset = 0;
    uint64_t bytes = 0;
};

/// One place per tensor of the shape, in its order. `partBytes` are the sizes of the files as they are now.
/// Errors: TensorMissing, TensorWrongShape (what the file holds is not what the shape says), GgufTensorPastEnd (a file has become shorter).
Result<std::vector<TensorPlace>> placesOf(const ModelShape &shape, const gguf::Header &header, std::span<const uint64_t> partBytes);

/// The tensors of a shape where one device can use them. Addresses are the device's own; nothing is owned.
class Weights
{
public:
    /// `data` has one address per tensor of the shape, null where the device does not need it.
    Weights(const ModelShape &shape, const BackendTraits &traits, std::vector<const std::byte *> data);

    /// Absent where the shape lists no such tensor. A matrix is [dims[1], dims[0]], an expert stack [dims[2], dims[1], dims[0]].
    /// Errors: TensorWrongType, where the device cannot multiply by it.
    Result<Tensor> tensor(TensorRole role, int32_t layer = -1) const;

    /// Absent where the shape lists none. Errors: TensorWrongType (not float32), TensorWrongShape (`length` not 0 and another).
    Result<Vector> vector(TensorRole role, int32_t layer = -1, bool bias = false, uint64_t length = 0) const;

    const ModelShape &shape() const { return *m_shape; }
    /// By tensor of the shape.
    const std::vector<const std::byte *> &addresses() const { return m_data; }

private:
    const std::byte *addressOf(const TensorSpec &spec) const;

    const ModelShape *m_shape;
    const BackendTraits *m_traits;
    std::vector<const std::byte *> m_data;
};

} // namespace plimsoll::engine
