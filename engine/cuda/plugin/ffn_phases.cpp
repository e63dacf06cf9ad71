// SPDX-License-Identifier: Apache-2.0
#include "backend_impl.h"
#include "expert_groups.h"
#include "router.h"

namespace plimsoll::engine::cuda {

Input CudaBackend::multiplyGated(const FfnSpec &spec, const Tensor &gate, const Tensor &up, const float *gateBias, const float *upBias,
    const Input &input, const Tensor &next)
{
    const uint32_t width = next.columns;
    RowActivation work;
    work.activation = spec.activation;
    work.gate = m_buffers.ffnGate;
    work.gateBias = gateBias;
    work.upBias = upBias;
    work.quantized = wantsQuantized(next, input.count) ? m_buffers.quantized : nullptr;
    work.width = work.upStride = width;
    work.rows = input.count;
    if (gate) {
        const Product products[2] = {productOf(gate, input, m_buffers.ffnGate), productOf(up, input, m_buffers.ffnUp)};
        m_multiplier->multiply(products);
        work.up = m_buffers.ffnUp;
    } else if (spec.gated && up.rows == 2 * width) {
        const Product products[2] = {productOf(up, input, m_buffers.ffnGate, 0, width),
            productOf(up, input, m_buffers.ffnUp, width, width)};
        m_multiplier->multiply(products);
        work.up = m_buffers.ffnUp;
        work.gateBias = upBias;
        work.upBias = upBias ? upBias + width : nullptr;
    } else {
        m_multiplier->multiply(productOf(up, input, m_buffers.ffnGate));
        work.gateBias = upBias;
    }
    activateRows(m_stream, work);
    return {m_buffers.ffnGate, width, input.count};
}

void CudaBackend::ffn(const FfnPhase &what)
{
    phase([&] {
        const uint32_t columns = what.up.columns;
        const bool quantized = wantsQuantized(what.up, what.count) || (what.gate && wantsQuantized(what.gate, what.count));
        Input normed{m_buffers.normed, columns, what.count};
        if (!what.block->parallel)
            normed = normalizeHidden(what.norm, columns, what.count, quantized);
        else if (quantized)
            quantize(normed);
        const Input inner = multiplyGated(what.block->ffn, what.gate, what.up, what.gateBias, what.upBias, normed, what.down);
        const Norm &postNorm = what.postNorm;
        const float scale = what.block->residualScale;
        // The inner rows are quantized already.
        Product down = productOf(what.down, inner, m_buffers.mixed);
        down.bias = what.downBias;
        if (what.besideExperts) {
            // What the experts made lies in `mixed`; the normed input is done with.
            down.out = m_buffers.normed;
            m_multiplier->multiply(down);
            RowNorm own;
            own.norm = what.ownNorm;
            own.x = m_buffers.normed;
            own.out = m_buffers.mixed;
            own.xStride = own.outStride = own.columns = columns;
            own.rows = what.count;
            own.adds = true;
            normRows(m_stream, own);
            return addMixed(postNorm, scale, columns, what.count);
        }
        if (!postNorm.weight && !postNorm.plain && scale == 1.0f) {
            down.out = m_buffers.hidden;
            down.adds = true;
            return m_multiplier->multiply(down);
        }
        m_multiplier->multiply(down);
        addMixed(postNorm, scale, columns, what.count);
    });
}

void CudaBackend::router(const RouterPhase &what)
{
    phase([&] {
        const uint32_t columns = what.weight.columns;
        const Input normed = normalizeHidden(what.ownNorm.weight ? what.ownNorm : what.norm, columns, what.count,
            wantsQuantized(what.weight, what.count));
        m_multiplier->multiply(productOf(what.weight, normed, m_buffers.routerLogits));
        if (what.ownNorm.weight)
            normalizeHidden(what.norm, columns, what.count, false);
        RouterWork work;
        work.spec = what.block->ffn;
        work.logits = m_buffers.routerLogits;
        work.bias = what.bias;
        work.selectionBias = what.selectionBias;
        work.expertScale = what.expertScale;
        work.choices = reinterpret_cast<ExpertChoice *>(m_buffers.expertChoice);
        work.count = what.count;
        chooseExperts(m_stream, work);
    });
}

/// mixed = Σ weight · expert(normed). Every choice of a token has a row of its own from here to the sum.
void CudaBackend::addRouted(const ExpertsPhase &what)
{
    const FfnSpec &spec = what.block->ffn;
    const uint32_t columns = what.up.columns;
    const uint32_t width = what.down.columns;
    const uint32_t rows = what.count * spec.expertsUsed;
    const auto *const choices = reinterpret_cast<const ExpertChoice *>(m_buffers.expertChoice);
    const bool upQuantized = multipliesQuantized(what.up.type);
    const bool gateQuantized = what.gate ? multipliesQuantized(what.gate.type) : upQuantized;
    const bool downQuantized = multipliesQuantized(what.down.type);
    const bool large = m_multiplier->hasLargeGroups(what.up.type) && m_multiplier->hasLargeGroups(what.down.type)
        && (!what.gate || m_multiplier->hasLargeGroups(what.gate.type));
    ExpertGroups groups;
    if (what.count > mostVectorTokens && groupBytes(rows, spec.experts) <= WorkspacePlan::groups)
        groups = groupByExpert(m_stream, choices, rows, spec.experts,
            Multiplier::groupTokens(rows, spec.experts, large), m_buffers.workspace + WorkspacePlan::rotations);
    const Input normed{m_buffers.normed, columns, what.count};
    if (upQuantized || gateQuantized)
        quantize(normed);
    const auto chosen = [&](const Tensor &stack, const Input &input, float *out, uint32_t firstRow, uint32_t take, uint32_t share) {
        Product product = productOf(stack, input, out, firstRow, take);
        product.weightStep = uint64_t{stack.rows} * stack.rowBytes;
        product.choices = choices;
        product.share = share;
        m_multiplier->multiplyChosen(product, rows, groups);
    };
    RowActivation work;
    const bool joined = spec.gated && !what.gate;
    if (what.gate || joined) {
        chosen(joined ? what.up : what.gate, normed, m_buffers.ffnGate, 0, width, spec.expertsUsed);
        chosen(what.up, normed, m_buffers.ffnUp, joined ? width : 0, width, spec.expertsUsed);
        work.up = m_buffers.ffnUp;
        work.gateBias = what.gateBias;
        work.upBias = what.upBias;
    } else {
        chosen(what.up, normed, m_buffers.ffnGate, 0, width, spec.expertsUsed);
        work.gateBias = what.upBias;
    }
    work.activation = spec.activation;
    work.gate = m_buffers.ffnGate;
    work.upStride = work.width = width;
    work.rows = rows;
    work.choices = choices;
    work.weighted = spec.weightedInput;
    work.quantized = downQuantized ? m_buffers.quantized : nullptr;
    activateRows(m_stream, work);
    chosen(what.down, {m_buffers.ffnGate, width, rows}, m_buffers.expertRows, 0, what.down.rows, 1);
    sumExperts(m_stream, {m_buffers.expertRows, what.downBias, choices, !spec.weightedInput, m_buffers.mixed, columns, spec.expertsUsed,
        what.count});
}

/// normed = shared expert(normed); the logit of its own gate, where it has one, goes to `ffnUp`, one per token.
void CudaBackend::computeShared(const ExpertsPhase &what)
{
    const Input normed{m_buffers.normed, what.columns, what.count};
    if (wantsQuantized(what.sharedUp, what.count) || (what.sharedGate && wantsQuantized(what.sharedGate, what.count)))
        quantize(normed);
    const Input inner = multiplyGated(what.block->ffn, what.sharedGate, what.sharedUp, nullptr, nullptr, normed, what.sharedDown);
    if (what.sharedRouter) {
        if (wantsQuantized(what.sharedRouter, what.count))
            quantize(normed);
        m_multiplier->multiply(productOf(what.sharedRouter, normed, m_buffers.ffnUp));
        if (wantsQuantized(what.sharedDown, what.count))
            quantize(inner);
    }
    m_multiplier->multiply(productOf(what.sharedDown, inner, m_buffers.normed));
}

void CudaBackend::experts(const ExpertsPhase &what)
{
    phase([&] {
        using enum ExpertsPart;
        if (what.up && (what.part == Whole || what.part == Routed))
            addRouted(what);
        if (what.sharedUp && (what.part == Whole || what.part == Shared))
            computeShared(what);
        if (what.part == Routed || what.part == Shared)
            return;
        if (what.sharedUp)
            addShared(m_stream, {m_buffers.normed, what.sharedRouter ? m_buffers.ffnUp : nullptr, m_buffers.mixed, what.columns, what.count,
                what.up || what.part == Join});
        if (!what.besideDense)
            return addMixed(what.postNorm, what.block->residualScale, what.columns, what.count);
        if (!what.postNorm.weight && !what.postNorm.plain)
            return;
        RowNorm work;
        work.norm = what.postNorm;
        work.x = work.out = m_buffers.mixed;
        work.xStride = work.outStride = work.columns = what.columns;
        work.rows = what.count;
        normRows(m_stream, work);
    });
}

} // namespace plimsoll::engine::cuda
