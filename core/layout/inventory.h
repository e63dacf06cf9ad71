// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "placement.h"

namespace plimsoll {

/// A tensor as it is stored.
struct StoredTensor
{
    uint32_t piece = 0;                 // that holds it
    GgmlType type = GgmlType::F32;
    TensorRole role = TensorRole::Other;
    Bytes bytes;                        // overflow() where the type's block does not divide the row, or 64 bits do not hold them
    uint64_t elements = 0;
};

/// The pieces of a model and its tensors at some types, read once for all who sum over them.
struct Inventory
{
    std::vector<Piece> pieces;              // piecesOf(shape)
    PieceIndex index;
    std::vector<StoredTensor> tensors;      // those of the shape, in its order
};

/// `types`: one per tensor of the shape.
Inventory inventoryOf(const ModelShape &shape, const WeightTypes &types);

} // namespace plimsoll
