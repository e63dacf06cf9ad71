// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <plimsoll/quant/ggml_type.h>

#include <cstdint>
#include <string>

namespace plimsoll {

/// ik_llama.cpp is a fork whose graphs and caches differ, above all in latent attention and in what it computes where experts lie.
enum class LlamaVariant : uint8_t { LlamaCpp, IkLlamaCpp };

/// How latent attention is cached and computed. llama.cpp: `Absorbed`, or `Expanded` for files made before the split of attn_kv_b.
/// ik_llama.cpp's `-mla`: 0 Expanded, 1 Transposed, 2 Rebuilt, 3 RebuiltFlash.
enum class LatentForm : uint8_t {
    Expanded,       // keys and values of every head in the cache
    Transposed,     // the latent, and without flash attention a transposed copy of its first part
    Rebuilt,        // the latent; prompts rebuild keys and values of a part of the heads at a time
    RebuiltFlash,   // the same; single tokens attend to the latent by flash attention
    Absorbed,       // the latent, always attended to as it is
};

/// What is asked of llama.cpp on its command line. Defaults are its own.
struct LlamaOptions
{
    LlamaVariant variant = LlamaVariant::LlamaCpp;
    uint32_t context = 4096;            // tokens of all sequences together (-c)
    uint32_t batch = 2048;              // -b
    uint32_t microBatch = 512;          // -ub
    uint32_t sequences = 1;             // -np
    bool unifiedCache = false;          // -kvu: all sequences in one cache
    bool flashAttention = true;         // -fa
    bool fullWindows = false;           // --swa-full: windows are cached as if they were none
    GgmlType kvTypeK = GgmlType::F16;   // -ctk
    GgmlType kvTypeV = GgmlType::F16;   // -ctv
    LatentForm latentForm = LatentForm::Absorbed;
    uint32_t attentionBatchMib = 0;     // ik_llama.cpp's -amb: most MiB of scores or rebuilt keys and values at a time; 0: no bound
    uint32_t outputs = 0;               // most rows whose logits are wanted in one call; 0: every token of a micro-batch
    bool mapWeights = true;             // false: --no-mmap
    bool repacked = false;              // ik_llama.cpp's -rtr: weights of the host are in formats that GPUs do not have
    bool fusedExperts = false;          // ik_llama.cpp's -fmoe: gate and up of experts in one operation
    std::string projector;              // --mmproj: the file of a vision projector
    bool predictionContext = false;     // --spec-type draft-mtp: prediction blocks run, in a context of their own
    uint32_t drafted = 3;               // --spec-draft-n-max: tokens that may have to be taken back
    bool halfCopies = true;             // CUDA: flash attention copies a layer's cache that is not float16, inside the compute buffer
    // What older builds did otherwise.
    bool maskInFloat32 = false;         // llama.cpp before mid 2026, ik_llama.cpp before July 2025: float32, cast for flash attention
    bool embeddingInput = true;         // llama.cpp since late 2025: a place for embeddings given instead of tokens
    bool olderFork = false;             // ik_llama.cpp before July 2025: all parts of rebuilt keys and values at once, shared experts last
    bool rebuildsInFloat32 = false;     // ik_llama.cpp before mid March 2025: keys and values rebuilt as float32, of all heads at once
    bool predictionCache = false;       // ik_llama.cpp before autumn 2025: prediction blocks have a cache as well
};

} // namespace plimsoll
