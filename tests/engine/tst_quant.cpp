// SPDX-License-Identifier: Apache-2.0
#include "kernel_checks.h"

#include <QDir>
#include <QFile>
#include <QtTest>

#include <bit>
#include <cmath>
#include <cstring>
#include <random>
#include <vector>

using namespace plimsoll;
using namespace plimsoll::engine;

namespace {

std::vector<std::byte> readAll(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return {};
    const QByteArray bytes = file.readAll();
    std::vector<std::byte> out(static_cast<size_t>(bytes.size()));
    std::memcpy(out.data(), bytes.constData(), out.size());
    return out;
}

} // namespace

class QuantTest : public QObject
{
    Q_OBJECT

private slots:
    void dequantizeAgreesToTheBit_data();
    void dequantizeAgreesToTheBit();
    void readsAsOtherEnginesDo_data();
    void readsAsOtherEnginesDo();
    void halvesRoundTrip();
    void halvesRoundToNearestEven();
    void bfloatsRoundToNearestEven();
    void quantizeLosesNoMoreThanTheFormat_data();
    void quantizeLosesNoMoreThanTheFormat();
    void quantizeSurvivesOddValues_data() { quantizeLosesNoMoreThanTheFormat_data(); }
    void quantizeSurvivesOddValues();
    void dotIsThatOfTheDequantizedRow();
};

void QuantTest::dequantizeAgreesToTheBit_data()
{
    QTest::addColumn<QString>("type");
    for (const GgmlTypeInfo &format : ggmlTypes())
        if (hasReference(format.type) && format.blockElements > 1 && format.type != GgmlType::Q1_0 && format.type != GgmlType::Q2_0)
            QTest::newRow(std::string(format.name).c_str()) << QString::fromUtf8(format.name.data(), qsizetype(format.name.size()));
}

void QuantTest::dequantizeAgreesToTheBit()
{
    QFETCH(QString, type);
    const QDir folder(QStringLiteral(PLIMSOLL_GOLDEN "/dequant"));
    if (!folder.exists())
        QSKIP("golden/dequant is not here");
    const std::vector<std::byte> blocks = readAll(folder.filePath(type + ".blocks"));
    const std::vector<std::byte> expected = readAll(folder.filePath(type + ".f32"));
    QVERIFY(!blocks.empty() && !expected.empty());
    const GgmlType format = *ggmlTypeFromName(type.toStdString());
    std::vector<float> values(expected.size() / sizeof(float));
    QCOMPARE(blocks.size() / info(format).blockBytes * info(format).blockElements, values.size());
    dequantize(format, blocks.data(), values);
    for (size_t i = 0; i < values.size(); ++i) {
        float want;
        std::memcpy(&want, expected.data() + 4 * i, sizeof want);
        QVERIFY2(values[i] == want || (std::isnan(values[i]) && std::isnan(want)),
            qPrintable(QStringLiteral("element %1: %2, expected %3").arg(i).arg(double(values[i])).arg(double(want))));
    }
}

void QuantTest::readsAsOtherEnginesDo_data()
{
    // Digests of what another engine (ggml, August 2026) reads from the same blocks.
    QTest::addColumn<int>("type");
    QTest::addColumn<quint64>("digest");
    QTest::newRow("Q4_0") << int(GgmlType::Q4_0) << quint64(0x016dd4f11e831b25u);
    QTest::newRow("Q4_1") << int(GgmlType::Q4_1) << quint64(0x12ead9bbccceacfbu);
    QTest::newRow("Q5_0") << int(GgmlType::Q5_0) << quint64(0xb24e3c670c9fbb25u);
    QTest::newRow("Q5_1") << int(GgmlType::Q5_1) << quint64(0xe9dde484c47da772u);
    QTest::newRow("Q8_0") << int(GgmlType::Q8_0) << quint64(0x4dc8937a5c152225u);
    QTest::newRow("Q2_K") << int(GgmlType::Q2_K) << quint64(0x3b7e8b78a4ec3c28u);
    QTest::newRow("Q3_K") << int(GgmlType::Q3_K) << quint64(0x3eab3b3fcef6cc25u);
    QTest::newRow("Q4_K") << int(GgmlType::Q4_K) << quint64(0x2a0f500056325214u);
    QTest::newRow("Q5_K") << int(GgmlType::Q5_K) << quint64(0xa63c7d7d911a41a6u);
    QTest::newRow("Q6_K") << int(GgmlType::Q6_K) << quint64(0xf014cff3f6d138ddu);
    QTest::newRow("IQ2_XXS") << int(GgmlType::IQ2_XXS) << quint64(0x2e9453864a82e985u);
    QTest::newRow("IQ2_XS") << int(GgmlType::IQ2_XS) << quint64(0x1fe99e2b655589edu);
    QTest::newRow("IQ3_XXS") << int(GgmlType::IQ3_XXS) << quint64(0x8e63385473be952du);
    QTest::newRow("IQ1_S") << int(GgmlType::IQ1_S) << quint64(0x5177cce1d1563ee5u);
    QTest::newRow("IQ4_NL") << int(GgmlType::IQ4_NL) << quint64(0x2eddca23b67be9e5u);
    QTest::newRow("IQ3_S") << int(GgmlType::IQ3_S) << quint64(0xfcd2c0f39f6c3475u);
    QTest::newRow("IQ2_S") << int(GgmlType::IQ2_S) << quint64(0x3d73fd62a2524095u);
    QTest::newRow("IQ4_XS") << int(GgmlType::IQ4_XS) << quint64(0x911a777647bc24c5u);
    QTest::newRow("IQ1_M") << int(GgmlType::IQ1_M) << quint64(0xff50a945de286b65u);
    QTest::newRow("TQ1_0") << int(GgmlType::TQ1_0) << quint64(0x24c21450c1348325u);
    QTest::newRow("TQ2_0") << int(GgmlType::TQ2_0) << quint64(0xc7e078402e814325u);
    QTest::newRow("MXFP4") << int(GgmlType::MXFP4) << quint64(0xf2ff07f68daec325u);
    QTest::newRow("NVFP4") << int(GgmlType::NVFP4) << quint64(0x6ba60f6bed3b6325u);
    QTest::newRow("Q1_0") << int(GgmlType::Q1_0) << quint64(0xb4151047c9f8a325u);
    QTest::newRow("Q2_0") << int(GgmlType::Q2_0) << quint64(0x87d815bb1a022325u);
}

void QuantTest::readsAsOtherEnginesDo()
{
    QFETCH(int, type);
    QFETCH(quint64, digest);
    const auto format = static_cast<GgmlType>(type);
    constexpr uint64_t blocks = 64;
    std::vector<float> values(blocks * info(format).blockElements);
    dequantize(format, kernel_checks::randomBlocks(format, blocks, 1).data(), values);
    quint64 found = 14695981039346656037u;   // Fowler, Noll and Vo's hash, of whole words
    for (const float value : values)
        found = (found ^ std::bit_cast<uint32_t>(value + 0.0f)) * 1099511628211u;   // -0 counts as 0
    QCOMPARE(found, digest);
}

void QuantTest::halvesRoundTrip()
{
    for (uint32_t bits = 0; bits < 65536; ++bits) {
        const auto half = static_cast<uint16_t>(bits);
        const float value = halfToFloat(half);
        if (std::isnan(value))
            QVERIFY(std::isnan(halfToFloat(floatToHalf(value))));
        else
            QCOMPARE(floatToHalf(value), half);
    }
}

void QuantTest::halvesRoundToNearestEven()
{
    // Halfway between two neighbours goes to the even one; anything beyond goes to the nearer.
    for (uint32_t bits = 0; bits < 0x7bff; ++bits) {
        const auto half = static_cast<uint16_t>(bits);
        const float low = halfToFloat(half);
        const float high = halfToFloat(static_cast<uint16_t>(half + 1));
        const float middle = low + (high - low) / 2;
        QCOMPARE(floatToHalf(middle), static_cast<uint16_t>(bits & 1 ? half + 1 : half));
        QCOMPARE(floatToHalf(std::nextafter(middle, 0.0f)), half);
        QCOMPARE(floatToHalf(-std::nextafter(middle, INFINITY)), static_cast<uint16_t>((half + 1) | 0x8000));
    }
    QCOMPARE(floatToHalf(65519.996f), uint16_t{0x7bff});
    QCOMPARE(floatToHalf(65520.0f), uint16_t{0x7c00});
    QCOMPARE(floatToHalf(-INFINITY), uint16_t{0xfc00});
    QCOMPARE(floatToHalf(1e-30f), uint16_t{0});
}

void QuantTest::bfloatsRoundToNearestEven()
{
    QCOMPARE(floatToBfloat(1.0f), uint16_t{0x3f80});
    QCOMPARE(floatToBfloat(1.00390625f), uint16_t{0x3f80});   // halfway, to even
    QCOMPARE(floatToBfloat(1.01171875f), uint16_t{0x3f82});
    QVERIFY(std::isnan(bfloatToFloat(floatToBfloat(NAN))));
    QCOMPARE(bfloatToFloat(floatToBfloat(INFINITY)), INFINITY);
}

void QuantTest::quantizeLosesNoMoreThanTheFormat_data()
{
    // Relative mean squared error on normally distributed values: with n bits and the range fitted to a block it lies near
    // (range/σ)²/(12·4^n); the limits are the measured values of a plain range fit with a little room.
    QTest::addColumn<int>("type");
    QTest::addColumn<double>("limit");
    QTest::newRow("F32") << int(GgmlType::F32) << 0.0;
    QTest::newRow("F16") << int(GgmlType::F16) << 1e-7;
    QTest::newRow("BF16") << int(GgmlType::BF16) << 1e-5;
    QTest::newRow("Q8_0") << int(GgmlType::Q8_0) << 5e-5;
    QTest::newRow("Q6_K") << int(GgmlType::Q6_K) << 6e-4;
    QTest::newRow("Q5_K") << int(GgmlType::Q5_K) << 1.6e-3;
    QTest::newRow("Q4_K") << int(GgmlType::Q4_K) << 6.5e-3;
    QTest::newRow("Q4_0") << int(GgmlType::Q4_0) << 9e-3;
    QTest::newRow("Q4_1") << int(GgmlType::Q4_1) << 0.0047;
    QTest::newRow("Q5_0") << int(GgmlType::Q5_0) << 0.0017;
    QTest::newRow("Q5_1") << int(GgmlType::Q5_1) << 0.0011;
    QTest::newRow("Q2_K") << int(GgmlType::Q2_K) << 0.07;
    QTest::newRow("Q3_K") << int(GgmlType::Q3_K) << 0.0213;
    QTest::newRow("IQ4_NL") << int(GgmlType::IQ4_NL) << 0.0058;
    QTest::newRow("IQ4_XS") << int(GgmlType::IQ4_XS) << 0.0059;
    QTest::newRow("IQ3_XXS") << int(GgmlType::IQ3_XXS) << 0.0333;
    QTest::newRow("IQ3_S") << int(GgmlType::IQ3_S) << 0.018;
    QTest::newRow("IQ2_XXS") << int(GgmlType::IQ2_XXS) << 0.115;
    QTest::newRow("IQ2_XS") << int(GgmlType::IQ2_XS) << 0.087;
    QTest::newRow("IQ2_S") << int(GgmlType::IQ2_S) << 0.0615;
    QTest::newRow("IQ1_S") << int(GgmlType::IQ1_S) << 0.21;
    QTest::newRow("IQ1_M") << int(GgmlType::IQ1_M) << 0.182;
    QTest::newRow("MXFP4") << int(GgmlType::MXFP4) << 0.0133;
    QTest::newRow("NVFP4") << int(GgmlType::NVFP4) << 0.0083;
    QTest::newRow("TQ1_0") << int(GgmlType::TQ1_0) << 0.2;
    QTest::newRow("TQ2_0") << int(GgmlType::TQ2_0) << 0.2;
    QTest::newRow("Q1_0") << int(GgmlType::Q1_0) << 0.38;
    QTest::newRow("Q2_0") << int(GgmlType::Q2_0) << 0.115;
}

void QuantTest::quantizeLosesNoMoreThanTheFormat()
{
    QFETCH(int, type);
    QFETCH(double, limit);
    const auto format = static_cast<GgmlType>(type);
    QVERIFY(canQuantize(format));
    std::mt19937 random(7);
    std::normal_distribution<float> normal(0.01f, 0.03f);
    std::vector<float> values(256 * 64);
    for (float &v : values)
        v = normal(random);
    std::vector<std::byte> blocks(*rowBytes(format, values.size()));
    quantize(format, values, blocks.data());
    std::vector<float> back(values.size());
    dequantize(format, blocks.data(), back);
    double error = 0;
    double power = 0;
    for (size_t i = 0; i < values.size(); ++i) {
        error += std::pow(double(back[i]) - double(values[i]), 2);
        power += std::pow(double(values[i]), 2);
    }
    QVERIFY2(error / power <= limit, qPrintable(QString::number(error / power)));
}

void QuantTest::quantizeSurvivesOddValues()
{
    QFETCH(int, type);
    const auto format = static_cast<GgmlType>(type);
    std::vector<std::byte> blocks(*rowBytes(format, 256));
    std::vector<float> back(256);
    // 4e-6: a scale is a half float, a multiple of 6e-8, and is multiplied by up to 128.
    for (const float constant : {0.0f, 1.0f, -1.0f, 1e-30f, -3e-6f, 30000.0f}) {
        if (format == GgmlType::NVFP4 && constant > 448 * 6)   // its largest scale times its largest number
            continue;
        const std::vector<float> values(256, constant);
        quantize(format, values, blocks.data());
        dequantize(format, blocks.data(), back);
        for (const float v : back)
            QVERIFY2(std::fabs(double(v) - double(constant)) <= 0.13 * std::fabs(double(constant)) + 4e-6, qPrintable(QString::number(double(v))));
    }
    std::vector<float> values(256, 0.0f);
    values[3] = NAN;
    values[100] = INFINITY;
    quantize(format, values, blocks.data());   // nothing sensible can come out, but nothing may break
}

void QuantTest::dotIsThatOfTheDequantizedRow()
{
    std::mt19937 random(3);
    std::normal_distribution<float> normal;
    std::vector<float> values(512);
    std::vector<float> x(512);
    for (size_t i = 0; i < x.size(); ++i) {
        values[i] = normal(random);
        x[i] = normal(random);
    }
    for (const GgmlTypeInfo &format : ggmlTypes()) {
        if (!canQuantize(format.type))
            continue;
        std::vector<std::byte> row(*rowBytes(format.type, values.size()));
        quantize(format.type, values, row.data());
        std::vector<float> back(values.size());
        dequantize(format.type, row.data(), back);
        double want = 0;
        for (size_t i = 0; i < x.size(); ++i)
            want += double(back[i]) * double(x[i]);
        QCOMPARE(dot(format.type, row.data(), x), want);
    }
}

QTEST_GUILESS_MAIN(QuantTest)
#include "tst_quant.moc"
