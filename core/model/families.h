// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "shape_builder.h"

/// What several families share, to be composed; and the families themselves, one file each. Tensor dims and keys after the GGUF
/// format's reference implementation.
namespace plimsoll {

/// Fills embedding, context, vocabulary, epsilon; returns the number of blocks that are run, at most Limits::blocks, 0 on failure.
uint32_t readTrunk(ShapeBuilder &builder, NormKind norm = NormKind::Rms);

/// Embedding, output norm, output (tied where absent).
void addEmbeddingAndOutput(ShapeBuilder &builder);

/// The same where the output always multiplies by the embedding.
void addEmbeddingAndTiedOutput(ShapeBuilder &builder);

/// Rotation of `dims` elements with the scaling the keys name; LongRope where the source has factors for long contexts.
RopeSpec readRope(ShapeBuilder &builder, RopeLayout layout, uint32_t dims);

/// Multi-head or grouped-query attention of one layer; heads must divide.
AttentionSpec readAttention(ShapeBuilder &builder, uint32_t layer, RopeLayout layout);

/// Makes the rotation one of sections where "rope.dimension_sections" names some.
void readSections(ShapeBuilder &builder, RopeSpec &rope);

/// How many positions a layer sees, 0 for all: "attention.sliding_window" (absent: `fallbackWindow`) in the layers that
/// "attention.sliding_window_pattern" names one by one, or, where it is a number (absent: `fallbackPeriod`), in all but the last of each
/// so many.
uint32_t readWindow(ShapeBuilder &builder, uint32_t layer, uint32_t fallbackWindow, uint32_t fallbackPeriod);

/// Norm, Q, K, V (or fused), output projection; biases of Q, K, V where the source has them.
void addAttention(ShapeBuilder &builder, int32_t layer, const AttentionSpec &attention);

/// The same without the norm.
void addAttentionMatrices(ShapeBuilder &builder, int32_t layer, const AttentionSpec &attention);

/// Norms of queries and keys, one weight per element of a head.
void addHeadNorms(ShapeBuilder &builder, int32_t layer, const AttentionSpec &attention);

/// Dense FFN without a norm, width from "feed_forward_length": gate where it is gated, up, down.
void addFfnMatrices(ShapeBuilder &builder, int32_t layer, FfnSpec &ffn);

/// Dense gated FFN with its norm: width from "feed_forward_length".
void addDenseFfn(ShapeBuilder &builder, int32_t layer, FfnSpec &ffn, TensorRole norm = TensorRole::FfnNorm);

/// What multiplies Gemma's scores: by the size of a head, in the model of `sharedBlocks` blocks by a head's share of the embedding.
float gemmaScale(ShapeBuilder &builder, const AttentionSpec &attention, uint32_t blocks, uint32_t sharedBlocks);

/// Attention and GeGLU with Gemma's norms before and behind both; fills block.ffn.
void addGemmaBlock(ShapeBuilder &builder, int32_t layer, BlockSpec &block);

/// Counts of experts, from "expert_count" and "expert_used_count"; checks used <= experts.
void readExperts(ShapeBuilder &builder, FfnSpec &ffn);

/// "expert_gating_func": 1 softmax, 2 sigmoid, 3 softmax over those selected; `fallback` where it is absent.
RouterGate readGate(ShapeBuilder &builder, RouterGate fallback);

/// Router and routed experts of ffn.expertWidth; gate and up split, or fused where the source has them so; biases where it has them.
void addExperts(ShapeBuilder &builder, int32_t layer, const FfnSpec &ffn);

/// Shared experts of ffn.sharedWidth, nothing where that is 0.
void addShared(ShapeBuilder &builder, int32_t layer, const FfnSpec &ffn);

/// DeepSeek's form: routed experts of "expert_feed_forward_length", "expert_shared_count" shared ones, gate ("expert_gating_func",
/// absent: `fallback`), scale and groups; a shared one is as wide as "expert_shared_feed_forward_length" says, or as a
/// routed one. The norm of the input is under `norm`.
void addSharedAndRouted(ShapeBuilder &builder, int32_t layer, FfnSpec &ffn, RouterGate fallback, TensorRole norm = TensorRole::FfnNorm);

void buildBailingMoe2(ShapeBuilder &builder);
void buildCohere2(ShapeBuilder &builder);
void buildCommandR(ShapeBuilder &builder);
void buildErnie45Moe(ShapeBuilder &builder);
void buildExaone4(ShapeBuilder &builder);
void buildGemma2(ShapeBuilder &builder);
void buildGemma3(ShapeBuilder &builder);
void buildGemma4(ShapeBuilder &builder);
void buildGlm4(ShapeBuilder &builder);
void buildGlm4Moe(ShapeBuilder &builder);
void buildGptOss(ShapeBuilder &builder);
void buildGranite(ShapeBuilder &builder);
void buildGraniteHybrid(ShapeBuilder &builder);
void buildHunyuanDense(ShapeBuilder &builder);
void buildHunyuanMoe(ShapeBuilder &builder);
void buildLfm2(ShapeBuilder &builder);
void buildLlama(ShapeBuilder &builder);
void buildLlama4(ShapeBuilder &builder);
void buildMinimaxM2(ShapeBuilder &builder);
void buildMistral3(ShapeBuilder &builder);
void buildNemotronH(ShapeBuilder &builder);
void buildOlmo2(ShapeBuilder &builder);
void buildPhi2(ShapeBuilder &builder);
void buildPhi3(ShapeBuilder &builder);
void buildQwen2(ShapeBuilder &builder);
void buildQwen2Moe(ShapeBuilder &builder);
void buildQwen3(ShapeBuilder &builder);
void buildQwen3Moe(ShapeBuilder &builder);
void buildQwen3Next(ShapeBuilder &builder);
void buildQwen35(ShapeBuilder &builder);
void buildDeepseek2(ShapeBuilder &builder);
void buildSeedOss(ShapeBuilder &builder);
void buildSmollm3(ShapeBuilder &builder);
void buildStablelm(ShapeBuilder &builder);
void buildStarcoder2(ShapeBuilder &builder);

} // namespace plimsoll
