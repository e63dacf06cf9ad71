// SPDX-License-Identifier: Apache-2.0
#include "matrix_instances.cuh"

namespace plimsoll::engine::cuda {

const MatrixKernels *gridKernels(GgmlType type)
{
    switch (type) {
    case GgmlType::IQ2_XXS: return kernelsFor<BlockFormat<BlockIQ2_XXS, 256>>();
    case GgmlType::IQ2_XS: return kernelsFor<BlockFormat<BlockIQ2_XS, 256>>();
    case GgmlType::IQ2_S: return kernelsFor<BlockFormat<BlockIQ2_S, 256>>();
    case GgmlType::IQ3_XXS: return kernelsFor<BlockFormat<BlockIQ3_XXS, 256>>();
    case GgmlType::IQ3_S: return kernelsFor<BlockFormat<BlockIQ3_S, 256>>();
    case GgmlType::IQ1_S: return kernelsFor<BlockFormat<BlockIQ1_S, 256>>();
    case GgmlType::IQ1_M: return kernelsFor<BlockFormat<BlockIQ1_M, 256>>();
    default: return nullptr;
    }
}

} // namespace plimsoll::engine::cuda
