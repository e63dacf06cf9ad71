// SPDX-License-Identifier: Apache-2.0
#include "matrix_instances.cuh"

namespace plimsoll::engine::cuda {

const MatrixKernels *ternaryKernels(GgmlType type)
{
    switch (type) {
    case GgmlType::TQ1_0: return kernelsFor<BlockFormat<BlockTQ1_0, 256>>();
    case GgmlType::TQ2_0: return kernelsFor<BlockFormat<BlockTQ2_0, 256>>();
    case GgmlType::Q1_0: return kernelsFor<BlockFormat<BlockQ1_0, 128>>();
    case GgmlType::Q2_0: return kernelsFor<BlockFormat<BlockQ2_0, 64>>();
    default: return nullptr;
    }
}

} // namespace plimsoll::engine::cuda
