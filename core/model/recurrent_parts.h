// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "shape_builder.h"

/// What families with recurrent layers share.
namespace plimsoll {

/// The recurrence that the "ssm." keys describe: "state_size" per key, "inner_size" over all values, "time_step_rank" heads,
/// "group_count" heads of keys and queries, "conv_kernel".
RecurrentSpec readStateSpace(ShapeBuilder &builder);

/// Norm, projections, convolution and parameters of one Mamba2 layer.
void addMamba2(ShapeBuilder &builder, int32_t layer, const RecurrentSpec &spec);

} // namespace plimsoll
