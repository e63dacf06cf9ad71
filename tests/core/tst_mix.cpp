// SPDX-License-Identifier: Apache-2.0
#include <plimsoll/catalog/catalog.h>
#include <plimsoll/gguf/gguf.h>
#include <plimsoll/layout/layout.h>
#include <plimsoll/model/architecture.h>
#include <plimsoll/model/mix.h>

#include "csv.h"

#include <QDir>
#include <QRegularExpression>
#include <QTest>

#include <cmath>

using namespace plimsoll;

namespace {

const Catalog &catalog()
{
    static const Catalog loaded = [] {
        auto result = loadCatalog(PLIMSOLL_SOURCE "/resources/catalog");
        return result.ok() ? std::move(*result) : Catalog{};
    }();
    return loaded;
}

const ModelShape &shapeOf(const char *id)
{
    return (*catalog().model(id))->shape;
}

GgmlType typeOf(const ModelShape &shape, const WeightTypes &types, TensorRole role, int32_t layer)
{
    return types[static_cast<size_t>(shape.find(role, layer) - shape.tensors.data())];
}

/// Which catalogue entry has the shape of a model in the logs; null for others.
const char *sameShape(const QString &model)
{
    if (model.startsWith("Meta-Llama-3-8B") || model.startsWith("Meta Llama 3.1 8B"))
        return "llama-3.1-8b";
    if (model.startsWith("Qwen3-32B"))
        return "qwen3-32b";
    if (model.startsWith("Qwen3-30B-A3B") || model.startsWith("Qwen3-Coder-30B-A3B"))
        return "qwen3-30b-a3b";
    if (model.startsWith("Qwen2.5-7B") || model.startsWith("Qwen2.5-Coder-7B"))
        return "deepseek-r1-distill-qwen-7b";
    for (const char *deepseek : {"DeepSeek V3", "DeepSeek R1", "Deepseek-V3", "Deepseek-R1"}) {
        if (model.startsWith(deepseek))
            return "deepseek-r1-671b";
    }
    return nullptr;
}

} // namespace

class TestMix : public QObject
{
    Q_OBJECT

private slots:
    void goldenFilesFollowTheRules()
    {
        const QDir folder(PLIMSOLL_GOLDEN "/logits");
        if (!folder.exists())
            QSKIP("golden/logits is not here");
        int compared = 0;
        for (const QFileInfo &file : folder.entryInfoList({"*.gguf"})) {
            const auto header = gguf::readHeader(file.filePath().toStdString());
            QVERIFY(header.ok());
            const auto shape = shapeFromGguf(*header);
            QVERIFY(shape.ok());
            const auto number = header->unsignedAt("general.file_type");
            QVERIFY(number.ok() && number->has_value());
            const WeightTypes types = mixTypes(*shape, static_cast<FileType>(**number), false);
            for (size_t i = 0; i < types.size(); ++i)
                QVERIFY2(types[i] == shape->tensors[i].type, tensorName(shape->tensors[i]).c_str());
            ++compared;
        }
        QVERIFY(compared >= 28);
    }

    void publishedSizes_data()
    {
        QTest::addColumn<QString>("model");
        QTest::addColumn<QString>("quantization");
        QTest::addColumn<double>("gib");
        int row = 0;
        for (const auto &fact : readCsv(PLIMSOLL_FACTS "/gguf_sizes_train.csv")) {
            const QString model = fact["model"];
            const char *id = nullptr;
            if (model == "Meta-Llama-3-70B")
                id = "deepseek-r1-distill-llama-70b";
            else if (model == "Meta-Llama-3-8B" || (model == "Meta Llama 3.1 8B Instruct" && fact["quant"] == "Q4_0"))
                id = "llama-3.1-8b";
            else if (model == "Qwen3-32B-Q8_0")
                id = "qwen3-32b";
            else if (model == "DeepSeek-R1-Distill-Qwen-1.5B")
                id = "deepseek-r1-distill-qwen-1.5b";
            else if (model.startsWith("DeepSeek-R1-Distill-Qwen-7B"))
                id = "deepseek-r1-distill-qwen-7b";
            else if (model == "Qwen3-30B-A3B" && (fact["quant"] == "Q5_K_M" || fact["size_gib"].startsWith("17.28")))
                id = "qwen3-30b-a3b";
            else if (model == "deepseek2 671B" && fact["params_b"] == "671.03"
                && fact["quant"].contains(QRegularExpression("^(Q4_K_[SM]|Q8_0)$")))
                id = "deepseek-r1-671b";
            if (id) {
                QTest::addRow("%d %s %s", ++row, qPrintable(model), qPrintable(fact["quant"]))
                    << id << fact["quant"] << fact["size_gib"].toDouble();
            }
        }
        if (row == 0)
            QTest::newRow("none") << QString() << QString() << 0.0;
    }

    void publishedSizes()
    {
        QFETCH(QString, model);
        QFETCH(QString, quantization);
        QFETCH(double, gib);
        if (model.isEmpty())
            QSKIP("facts/gguf_sizes_train.csv is not here");
        const auto type = fileTypeFromName(quantization.toStdString());
        QVERIFY(type);
        const ModelShape &shape = shapeOf(qPrintable(model));
        // Published files below 5 bits are made with an importance matrix, those of 2024 and earlier K-quants alike.
        const double with = weightBytes(shape, mixTypes(shape, *type, true)).gib();
        const double without = weightBytes(shape, mixTypes(shape, *type, false)).gib();
        QVERIFY2(std::min(std::abs(with / gib - 1), std::abs(without / gib - 1)) < 0.005, qPrintable(QString::number(with)));
    }

    void cachesOfLogs()
    {
        const auto rows = readCsv(PLIMSOLL_FACTS "/memory_cases_train.csv");
        if (rows.isEmpty())
            QSKIP("facts/memory_cases_train.csv is not here");
        int compared = 0;
        for (const auto &row : rows) {
            const char *id = sameShape(row["model"]);
            const QString latent = row["mla_attn"];
            const bool decompressed = row["arch"] == "deepseek2" && (latent.isEmpty() || latent == "0" || latent == "1");
            if (!id || decompressed || row["kv_total_mib"].isEmpty() || row["n_ctx"].isEmpty() || row["kv_type_k"].isEmpty())
                continue;
            const auto typeK = ggmlTypeFromName(row["kv_type_k"].toStdString());
            // Latent caches have keys only; some logs name no type for values then.
            const auto typeV = ggmlTypeFromName(row["kv_type_v"].toStdString());
            QVERIFY2(typeK, qPrintable(row["case_id"]));
            RunOptions options;
            options.context = row["n_ctx"].toUInt();
            options.kvTypeK = *typeK;
            options.kvTypeV = typeV.value_or(*typeK);
            const ModelShape &shape = shapeOf(id);
            const BackendTraits traits[] = {cpuTraits()};
            const Bytes overhead[] = {Bytes{}};
            const auto layout = layOut(shape, typesOf(shape), hostPlacement(shape), options, traits, overhead);
            QVERIFY(layout.ok());
            const double ours = layout->devices[0].of(SegmentKind::Kv).mib();
            QVERIFY2(std::abs(ours / row["kv_total_mib"].toDouble() - 1) < 0.005,
                qPrintable(row["case_id"] + " " + QString::number(ours) + " / " + row["kv_total_mib"]));
            ++compared;
        }
        QVERIFY(compared >= 30);
    }

    void weightsOfLogs()
    {
        const auto rows = readCsv(PLIMSOLL_FACTS "/memory_cases_train.csv");
        if (rows.isEmpty())
            QSKIP("facts/memory_cases_train.csv is not here");
        int compared = 0;
        for (const auto &row : rows) {
            // Plain Llama 8B files wholly on GPUs: the embedding stays in RAM, all else is on them.
            const char *id = sameShape(row["model"]);
            if (!id || row["arch"] != "llama" || row["n_gpu_layers"] != "33" || row["model_gpu_mib"].isEmpty())
                continue;
            const ModelShape &shape = shapeOf(id);
            const WeightTypes types = mixTypes(shape, row["quant"].startsWith("Q4_0") ? FileType::Q4_0 : FileType::Q4_K_M);
            const BackendTraits traits[] = {cpuTraits(), cudaTraits()};
            const Bytes overhead[] = {Bytes{}, Bytes{}};
            const auto layout = layOut(shape, types, layerPlacement(shape, 33, {}), RunOptions{}, traits, overhead);
            QVERIFY(layout.ok());
            QVERIFY(std::abs(layout->devices[1].of(SegmentKind::Weights).mib() / row["model_gpu_mib"].toDouble() - 1) < 0.005);
            QVERIFY(std::abs(layout->devices[0].mapped().mib() / row["model_cpu_mib"].toDouble() - 1) < 0.005);
            ++compared;
        }
        QVERIFY(compared >= 5);
    }

    void everyFileTypeOfEveryModelHasASize()
    {
        for (const CatalogModel &model : catalog().models) {
            for (const FileTypeInfo &type : fileTypes()) {
                const WeightTypes types = mixTypes(model.shape, type.type);
                const Bytes bytes = weightBytes(model.shape, types);
                QVERIFY2(!bytes.overflowed() && bytes.value > model.shape.parameters() / 8, model.id.c_str());
            }
        }
    }

    void catalogueQuantizationsGrow()
    {
        for (const char *id : {"llama-3.1-8b", "qwen3-32b", "deepseek-r1-671b"}) {
            Bytes before;
            for (const FileType type : catalog().quantizations) {
                const Bytes bytes = weightBytes(shapeOf(id), mixTypes(shapeOf(id), type));
                QVERIFY2(bytes.value * 1.03 > before.value, std::string(name(type)).c_str());
                before = bytes;
            }
        }
    }

    void tiedEmbeddingsAreTheOutput()
    {
        const ModelShape &tied = shapeOf("llama-3.2-1b");
        QCOMPARE(typeOf(tied, mixTypes(tied, FileType::Q4_K_M), TensorRole::TokenEmbedding, -1), GgmlType::Q6_K);
        QCOMPARE(typeOf(tied, mixTypes(tied, FileType::Q8_0), TensorRole::TokenEmbedding, -1), GgmlType::Q8_0);
        const ModelShape &untied = shapeOf("llama-3.1-8b");
        const WeightTypes types = mixTypes(untied, FileType::Q4_K_M);
        QCOMPARE(typeOf(untied, types, TensorRole::TokenEmbedding, -1), GgmlType::Q4_K);
        QCOMPARE(typeOf(untied, types, TensorRole::Output, -1), GgmlType::Q6_K);
        QCOMPARE(typeOf(untied, types, TensorRole::AttnNorm, 0), GgmlType::F32);
    }

    void oddRowsFallBack()
    {
        ModelShape shape;
        shape.blocks.resize(1);
        TensorSpec tensor;
        tensor.role = TensorRole::FfnUp;
        tensor.layer = 0;
        tensor.dimensions = 2;
        tensor.dims = {96, 8, 1, 1};
        shape.tensors.push_back(tensor);
        QCOMPARE(mixTypes(shape, FileType::Q4_K_S).front(), GgmlType::Q5_0);
        QCOMPARE(mixTypes(shape, FileType::Q6_K).front(), GgmlType::Q8_0);
        QCOMPARE(mixTypes(shape, FileType::IQ3_S).front(), GgmlType::IQ4_NL);
        shape.tensors.front().dims[0] = 50;
        QCOMPARE(mixTypes(shape, FileType::Q4_K_S).front(), GgmlType::F16);
    }
};

QTEST_GUILESS_MAIN(TestMix)
#include "tst_mix.moc"
