// SPDX-License-Identifier: Apache-2.0
#include <plimsoll/catalog/catalog.h>
#include <plimsoll/model/checkpoint_format.h>
#include <plimsoll/model/mix.h>
#include <plimsoll/layout/place_rule.h>
#include <plimsoll/layout/tensor_parallel.h>
#include <plimsoll/runtime/launch_command.h>
#include <plimsoll/runtime/llama_graph.h>
#include <plimsoll/runtime/llama_memory.h>
#include <plimsoll/runtime/scratch_graph.h>

#include "model_dims.h"

#include <QTest>

using namespace plimsoll;

namespace {

ModelShape llama8b()
{
    ModelDims d;
    d.architecture = "llama";
    d.layers = 32;
    d.embedding = 4096;
    d.vocabulary = 128256;
    d.heads = 32;
    d.kvHeads = 8;
    d.headDim = 128;
    d.width = 14336;
    return shapeOfDims(d);
}

ModelShape mixtral()
{
    ModelDims d;
    d.architecture = "llama";
    d.layers = 32;
    d.embedding = 4096;
    d.vocabulary = 32000;
    d.heads = 32;
    d.kvHeads = 8;
    d.headDim = 128;
    d.experts = 8;
    d.expertsUsed = 2;
    d.expertWidth = 14336;
    return shapeOfDims(d);
}

ModelShape deepseekV3()
{
    ModelDims d;
    d.architecture = "deepseek2";
    d.layers = 61;
    d.embedding = 7168;
    d.vocabulary = 129280;
    d.heads = 128;
    d.width = 18432;
    d.experts = 256;
    d.expertsUsed = 8;
    d.expertWidth = d.sharedWidth = 2048;
    d.denseLayers = 3;
    d.queryRank = 1536;
    d.latentRank = 512;
    d.ropeDim = 64;
    d.nopeDim = d.valueDim = 128;
    return shapeOfDims(d);
}

std::vector<LlamaDeviceMemory> memoryOf(const ModelShape &shape, FileType type, const Placement &placement, size_t devices,
    const LlamaOptions &options)
{
    auto memory = llamaMemory(shape, mixTypes(shape, type), placement, devices, options);
    return memory.ok() ? *memory : std::vector<LlamaDeviceMemory>(devices);
}

std::vector<uint32_t> layersOfGpus(const ModelShape &shape, const Placement &placement, size_t gpus)
{
    std::vector<uint32_t> counts(gpus, 0);
    const auto pieces = piecesOf(shape);
    for (size_t i = 0; i < pieces.size(); ++i)
        if (pieces[i].kind == PieceKind::Kv && placement.devices[i] > 0)
            ++counts[placement.devices[i] - 1];
    return counts;
}

} // namespace

class TestRuntime : public QObject
{
    Q_OBJECT

private slots:
    void scratchIsSharedByLifetimes()
    {
        ScratchGraph chain;
        auto value = chain.make(1024, {});
        for (int i = 0; i < 10; ++i)
            value = chain.make(1024, {value});
        QCOMPARE(chain.peak(), uint64_t{2048});   // one is read while the next is made

        ScratchGraph inPlace;
        value = inPlace.make(1024, {});
        for (int i = 0; i < 10; ++i)
            value = inPlace.make(1024, {value}, true);
        QCOMPARE(inPlace.peak(), uint64_t{1024});

        ScratchGraph kept;
        const auto mask = kept.input(512, true);
        value = kept.make(1024, {mask});
        kept.make(512, {value});
        kept.make(512, {});
        QCOMPARE(kept.peak(), uint64_t{512 + 1024 + 512});
    }

    void viewsHoldWhatTheyLookAt()
    {
        ScratchGraph graph;
        const auto whole = graph.make(1024, {});
        const auto part = graph.view(whole);
        const auto other = graph.make(1024, {});
        graph.make(1024, {part, other}, true);   // takes the place of the other: a view has none to give
        QCOMPARE(graph.peak(), uint64_t{2048});
    }

    void readByTwoIsNotTakenOver()
    {
        ScratchGraph graph;
        const auto value = graph.make(1024, {});
        const auto first = graph.make(1024, {value}, true);
        graph.make(1024, {value, first}, true);
        QCOMPARE(graph.peak(), uint64_t{2048});
    }

    /// Logs of llama.cpp, builds 2797 to 2833 (April and May 2024), Llama 3 8B Q4_K_M, without flash attention.
    void buffersOfLogs()
    {
        const ModelShape shape = llama8b();
        LlamaOptions options;
        options.flashAttention = false;
        options.embeddingInput = false;
        options.context = 8192;
        const Placement two = llamaPlacement(shape, 33, {1, 1});
        const auto memory = memoryOf(shape, FileType::Q4_K_M, two, 3, options);
        QCOMPARE(qRound(memory[1].kv.mib()), 544);
        QCOMPARE(qRound(memory[2].kv.mib()), 480);
        QCOMPARE(qRound(memory[1].compute.mib()), 640);
        QCOMPARE(qRound(memory[2].compute.mib()), 640);
        QCOMPARE(qRound(memory[0].compute.mib()), 72);
        QCOMPARE(QString::number(memory[0].output.mib(), 'f', 2), "0.49");
        QCOMPARE(QString::number(memory[1].weights.mib(), 'f', 2), "2113.28");
        QCOMPARE(QString::number(memory[2].weights.mib(), 'f', 2), "2290.21");

        options.context = 512;
        const auto one = memoryOf(shape, FileType::Q4_K_M, llamaPlacement(shape, 33, {}), 2, options);
        QCOMPARE(QString::number(one[1].compute.mib(), 'f', 1), "258.5");
    }

    void layersGoToGpusAsLlamaSplitsThem()
    {
        const ModelShape shape = llama8b();
        QCOMPARE(layersOfGpus(shape, llamaPlacement(shape, 33, {1, 1}), 2), (std::vector<uint32_t>{17, 15}));
        QCOMPARE(layersOfGpus(shape, llamaPlacement(shape, 33, {1, 1, 1, 1}), 4), (std::vector<uint32_t>{9, 8, 8, 7}));
        QCOMPARE(layersOfGpus(shape, llamaPlacement(shape, 33, {1, 1, 1, 1, 1, 1}), 6), (std::vector<uint32_t>{6, 5, 6, 5, 6, 4}));
        QCOMPARE(layersOfGpus(shape, llamaPlacement(shape, 10, {}), 1), (std::vector<uint32_t>{9}));
        QCOMPARE(llamaPlacement(shape, 0, {}).devices, hostPlacement(shape).devices);
    }

    void optionsGiveThePlacementBack()
    {
        const ModelShape shape = mixtral();
        for (const uint32_t layers : {0u, 1u, 7u, 20u, 33u}) {
            for (const uint32_t experts : {0u, 5u, 32u}) {
                for (const std::vector<double> &shares : {std::vector<double>{}, {1, 1}, {3, 1, 2}}) {
                    const Placement placement = llamaPlacement(shape, layers, shares, experts);
                    const LlamaPlacementOptions options = llamaPlacementOptions(shape, placement);
                    const std::vector<double> split(options.split.begin(), options.split.end());
                    const Placement again = llamaPlacement(shape, options.gpuLayers, split, options.expertLayersInRam);
                    QVERIFY(options.overrides.empty());
                    QCOMPARE(again.devices, placement.devices);
                }
            }
        }
    }

    void predictionBlocksCountAsLayers()
    {
        ModelShape shape = llama8b();
        shape.predictionBlocks = 1;
        QCOMPARE(layersOfGpus(shape, llamaPlacement(shape, 34, {}), 1), (std::vector<uint32_t>{32}));
        QCOMPARE(layersOfGpus(shape, llamaPlacement(shape, 33, {}), 1), (std::vector<uint32_t>{31}));
        const Placement two = llamaPlacement(shape, 34, {1, 1});
        const LlamaPlacementOptions options = llamaPlacementOptions(shape, two);
        QCOMPARE(options.gpuLayers, 34u);
        QCOMPARE(options.split, (std::vector<uint32_t>{17, 17}));
        QCOMPARE(llamaPlacement(shape, 34, {17, 17}).devices, two.devices);
    }

    void runOptionsAreAskedOfTheServer()
    {
        RunOptions run;
        run.context = 8192;
        run.sequences = 4;
        run.batch = 256;
        const LlamaOptions options = llamaOptions(llama8b(), run);
        QCOMPARE(options.context, 32768u);
        QCOMPARE(options.microBatch, 256u);
        QCOMPARE(options.outputs, 4u);
        run.context = 1u << 31;
        const ModelShape shape = llama8b();
        const WeightTypes types = mixTypes(shape, FileType::Q4_0);
        QVERIFY(!llamaMemory(shape, types, hostPlacement(shape), 1, llamaOptions(shape, run)).ok());
    }

    void whatLayersCannotSayIsOverridden()
    {
        const ModelShape shape = mixtral();
        Placement placement = llamaPlacement(shape, 33, {});
        const auto pieces = piecesOf(shape);
        for (size_t i = 0; i < pieces.size(); ++i)
            if (pieces[i].kind == PieceKind::Experts && (pieces[i].layer == 3 || pieces[i].layer == 30))
                placement.devices[i] = hostDevice;
        const LlamaPlacementOptions options = llamaPlacementOptions(shape, placement);
        QCOMPARE(options.expertLayersInRam, 0u);
        QCOMPARE(options.overrides.size(), size_t{1});
        QCOMPARE(QString::fromStdString(options.overrides[0]), "blk\\.(3|30)\\.ffn_(up|gate|down|gate_up)_exps=CPU");
    }

    void cellsOfWindows()
    {
        BlockSpec block;
        block.attention.window = 128;
        LlamaOptions options;
        options.context = 131072;
        QCOMPARE(llamaCells(block, options), uint64_t{768});   // 128 + 512, in steps of 256
        options.sequences = 4;
        options.unifiedCache = true;
        block.attention.window = 1024;
        options.microBatch = 2048;
        QCOMPARE(llamaCells(block, options), uint64_t{4 * 1024 + 2048});
        options.fullWindows = true;
        QCOMPARE(llamaCells(block, options), uint64_t{131072});
        options.unifiedCache = false;
        QCOMPARE(llamaCells(block, options) * llamaStreams(options), uint64_t{131072});
    }

    void latentCache()
    {
        const ModelShape shape = deepseekV3();
        LlamaOptions options;
        options.context = 1024;
        const auto host = hostPlacement(shape);
        QCOMPARE(memoryOf(shape, FileType::Q8_0, host, 1, options)[0].kv.value, uint64_t{70272} * 1024);
        options.latentForm = LatentForm::Expanded;
        QCOMPARE(memoryOf(shape, FileType::Q8_0, host, 1, options)[0].kv.value, uint64_t{61} * 128 * (192 + 128) * 2 * 1024);
    }

    void nonsenseIsRefused()
    {
        const ModelShape shape = llama8b();
        const WeightTypes types = mixTypes(shape, FileType::Q4_0);
        const Placement placement = hostPlacement(shape);
        const auto refused = [&](LlamaOptions options) {
            const auto memory = llamaMemory(shape, types, placement, 1, options);
            return !memory.ok() && memory.error().code == ErrorCode::InvalidArgument;
        };
        LlamaOptions options;
        options.context = 0;
        QVERIFY(refused(options));
        options = {};
        options.microBatch = 0;
        QVERIFY(refused(options));
        options.microBatch = UINT32_MAX;
        QVERIFY(refused(options));
        options = {};
        options.sequences = 0;
        QVERIFY(refused(options));
        options = {};
        options.flashAttention = false;
        options.kvTypeV = GgmlType::Q8_0;
        QVERIFY(refused(options));
        QVERIFY(!llamaMemory(shape, types, llamaPlacement(shape, 33, {}), 1, {}).ok());   // a GPU that is not there
        QVERIFY(!llamaMemory(shape, {}, placement, 1, {}).ok());
    }

    /// Prediction blocks take weights like the last block's, and a context of their own.
    void predictionBlocks()
    {
        ModelShape shape = llama8b();
        const WeightTypes types = typesOf(shape);
        const Placement placement = layerPlacement(shape, shape.layers() + 1, {1.0});
        LlamaOptions options;
        options.context = 8192;
        options.predictionContext = true;
        const auto none = llamaMemory(shape, types, placement, 2, options);
        shape.predictionBlocks = 1;
        const auto one = llamaMemory(shape, types, placement, 2, options);
        QVERIFY(none.ok() && one.ok());
        QCOMPARE((*one)[1].kv.value - (*none)[1].kv.value, uint64_t{8192} * 2 * 1024 * 2);
        QCOMPARE((*none)[1].kv.value, 32 * ((*one)[1].kv.value - (*none)[1].kv.value));
        uint64_t last = 0;
        for (size_t i = 0; i < shape.tensors.size(); ++i)
            last += shape.tensors[i].layer == 31 ? shape.tensors[i].bytes(types[i]).value : 0;
        QCOMPARE((*one)[1].weights.value - (*none)[1].weights.value, last + 2 * 4096 * 4096 * 2);
        QVERIFY((*one)[1].compute > (*none)[1].compute);
    }

    /// Tables that rows are looked up in stay in RAM; what the embedding is projected by goes with the first layer. A published log of
    /// E2B, all of it on one GPU, shows 1756.00 MiB in RAM: one table at 4.5 bits, the other at 5.5, and nothing else.
    void inputsOfEachLayer()
    {
        const auto catalog = loadCatalog(PLIMSOLL_SOURCE "/resources/catalog");
        QVERIFY(catalog.ok());
        const ModelShape &shape = (*catalog->model("gemma-4-e2b"))->shape;
        WeightTypes types = mixTypes(shape, FileType::Q4_0);
        uint64_t projection = 0;
        for (size_t i = 0; i < shape.tensors.size(); ++i) {
            const TensorRole role = shape.tensors[i].role;
            types[i] = role == TensorRole::TokenEmbedding ? GgmlType::Q4_K : role == TensorRole::LayerEmbedding ? GgmlType::Q5_K : types[i];
            const bool projects = role == TensorRole::LayerEmbeddingProj || role == TensorRole::LayerEmbeddingNorm;
            projection += projects ? shape.tensors[i].bytes(types[i]).value : 0;
        }
        LlamaOptions options;
        options.outputs = 1;
        const auto all = llamaMemory(shape, types, llamaPlacement(shape, 99, {}), 2, options);
        QVERIFY(all.ok());
        QVERIFY(std::abs((*all)[0].weights.mib() - 1756.0) < 0.01);
        QVERIFY((*all)[1].weights.value > projection);
        // All layers on the GPU but the first: the projection is in RAM with it.
        const auto most = llamaMemory(shape, types, llamaPlacement(shape, 35, {}), 2, options);
        QVERIFY(most.ok());
        QVERIFY((*most)[0].weights.value > (*all)[0].weights.value + projection);
        const auto without = llamaMemory(shape, types, hostPlacement(shape), 2, options);
        QCOMPARE((*without)[0].weights, weightBytes(shape, types));
        QCOMPARE((*without)[1].total(), Bytes{});
    }

    void inputsOfEachLayerWhileComputing()
    {
        const auto catalog = loadCatalog(PLIMSOLL_SOURCE "/resources/catalog");
        QVERIFY(catalog.ok());
        const ModelShape &shape = (*catalog->model("gemma-4-e2b"))->shape;
        ModelShape plain = shape;
        plain.layerInput = 0;
        LlamaOptions options;
        options.outputs = 1;
        const auto compute = [&](const ModelShape &of, uint32_t layers) {
            return llamaComputeBytes(of, mixTypes(of, FileType::Q4_0), llamaPlacement(of, layers, {}), 2, options);
        };
        const uint64_t all = uint64_t{512} * 35 * 256 * 4;   // of a micro-batch, for every layer
        const uint64_t each = all / 35;
        // In RAM the rows that are looked up and their second list of tokens, beside the residual stream.
        QCOMPARE(compute(shape, 99)[0].value, compute(plain, 99)[0].value + all + 512 * 4);
        // On the GPU the sum for all layers lasts until the last, partly where the first layers left room; three are alive while it is made.
        QVERIFY(compute(shape, 99)[1].value > compute(plain, 99)[1].value + all / 2);
        QVERIFY(compute(shape, 99)[1].value <= compute(plain, 99)[1].value + 3 * all);
        // Ten layers on the GPU get their ten parts as it begins.
        const uint64_t ten = compute(shape, 11)[1].value - compute(plain, 11)[1].value;
        QVERIFY(ten >= 9 * each && ten <= 11 * each);
        QVERIFY(compute(shape, 11)[0].value > compute(plain, 11)[0].value + all / 2);
    }

    void checkpointsOfServers()
    {
        const ModelShape shape = llama8b();
        uint64_t linear = 0;
        uint64_t rows = 0;
        uint64_t inputs = 0;
        uint64_t rest = 0;
        uint64_t matrices = 0;
        for (const TensorSpec &tensor : shape.tensors) {
            if (tensor.layer < 0 || tensor.dimensions < 2) {
                rest += tensor.elements();
                continue;
            }
            linear += tensor.elements();
            inputs += tensor.dims[0];
            rows += tensor.dims[1];
            ++matrices;
        }
        const auto bytes = [&](CheckpointFormat format, uint32_t group = 128) {
            CheckpointOptions options;
            options.format = format;
            options.groupSize = group;
            return checkpointBytes(shape, options).value;
        };
        QCOMPARE(linear, uint64_t{6979321856});
        QCOMPARE(bytes(CheckpointFormat::Bf16), 2 * (linear + rest));
        QCOMPARE(bytes(CheckpointFormat::Fp8Tensor), linear + 8 * matrices + 2 * rest);
        QCOMPARE(bytes(CheckpointFormat::Fp8Channel), linear + 4 * rows + 2 * rest);
        QCOMPARE(bytes(CheckpointFormat::Fp8Block), linear + linear / 128 / 128 * 4 + 2 * rest);
        QCOMPARE(bytes(CheckpointFormat::Int8Channel), linear + 4 * rows + 2 * rest);
        // Half a byte each; per group of 128 two bytes of scale and half a byte of zero point.
        QCOMPARE(bytes(CheckpointFormat::Awq4), linear / 2 + linear / 128 * 5 / 2 + 2 * rest);
        QCOMPARE(bytes(CheckpointFormat::Gptq4), linear / 2 + linear / 128 * 5 / 2 + 4 * inputs + 2 * rest);
        QCOMPARE(bytes(CheckpointFormat::Awq4, 32), linear / 2 + linear / 32 * 5 / 2 + 2 * rest);
        QCOMPARE(bytes(CheckpointFormat::Nf4), linear / 2 + linear / 64 * 4 + 64 * matrices + 2 * rest);
        QCOMPARE(bytes(CheckpointFormat::Nf4Double),
            linear / 2 + linear / 64 + linear / 64 / 256 * 4 + (64 + 1024) * matrices + 2 * rest);
        QCOMPARE(checkpointFormatFromName("awq-4bit"), std::optional(CheckpointFormat::Awq4));
        QVERIFY(!checkpointFormatFromName("awq"));
    }

    void pagedServers()
    {
        const ModelShape shape = deepseekV3();
        std::vector<Bytes> weights;
        for (const TensorSpec &tensor : shape.tensors)
            weights.push_back(checkpointBytes(tensor, {CheckpointFormat::Fp8Block}));
        PagedServerOptions options;
        options.tensorParallel = 8;
        options.context = 8192;
        // The latent lies whole on every card.
        QCOMPARE(pagedCache(shape, options, 16).value, uint64_t{70272} * 16);
        const auto eight = pagedServerMemory(shape, weights, mib(81559), mib(500), options);
        QVERIFY(eight.ok());
        QVERIFY(!eight->fits);   // 8 × 80 GB do not hold it at nine tenths
        QVERIFY(eight->shortage > Bytes{});
        options.pipelineParallel = 2;
        const auto sixteen = pagedServerMemory(shape, weights, mib(81559), mib(500), options);
        QVERIFY(sixteen.ok() && sixteen->fits);
        QVERIFY(sixteen->weights.value < eight->weights.value * 6 / 10);
        QVERIFY(sixteen->concurrency > 50);
        QCOMPARE(sixteen->tokens, sixteen->blocks * 16);

        options.tensorParallel = 12;
        QVERIFY(!pagedServerMemory(shape, weights, mib(81559), mib(500), options).ok());   // 128 heads by 12 cards
        options.tensorParallel = 8;
        options.memoryShare = 1.5;
        QVERIFY(!pagedServerMemory(shape, weights, mib(81559), mib(500), options).ok());
        options.memoryShare = 0.9;
        options.pipelineParallel = 62;
        QVERIFY(!pagedServerMemory(shape, weights, mib(81559), mib(500), options).ok());
    }

    void cardsThatDivideTheHeads()
    {
        ModelShape shape;
        shape.blocks.resize(2);
        shape.blocks[0].attention.heads = 24;
        shape.blocks[1].attention.heads = 36;
        QCOMPARE(tensorParallelCards(shape, 0), 1u);
        QCOMPARE(tensorParallelCards(shape, 4), 4u);
        QCOMPARE(tensorParallelCards(shape, 8), 6u);
        std::swap(shape.blocks[0], shape.blocks[1]);
        QCOMPARE(tensorParallelCards(shape, 9), 6u);
        QCOMPARE(tensorParallelCards({}, 8), 8u);
    }

    /// The fullest card of a group and that of a server hold the same of everything but what servers keep whole.
    void groupsAndServersDivideAlike()
    {
        for (const bool latent : {false, true}) {
            const ModelShape shape = latent ? deepseekV3() : llama8b();
            for (const uint32_t cards : {1u, 2u, 4u, 8u}) {
                uint64_t whole = 0;
                uint64_t served = 0;
                for (const TensorSpec &tensor : shape.tensors) {
                    const Bytes bytes{tensor.elements() * 2};
                    served += shareOfCard(shape, tensor, bytes, cards).value;
                    const bool kept = cutOf(tensor) == TensorCut::Whole || cutOf(tensor) == TensorCut::LatentProjection;
                    whole += kept ? bytes.value : partOf(bytes.value, cards);
                }
                QCOMPARE(served, whole);
                QVERIFY(headsDivide(shape, cards));
                QCOMPARE(keyValueParts(shape.blocks[0], cards), latent ? 1u : cards);
            }
            QVERIFY(!headsDivide(shape, 3));
        }
        QCOMPARE(keyValueParts(llama8b().blocks[0], 16), 8u);
        ModelShape uneven = llama8b();
        uneven.blocks[0].attention.heads = 40;
        QCOMPARE(tensorParallelCards(uneven, 5), 4u);   // 40 heads would divide, their 8 of keys would not
        for (const uint64_t whole : {uint64_t{0}, uint64_t{7}, uint64_t{8}, UINT64_MAX})
            QCOMPARE(partOf(whole, 4), whole / 4 + (whole % 4 > 0 ? 1 : 0));
    }

    void keysOfFewHeadsAreOnSeveralCards()
    {
        const ModelShape shape = llama8b();
        PagedServerOptions options;
        options.tensorParallel = 16;
        QCOMPARE(pagedCache(shape, options, 16).value, uint64_t{32} * 2 * 128 * 2 * 16);   // one of eight heads
        options.tensorParallel = 4;
        QCOMPARE(pagedCache(shape, options, 16).value, uint64_t{32} * 2 * 128 * 2 * 2 * 16);
    }

    void commands()
    {
        const ModelShape shape = mixtral();
        LlamaOptions options;
        options.context = 16384;
        options.kvTypeK = options.kvTypeV = GgmlType::Q8_0;
        const auto placed = llamaPlacementOptions(shape, llamaPlacement(shape, 33, {1, 1}, 4));
        QCOMPARE(QString::fromStdString(llamaCommand("a model.gguf", options, placed)),
            "llama-server -m 'a model.gguf' -c 16384 -b 2048 -ub 512 -np 1 -fa on -ctk q8_0 -ctv q8_0 -ngl 33 -ts 17,16 "
            "--n-cpu-moe 4 --fit off");
        RunOptions run;
        run.context = 8192;
        run.sequences = 2;
        const QString serve = "plimsoll-engine serve --model m.gguf --ctx 8192 --batch 512 --parallel 2 --kv-type F16 ";
        const auto launched = [&](const Placement &placement) {
            return QString::fromStdString(plimsollCommand("m.gguf", run, shape, placement));
        };
        for (const uint32_t layers : {0u, 12u, 33u})
            QCOMPARE(launched(layerPlacement(shape, layers, {})), serve + "--gpu-layers " + QString::number(layers));
        QCOMPARE(launched(layerPlacement(shape, 33, {1, 1})),
            serve + "--place mixer:0-15=1 --place mixer:16-31=2 --place ffn:0-15=1 --place ffn:16-31=2 --place experts:0-15=1 "
                    "--place experts:16-31=2 --place output=2");
        Placement byHand = layerPlacement(shape, 33, {}, true);
        QVERIFY(applyRules({*placeRuleFrom("experts:8-31=disk"), *placeRuleFrom("embedding=disk")}, shape, 1, byHand).ok());
        QCOMPARE(launched(byHand),
            serve + "--place embedding=disk --place mixer:0-31=1 --place ffn:0-31=1 --place experts:8-31=disk --place output=1");
        PagedServerOptions server;
        server.tensorParallel = 8;
        server.pipelineParallel = 2;
        server.context = 8192;
        QCOMPARE(QString::fromStdString(vllmCommand({"deepseek-ai/DeepSeek-R1", "", 8000}, server)),
            "vllm serve deepseek-ai/DeepSeek-R1 --tensor-parallel-size 8 --pipeline-parallel-size 2 --max-model-len 8192 "
            "--max-num-seqs 256 --max-num-batched-tokens 8192 --gpu-memory-utilization 0.9 --port 8000");
        QCOMPARE(QString::fromStdString(sglangCommand({"q/m", "awq", 30000}, server)),
            "python3 -m sglang.launch_server --model-path q/m --quantization awq --tp-size 8 --pp-size 2 --context-length 8192 "
            "--max-running-requests 256 --chunked-prefill-size 8192 --mem-fraction-static 0.9 --port 30000");
        const QString manifest = QString::fromStdString(kubernetesManifest("DeepSeek R1!", {"a/\"b\"", "", 8000}, server));
        QVERIFY(manifest.contains("  name: deepseek-r1\n"));
        QVERIFY(manifest.contains("nvidia.com/gpu: 16\n"));
        QVERIFY(manifest.contains("            - \"a/\\\"b\\\"\"\n"));
        QCOMPARE(QString::fromStdString(shellQuoted("it's")), "'it'\\''s'");
        QCOMPARE(QString::fromStdString(shellQuoted("")), "''");
    }
};

QTEST_GUILESS_MAIN(TestRuntime)
#include "tst_runtime.moc"
