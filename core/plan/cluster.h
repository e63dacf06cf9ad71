// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <plimsoll/layout/layout.h>
#include <plimsoll/machine/machine.h>
#include <plimsoll/model/checkpoint_format.h>

#include <nlohmann/json_fwd.hpp>

#include <functional>
#include <vector>

/// Equal servers of equal cards: how a model is divided over them.
namespace plimsoll {

/// Bytes of a tensor as it will be stored.
using TensorBytes = std::function<Bytes(size_t tensor)>;
TensorBytes bytesAt(const ModelShape &shape, const CheckpointOptions &stored);
TensorBytes bytesAt(const ModelShape &shape, const WeightTypes &types);

struct Cluster
{
    Gpu gpu;                      // of which `total` can be used, but for its overhead
    uint32_t gpusPerNode = 8;
    uint32_t mostNodes = 8;
};

/// One way to divide: `tensorParallel` cards share every layer, `stages` groups of them share the layers. Matrices are cut, so the heads
/// must divide; vectors and the latent cache are on every card of a group; keys and values of fewer heads than cards too.
struct ClusterPlan
{
    uint32_t tensorParallel = 1;
    uint32_t stages = 1;
    uint32_t cards = 1;
    uint32_t nodes = 1;           // whole servers
    bool fits = false;            // at least one sequence of the context has room
    // of the fullest card
    Bytes weights;
    Bytes cachePerSequence;
    Bytes compute;                // estimated: activations of one batch, and buffers of the collectives
    Bytes overhead;
    Bytes left;                   // for the cache
    Bytes shortage;
    uint64_t sequences = 0;       // at once, at the context asked for
};

/// Every division with tensor parallelism inside one server, smallest number of cards first, then the widest.
std::vector<ClusterPlan> divisions(const ModelShape &shape, const TensorBytes &bytes, const RunOptions &options, const Cluster &cluster);

/// Of those, the first that fits; and the first that fits and fills whole servers. Null where there is none.
const ClusterPlan *fewestCards(const std::vector<ClusterPlan> &divisions);
const ClusterPlan *fewestNodes(const std::vector<ClusterPlan> &divisions, uint32_t gpusPerNode);

/// Cards that the weights alone would fill, nothing else counted: below it no division can work.
uint32_t cardsByBytes(Bytes weights, const Gpu &gpu);

/// Cache bytes of one token on one card of a group that holds all layers.
Bytes cachePerToken(const ModelShape &shape, const RunOptions &options, uint32_t tensorParallel);

nlohmann::json toJson(const ClusterPlan &plan);

} // namespace plimsoll
