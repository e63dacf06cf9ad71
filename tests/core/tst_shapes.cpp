// SPDX-License-Identifier: Apache-2.0
#include <plimsoll/catalog/catalog.h>
#include <plimsoll/gguf/gguf.h>
#include <plimsoll/gguf/writer.h>
#include <plimsoll/model/architecture.h>

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <cmath>

using namespace plimsoll;

namespace {

Catalog shippedCatalog()
{
    auto catalog = loadCatalog(PLIMSOLL_SOURCE "/resources/catalog");
    return catalog.ok() ? std::move(*catalog) : Catalog{};
}

uint64_t elementsOf(const ModelShape &shape, TensorRole role)
{
    uint64_t sum = 0;
    for (const TensorSpec &tensor : shape.tensors)
        sum += tensor.role == role ? tensor.elements() : 0;
    return sum;
}

/// A tiny llama file: names and dims as given by the caller's change.
struct TinyLlama
{
    uint32_t blocks = 1;
    uint32_t heads = 4;
    uint32_t kvHeads = 2;
    uint64_t embedding = 64;
    bool withFfnNorm = true;
    uint64_t queryRows = 64;

    QString write(const QTemporaryDir &folder) const
    {
        gguf::Writer writer;
        writer.set("general.architecture", std::string("llama"));
        writer.set("llama.block_count", blocks);
        writer.set("llama.context_length", uint32_t{128});
        writer.set("llama.embedding_length", static_cast<uint32_t>(embedding));
        writer.set("llama.feed_forward_length", uint32_t{96});
        writer.set("llama.attention.head_count", heads);
        writer.set("llama.attention.head_count_kv", kvHeads);
        writer.set("llama.attention.layer_norm_rms_epsilon", 1e-5f);
        writer.set("llama.vocab_size", uint32_t{50});
        const auto add = [&](const char *name, std::vector<uint64_t> dims) { (void)writer.add({name, GgmlType::F32, std::move(dims)}); };
        add("token_embd.weight", {embedding, 50});
        add("output_norm.weight", {embedding});
        add("blk.0.attn_norm.weight", {embedding});
        add("blk.0.attn_q.weight", {embedding, queryRows});
        add("blk.0.attn_k.weight", {embedding, 32});
        add("blk.0.attn_v.weight", {embedding, 32});
        add("blk.0.attn_output.weight", {64, embedding});
        if (withFfnNorm)
            add("blk.0.ffn_norm.weight", {embedding});
        add("blk.0.ffn_gate.weight", {embedding, 96});
        add("blk.0.ffn_up.weight", {embedding, 96});
        add("blk.0.ffn_down.weight", {96, embedding});
        add("unused.weight", {8});
        const QString path = folder.filePath("tiny.gguf");
        const Status written = writer.write(path.toStdString(), [](size_t, uint64_t, std::span<std::byte> out) {
            std::fill(out.begin(), out.end(), std::byte{0});
            return Status{};
        });
        return written.ok() ? path : QString();
    }

    Result<ModelShape> shape() const
    {
        const QTemporaryDir folder;
        auto header = gguf::readHeader(write(folder).toStdString());
        if (!header.ok())
            return header.error();
        return shapeFromGguf(*header);
    }
};

} // namespace

class TestShapes : public QObject
{
    Q_OBJECT

private slots:
    void catalogueLoads()
    {
        const auto catalog = loadCatalog(PLIMSOLL_SOURCE "/resources/catalog");
        if (!catalog.ok())
            QFAIL(qPrintable(QString::fromStdString(catalog.error().arguments.empty() ? "" : catalog.error().arguments.back())));
        QVERIFY(catalog->models.size() >= 70);
        QVERIFY(catalog->gpus.size() >= 80);
        int licensed = 0;
        for (const CatalogModel &model : catalog->models) {
            QVERIFY2(!model.shape.blocks.empty(), model.id.c_str());
            QVERIFY2(!model.source.empty() && !model.repository.empty(), model.id.c_str());
            licensed += !model.license.empty();
        }
        QVERIFY(licensed >= 76);   // the others' were not found
        for (const CatalogGpu &gpu : catalog->gpus) {
            QVERIFY2(gpu.gpu.total.value > 0 && gpu.gpu.bandwidth.known(), gpu.name.c_str());
            QVERIFY2(gpu.gpu.fp16.known() || gpu.gpu.fp32.known(), gpu.name.c_str());
            QVERIFY2(!gpu.source.empty(), gpu.name.c_str());
        }
        QVERIFY(!catalog->quantizations.empty());
    }

    void gpusAreFoundByAnySpelling_data()
    {
        QTest::addColumn<QString>("asked");
        QTest::addColumn<QString>("found");
        QTest::newRow("full") << "Tesla T4" << "Tesla T4";
        QTest::newRow("short") << "T4" << "Tesla T4";
        QTest::newRow("lower") << "t4" << "Tesla T4";
        QTest::newRow("number") << "4090" << "GeForce RTX 4090";
        QTest::newRow("series") << "rtx4090" << "GeForce RTX 4090";
        QTest::newRow("driver's") << "NVIDIA GeForce RTX 4090" << "GeForce RTX 4090";
        QTest::newRow("variant") << "RTX 4090 D" << "GeForce RTX 4090 D";
        QTest::newRow("suffix") << "4060-ti-16gb" << "GeForce RTX 4060 Ti 16GB";
        QTest::newRow("server") << "NVIDIA H100 80GB HBM3" << "H100 SXM 80GB";
        QTest::newRow("workstation") << "NVIDIA RTX 6000 Ada Generation" << "RTX 6000 Ada";
        QTest::newRow("L4") << "NVIDIA L4" << "L4";
    }

    void gpusAreFoundByAnySpelling()
    {
        QFETCH(QString, asked);
        QFETCH(QString, found);
        const Catalog catalog = shippedCatalog();
        const auto gpu = catalog.gpu(asked.toStdString());
        QVERIFY(gpu.ok());
        QCOMPARE(QString::fromStdString((*gpu)->name), found);
    }

    void unknownNamesGetSuggestions()
    {
        const Catalog catalog = shippedCatalog();
        const auto gpu = catalog.gpu("RTX 4099");
        QVERIFY(!gpu.ok());
        QCOMPARE(gpu.error().code, ErrorCode::UnknownGpu);
        QVERIFY(QString::fromStdString(gpu.error().arguments.at(1)).contains("GeForce RTX 4090"));
        const auto model = catalog.model("deepseek-r1");
        QVERIFY(!model.ok());
        QVERIFY(QString::fromStdString(model.error().arguments.at(1)).contains("deepseek-r1-671b"));
        QVERIFY(!catalog.gpu("").ok());
        QVERIFY(!catalog.gpu("rtx").ok());
        QVERIFY(catalog.model("DeepSeek_R1 671B").ok());
    }

    void driverTotalsAreUsed()
    {
        const Catalog catalog = shippedCatalog();
        QCOMPARE((*catalog.gpu("T4"))->gpu.total, mib(15360));
        QCOMPARE((*catalog.gpu("H100"))->gpu.total, mib(81559));
        QCOMPARE((*catalog.gpu("RTX PRO 6000"))->gpu.total, mib(97887));
    }

    void parametersMatchTheFacts()
    {
        QFile file(PLIMSOLL_FACTS "/models.json");
        if (!file.open(QIODevice::ReadOnly))
            QSKIP("facts/models.json is not here");
        const Catalog catalog = shippedCatalog();
        int compared = 0;
        for (const QJsonValue &value : QJsonDocument::fromJson(file.readAll()).object()["models"].toArray()) {
            const QJsonObject fact = value.toObject();
            for (const CatalogModel &model : catalog.models) {
                const double published = fact["n_params_total"].toDouble();
                // Counts of these have the block that predicts further tokens.
                const bool withPrediction = model.shape.architecture == "glm4moe" || model.id == "qwen3.5-27b";
                if (QString::fromStdString(model.repository) != fact["hf_repo"].toString() || published <= 0 || withPrediction)
                    continue;
                ++compared;
                // RoPE divisors are counted by llama.cpp, not by the sums over a config.
                const auto counted = static_cast<double>(model.shape.parameters() - elementsOf(model.shape, TensorRole::RopeFactors));
                // Printed counts are rounded in their last digit that is not 0; sums over a config leave out the few biases of routers.
                double step = 1;
                while (std::fmod(published, 10 * step) == 0)
                    step *= 10;
                const bool printed = fact["params_basis"].toString().contains("print");
                const double most = std::max(printed ? step / 2 : 0, 1e-6 * published);
                QVERIFY2(std::abs(counted - published) <= most, qPrintable(QStringLiteral("%1: %2, published %3")
                    .arg(QString::fromStdString(model.id)).arg(counted, 0, 'f', 0).arg(published, 0, 'f', 0)));
            }
        }
        QVERIFY2(compared >= 30, qPrintable(QString::number(compared)));
    }

    void activeParameters()
    {
        const Catalog catalog = shippedCatalog();
        const ModelShape &qwen = (*catalog.model("qwen3-30b-a3b"))->shape;
        QCOMPARE(qwen.activeParameters(), uint64_t{3353032704});
        const ModelShape &deepseek = (*catalog.model("deepseek-r1-671b"))->shape;
        // The fact leaves out the biases that only select experts.
        QCOMPARE(deepseek.activeParameters() - elementsOf(deepseek, TensorRole::RouterBias), uint64_t{37552282624});
        const ModelShape &dense = (*catalog.model("llama-3.2-1b"))->shape;
        QCOMPARE(dense.activeParameters(), dense.parameters());
    }

    void cacheRows()
    {
        const Catalog catalog = shippedCatalog();
        uint64_t elements = 0;
        for (const BlockSpec &block : (*catalog.model("deepseek-v3.1-671b"))->shape.blocks)
            elements += kvRow(block).k + kvRow(block).v;
        QCOMPARE(elements * 2, uint64_t{70272});
        const BlockSpec &llama = (*catalog.model("llama-3.1-8b"))->shape.blocks.front();
        QCOMPARE(kvRow(llama).k, uint64_t{1024});
        QCOMPARE(kvRow(llama).v, uint64_t{1024});
    }

    void yarnOfDeepSeek()
    {
        const Catalog catalog = shippedCatalog();
        const AttentionSpec &attention = (*catalog.model("deepseek-r1-671b"))->shape.blocks.front().attention;
        QCOMPARE(attention.rope.scaling, RopeScaling::Yarn);
        QCOMPARE(attention.rope.attentionFactor, 1.0f);
        const double magnitude = 1.0 + 0.1 * std::log(40.0);
        QVERIFY(std::abs(attention.scale - magnitude * magnitude / std::sqrt(192.0)) < 1e-6);
    }

    void goldenFilesHaveShapes()
    {
        const QDir folder(PLIMSOLL_GOLDEN "/logits");
        if (!folder.exists())
            QSKIP("golden/logits is not here");
        const std::vector<std::string> known = knownArchitectures();
        int full = 0;
        for (const QFileInfo &file : folder.entryInfoList({"*.gguf"})) {
            const auto header = gguf::readHeader(file.filePath().toStdString());
            QVERIFY(header.ok());
            const auto shape = shapeFromGguf(*header);
            QVERIFY2(shape.ok(), qPrintable(file.fileName()));
            const bool listed = std::find(known.begin(), known.end(), shape->architecture) != known.end();
            QCOMPARE(shape->kvKnown, listed);
            full += listed;
            QVERIFY(shape->layers() >= 2);
            // Everything is used but what files carry for nothing: the classifier of qwen3, biases of attention in qwen35.
            size_t unused = header->tensor("cls.output.weight") ? 1 : 0;
            for (const gguf::TensorInfo &tensor : header->tensors)
                unused += shape->architecture == "qwen35" && tensor.name.starts_with("blk.") && tensor.name.ends_with(".bias")
                    && tensor.name.find(".attn_") != std::string_view::npos;
            QCOMPARE(shape->tensors.size() + unused, header->tensors.size());
            for (const TensorSpec &tensor : shape->tensors) {
                const gguf::TensorInfo *info = header->tensor(tensorName(tensor));
                QVERIFY(info);
                QCOMPARE(tensor.bytes(tensor.type).value, info->bytes);
            }
        }
        QVERIFY(full >= 20);
    }

    void storiesIsALlama()
    {
        const auto header = gguf::readHeader(PLIMSOLL_GOLDEN "/text/stories260K.gguf");
        if (!header.ok())
            QSKIP("golden/text/stories260K.gguf is not here");
        const auto shape = shapeFromGguf(*header);
        QVERIFY(shape.ok());
        QCOMPARE(shape->architecture, std::string("llama"));
        QCOMPARE(shape->blocks.front().attention.rope.layout, RopeLayout::Norm);
    }

    void tinyFile()
    {
        const auto shape = TinyLlama{}.shape();
        QVERIFY(shape.ok());
        QVERIFY(shape->tiedOutput);
        QCOMPARE(shape->tensors.size(), size_t{11});
        QCOMPARE(shape->blocks.front().attention.headDimK, 16u);
        QVERIFY(shape->find(TensorRole::FfnDown, 0));
        QVERIFY(!shape->find(TensorRole::Output));
        QCOMPARE(tensorName(*shape->find(TensorRole::AttnQ, 0)), std::string("blk.0.attn_q.weight"));
    }

    void contradictionsAreNamed()
    {
        TinyLlama heads;
        heads.kvHeads = 3;
        QCOMPARE(heads.shape().error().code, ErrorCode::ModelInvalid);
        TinyLlama odd;
        odd.heads = 5;
        odd.kvHeads = 5;
        QCOMPARE(odd.shape().error().code, ErrorCode::ModelInvalid);
        TinyLlama none;
        none.heads = 0;
        QCOMPARE(none.shape().error().code, ErrorCode::ModelInvalid);
        TinyLlama missing;
        missing.withFfnNorm = false;
        QCOMPARE(missing.shape().error().code, ErrorCode::TensorMissing);
        QCOMPARE(missing.shape().error().arguments.front(), std::string("blk.0.ffn_norm.weight"));
        TinyLlama wrong;
        wrong.queryRows = 65;
        const Error error = wrong.shape().error();
        QCOMPARE(error.code, ErrorCode::TensorWrongShape);
        QCOMPARE(error.arguments.at(1), std::string("[64, 64]"));
        QCOMPARE(error.arguments.at(2), std::string("[64, 65]"));
        TinyLlama blocks;
        blocks.blocks = 2;
        QCOMPARE(blocks.shape().error().code, ErrorCode::TensorMissing);
        TinyLlama many;
        many.blocks = 4000000000u;
        QCOMPARE(many.shape().error().code, ErrorCode::GgufKeyRange);
        TinyLlama zero;
        zero.blocks = 0;
        QCOMPARE(zero.shape().error().code, ErrorCode::GgufKeyRange);
    }
};

QTEST_GUILESS_MAIN(TestShapes)
#include "tst_shapes.moc"
