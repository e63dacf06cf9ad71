// SPDX-License-Identifier: Apache-2.0
#include <plimsoll/engine/base/thread_pool.h>
#include <plimsoll/engine/cpu/kernels.h>
#include <plimsoll/engine/quant/reference.h>

#include <benchmark/benchmark.h>

#include <cstring>
#include <random>
#include <string>
#include <vector>

/// Kernels alone, on one thread, at the shapes of a 1B model: rows for decoding in bytes of weights per second, panels for prompts in operations
/// (a multiplication and an addition are two) per second, and attention.
namespace {

using namespace plimsoll;
using namespace plimsoll::engine;
using namespace plimsoll::engine::cpu;

constexpr uint32_t columns = 2048;

/// Matrices of `rows` × 2048 with ordinary values, and activations for `tokens`.
struct Matrix
{
    std::vector<std::byte> weights;
    std::vector<float> x;
    std::vector<std::byte> quantized;
    std::vector<float> out;
    std::vector<std::byte> scratch;
    Product product;

    Matrix(const Kernels &kernels, GgmlType type, uint32_t rows, uint32_t tokens)
        : x(uint64_t{tokens} * columns), quantized(tokens * activationRowBytes(columns)), out(uint64_t{tokens} * rows), scratch(scratchBytes)
    {
        std::mt19937 random(1);
        std::normal_distribution<float> normal;
        for (float &v : x)
            v = normal(random);
        for (uint32_t t = 0; t < tokens; ++t)
            kernels.quantizeRow(x.data() + t * columns, columns, quantized.data() + t * activationRowBytes(columns));
        std::vector<float> row(columns);
        for (float &v : row)
            v = normal(random);
        product.rowBytes = *rowBytes(type, columns);
        weights.resize(product.rowBytes * rows);
        quantize(type, row, weights.data());
        for (uint32_t r = 1; r < rows; ++r)
            std::memcpy(weights.data() + r * product.rowBytes, weights.data(), product.rowBytes);
        product.weight = weights.data();
        product.type = type;
        product.rows = rows;
        product.columns = columns;
        product.x = x.data();
        product.xStride = columns;
        product.quantized = quantized.data();
        product.tokens = tokens;
        product.out = out.data();
        product.outStride = rows;
    }
};

void rowsTimesTokens(benchmark::State &state, InstructionSet set, GgmlType type, uint32_t rows, uint32_t tokens)
{
    const Kernels &kernels = kernelsOf(set);
    Matrix matrix(kernels, type, rows, tokens);
    for (auto _ : state) {
        kernels.multiply(matrix.product, 0, rows, matrix.scratch.data());
        benchmark::ClobberMemory();
    }
    const auto count = static_cast<double>(state.iterations());
    state.counters["weights"] = benchmark::Counter(count * static_cast<double>(matrix.weights.size()), benchmark::Counter::kIsRate);
    state.counters["ops"] = benchmark::Counter(count * 2 * rows * columns * tokens, benchmark::Counter::kIsRate);
}

void readMemory(benchmark::State &state)
{
    std::vector<uint64_t> memory(32 * 1024 * 1024, 1);
    for (auto _ : state) {
        uint64_t sums[8] = {};
        for (size_t i = 0; i < memory.size(); i += 8)
            for (size_t e = 0; e < 8; ++e)
                sums[e] += memory[i + e];
        benchmark::DoNotOptimize(sums);
    }
    state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(memory.size() * 8));
}

void quantizeRows(benchmark::State &state, InstructionSet set)
{
    const Kernels &kernels = kernelsOf(set);
    const std::vector<float> x(columns, 0.7f);
    std::vector<std::byte> out(activationRowBytes(columns));
    for (auto _ : state) {
        kernels.quantizeRow(x.data(), columns, out.data());
        benchmark::ClobberMemory();
    }
    state.SetItemsProcessed(state.iterations() * columns);
}

/// 4 query heads of 64 on one of 8 key-value heads; items are (query row, position) pairs.
void attend(benchmark::State &state, InstructionSet set, uint32_t tokens)
{
    const auto context = static_cast<uint32_t>(state.range(0));
    const Kernels &kernels = kernelsOf(set);
    AttentionSpec spec;
    spec.heads = 32;
    spec.kvHeads = 8;
    spec.headDimK = spec.headDimV = 64;
    spec.scale = 0.125f;
    std::vector<std::byte> k(uint64_t{context} * 1024);
    std::vector<std::byte> v(uint64_t{context} * 1024);
    std::vector<float> query(uint64_t{tokens} * 2048, 0.1f);
    std::vector<float> out(uint64_t{tokens} * 2048);
    std::vector<TokenRow> rows;
    for (uint32_t t = 0; t < tokens; ++t)
        rows.push_back({0, static_cast<int32_t>(context - tokens + t), 0, -1});
    std::vector<std::byte> scratch(scratchBytes);
    AttentionTask task;
    task.spec = &spec;
    task.cache = {k.data(), v.data(), GgmlType::F16, GgmlType::F16, context, 1024, 1024};
    task.tokens = rows.data();
    task.count = tokens;
    task.heads = 4;
    task.query = query.data();
    task.out = out.data();
    task.queryStride = task.outStride = 2048;
    for (auto _ : state) {
        kernels.attend(task, scratch.data());
        benchmark::ClobberMemory();
    }
    state.SetItemsProcessed(state.iterations() * tokens * 4 * context);
}

void emptyRegion(benchmark::State &state)
{
    ThreadPool pool(static_cast<uint32_t>(state.range(0)));
    for (auto _ : state)
        pool.forEach(pool.size(), 1, [](uint64_t, uint64_t, uint32_t) {});
}

} // namespace

int main(int argc, char **argv)
{
    benchmark::RegisterBenchmark("read memory", readMemory);
    benchmark::RegisterBenchmark("empty region", emptyRegion)->Arg(1)->Arg(2)->UseRealTime();
    for (const InstructionSet set : availableInstructionSets()) {
        const std::string prefix(name(set));
        for (const GgmlType type : cpuTraits().formats) {
            const std::string label = prefix + " " + std::string(name(type));
            benchmark::RegisterBenchmark((label + " decode from memory").c_str(), rowsTimesTokens, set, type, 65536u, 1u);
            benchmark::RegisterBenchmark((label + " decode from cache").c_str(), rowsTimesTokens, set, type, 64u, 1u);
            for (const uint32_t tokens : {2u, 4u, 8u, 16u, 128u, 512u})
                benchmark::RegisterBenchmark((label + " tokens " + std::to_string(tokens)).c_str(), rowsTimesTokens, set, type, 64u, tokens);
        }
        benchmark::RegisterBenchmark((prefix + " quantize activations").c_str(), quantizeRows, set);
        for (const uint32_t tokens : {1u, 2u, 8u})
            benchmark::RegisterBenchmark((prefix + " attention tokens " + std::to_string(tokens)).c_str(), attend, set, tokens)->Arg(512)->Arg(4096);
    }
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
