// SPDX-License-Identifier: Apache-2.0
#include "selftest.h"

#include "text.h"

#include <plimsoll/engine/cpu/cpu_backend.h>
#include <plimsoll/engine/quant/reference.h>

#include <cmath>
#include <cstdio>
#include <random>

namespace plimsoll::engine {
namespace {

constexpr uint32_t columns = 512;   // two super-blocks
constexpr uint32_t rows = 96;       // not a multiple of any tile of 64
constexpr uint32_t threads = 2;

std::vector<float> randomValues(size_t count, uint64_t seed)
{
    std::mt19937_64 random(seed);
    std::normal_distribution<float> normal(0.0f, 1.0f);
    std::vector<float> values(count);
    for (float &value : values)
        value = normal(random);
    return values;
}

/// Weights of the engine's formats stored with this error at most, relative to their energy. A block of n bits over values of
/// a normal distribution, whose largest of 32 is about 2.3 σ: a step of 2·2.3σ/2^n gives step²/12. Doubled for unlucky blocks.
double storageTolerance(GgmlType type)
{
    if (type == GgmlType::F32)
        return 0;
    if (type == GgmlType::F16)
        return std::ldexp(1.0, -22);
    if (type == GgmlType::BF16)
        return std::ldexp(1.0, -16);
    // Beside the numbers lie scales of less than a bit each; only a scale and a minimum for 32 take a whole one.
    const double beside = type == GgmlType::Q4_1 || type == GgmlType::Q5_1 ? 1 : 0;
    const double step = 2 * 2.3 / std::exp2(std::floor(info(type).bitsPerWeight()) - beside);
    return 2 * step * step / 12;
}

/// Of a product: float32 sums for plain numbers, which may be rounded to the weight's own width first; activations rounded to 8 bits per
/// block for quantized weights, step 2.3σ/127 and error step²/12 = 2.7e-5, five times that for unlucky blocks and coarser groups.
double productTolerance(GgmlType type)
{
    switch (type) {
    case GgmlType::F32: return 1e-10;
    case GgmlType::F16: return 1e-6;
    case GgmlType::BF16: return 2e-5;
    default: return 1.4e-4;
    }
}

std::vector<std::byte> blocksOf(GgmlType type, const std::vector<float> &values)
{
    std::vector<std::byte> blocks(*rowBytes(type, values.size()));
    quantize(type, values, blocks.data());
    return blocks;
}

void checkStorage(GgmlType type, SelftestResults &results)
{
    const std::vector<float> values = randomValues(size_t{columns} * 16, 1);
    const std::vector<std::byte> blocks = blocksOf(type, values);
    std::vector<float> back(values.size());
    dequantize(type, blocks.data(), back);
    const double error = normalizedError(std::vector<double>(values.begin(), values.end()), back.data());
    const double bound = storageTolerance(type);
    results.push_back({"stored as " + std::string(name(type)), error <= bound, figure(error, bound)});
}

/// Memory of the output phase, sized as the traits say.
struct ProductBuffers
{
    std::vector<float> hidden, normed, outputRows, logits;
    std::vector<std::byte> quantized, workspace;
    std::vector<TokenRow> tokens;

    ProductBuffers(const BackendTraits &traits, uint32_t count)
        : hidden(size_t{count} * columns), normed(hidden.size()), outputRows(hidden.size()), logits(size_t{count} * rows),
          quantized(size_t{count} * columns / traits.activationBlockElements * traits.activationBlockBytes + traits.bufferAlignment),
          workspace(traits.workspaceFixed + threads * traits.workspacePerThread + traits.bufferAlignment)
    {
        for (uint32_t t = 0; t < count; ++t)
            tokens.push_back({0, static_cast<int32_t>(t), 0, static_cast<int32_t>(t)});
    }

    static std::byte *aligned(std::vector<std::byte> &bytes, uint32_t alignment)
    {
        void *start = bytes.data();
        size_t space = bytes.size();
        return static_cast<std::byte *>(std::align(alignment, space - alignment, start, space));
    }

    Buffers view(const BackendTraits &traits)
    {
        Buffers buffers;
        buffers.hidden = hidden.data();
        buffers.normed = normed.data();
        buffers.outputRows = outputRows.data();
        buffers.logits = logits.data();
        buffers.tokens = tokens.data();
        buffers.quantized = aligned(quantized, traits.bufferAlignment);
        buffers.workspace = aligned(workspace, traits.bufferAlignment);
        buffers.workspaceBytes = workspace.size() - traits.bufferAlignment;
        return buffers;
    }
};

void checkProduct(InstructionSet set, GgmlType type, uint32_t count, SelftestResults &results)
{
    ThreadPool pool(threads);
    const std::unique_ptr<Backend> backend = makeCpuBackend(pool, set);
    ProductBuffers memory(backend->traits(), count);
    memory.hidden = randomValues(size_t{count} * columns, 2);
    const std::vector<std::byte> weights = blocksOf(type, randomValues(size_t{rows} * columns, 3));
    const uint64_t stride = *rowBytes(type, columns);

    OutputPhase phase;
    phase.weight = Tensor{weights.data(), type, columns, rows, 1, stride};
    phase.count = phase.outputs = count;
    backend->bind(memory.view(backend->traits()));
    backend->output(phase);
    const Status done = backend->finish();

    std::vector<double> reference;
    for (uint32_t t = 0; t < count; ++t) {
        for (uint32_t r = 0; r < rows; ++r)
            reference.push_back(dot(type, weights.data() + r * stride, {memory.hidden.data() + size_t{t} * columns, columns}));
    }
    const double error = normalizedError(reference, memory.logits.data());
    const double bound = productTolerance(type);
    results.push_back({std::string(name(set)) + " × " + std::string(name(type))
            + (count == 1 ? ", one token" : ", " + std::to_string(count) + " tokens"),
        done.ok() && error <= bound, done ? figure(error, bound) : "the backend failed"});
}

} // namespace

std::string figure(double error, double bound)
{
    char text[64];
    std::snprintf(text, sizeof(text), "error %.1e, at most %.1e", error, bound);
    return text;
}

double normalizedError(const std::vector<double> &reference, const float *values)
{
    double difference = 0, energy = 0;
    for (size_t i = 0; i < reference.size(); ++i) {
        const double d = reference[i] - static_cast<double>(values[i]);
        difference += d * d;
        energy += reference[i] * reference[i];
    }
    if (!std::isfinite(difference))
        return INFINITY;
    return energy > 0 ? difference / energy : difference;
}

void checkKernels(SelftestResults &results)
{
    const std::vector<GgmlType> formats = cpuTraits().formats;
    for (GgmlType type : formats) {
        if (canQuantize(type))
            checkStorage(type, results);
    }
    for (InstructionSet set : availableInstructionSets()) {
        for (GgmlType type : formats) {
            for (uint32_t count : {1u, 11u}) {
                if (canQuantize(type))
                    checkProduct(set, type, count, results);
            }
        }
    }
}

} // namespace plimsoll::engine
