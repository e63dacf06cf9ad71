// SPDX-License-Identifier: Apache-2.0
#include "backend_impl.h"
#include "recurrence.h"

/// Recurrent mixers in three steps: the projections, cut into what each row holds; the convolution, in place; the recurrence, head by head.
namespace plimsoll::engine::cuda {

void CudaBackend::projectDeltaNet(const RecurrentPhase &what, const Input &input, std::vector<Product> &products)
{
    const RecurrentSpec &spec = what.block->recurrent;
    const uint32_t inner = spec.valueWidth();
    const uint32_t keys = spec.keyWidth();
    const uint32_t group = spec.stateHeads / spec.keyHeads;
    const uint32_t rates = 2 * spec.stateHeads;
    if (what.all) {
        const uint32_t values = group * spec.headDimV;
        const uint32_t step = 2 * spec.headDimK + 2 * values;   // rows of a key head
        const auto cut = [&](float *out, uint32_t width, uint32_t first, uint32_t rows) {
            products.push_back(cutProduct(what.all, input, out, width, first, rows, spec.keyHeads, step, rows));
        };
        cut(m_buffers.query, spec.convChannels, 0, spec.headDimK);
        cut(m_buffers.query + keys, spec.convChannels, spec.headDimK, spec.headDimK);
        cut(m_buffers.query + 2 * keys, spec.convChannels, 2 * spec.headDimK, values);
        cut(m_buffers.key, inner, 2 * spec.headDimK + values, values);
    } else {
        products.push_back(productOf(what.mixed, input, m_buffers.query));
        products.push_back(productOf(what.gate, input, m_buffers.key));
    }
    if (what.rates) {
        for (const uint32_t part : {0u, 1u})
            products.push_back(cutProduct(what.rates, input, m_buffers.value + part * spec.stateHeads, rates, part * group, group,
                spec.keyHeads, 2 * group, group));
        return;
    }
    products.push_back(cutProduct(what.writeRate, input, m_buffers.value, rates, 0, spec.stateHeads));
    products.push_back(cutProduct(what.decayRate, input, m_buffers.value + spec.stateHeads, rates, 0, spec.stateHeads));
}

/// Query: what is convolved. Key: the gates. Value: the rates; for a short convolution the gate behind it.
void CudaBackend::projectRecurrent(const RecurrentPhase &what, const Input &input)
{
    const RecurrentSpec &spec = what.block->recurrent;
    std::vector<Product> products;
    if (what.block->mixer == MixerKind::GatedDelta) {
        projectDeltaNet(what, input, products);
    } else if (what.block->mixer == MixerKind::Mamba2) {
        const uint32_t values = spec.valueWidth();
        products.push_back(productOf(what.all, input, m_buffers.key, 0, values));
        products.push_back(productOf(what.all, input, m_buffers.query, values, spec.convChannels));
        products.push_back(productOf(what.all, input, m_buffers.value, values + spec.convChannels, spec.stateHeads));
    } else {
        uint32_t first = 0;
        for (float *const out : {m_buffers.key, m_buffers.value, m_buffers.query}) {
            products.push_back(productOf(what.all, input, out, first, spec.convChannels));
            first += spec.convChannels;
        }
    }
    m_multiplier->multiply(products);
}

void CudaBackend::recurrent(const RecurrentPhase &what)
{
    phase([&] {
        const RecurrentSpec &spec = what.block->recurrent;
        const MixerKind mixer = what.block->mixer;
        const Tensor &first = what.all ? what.all : what.mixed;
        bool quantized = false;
        const uint32_t cuts = mixer == MixerKind::GatedDelta ? spec.keyHeads : 1;   // of what holds everything together
        for (const Tensor *each : {&what.all, &what.rates})
            quantized = quantized || (*each && wantsQuantized(*each, what.count, cuts));
        for (const Tensor *each : {&what.mixed, &what.gate, &what.writeRate, &what.decayRate})
            quantized = quantized || (*each && wantsQuantized(*each, what.count));
        projectRecurrent(what, normalizeHidden(what.norm, first.columns, what.count, quantized));
        Convolution convolution;
        convolution.spec = spec;
        convolution.rows = m_buffers.query;
        convolution.gates = mixer == MixerKind::ShortConv ? m_buffers.key : nullptr;
        convolution.taps = what.convolution;
        convolution.bias = what.convolutionBias;
        convolution.states = what.state.data;
        convolution.tokens = m_buffers.tokens;
        convolution.count = what.count;
        convolve(m_stream, convolution);
        if (mixer == MixerKind::ShortConv)
            return multiplyRows(m_stream, m_buffers.query, m_buffers.value, uint64_t{what.count} * spec.convChannels,
                m_buffers.attentionOut);
        Recurrence work;
        work.spec = spec;
        work.delta = mixer == MixerKind::GatedDelta;
        work.rows = m_buffers.query;
        work.gates = m_buffers.key;
        work.rates = m_buffers.value;
        work.decay = what.decay;
        work.decayBias = what.decayBias;
        work.skip = what.skip;
        work.outNorm = what.outNorm;
        work.epsilon = what.norm.epsilon;
        work.states = what.state.data;
        work.out = m_buffers.attentionOut;
        work.tokens = m_buffers.tokens;
        work.count = what.count;
        recur(m_stream, work);
        if (mixer != MixerKind::Mamba2 || !what.outNorm.weight)
            return;
        RowNorm norm;
        norm.norm = what.outNorm;
        norm.x = norm.out = m_buffers.attentionOut;
        norm.xStride = norm.outStride = spec.valueWidth();
        norm.columns = spec.valueWidth() / spec.keyHeads;
        norm.units = spec.keyHeads;
        norm.weightsOfEach = true;
        norm.rows = what.count;
        normRows(m_stream, norm);
    });
}

} // namespace plimsoll::engine::cuda
