// SPDX-License-Identifier: Apache-2.0
#include "inventory.h"

#include <algorithm>

namespace plimsoll {

Inventory inventoryOf(const ModelShape &shape, const WeightTypes &types)
{
    Inventory inventory{piecesOf(shape), PieceIndex(shape), {}};
    const size_t count = std::min(shape.tensors.size(), types.size());
    inventory.tensors.reserve(count);
    for (size_t i = 0; i < count; ++i) {
        const TensorSpec &tensor = shape.tensors[i];
        inventory.tensors.push_back(
            {static_cast<uint32_t>(inventory.index.of(pieceOf(tensor))), types[i], tensor.role, tensor.bytes(types[i]), tensor.elements()});
    }
    return inventory;
}

} // namespace plimsoll
