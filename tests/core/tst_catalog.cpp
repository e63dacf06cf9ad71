// SPDX-License-Identifier: Apache-2.0
#include <plimsoll/catalog/catalog.h>
#include <plimsoll/model/mix.h>

#include "csv.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <set>

using namespace plimsoll;

namespace {

/// A folder with one accelerator and no model.
Result<Catalog> withGpu(const QTemporaryDir &folder, const QByteArray &gpu)
{
    QFile models(folder.filePath("models.json"));
    QFile gpus(folder.filePath("gpus.json"));
    if (!models.open(QIODevice::WriteOnly) || !gpus.open(QIODevice::WriteOnly))
        return Error{ErrorCode::FileUnreadable, {folder.path().toStdString(), "write"}};
    models.write(R"({"models": []})");
    gpus.write(R"({"gpus": [)" + gpu + "]}");
    models.close();
    gpus.close();
    QFile::copy(PLIMSOLL_SOURCE "/resources/catalog/quality.json", folder.filePath("quality.json"));
    return loadCatalog(folder.path().toStdString());
}

const Catalog &shipped()
{
    static const Catalog loaded = [] {
        auto result = loadCatalog(PLIMSOLL_SOURCE "/resources/catalog");
        return result.ok() ? std::move(*result) : Catalog{};
    }();
    return loaded;
}

const CatalogModel *entryOf(const std::string &id)
{
    for (const CatalogModel &model : shipped().models) {
        if (model.id == id)
            return &model;
    }
    return nullptr;
}

/// The catalogue's name of a model in the facts; those whose names are the same up to the case of letters are not listed.
std::string idOfFact(const QString &name)
{
    static const QMap<QString, const char *> others{
        {"DeepSeek-R1", "deepseek-r1-671b"},
        {"DeepSeek-V3", "deepseek-v3-671b"},
        {"DeepSeek-V3.1", "deepseek-v3.1-671b"},
        {"DeepSeek-V2-Lite (and Coder-V2-Lite)", "deepseek-v2-lite"},
        {"Llama-2-7b-hf", "llama-2-7b"},
        {"Llama-3.3-70B-Instruct", "llama-3.3-70b"},
        {"Mixtral-8x7B-v0.1", "mixtral-8x7b"},
        {"Mixtral-8x22B-v0.1", "mixtral-8x22b"},
        {"Mistral-Large-Instruct-2411", "mistral-large-2407"},
        {"Qwen3-Coder-30B-A3B-Instruct", "qwen3-coder-30b-a3b"},
        {"Qwen3-Coder-480B-A35B-Instruct", "qwen3-coder-480b-a35b"},
        {"Kimi-K2-Instruct", "kimi-k2"},
        {"TinyLlama-1.1B-Chat-v1.0", "tinyllama-1.1b"},
        {"gemma-3-1b-it", "gemma-3-1b"},
        {"gemma-3-4b-it", "gemma-3-4b"},
        {"gemma-3-12b-it", "gemma-3-12b"},
        {"gemma-3-27b-it", "gemma-3-27b"},
        {"gemma-4-31B-it", "gemma-4-31b"},
        {"Phi-3-mini-4k-instruct", "phi-3-mini-4k"},
    };
    const auto other = others.find(name);
    return other != others.end() ? *other : name.toLower().toStdString();
}

} // namespace

class TestCatalog : public QObject
{
    Q_OBJECT

private slots:
    void shippedAccelerators()
    {
        QVERIFY(shipped().gpus.size() >= 170);
        for (const CatalogGpu &entry : shipped().gpus) {
            QVERIFY2(!entry.source.empty(), entry.name.c_str());
            const auto found = shipped().gpu(entry.name);
            QVERIFY2(found.ok() && *found == &entry, entry.name.c_str());
        }
    }

    void shippedModels()
    {
        const Catalog &catalog = shipped();
        QVERIFY(catalog.models.size() >= 95);
        std::set<std::string> ids;
        for (const CatalogModel &entry : catalog.models) {
            QVERIFY2(ids.insert(entry.id).second, entry.id.c_str());
            QVERIFY2(!entry.source.empty() && entry.repository.find('/') != std::string::npos, entry.id.c_str());
            QVERIFY2(entry.shape.parameters() > 100'000'000 && entry.shape.contextTrained >= 2048, entry.id.c_str());
            for (const std::string &language : entry.languages)
                QVERIFY2(language.size() == 2, entry.id.c_str());
            const auto found = catalog.model(entry.id);
            QVERIFY2(found.ok() && *found == &entry, entry.id.c_str());
            const auto byName = catalog.model(entry.name);
            QVERIFY2(byName.ok() && *byName == &entry, entry.name.c_str());
        }
        const CatalogModel *model = entryOf("llama-3.1-70b");
        QVERIFY(model);
        QCOMPARE(model->ggufRepository, std::string("lmstudio-community/Meta-Llama-3.1-70B-Instruct-GGUF"));
        QCOMPARE(model->languages.size(), size_t{8});
        QCOMPARE(model->capabilities, (std::vector<std::string>{"chat", "tools"}));
    }

    void publishedParameterCounts()
    {
        QFile file(PLIMSOLL_FACTS "/models.json");
        if (!file.open(QIODevice::ReadOnly))
            QSKIP("facts/models.json is not here");
        int compared = 0;
        for (const auto &value : QJsonDocument::fromJson(file.readAll())["models"].toArray()) {
            const QJsonObject fact = value.toObject();
            const CatalogModel *entry = entryOf(idOfFact(fact["id"].toString()));
            // Counted with the block that predicts further tokens, which is no part of the shape.
            if (QStringList{"GLM-4.5-Air", "GLM-4.5", "GLM-4.6", "Qwen3.5-27B"}.contains(fact["id"].toString()))
                continue;
            const double published = fact["n_params_total"].toDouble();
            if (!entry || published <= 0)
                continue;
            const double ours = static_cast<double>(entry->shape.parameters());
            QVERIFY2(std::abs(ours / published - 1) < 0.005, qPrintable(fact["id"].toString() + QString(" %1").arg(ours, 0, 'f', 0)));
            ++compared;
        }
        QVERIFY2(compared >= 60, qPrintable(QString::number(compared)));
    }

    void publishedFileSizes()
    {
        const QMap<QString, const char *> ids{
            {"qwen2.5-coder-7b-instruct-q4_0", "qwen2.5-coder-7b"},
            {"Llama-3.2-3B-Instruct-Q4_0", "llama-3.2-3b"},
            {"codellama-7b-instruct.Q6_K", "codellama-7b"},
            {"codellama-7b-instruct.Q4_K_S", "codellama-7b"},
            {"codellama-34b-instruct.Q3_K_S", "codellama-34b"},
            {"codellama-34b-instruct.Q3_K_L", "codellama-34b"},
            {"codellama-34b-instruct.Q4_0", "codellama-34b"},
            {"codellama-34b-instruct.Q4_K_M", "codellama-34b"},
            {"codellama-34b-instruct.Q5_K_S", "codellama-34b"},
            {"codellama-34b-instruct.Q8_0", "codellama-34b"},
            {"yi-chat-6b.Q3_K_L", "yi-6b"},
            {"yi-chat-6b.Q4_K_S", "yi-6b"},
            {"yi-chat-6b.Q6_K", "yi-6b"},
            {"llama-2-7b.Q4_0", "llama-2-7b"},
            {"llama-2-7b.Q4_K_M", "llama-2-7b"},
            {"LLaMA v2", "llama-2-13b"},
            {"Qwen3-235B-A22B", "qwen3-235b-a22b"},
            {"Qwen3-235B-A22B-128K", "qwen3-235b-a22b"},
            {"Qwen3-Coder-30B-A3B-Instruct", "qwen3-coder-30b-a3b"},
            {"gemma-2-9b-it-Q4_K_M", "gemma-2-9b"},
            {"gemma-3-27b-it", "gemma-3-27b"},
            {"gemma-4-26B-A4B-it-BF16-00001-of-00002", "gemma-4-26b-a4b"},
            {"Phi-3-mini-4k-instruct.Q4_0", "phi-3-mini-4k"},
        };
        const auto rows = readCsv(PLIMSOLL_FACTS "/gguf_sizes_train.csv");
        if (rows.isEmpty())
            QSKIP("facts/gguf_sizes_train.csv is not here");
        int compared = 0;
        for (const auto &row : rows) {
            const auto id = ids.find(row["model"]);
            const auto type = fileTypeFromName(row["quant"].toStdString());
            if (id == ids.end() || !type)
                continue;
            const CatalogModel *entry = entryOf(*id);
            QVERIFY2(entry, *id);
            const double gib = row["size_gib"].toDouble();
            const double with = weightBytes(entry->shape, mixTypes(entry->shape, *type, true)).gib();
            const double without = weightBytes(entry->shape, mixTypes(entry->shape, *type, false)).gib();
            QVERIFY2(std::min(std::abs(with / gib - 1), std::abs(without / gib - 1)) < 0.005,
                qPrintable(row["model"] + " " + row["quant"] + " " + QString::number(without)));
            ++compared;
        }
        QVERIFY2(compared >= 20, qPrintable(QString::number(compared)));
    }

    void memoryTheDriverReports_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<quint64>("total");
        QTest::newRow("H100") << "H100" << quint64{81559};
        QTest::newRow("RTX PRO 6000") << "RTX PRO 6000 Blackwell Workstation" << quint64{97887};
        QTest::newRow("B200") << "B200" << quint64{183359};
        QTest::newRow("GB200") << "GB200" << quint64{189471};
        QTest::newRow("unified, three quarters") << "M4 Max (40-core) 128 GB" << quint64{98304};
        QTest::newRow("Strix Halo") << "Strix Halo" << quint64{98304};
    }

    void memoryTheDriverReports()
    {
        QFETCH(QString, name);
        QFETCH(quint64, total);
        const auto found = shipped().gpu(name.toStdString());
        QVERIFY(found.ok());
        QCOMPARE((*found)->gpu.total.value >> 20, total);
    }

    void siblingsBeginWithTheSameWord()
    {
        const Catalog catalog = shipped();
        const auto found = catalog.siblings("qwen3-8b");
        QVERIFY(found.size() > 3);
        for (const CatalogModel *each : found)
            QVERIFY2(each->id.starts_with("qwen3-"), each->id.c_str());
        QVERIFY(catalog.siblings("no-such-model").empty());
    }

    void hostileTextsOfAModel()
    {
        for (const char *more : {R"("languages": "en")", R"("capabilities": [1])", R"("gguf_repository": {})"}) {
            const QTemporaryDir folder;
            QVERIFY(withGpu(folder, "").ok());
            QFile models(folder.filePath("models.json"));
            QVERIFY(models.open(QIODevice::WriteOnly));
            models.write(QByteArray(R"({"models": [{"id": "x", "name": "X", )") + more + "}]}");
            models.close();
            const auto bad = loadCatalog(folder.path().toStdString());
            QVERIFY2(!bad.ok() && bad.error().code == ErrorCode::JsonField && bad.error().arguments.at(1).starts_with("models[0]."), more);
        }
    }

    void hostileAccelerator_data()
    {
        QTest::addColumn<QByteArray>("more");
        QTest::newRow("share of memory of its own") << QByteArray(R"("usable_share": 0.5)");
        QTest::newRow("share above one") << QByteArray(R"("unified": true, "usable_share": 1.5)");
        QTest::newRow("negative share") << QByteArray(R"("unified": true, "usable_share": -1)");
        QTest::newRow("flag that is a number") << QByteArray(R"("unified": 1)");
        QTest::newRow("bandwidth as text") << QByteArray(R"("bandwidth_gbs": "fast")");
        QTest::newRow("huge memory of the driver") << QByteArray(R"("nvml_total_mib": 1e300)");
    }

    void hostileAccelerator()
    {
        QFETCH(QByteArray, more);
        const QTemporaryDir folder;
        const auto good = withGpu(folder, R"({"name": "X", "vendor": "Y", "memory_gib": 8})");
        QVERIFY(good.ok());
        const auto bad = withGpu(folder, R"({"name": "X", "vendor": "Y", "memory_gib": 8, )" + more + "}");
        QVERIFY(!bad.ok());
        QCOMPARE(bad.error().code, ErrorCode::JsonField);
    }

    void numbersThatNoFloatHolds()
    {
        const QTemporaryDir folder;
        const auto bad = withGpu(folder, R"({"name": "X", "vendor": "Y", "memory_gib": 1e999})");
        QVERIFY(!bad.ok());
        QCOMPARE(bad.error().code, ErrorCode::JsonInvalid);
    }
};

QTEST_GUILESS_MAIN(TestCatalog)
#include "tst_catalog.moc"
