// SPDX-License-Identifier: Apache-2.0
#include "matrix_instances.cuh"

namespace plimsoll::engine::cuda {

const MatrixKernels *roundKernels(GgmlType type)
{
    switch (type) {
    case GgmlType::Q4_0: return kernelsFor<BlockFormat<BlockQ4_0, 32>>();
    case GgmlType::Q4_1: return kernelsFor<BlockFormat<BlockQ4_1, 32>>();
    case GgmlType::Q5_0: return kernelsFor<BlockFormat<BlockQ5_0, 32>>();
    case GgmlType::Q5_1: return kernelsFor<BlockFormat<BlockQ5_1, 32>>();
    case GgmlType::Q8_0: return kernelsFor<BlockFormat<BlockQ8_0, 32>>();
    default: return nullptr;
    }
}

} // namespace plimsoll::engine::cuda
