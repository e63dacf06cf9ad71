// SPDX-License-Identifier: Apache-2.0
#include "attention_kernel.h"
#include "recurrence_kernel.h"
#include "float_product.h"
#include "kernels.h"
#include "lanes_scalar.h"

#include <plimsoll/engine/quant/blocks.h>

/// The reference of the backend: plain loops, every machine.
namespace {

/// Sub-block j of 32: elements are scale[h] · number + offset[h] in half h of 16.
struct SubBlock
{
    uint8_t q[32];
    float scale[2];
    float offset[2];
};

void setBoth(SubBlock &sub, float scale, float offset)
{
    sub.scale[0] = sub.scale[1] = scale;
    sub.offset[0] = sub.offset[1] = offset;
}

SubBlock subBlock(const BlockQ4_0 &block, uint32_t)
{
    SubBlock sub;
    numbers(block, 0, sub.q);
    const float d = halfToFloat(block.d);
    setBoth(sub, d, -8 * d);
    return sub;
}

SubBlock subBlock(const BlockQ8_0 &block, uint32_t)
{
    SubBlock sub;
    for (uint32_t i = 0; i < 32; ++i)
        sub.q[i] = static_cast<uint8_t>(block.q[i] + 128);
    const float d = halfToFloat(block.d);
    setBoth(sub, d, -128 * d);
    return sub;
}

/// Q4_K and Q5_K.
template <typename Block>
SubBlock subBlock(const Block &block, uint32_t j)
{
    SubBlock sub;
    numbers(block, j, sub.q);
    const SixBits bits = sixBits(block.scales, j);
    setBoth(sub, halfToFloat(block.d) * bits.scale, -halfToFloat(block.dmin) * bits.min);
    return sub;
}

SubBlock subBlock(const BlockQ6_K &block, uint32_t j)
{
    SubBlock sub;
    numbers(block, j, sub.q);
    const float d = halfToFloat(block.d);
    for (uint32_t h = 0; h < 2; ++h) {
        sub.scale[h] = d * block.scales[2 * j + h];
        sub.offset[h] = -32 * sub.scale[h];
    }
    return sub;
}

/// Σ over one sub-block: scale · (Σ number · q) · activation scale + offset · (Σ q · activation scale).
float dotSubBlock(const SubBlock &sub, const ActivationRow &x, uint32_t block)
{
    int32_t sums[2] = {0, 0};
    for (uint32_t i = 0; i < 32; ++i)
        sums[i / 16] += sub.q[i] * x.q[32 * block + i];
    const float products = sub.scale[0] * static_cast<float>(sums[0]) + sub.scale[1] * static_cast<float>(sums[1]);
    return products * x.scales[block] + sub.offset[0] * x.firstSums[block] + sub.offset[1] * x.secondSums[block];
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
    case GgmlType::Q8_0: return multiplyBlocks<BlockQ8_0, 32>(product, begin, end);
    case GgmlType::Q4_0: return multiplyBlocks<BlockQ4_0, 32>(product, begin, end);
    case GgmlType::Q4_K: return multiplyBlocks<BlockQ4_K, 256>(product, begin, end);
    case GgmlType::Q5_K: return multiplyBlocks<BlockQ5_K, 256>(product, begin, end);
    case GgmlType::Q6_K: return multiplyBlocks<BlockQ6_K, 256>(product, begin, end);
    default: return;   // refused when the model was loaded
    }
}

void quantizeRow(const float *x, uint32_t n, std::byte *row)
{
    auto *q = reinterpret_cast<int8_t *>(row);
    auto *floats = reinterpret_cast<float *>(row + n);
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
        floats[b] = scale;
        floats[n / 32 + b] = scale * static_cast<float>(sums[0]);
        floats[n / 32 * 2 + b] = scale * static_cast<float>(sums[1]);
    }
}

} // namespace

namespace plimsoll::engine::cpu {

const Kernels &scalarKernels()
{
    static const Kernels kernels = {
        .quantizeRow = quantizeRow,
        .multiply = multiply,
        .normalize = normalize<ScalarLanes>,
        .activate = activate<ScalarLanes>,
        .addScaled = addScaled<ScalarLanes>,
        .softcap = softcap<ScalarLanes>,
        .gate = gateRow<ScalarLanes>,
        .recur = recur<ScalarLanes>,
        .attend = attend<ScalarLanes>,
        .store = storeCells<ScalarLanes>,
    };
    return kernels;
}

} // namespace plimsoll::engine::cpu
