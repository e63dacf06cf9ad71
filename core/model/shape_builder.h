// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hyperparameters.h"
#include "shape.h"

#include <initializer_list>
#include <set>

namespace plimsoll {

/// What a family works with: the dimensions on one side, the shape that grows on the other, and between them the source of tensors, a
/// file or a catalogue entry. A family lists every tensor it knows; those of a file are checked against it, those of a catalogue entry
/// follow from it. Failures stick in `keys`.
class ShapeBuilder
{
public:
    /// `header` must outlive the builder.
    ShapeBuilder(Hyperparameters keys, const gguf::Header &header);
    /// `optional`: names without "blk.N." of optional tensors that a conversion of this model has ("output.weight").
    ShapeBuilder(Hyperparameters keys, std::set<std::string, std::less<>> optional);

    Hyperparameters keys;
    ModelShape shape;

    bool ok() const { return keys.status().ok(); }

    /// Whether the source has an optional tensor. Decides between forms (fused or split); a catalogue entry has what it lists.
    bool offers(TensorRole role, int32_t layer = -1, bool bias = false) const;

    /// Dims as in GGUF: row length first. Missing: TensorMissing; other dims: TensorWrongShape.
    void require(TensorRole role, int32_t layer, std::initializer_list<uint64_t> dims, bool bias = false);
    /// Taken where the source has it.
    void accept(TensorRole role, int32_t layer, std::initializer_list<uint64_t> dims, bool bias = false);

private:
    const gguf::TensorInfo *inFile(TensorRole role, int32_t layer, bool bias) const;

    const gguf::Header *m_header = nullptr;
    std::set<std::string, std::less<>> m_optional;
};

/// True for tensors that no quantizer touches: vectors, norms, routers, small convolutions.
bool keptFloat(const TensorSpec &tensor);

/// Of these, the matrices that a conversion writes as its other matrices, and only the quantizer leaves as they are.
bool keptAsConverted(const TensorSpec &tensor);

} // namespace plimsoll
