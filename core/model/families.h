// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "shape_builder.h"

/// What several families share, to be composed; and the families themselves, one file each. Tensor dims and keys after the GGUF
/// format's reference implementation.
namespace plimsoll {

/// Fills embedding, context, vocabulary, epsilon; returns the number of blocks that are run, at most Limits::blocks, 0 on failure.
uint32_t readTrunk(ShapeBuilder &builder);

/// Embedding, output norm, output (tied where absent).
void addEmbeddingAndOutput(ShapeBuilder &builder);

/// Rotation of `dims` elements with the scaling the keys name.
RopeSpec readRope(ShapeBuilder &builder, RopeLayout layout, uint32_t dims);

/// Multi-head or grouped-query attention of one layer; heads must divide.
AttentionSpec readAttention(ShapeBuilder &builder, uint32_t layer, RopeLayout layout);

/// Norm, Q, K, V (or fused), output projection; biases of Q, K, V where the source has them.
void addAttention(ShapeBuilder &builder, int32_t layer, const AttentionSpec &attention);

/// Dense gated FFN with its norm: width from "feed_forward_length".
void addDenseFfn(ShapeBuilder &builder, int32_t layer, FfnSpec &ffn);

/// Counts of experts, from "expert_count" and "expert_used_count"; checks used <= experts.
void readExperts(ShapeBuilder &builder, FfnSpec &ffn);

/// Router and routed experts of ffn.expertWidth; gate and up split, or fused where the source has them so.
void addExperts(ShapeBuilder &builder, int32_t layer, const FfnSpec &ffn);

void buildLlama(ShapeBuilder &builder);
void buildQwen2(ShapeBuilder &builder);
void buildQwen3(ShapeBuilder &builder);
void buildQwen3Moe(ShapeBuilder &builder);
void buildDeepseek2(ShapeBuilder &builder);

} // namespace plimsoll
