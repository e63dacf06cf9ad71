// SPDX-License-Identifier: Apache-2.0
#include "kernel_table.h"
#include "float_product.h"
#include "kernels.h"
#include "lanes_scalar.h"

#include <plimsoll/engine/quant/sub_block.h>

/// The reference of the backend: plain loops, every machine.
namespace {

/// Σ over one sub-block: (scale · Σ number · q + offset · Σ q) · activation scale.
float dotSubBlock(const SubBlock &sub, const ActivationRow &x, uint32_t block)
{
    int32_t sums[2] = {0, 0};
    for (uint32_t i = 0; i < 32; ++i)
        sums[i / 16] += sub.q[i] * x.q[32 * block + i];
    const float products = sub.scale[0] * static_cast<float>(sums[0]) + sub.scale[1] * static_cast<float>(sums[1]);
    const float offsets = sub.offset[0] * static_cast<float>(x.firstSums[block]) + sub.offset[1] * static_cast<float>(x.secondSums[block]);
    return (products + offsets) * x.scales[block];
}

template <typename Block, uint32_t Elements>
void multiplyBlocks(const Product &product, uint32_t begin, uint32_t end)
{
    for (uint32_t row = begin; row < end; ++row)
        for (uint32_t t = 0; t < product.tokens; ++t) {
            const ActivationRow x = activationRow(
                product.quantized + xRow(product, t) * activationRowBytes(product.columns), product.columns);
            const std::byte *at = product.weight + uint64_t{row} * product.rowBytes;
            float sum = 0;
            for (uint32_t i = 0; i < product.columns; i += Elements, at += sizeof(Block)) {
                Block block;
                std::memcpy(&block, at, sizeof block);
                for (uint32_t j = 0; j < Elements / 32; ++j)
                    sum += dotSubBlock(subBlock(block, j), x, i / 32 + j);
            }
            product.out[uint64_t{t} * product.outStride + row] = sum;
        }
}

void multiply(const Product &product, uint32_t begin, uint32_t end, std::byte *scratch)
{
    switch (product.type) {
    case GgmlType::F32: return multiplyFloats<ScalarLanes, ReadF32<ScalarLanes>>(product, begin, end, scratch);
    case GgmlType::F16: return multiplyFloats<ScalarLanes, ReadF16<ScalarLanes>>(product, begin, end, scratch);
    case GgmlType::BF16: return multiplyFloats<ScalarLanes, ReadBF16<ScalarLanes>>(product, begin, end, scratch);
    default: break;
    }
    // Any other was refused when the model was loaded.
    withBlock(product.type, [&]<typename Block, uint32_t Elements>() { multiplyBlocks<Block, Elements>(product, begin, end); });
}

void quantizeRow(const float *x, uint32_t n, std::byte *row)
{
    auto *q = reinterpret_cast<int8_t *>(row);
    auto *scales = reinterpret_cast<float *>(row + n);
    auto *blockSums = reinterpret_cast<int32_t *>(scales + n / 32);
    for (uint32_t b = 0; b < n / 32; ++b) {
        float top = 0;
        for (uint32_t i = 0; i < 32; ++i)
            top = std::fabs(x[32 * b + i]) > top ? std::fabs(x[32 * b + i]) : top;
        const float scale = top / 127;
        const float inverse = top > smallestActivation ? 127 / top : 0;
        int32_t sums[2] = {0, 0};
        for (uint32_t i = 0; i < 32; ++i) {
            q[32 * b + i] = static_cast<int8_t>(std::lrintf(x[32 * b + i] * inverse));
            sums[i / 16] += q[32 * b + i];
        }
        scales[b] = scale;
        blockSums[b] = sums[0];
        blockSums[n / 32 + b] = sums[1];
    }
}

constexpr uint32_t peakBytes = 4096;

uint32_t multiplyAtPeak(uint32_t rounds)
{
    static int8_t numbers[2][peakBytes];
    int32_t sum = 0;
    for (uint32_t round = 0; round < rounds; ++round)
        for (uint32_t i = 0; i < peakBytes; ++i)
            sum += numbers[0][i] * numbers[1][(i + round) % peakBytes];
    return static_cast<uint32_t>(sum);
}

} // namespace

namespace plimsoll::engine::cpu {

const Kernels &scalarKernels()
{
    static const Kernels kernels = kernelTable<ScalarLanes>(quantizeRow, multiply, multiplyAtPeak, peakBytes);
    return kernels;
}

} // namespace plimsoll::engine::cpu
