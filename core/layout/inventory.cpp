// SPDX-License-Identifier: Apache-2.0
#include "inventory.h"

#include <algorithm>

namespace plimsoll {

uint32_t Inventory::indexOf(const Piece &piece) const
{
    if (piece.layer < 0 || static_cast<size_t>(piece.layer) >= firstOfLayer.size())
        return piece.kind == PieceKind::Output ? static_cast<uint32_t>(pieces.size() - 1) : 0;
    const uint32_t first = firstOfLayer[static_cast<size_t>(piece.layer)];
    switch (piece.kind) {
    case PieceKind::Kv: return first + 1;
    case PieceKind::Ffn: return first + 2;
    case PieceKind::Experts: return first + 3;
    default: return first;
    }
}

Bytes Inventory::bytes() const
{
    Bytes sum;
    for (const StoredTensor &tensor : tensors)
        sum += tensor.bytes;
    return sum;
}

Inventory inventoryOf(const ModelShape &shape, const WeightTypes &types)
{
    Inventory inventory;
    inventory.pieces = piecesOf(shape);
    inventory.firstOfLayer.reserve(shape.blocks.size());
    for (size_t i = 0; i < inventory.pieces.size(); ++i) {
        if (inventory.pieces[i].kind == PieceKind::Mixer)
            inventory.firstOfLayer.push_back(static_cast<uint32_t>(i));
    }
    const size_t count = std::min(shape.tensors.size(), types.size());
    inventory.tensors.reserve(count);
    for (size_t i = 0; i < count; ++i) {
        const TensorSpec &tensor = shape.tensors[i];
        inventory.tensors.push_back(
            {inventory.indexOf(pieceOf(tensor)), types[i], tensor.role, tensor.bytes(types[i]), tensor.elements()});
    }
    return inventory;
}

} // namespace plimsoll
