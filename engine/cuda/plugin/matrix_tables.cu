// SPDX-License-Identifier: Apache-2.0
#include "matrix_instances.cuh"

namespace plimsoll::engine::cuda {

const MatrixKernels *tableKernels(GgmlType type)
{
    switch (type) {
    case GgmlType::IQ4_NL: return kernelsFor<BlockFormat<BlockIQ4_NL, 32>>();
    case GgmlType::IQ4_XS: return kernelsFor<BlockFormat<BlockIQ4_XS, 256>>();
    case GgmlType::MXFP4: return kernelsFor<BlockFormat<BlockMXFP4, 32>>();
    case GgmlType::NVFP4: return kernelsFor<BlockFormat<BlockNVFP4, 64>>();
    default: return nullptr;
    }
}

} // namespace plimsoll::engine::cuda
