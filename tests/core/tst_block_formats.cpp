// SPDX-License-Identifier: Apache-2.0
#include <plimsoll/quant/file_type.h>

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <cmath>

using namespace plimsoll;

class BlockFormatsTest : public QObject
{
    Q_OBJECT

private slots:
    void tableIsInOrder();
    void bitsPerWeight_data();
    void bitsPerWeight();
    void agreesWithReference();
    void rows();
    void fileTypeNames();
};

void BlockFormatsTest::tableIsInOrder()
{
    uint32_t last = 0;
    for (const GgmlTypeInfo &known : ggmlTypes()) {
        const auto number = static_cast<uint32_t>(known.type);
        QVERIFY(number == 0 || number > last);
        last = number;
        QCOMPARE(findGgmlType(number), &known);
        QCOMPARE(ggmlTypeFromName(known.name), std::optional(known.type));
    }
    QCOMPARE(ggmlTypes().size(), size_t(35));
    for (const uint32_t removed : {4u, 5u, 31u, 32u, 33u, 36u, 37u, 38u, 43u, UINT32_MAX})
        QVERIFY(!findGgmlType(removed));
    QCOMPARE(ggmlTypeFromName("q4_k"), std::optional(GgmlType::Q4_K));
    QCOMPARE(ggmlTypeFromName("bf16"), std::optional(GgmlType::BF16));
    QVERIFY(!ggmlTypeFromName(""));
    QVERIFY(!ggmlTypeFromName("Q4_K_M"));
}

void BlockFormatsTest::bitsPerWeight_data()
{
    QTest::addColumn<QString>("type");
    QTest::addColumn<double>("bits");
    const std::initializer_list<std::pair<const char *, double>> published = {
        {"Q1_0", 1.125},   {"Q2_0", 2.25},     {"TQ1_0", 1.6875},  {"TQ2_0", 2.0625}, {"IQ1_S", 1.5625},   {"IQ1_M", 1.75}, {"IQ2_XXS", 2.0625},
        {"IQ2_XS", 2.3125}, {"IQ2_S", 2.5625}, {"Q2_K", 2.625},    {"IQ3_XXS", 3.0625}, {"IQ3_S", 3.4375}, {"Q3_K", 3.4375}, {"IQ4_XS", 4.25},
        {"MXFP4", 4.25},   {"Q4_0", 4.5},      {"IQ4_NL", 4.5},    {"Q4_K", 4.5},     {"NVFP4", 4.5},      {"Q4_1", 5},     {"Q5_0", 5.5},
        {"Q5_K", 5.5},     {"Q5_1", 6},        {"Q6_K", 6.5625},   {"Q8_0", 8.5},     {"F16", 16},         {"BF16", 16},    {"F32", 32}};
    for (const auto &[type, bits] : published)
        QTest::newRow(type) << QString(type) << bits;
}

void BlockFormatsTest::bitsPerWeight()
{
    QFETCH(QString, type);
    QFETCH(double, bits);
    const auto found = ggmlTypeFromName(type.toStdString());
    QVERIFY(found.has_value());
    QCOMPARE(info(*found).bitsPerWeight(), bits);
}

void BlockFormatsTest::agreesWithReference()
{
    QFile file(PLIMSOLL_GOLDEN "/dequant/index.json");
    if (!file.open(QIODevice::ReadOnly))
        QSKIP("golden/dequant is absent");
    const QJsonObject index = QJsonDocument::fromJson(file.readAll()).object();
    QVERIFY(index.size() > 20);
    for (auto it = index.begin(); it != index.end(); ++it) {
        const QJsonObject reference = it.value().toObject();
        const auto type = ggmlTypeFromName(it.key().toStdString());
        QVERIFY2(type.has_value(), qPrintable(it.key()));
        QCOMPARE(int(*type), reference["ggml_type"].toInt());
        QCOMPARE(int(info(*type).blockElements), reference["block_elements"].toInt());
        QCOMPARE(int(info(*type).blockBytes), reference["block_bytes"].toInt());
    }
}

void BlockFormatsTest::rows()
{
    QCOMPARE(rowBytes(GgmlType::Q4_K, 4096), std::optional<uint64_t>(16 * 144));
    QCOMPARE(rowBytes(GgmlType::F32, 3), std::optional<uint64_t>(12));
    QVERIFY(!rowBytes(GgmlType::Q8_0, 33));
    QVERIFY(!rowBytes(GgmlType::F64, UINT64_MAX));
}

void BlockFormatsTest::fileTypeNames()
{
    uint32_t last = 0;
    for (const FileTypeInfo &known : fileTypes()) {
        const auto number = static_cast<uint32_t>(known.type);
        QVERIFY(number == 0 || number > last);
        last = number;
        QCOMPARE(findFileType(number), &known);
        QCOMPARE(fileTypeFromName(known.name), std::optional(known.type));
        QCOMPARE(&info(known.type), &known);
    }
    QCOMPARE(fileTypeFromName("q4_k_m"), std::optional(FileType::Q4_K_M));
    QCOMPARE(fileTypeFromName("Q4_K"), std::optional(FileType::Q4_K_M));
    QCOMPARE(fileTypeFromName("q3_k"), std::optional(FileType::Q3_K_M));
    QCOMPARE(fileTypeFromName("Q2_K"), std::optional(FileType::Q2_K));
    QVERIFY(!fileTypeFromName("Q9_K"));
    QVERIFY(!findFileType(4));
    QVERIFY(!findFileType((1ull << 32) + 15));
}

QTEST_GUILESS_MAIN(BlockFormatsTest)
#include "tst_block_formats.moc"
