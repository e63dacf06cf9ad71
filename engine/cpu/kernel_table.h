// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "attention_kernel.h"
#include "recurrence_kernel.h"
#include "kernels.h"

namespace {

/// The table of an instruction set: what is written once over lanes of V, and its own way with integers.
template <typename V>
Kernels kernelTable(decltype(Kernels::quantizeRow) quantizeRow, decltype(Kernels::multiply) multiply,
    decltype(Kernels::multiplyAtPeak) multiplyAtPeak, uint32_t productsPerRound)
{
    return {
        .quantizeRow = quantizeRow,
        .multiply = multiply,
        .normalize = normalize<V>,
        .activate = activate<V>,
        .addScaled = addScaled<V>,
        .softcap = softcap<V>,
        .gate = gateRow<V>,
        .recur = recur<V>,
        .attend = attend<V>,
        .multiplyAtPeak = multiplyAtPeak,
        .productsPerRound = productsPerRound,
        .store = storeCells<V>,
    };
}

} // namespace
