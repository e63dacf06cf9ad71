// SPDX-License-Identifier: Apache-2.0
#include "counted_load.h"
#include "family_cases.h"
#include "header_source.h"
#include "session_calls.h"
#include "shape_difference.h"

#include <plimsoll/engine/bench/bench.h>
#include <plimsoll/catalog/catalog.h>
#include <plimsoll/engine/bench/random_blocks.h>
#include <plimsoll/engine/bench/synth_metadata.h>
#include <plimsoll/engine/quant/reference.h>

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <cmath>
#include <set>

using namespace plimsoll;
using namespace plimsoll::engine;

/// Models made up to measure: files that read back as what was asked for, with weights that keep activations in bounds.
class TestSynth : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { QVERIFY(m_folder.isValid()); }
    void readsBackAsTheShape_data();
    void readsBackAsTheShape();
    void everyCatalogueModel();
    void splits();
    void sameArgumentsSameBytes();
    void weightsAreWellScaled_data();
    void weightsAreWellScaled();
    void blocksReadAlikeAnywhere();
    void byteVocabulary();
    void noVocabulary();
    void shrinks();
    void shrinksWhatIsPerLayer();
    void refuses();
    void cancels();
    void logitsKeepTheirSize();
    void benchMeasures();
    void bytesPerToken();

private:
    std::string path(const QString &name) const { return m_folder.filePath(name).toStdString(); }

    QTemporaryDir m_folder;
};

namespace {

nlohmann::json moeModel()
{
    nlohmann::json entry = tinyModel("qwen3moe");
    entry["hyperparameters"].update({{"expert_count", 8}, {"expert_used_count", 2}, {"expert_feed_forward_length", 64}});
    return entry;
}

/// A model whose rows are whole blocks of 256.
nlohmann::json wideModel()
{
    nlohmann::json entry = tinyModel("llama");
    entry["hyperparameters"].update({{"block_count", 2}, {"embedding_length", 256}, {"feed_forward_length", 256},
        {"attention.head_count", 4},
        {"attention.head_count_kv", 2}, {"attention.key_length", 64}, {"attention.value_length", 64}, {"rope.dimension_count", 64}});
    return entry;
}

QByteArray contents(const std::string &path)
{
    QFile file(QString::fromStdString(path));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

void TestSynth::readsBackAsTheShape_data()
{
    QTest::addColumn<QByteArray>("entry");
    for (const FamilyCase &each : familyCases())
        QTest::newRow(each.name.c_str()) << QByteArray::fromStdString(each.entry.dump());
    QTest::newRow("tied") << QByteArray::fromStdString(tinyModel("llama", true).dump());
}

/// Every family: what is written reads back as what was asked for, and runs.
void TestSynth::readsBackAsTheShape()
{
    QFETCH(QByteArray, entry);
    const ModelShape shape = shapeOf(nlohmann::json::parse(entry.toStdString()));
    const std::string file = path(QStringLiteral("shape"));
    const auto written = synthesize(shape, FileType::Q8_0, file);
    QVERIFY2(written, written ? "" : describe(written.error()).c_str());
    const auto header = gguf::readHeader(file);
    QVERIFY2(header, header ? "" : describe(header.error()).c_str());
    const auto read = shapeFromGguf(*header);
    QVERIFY2(read, read ? "" : describe(read.error()).c_str());
    QCOMPARE(shapeDifference(*read, shape), std::string());
    QCOMPARE(typesOf(*read), mixTypes(shape, FileType::Q8_0));
    QCOMPARE(header->tensors.size(), shape.tensors.size());
    const auto session = loadCounted(file, exactOptions(2));
    QVERIFY2(session, session ? "" : describe(session.error()).c_str());
    const auto logits = logitsOf(**session, {5, 7}, 1);
    QVERIFY2(logits, logits ? "" : describe(logits.error()).c_str());
    QVERIFY(std::all_of(logits->begin(), logits->end(), [](float x) { return std::isfinite(x); }));
    QVERIFY(std::any_of(logits->begin(), logits->end(), [](float x) { return x != 0.0f; }));
}

/// Every model of the catalogue, its header alone.
void TestSynth::everyCatalogueModel()
{
    const auto catalog = loadCatalog(PLIMSOLL_SOURCE "/resources/catalog");
    QVERIFY2(catalog, catalog ? "" : describe(catalog.error()).c_str());
    for (const CatalogModel &model : catalog->models) {
        const auto shape = shrink(model.shape, {});
        QVERIFY(shape);
        gguf::Writer writer;
        const Status set = setMetadata(writer, *shape, FileType::F16);
        QVERIFY2(set, model.id.c_str());
        for (const TensorSpec &spec : shape->tensors)
            QVERIFY(writer.add({tensorName(spec), spec.type, {spec.dims.begin(), spec.dims.begin() + spec.dimensions}}));
        HeaderSource source(writer.header());
        const auto read = gguf::readHeader(source);
        QVERIFY2(read, read ? "" : describe(read.error()).c_str());
        const auto again = shapeFromGguf(*read);
        QVERIFY2(again, again ? "" : describe(again.error()).c_str());
        QVERIFY2(shapeDifference(*again, *shape).empty(), (model.id + ": " + shapeDifference(*again, *shape)).c_str());
    }
}

/// Parts that other engines read as one, and this one too: each below the limit unless one tensor alone is larger.
void TestSynth::splits()
{
    SynthOptions options;
    options.partBytes = 60000;
    const ModelShape shape = shapeOf(tinyModel("llama"));
    const auto parts = synthesize(shape, FileType::Q8_0, path(QStringLiteral("split.gguf")), options);
    QVERIFY2(parts, parts ? "" : describe(parts.error()).c_str());
    QVERIFY(parts->size() > 3);
    char first[32];
    std::snprintf(first, sizeof first, "split-00001-of-%05zu.gguf", parts->size());
    QCOMPARE(parts->front(), path(QString::fromLatin1(first)));
    const auto header = gguf::readHeader(parts->front());
    QVERIFY2(header, header ? "" : describe(header.error()).c_str());
    QCOMPARE(header->parts.size(), parts->size());
    std::vector<uint64_t> bytes(parts->size());
    std::vector<uint64_t> largest(parts->size());
    for (const gguf::TensorInfo &tensor : header->tensors) {
        bytes[tensor.part] += tensor.bytes;
        largest[tensor.part] = std::max(largest[tensor.part], tensor.bytes);
    }
    for (size_t i = 0; i < bytes.size(); ++i)
        QVERIFY(bytes[i] > 0 && bytes[i] <= std::max<uint64_t>(60000, largest[i]));
    QVERIFY(make(tinyModel("llama"), FileType::Q8_0, path(QStringLiteral("whole"))));
    std::vector<std::vector<float>> logits;
    for (const std::string &file : {parts->front(), path(QStringLiteral("whole"))}) {
        const auto session = loadCounted(file, exactOptions(5));
        QVERIFY2(session, session ? "" : describe(session.error()).c_str());
        logits.push_back(*logitsOf(**session, someTokens(5, 259), 5));
    }
    QCOMPARE(logits[0], logits[1]);
    const std::atomic<bool> cancel = true;
    options.cancel = &cancel;
    QVERIFY(!synthesize(shape, FileType::Q8_0, path(QStringLiteral("none.gguf")), options));
    QVERIFY(QDir(m_folder.path()).entryList({QStringLiteral("none*")}).isEmpty());
}

void TestSynth::sameArgumentsSameBytes()
{
    SynthOptions other;
    other.seed = 2;
    QVERIFY(make(tinyModel("llama"), FileType::Q4_0, path(QStringLiteral("a"))));
    QVERIFY(make(tinyModel("llama"), FileType::Q4_0, path(QStringLiteral("b"))));
    QVERIFY(make(tinyModel("llama"), FileType::Q4_0, path(QStringLiteral("c")), other));
    const QByteArray a = contents(path(QStringLiteral("a")));
    QVERIFY(!a.isEmpty());
    QCOMPARE(contents(path(QStringLiteral("b"))), a);
    QCOMPARE(contents(path(QStringLiteral("c"))).size(), a.size());
    QVERIFY(contents(path(QStringLiteral("c"))) != a);
}

void TestSynth::weightsAreWellScaled_data()
{
    QTest::addColumn<int>("type");
    for (const FileTypeInfo &each : fileTypes())
        QTest::newRow(std::string(each.name).c_str()) << int(each.type);
}

void TestSynth::weightsAreWellScaled()
{
    QFETCH(int, type);
    const std::string file = path(QStringLiteral("scaled"));
    QVERIFY(make(wideModel(), FileType(type), file));
    const auto header = gguf::readHeader(file);
    QVERIFY(header);
    const QByteArray bytes = contents(file);
    for (const gguf::TensorInfo &tensor : header->tensors) {
        std::vector<float> values(tensor.elements());
        dequantize(tensor.type, reinterpret_cast<const std::byte *>(bytes.constData()) + tensor.offset, values);
        double sum = 0;
        double squares = 0;
        for (const float value : values) {
            QVERIFY(std::isfinite(value));
            sum += double(value);
            squares += double(value) * double(value);
        }
        const double mean = sum / double(values.size());
        if (tensor.dimensions == 1 && tensor.name != "rope_freqs.weight")
            QVERIFY(std::abs(mean - 1.0) < 0.05);   // norms: 256 of deviation 0.1
        if (tensor.dimensions == 1)
            continue;
        const double deviation = std::sqrt(squares / double(values.size())) * std::sqrt(double(tensor.dims[0]));
        QVERIFY2(deviation > 0.9 && deviation < 1.1, std::string(tensor.name).c_str());
        QVERIFY(std::abs(mean) * std::sqrt(double(tensor.dims[0])) < 0.05);
        std::set<std::vector<float>> rows;
        for (size_t row = 0; row < tensor.dims[1]; ++row)
            rows.emplace(&values[row * tensor.dims[0]], &values[row * tensor.dims[0]] + tensor.dims[0]);
        QVERIFY2(rows.size() == tensor.dims[1], std::string(tensor.name).c_str());
    }
}

void TestSynth::blocksReadAlikeAnywhere()
{
    // Ten stretches of 210 bytes are made; what comes after is drawn from them.
    const RandomBlocks blocks(GgmlType::Q6_K, 0.1f, 2560, 5);
    std::vector<std::byte> whole(9000);
    blocks.read(0, whole);
    for (const size_t offset : {size_t(1), size_t(209), size_t(210), size_t(2099), size_t(5000)}) {
        std::vector<std::byte> part(777);
        blocks.read(offset, part);
        QVERIFY(std::equal(part.begin(), part.end(), whole.begin() + std::ptrdiff_t(offset)));
    }
    QVERIFY(!std::equal(whole.begin() + 2100, whole.begin() + 4200, whole.begin()));
}

void TestSynth::byteVocabulary()
{
    nlohmann::json entry = tinyModel("llama");
    entry["hyperparameters"]["vocab_size"] = 12000;
    QVERIFY(make(entry, FileType::Q8_0, path(QStringLiteral("words"))));
    const auto header = gguf::readHeader(path(QStringLiteral("words")));
    QVERIFY(header);
    const auto tokens = header->arrayAt("tokenizer.ggml.tokens");
    QVERIFY(tokens && *tokens);
    std::set<std::string_view> unique;
    for (uint64_t i = 0; i < (*tokens)->count(); ++i)
        unique.insert((*tokens)->string(i));
    QCOMPARE(unique.size(), size_t(12000));

    const auto tokenizer = makeTokenizer(*header);
    QVERIFY2(tokenizer, tokenizer ? "" : describe(tokenizer.error()).c_str());
    for (const char *text : {"Hello, world", "Привет, мир! 你好 \xF0\x9F\x9A\xA2", "a  b\nc"}) {
        std::string back;
        for (const TokenId token : (*tokenizer)->encode(text, {}))
            back += (*tokenizer)->decode(token);
        QCOMPARE(back, std::string(text));
    }
    QCOMPARE((*tokenizer)->encode("x", {.addSpecial = true}).front(), 1);
    QVERIFY((*tokenizer)->isEndOfGeneration(2));
}

void TestSynth::noVocabulary()
{
    SynthOptions options;
    options.tokenizer = SynthTokenizer::None;
    QVERIFY(make(tinyModel("qwen3"), FileType::BF16, path(QStringLiteral("none")), options));
    const auto session = loadCounted(path(QStringLiteral("none")), {});
    QVERIFY2(session, session ? "" : describe(session.error()).c_str());
    QVERIFY(!(*session)->tokenizer());
    const auto generation = (*session)->generate(someTokens(4, 259), {.maxTokens = 6});
    QVERIFY(generation);
    QCOMPARE(generation->tokens.size(), size_t(6));
    QVERIFY(generation->text.empty());
}

void TestSynth::shrinks()
{
    SynthOptions options;
    options.layers = 2;
    nlohmann::json entry = tinyModel("qwen2");
    entry["hyperparameters"]["vocab_size"] = 5000;
    options.vocabulary = 300;
    QVERIFY(make(entry, FileType::F16, path(QStringLiteral("small")), options));
    const auto session = loadCounted(path(QStringLiteral("small")), {});
    QVERIFY2(session, session ? "" : describe(session.error()).c_str());
    QCOMPARE((*session)->shape().layers(), 2u);
    QCOMPARE((*session)->shape().vocabulary, 300u);
    QCOMPARE((*session)->tokenizer()->vocabularySize(), 300u);
}

/// Layers with tables of their own, and some that read the cache of others.
void TestSynth::shrinksWhatIsPerLayer()
{
    SynthOptions options;
    options.vocabulary = 262;
    for (const uint32_t layers : {3u, 6u, 8u}) {
        nlohmann::json entry = familyModel("gemma4");
        entry["hyperparameters"]["vocab_size"] = 300;
        options.layers = layers;
        const auto shape = shrink(shapeOf(entry), options);
        QVERIFY(shape);
        const auto written = synthesize(shapeOf(entry), FileType::F16, path(QStringLiteral("gemma")), options);
        QVERIFY2(written, written ? "" : describe(written.error()).c_str());
        const auto session = loadCounted(path(QStringLiteral("gemma")), exactOptions(2));
        QVERIFY2(session, session ? "" : describe(session.error()).c_str());
        QCOMPARE(shapeDifference((*session)->shape(), *shape), std::string());
    }
}

void TestSynth::refuses()
{
    const std::string file = path(QStringLiteral("refused"));
    SynthOptions options;
    options.layers = 4;
    const Status layers = make(tinyModel("llama"), FileType::F16, file, options);
    QVERIFY(!layers && layers.error().code == ErrorCode::InvalidArgument);
    options.layers = 0;
    options.vocabulary = 258;
    const Status vocabulary = make(tinyModel("llama"), FileType::F16, file, options);
    QVERIFY(!vocabulary && vocabulary.error().code == ErrorCode::InvalidArgument);
    const Status folder = make(tinyModel("llama"), FileType::F16, path(QStringLiteral("no/such/folder")));
    QVERIFY(!folder && folder.error().code == ErrorCode::FileUnwritable);
    QVERIFY(!QFile::exists(QString::fromStdString(file)));
}

void TestSynth::cancels()
{
    const std::atomic<bool> cancel = true;
    SynthOptions options;
    options.cancel = &cancel;
    const Status status = make(tinyModel("llama"), FileType::F16, path(QStringLiteral("cancelled")), options);
    QVERIFY(!status && status.error().code == ErrorCode::Cancelled);
    QVERIFY(!QFile::exists(m_folder.filePath(QStringLiteral("cancelled"))));
}

void TestSynth::logitsKeepTheirSize()
{
    QVERIFY(make(wideModel(), FileType::Q4_K_M, path(QStringLiteral("logits"))));
    const auto session = loadCounted(path(QStringLiteral("logits")), exactOptions(24));
    QVERIFY2(session, session ? "" : describe(session.error()).c_str());
    const auto logits = logitsOf(**session, someTokens(24, 259), 24);
    QVERIFY(logits);
    double squares = 0;
    for (const float value : *logits)
        squares += double(value) * double(value);
    const double size = std::sqrt(squares / double(logits->size()));
    QVERIFY2(size > 0.3 && size < 3.0, std::to_string(size).c_str());
}

void TestSynth::benchMeasures()
{
    QVERIFY(make(wideModel(), FileType::Q8_0, path(QStringLiteral("bench"))));
    BenchOptions options;
    options.prompt = 20;
    options.generate = 6;
    options.repetitions = 2;
    options.depth = 5;
    options.threads = 2;
    double last = 0;
    options.progress = [&last](double share) {
        QVERIFY(share >= last);
        last = share;
    };
    const auto result = bench(path(QStringLiteral("bench")), options);
    QVERIFY2(result, result ? "" : describe(result.error()).c_str());
    QCOMPARE(last, 1.0);
    QCOMPARE(result->quantization, std::string("Q8_0"));
    QCOMPARE(result->options.threads, 2u);
    QVERIFY(result->readBandwidth.known());
    for (const Spread &spread : {result->prefill, result->decode, result->bandwidthShare})
        QVERIFY(spread.min > 0 && spread.min <= spread.median && spread.median <= spread.max);
    const nlohmann::json json = toJson(*result);
    QCOMPARE(json["decode"]["median"].get<double>(), result->decode.median);
    QCOMPARE(json["bytesPerToken"].get<uint64_t>(), result->bytesPerToken);

    options.repetitions = 0;
    QVERIFY(!bench(path(QStringLiteral("bench")), options));
}

void TestSynth::bytesPerToken()
{
    const RunOptions options;
    const ModelShape plain = shapeOf(tinyModel("llama"));
    const ModelShape tied = shapeOf(tinyModel("llama", true));
    const auto bytesOf = [&](const ModelShape &shape, uint64_t cells) { return bytesReadPerToken(shape, typesOf(shape), options, cells); };
    // The table is read by row; the output matrix, or the table in its place, as a whole.
    QCOMPARE(bytesOf(plain, 0), weightBytes(plain, typesOf(plain)).value - 96 * 259 * 2);
    QCOMPARE(bytesOf(tied, 0), weightBytes(tied, typesOf(tied)).value);
    // Ten cells of three layers: three heads of 48, keys and values in half precision.
    QCOMPARE(bytesOf(plain, 10) - bytesOf(plain, 0), uint64_t(10 * 3 * 3 * 48 * 2 * 2));
    // Two of eight experts.
    const ModelShape moe = shapeOf(moeModel());
    const uint64_t experts = 3 * 3 * 8 * uint64_t(64 * 96) * 2;
    const ModelShape &dense = plain;
    QCOMPARE(productsOfPrompt(dense, 3) - productsOfPrompt(dense, 2), productsOfPrompt(tied, 3) - productsOfPrompt(tied, 2));
    QCOMPARE(productsOfPrompt(dense, 0), uint64_t(96) * 259);   // the output matrix
    QCOMPARE(bytesOf(moe, 0), weightBytes(moe, typesOf(moe)).value - 96 * 259 * 2 - experts * 6 / 8);
}

QTEST_GUILESS_MAIN(TestSynth)
#include "tst_synth.moc"
