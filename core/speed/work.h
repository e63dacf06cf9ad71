// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <plimsoll/layout/inventory.h>
#include <plimsoll/layout/layout.h>

#include <vector>

namespace plimsoll {

/// What one piece asks of the device that holds it, in one forward call.
struct PieceWork
{
    double stored = 0;          // weights
    double bytes = 0;           // of these, that are read
    double codebookBytes = 0;   // of these, in formats whose blocks are looked up
    double cacheBytes = 0;      // KV cache that is read
    double stateBytes = 0;      // recurrent state, once; a decoded token reads and writes it
    double operations = 0;      // of matrix products and attention, a multiply-add counting two
    double launches = 0;        // layers, or parts of one
};

/// One forward call.
struct CallShape
{
    double tokens = 1;          // of all sequences together
    double sequences = 1;
    double span = 1;            // cells each token attends to
};

/// By the order of Inventory::pieces. Of routed experts those are read that `tokens` tokens choose, each apart from the others.
std::vector<PieceWork> workOf(const ModelShape &shape, const Inventory &inventory, const RunOptions &options, const CallShape &call);

} // namespace plimsoll
