// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <plimsoll/model/shape.h>

#include <cstdint>

/// How the cards of a group share every layer of a model (tensor parallelism): matrices are cut along their heads or columns, the rest is
/// on every card. Source: Shoeybi et al. 2019 (Megatron-LM), and what vLLM does with latent attention and few heads of keys.
namespace plimsoll {

/// The largest of so many parts (never 0) that are as equal as they can be.
constexpr uint64_t partOf(uint64_t whole, uint64_t parts)
{
    return whole / parts + (whole % parts != 0);
}

/// What can be cut of a tensor.
enum class TensorCut : uint8_t {
    Whole,              // vectors, but for biases, and routers
    Cut,                // matrices, and biases of their outputs
    KeyValueHeads,      // keys and values, into as many parts as they have heads
    LatentProjection,   // into a space that all heads share: servers keep it whole
};
TensorCut cutOf(const TensorSpec &tensor);

/// Parts that a block's keys and values are cut into: heads fewer than cards are on several, a latent is on every one.
uint32_t keyValueParts(const BlockSpec &block, uint32_t cards);

/// Whether so many cards share the heads evenly; heads of keys and values may also be on several cards each, all on as many.
bool headsDivide(const BlockSpec &block, uint32_t cards);
bool headsDivide(const ModelShape &shape, uint32_t cards);

} // namespace plimsoll
