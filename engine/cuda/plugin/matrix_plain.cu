// SPDX-License-Identifier: Apache-2.0
#include "matrix_instances.cuh"

namespace plimsoll::engine::cuda {

const MatrixKernels *plainKernels(GgmlType type)
{
    switch (type) {
    case GgmlType::F32: return kernelsFor<PlainFormat<NumberF32>>();
    case GgmlType::F16: return kernelsFor<PlainFormat<NumberF16>>();
    case GgmlType::BF16: return kernelsFor<PlainFormat<NumberBF16>>();
    default: return nullptr;
    }
}

} // namespace plimsoll::engine::cuda
