// SPDX-License-Identifier: Apache-2.0
#include "counted_load.h"
#include "logits_reference.h"
#include "made_models.h"
#include "session_calls.h"

#include <plimsoll/engine/bench/quantizer.h>
#include <plimsoll/engine/bench/random_blocks.h>
#include <plimsoll/engine/quant/reference.h>
#include <plimsoll/gguf/writer.h>
#include <plimsoll/model/mix.h>

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <cstring>

using namespace plimsoll;
using namespace plimsoll::engine;

/// Files of plain numbers made smaller: the right formats, everything else as it was, and answers that stay near.
class TestQuantizer : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void everyMix_data();
    void everyMix();
    void metadataStays();
    void refuses();
    void cancels();
    void asGoodAsThePeer_data();
    void asGoodAsThePeer();

private:
    std::string path(const char *name) const { return m_folder.filePath(QString::fromUtf8(name)).toStdString(); }

    QTemporaryDir m_folder;
    std::vector<float> m_logits;   // of the model that is quantized
};

namespace {

constexpr size_t tokens = 24;
constexpr uint32_t vocabulary = 259;

/// Rows of whole blocks of 256.
nlohmann::json wideModel()
{
    nlohmann::json entry = tinyModel("llama");
    entry["hyperparameters"].update({{"block_count", 2}, {"embedding_length", 256}, {"feed_forward_length", 512},
        {"attention.head_count", 4}, {"attention.head_count_kv", 2}, {"attention.key_length", 64}, {"attention.value_length", 64},
        {"rope.dimension_count", 64}});
    return entry;
}

/// What normally distributed values lose in this format, relatively.
double storedError(GgmlType type)
{
    std::vector<float> values(4096);
    for (size_t i = 0; i < values.size(); ++i)
        values[i] = randomNormal(1, i);
    std::vector<std::byte> blocks(*rowBytes(type, values.size()));
    quantize(type, values, blocks.data());
    std::vector<float> back(values.size());
    dequantize(type, blocks.data(), back);
    return nmse(back, values);
}

std::vector<float> logitsOfFile(const std::string &path, std::span<const TokenId> ids)
{
    const auto session = loadCounted(path, exactOptions(uint32_t(ids.size())));
    if (!session)
        return {};
    auto logits = logitsOf(**session, {ids.begin(), ids.end()}, ids.size());
    return logits ? *std::move(logits) : std::vector<float>{};
}

} // namespace

void TestQuantizer::initTestCase()
{
    QVERIFY(m_folder.isValid());
    QVERIFY(make(wideModel(), FileType::F16, path("plain")));
    m_logits = logitsOfFile(path("plain"), someTokens(tokens, vocabulary));
    QVERIFY(!m_logits.empty());
}

void TestQuantizer::everyMix_data()
{
    QTest::addColumn<int>("type");
    for (const FileTypeInfo &each : fileTypes())
        QTest::newRow(std::string(each.name).c_str()) << int(each.type);
}

void TestQuantizer::everyMix()
{
    QFETCH(int, type);
    const auto fileType = static_cast<FileType>(type);
    QuantizeOptions options;
    options.threads = 2;
    double last = 0;
    options.progress = [&last](double share) {
        QVERIFY(share >= last && share <= 1);
        last = share;
    };
    const Status status = quantizeFile(path("plain"), fileType, path("small"), options);
    QVERIFY2(status, status ? "" : describe(status.error()).c_str());
    QVERIFY(last > 0.999);
    const auto header = gguf::readHeader(path("small"));
    QVERIFY(header);
    const ModelShape shape = shapeOf(wideModel());
    const WeightTypes mix = mixTypes(shape, fileType);
    QCOMPARE(header->tensors.size(), mix.size());
    for (size_t i = 0; i < mix.size(); ++i)
        QCOMPARE(int(header->tensor(tensorName(shape.tensors[i]))->type), int(mix[i]));
    QCOMPARE(*header->unsignedAt("general.file_type"), std::optional<uint64_t>(uint64_t(type)));

    const std::vector<float> logits = logitsOfFile(path("small"), someTokens(tokens, vocabulary));
    QCOMPARE(logits.size(), m_logits.size());
    const double error = nmse(logits, m_logits);
    // Two layers of random weights magnify the error of the weights, and of the activations rounded to 8 bits, about thirtyfold, until
    // at 2 the logits have nothing in common.
    const GgmlType base = info(fileType).base;
    const double limit = std::min(2.0, 40 * (storedError(base) + (info(base).blockElements > 1 ? 3e-5 : 0)));
    qInfo("NMSE %.3g, at most %.3g", error, limit);
    QVERIFY2(error <= limit, qPrintable(QStringLiteral("%1 > %2").arg(error).arg(limit)));
}

void TestQuantizer::metadataStays()
{
    QVERIFY(quantizeFile(path("plain"), FileType::Q8_0, path("small")));
    const auto plain = gguf::readHeader(path("plain"));
    const auto small = gguf::readHeader(path("small"));
    QVERIFY(plain && small);
    const auto before = gguf::encodedMetadata(*plain);
    const auto after = gguf::encodedMetadata(*small);
    QVERIFY(before && after);
    QCOMPARE(before->size(), plain->metadata.size());
    QVERIFY(before->size() > 10);
    QCOMPARE(after->size(), before->size());
    for (const auto &[key, value] : *before) {
        const auto same = std::find_if(after->begin(), after->end(), [&key = key](const auto &entry) { return entry.first == key; });
        QVERIFY2(same != after->end(), key.c_str());
        QVERIFY2(same->second.bytes == value.bytes || key == "general.file_type", key.c_str());
    }
}

void TestQuantizer::refuses()
{
    QVERIFY(quantizeFile(path("plain"), FileType::Q8_0, path("small")));
    const Status again = quantizeFile(path("small"), FileType::Q4_0, path("smaller"));
    QVERIFY(!again && again.error().code == ErrorCode::TensorWrongType);
    const Status onto = quantizeFile(path("plain"), FileType::Q4_0, path("plain"));
    QVERIFY(!onto && onto.error().code == ErrorCode::InvalidArgument);
    const Status nowhere = quantizeFile(path("plain"), FileType::Q4_0, path("no/such/folder"));
    QVERIFY(!nowhere && nowhere.error().code == ErrorCode::FileUnwritable);
    const Status absent = quantizeFile(path("absent"), FileType::Q4_0, path("smaller"));
    QVERIFY(!absent && absent.error().code == ErrorCode::FileNotFound);

    const auto header = gguf::readHeader(path("plain"));
    QVERIFY(header);
    QVERIFY(QFile::copy(QString::fromStdString(path("plain")), QString::fromStdString(path("broken"))));
    QFile broken(QString::fromStdString(path("broken")));
    QVERIFY(broken.open(QIODevice::ReadWrite));
    QVERIFY(broken.seek(qint64(header->tensor("blk.1.ffn_up.weight")->offset) + 1000));
    QCOMPARE(broken.write("\x00\x7e", 2), qint64(2));   // a half float that is not a number
    broken.close();
    const Status poisoned = quantizeFile(path("broken"), FileType::Q4_0, path("smaller"));
    QVERIFY(!poisoned && poisoned.error().code == ErrorCode::ModelInvalid);
    QCOMPARE(poisoned.error().arguments.front(), std::string("blk.1.ffn_up.weight"));
    QVERIFY(!QFile::exists(QString::fromStdString(path("smaller"))));
}

void TestQuantizer::cancels()
{
    const std::atomic<bool> cancel = true;
    QuantizeOptions options;
    options.cancel = &cancel;
    const Status status = quantizeFile(path("plain"), FileType::Q4_0, path("cancelled"), options);
    QVERIFY(!status && status.error().code == ErrorCode::Cancelled);
    QVERIFY(!QFile::exists(QString::fromStdString(path("cancelled"))));
}

void TestQuantizer::asGoodAsThePeer_data()
{
    QTest::addColumn<int>("type");
    for (const FileType type : {FileType::Q8_0, FileType::Q4_0, FileType::Q4_1, FileType::Q5_0, FileType::Q5_1, FileType::Q2_K, FileType::Q3_K_M,
             FileType::Q4_K_M, FileType::Q5_K_M, FileType::Q6_K, FileType::IQ3_S, FileType::IQ4_NL, FileType::IQ4_XS})
        QTest::newRow(std::string(name(type)).c_str()) << int(type);
}

/// The same weights, quantized here and by an independent engine: the same formats, and answers about as near to those of the original.
void TestQuantizer::asGoodAsThePeer()
{
    const QString folder = QStringLiteral(PLIMSOLL_GOLDEN "/logits/");
    if (!QFile::exists(folder))
        QSKIP("no reference logits at " PLIMSOLL_GOLDEN);
    QFETCH(int, type);
    const std::string plain = (folder + QStringLiteral("llama-F16.gguf")).toStdString();
    const std::string peer = folder.toStdString() + "llama-" + std::string(name(FileType(type))) + ".gguf";
    const Status status = quantizeFile(plain, FileType(type), path("ours"));
    QVERIFY2(status, status ? "" : describe(status.error()).c_str());
    const auto ours = gguf::readHeader(path("ours"));
    const auto theirs = gguf::readHeader(peer);
    QVERIFY(ours && theirs);
    QCOMPARE(ours->tensors.size(), theirs->tensors.size());
    for (const gguf::TensorInfo &tensor : theirs->tensors)
        QVERIFY2(ours->tensor(tensor.name)->type == tensor.type, std::string(tensor.name).c_str());

    const LogitsReference reference = LogitsReference::read(folder + QStringLiteral("llama-F16.ref"));
    const double ourError = nmse(logitsOfFile(path("ours"), reference.tokens), reference.logits);
    const double theirError = nmse(logitsOfFile(peer, reference.tokens), reference.logits);
    qInfo("NMSE %.4g, of the peer's file %.4g", ourError, theirError);
    QVERIFY2(ourError <= 1.25 * theirError, qPrintable(QStringLiteral("%1, peer %2").arg(ourError).arg(theirError)));
}

QTEST_GUILESS_MAIN(TestQuantizer)
#include "tst_quantizer.moc"
