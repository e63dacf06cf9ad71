// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

/// Which values of model_type in a config.json are understood, and how its keys are called in GGUF.
namespace plimsoll {

/// What tells the layers of a hybrid apart.
enum class ConfigLayers : uint8_t {
    Alike,          // attention everywhere, or gated delta nets where layer_types says so
    Convolutions,   // "conv" in layer_types (LFM2)
    StateSpaces,    // "mamba" in layer_types (Granite 4)
    WindowsApart,   // layers that see a window have heads and rotation of their own (Gemma 4)
    Letters,        // hybrid_override_pattern: M state space, * attention, - dense, E experts (Nemotron-H)
};

/// What a model_type differs in beyond the keys it has.
struct ConfigType
{
    std::string_view name;
    std::string_view architecture;
    bool tied = false;          // where tie_word_embeddings is left out
    bool queryBias = false;     // biases of Q, K and V
    bool windows = false;       // some layers see a window
    uint32_t headDim = 0;       // where head_dim is left out; 0: hidden_size / heads
    double rotated = 1;         // share of a head, where partial_rotary_factor is left out
    const char *epsilon = "rms_norm_eps";
    ConfigLayers layers = ConfigLayers::Alike;
};

/// Sorted by name.
std::span<const ConfigType> configTypes();

struct RenamedKey
{
    const char *theirs;
    const char *ours;
};

/// Keys every configuration has.
std::span<const RenamedKey> neededConfigKeys();
/// Keys taken where they are there.
std::span<const RenamedKey> optionalConfigKeys();

} // namespace plimsoll
