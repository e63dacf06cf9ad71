// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "weights.h"

#include <string>

namespace plimsoll::engine {

/// Looks tensors up and remembers the first error, so that binding reads as a table.
class Binder
{
public:
    Binder(const Weights &weights, int32_t layer) : m_weights(weights), m_layer(layer) {}

    Tensor matrix(TensorRole role) { return keep(m_weights.tensor(role, m_layer), Tensor{}); }
    Vector vector(TensorRole role, uint64_t length = 0) { return keep(m_weights.vector(role, m_layer, false, length), Vector{nullptr}); }
    Vector bias(TensorRole role, uint64_t length = 0) { return keep(m_weights.vector(role, m_layer, true, length), Vector{nullptr}); }

    /// A matrix that has to be there, [rows, columns]; 0 means any.
    Tensor needed(TensorRole role, uint64_t columns, uint64_t rows)
    {
        const Tensor found = matrix(role);
        if (!found)
            return missing(role), found;
        if ((columns != 0 && found.columns != columns) || (rows != 0 && found.rows != rows))
            fail({ErrorCode::TensorWrongShape,
                {nameOf(role), std::to_string(columns) + " x " + std::to_string(rows),
                    std::to_string(found.columns) + " x " + std::to_string(found.rows)}});
        return found;
    }

    /// The same where it is there at all.
    Tensor optional(TensorRole role, uint64_t columns, uint64_t rows)
    {
        const Tensor found = matrix(role);
        return found ? needed(role, columns, rows) : found;
    }

    Norm norm(TensorRole role, NormKind kind, float epsilon, uint64_t length = 0)
    {
        return {vector(role, length), bias(role, length), kind, epsilon, false};
    }

    /// The norm of the FFN's input, under whichever name the family knows it; none in a parallel block, and where norms stand behind only.
    Norm ffnNorm(const BlockSpec &block, uint64_t length)
    {
        for (const TensorRole role : {TensorRole::FfnNormNamedPost, TensorRole::FfnNormNamedAttn}) {
            if (m_weights.shape().find(role, m_layer))
                return norm(role, block.norm, block.normEpsilon, length);
        }
        return norm(TensorRole::FfnNorm, block.norm, block.normEpsilon, length);
    }

    /// A norm that has to be there.
    Norm neededNorm(TensorRole role, NormKind kind, float epsilon, uint64_t length)
    {
        const Norm found = norm(role, kind, epsilon, length);
        if (!found.weight)
            missing(role);
        return found;
    }

    /// A vector that has to be there.
    Vector neededVector(TensorRole role, uint64_t length)
    {
        const Vector found = vector(role, length);
        if (!found)
            missing(role);
        return found;
    }

    /// As needed(), for a stack of matrices, one per expert.
    Tensor neededStack(TensorRole role, uint64_t columns, uint64_t rows, uint64_t experts)
    {
        const Tensor found = needed(role, columns, rows);
        if (found && found.experts != experts)
            fail({ErrorCode::TensorWrongShape, {nameOf(role), std::to_string(experts) + " experts", std::to_string(found.experts)}});
        return found;
    }

    /// The norm of queries or keys: `head` long, or over the whole row; its length goes to `length`. A matrix has a row for each head.
    Norm headNorm(TensorRole role, const BlockSpec &block, uint64_t head, uint64_t row, uint32_t &length, bool &ofEachHead)
    {
        if (block.attention.plainHeadNorm) {
            length = static_cast<uint32_t>(head);
            return {nullptr, nullptr, NormKind::Rms, block.normEpsilon, true};
        }
        const TensorSpec *const spec = m_weights.shape().find(role, m_layer);
        ofEachHead = spec && spec->dimensions == 2;
        length = spec ? static_cast<uint32_t>(ofEachHead ? spec->dims[0] : spec->elements()) : 0;
        if (spec && ((length != head && length != row) || (ofEachHead && spec->elements() != row)))
            fail({ErrorCode::TensorWrongShape, {nameOf(role), std::to_string(head), std::to_string(length)}});
        return norm(role, block.norm, block.normEpsilon);
    }

    /// Only the first failure is kept.
    void fail(Error error)
    {
        if (m_status)
            m_status = std::move(error);
    }
    const Status &status() const { return m_status; }

private:
    template <typename T>
    T keep(Result<T> found, T otherwise)
    {
        if (found)
            return *found;
        fail(found.error());
        return otherwise;
    }
    void missing(TensorRole role) { fail({ErrorCode::TensorMissing, {nameOf(role)}}); }
    std::string nameOf(TensorRole role) const
    {
        TensorSpec spec;
        spec.role = role;
        spec.layer = m_layer;
        return tensorName(spec);
    }

    const Weights &m_weights;
    int32_t m_layer;
    Status m_status;
};

} // namespace plimsoll::engine
