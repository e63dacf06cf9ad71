// SPDX-License-Identifier: Apache-2.0
#include "matrix_instances.cuh"

namespace plimsoll::engine::cuda {

const MatrixKernels *kQuantKernels(GgmlType type)
{
    switch (type) {
    case GgmlType::Q2_K: return kernelsFor<BlockFormat<BlockQ2_K, 256>>();
    case GgmlType::Q3_K: return kernelsFor<BlockFormat<BlockQ3_K, 256>>();
    case GgmlType::Q4_K: return kernelsFor<BlockFormat<BlockQ4_K, 256>>();
    case GgmlType::Q5_K: return kernelsFor<BlockFormat<BlockQ5_K, 256>>();
    case GgmlType::Q6_K: return kernelsFor<BlockFormat<BlockQ6_K, 256>>();
    default: return nullptr;
    }
}

} // namespace plimsoll::engine::cuda
