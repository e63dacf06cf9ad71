// SPDX-License-Identifier: Apache-2.0
#include "made_models.h"
#include "session_calls.h"

#include <plimsoll/engine/bench/bench.h>
#include <plimsoll/engine/bench/random_blocks.h>
#include <plimsoll/engine/quant/reference.h>

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
    void sameArgumentsSameBytes();
    void weightsAreWellScaled_data();
    void weightsAreWellScaled();
    void blocksReadAlikeAnywhere();
    void byteVocabulary();
    void noVocabulary();
    void shrinks();
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

nlohmann::json latentModel()
{
    nlohmann::json entry = tinyModel("deepseek2");
    entry["optional_tensors"].push_back("exp_probs_b.bias");
    entry["hyperparameters"].update({{"attention.head_count_kv", 1}, {"attention.q_lora_rank", 64}, {"attention.kv_lora_rank", 96},
        {"attention.key_length", 112}, {"attention.value_length", 96}, {"attention.key_length_mla", 48}, {"attention.value_length_mla", 32},
        {"rope.dimension_count", 16}, {"rope.scaling.type", "yarn"}, {"rope.scaling.factor", 40.0},
        {"rope.scaling.original_context_length", 4096}, {"rope.scaling.yarn_log_multiplier", 0.1}, {"leading_dense_block_count", 1},
        {"expert_count", 8}, {"expert_used_count", 2}, {"expert_feed_forward_length", 64}, {"expert_shared_count", 2},
        {"expert_weights_scale", 2.5}, {"expert_weights_norm", true}, {"expert_gating_func", 2}, {"expert_group_count", 4},
        {"expert_group_used_count", 2}});
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

void compareBlocks(const BlockSpec &a, const BlockSpec &b)
{
    QCOMPARE(int(a.mixer), int(b.mixer));
    QCOMPARE(a.attention.heads, b.attention.heads);
    QCOMPARE(a.attention.kvHeads, b.attention.kvHeads);
    QCOMPARE(a.attention.headDimK, b.attention.headDimK);
    QCOMPARE(a.attention.headDimV, b.attention.headDimV);
    QCOMPARE(a.attention.scale, b.attention.scale);
    QCOMPARE(a.attention.qLoraRank, b.attention.qLoraRank);
    QCOMPARE(a.attention.kvLoraRank, b.attention.kvLoraRank);
    QCOMPARE(a.attention.nopeDim, b.attention.nopeDim);
    QCOMPARE(a.attention.rope.dims, b.attention.rope.dims);
    QCOMPARE(a.attention.rope.base, b.attention.rope.base);
    QCOMPARE(a.attention.rope.factor, b.attention.rope.factor);
    QCOMPARE(int(a.attention.rope.scaling), int(b.attention.rope.scaling));
    QCOMPARE(a.attention.rope.attentionFactor, b.attention.rope.attentionFactor);
    QCOMPARE(int(a.ffn.kind), int(b.ffn.kind));
    QCOMPARE(a.ffn.width, b.ffn.width);
    QCOMPARE(a.ffn.experts, b.ffn.experts);
    QCOMPARE(a.ffn.expertsUsed, b.ffn.expertsUsed);
    QCOMPARE(a.ffn.expertWidth, b.ffn.expertWidth);
    QCOMPARE(a.ffn.sharedWidth, b.ffn.sharedWidth);
    QCOMPARE(int(a.ffn.gate), int(b.ffn.gate));
    QCOMPARE(a.ffn.normalizeWeights, b.ffn.normalizeWeights);
    QCOMPARE(a.ffn.weightScale, b.ffn.weightScale);
    QCOMPARE(a.ffn.groups, b.ffn.groups);
    QCOMPARE(a.ffn.groupsUsed, b.ffn.groupsUsed);
    QCOMPARE(a.normEpsilon, b.normEpsilon);
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
    const auto row = [](const char *name, const nlohmann::json &entry) { QTest::newRow(name) << QByteArray::fromStdString(entry.dump()); };
    for (const char *architecture : {"llama", "qwen2", "qwen3"})
        row(architecture, tinyModel(architecture));
    row("tied", tinyModel("llama", true));
    row("qwen3moe", moeModel());
    row("deepseek2", latentModel());
}

void TestSynth::readsBackAsTheShape()
{
    QFETCH(QByteArray, entry);
    const ModelShape shape = shapeOf(nlohmann::json::parse(entry.toStdString()));
    const std::string file = path(QStringLiteral("shape"));
    QVERIFY(synthesize(shape, FileType::Q8_0, file).ok());
    const auto header = gguf::readHeader(file);
    QVERIFY2(header, header ? "" : describe(header.error()).c_str());
    const auto read = shapeFromGguf(*header);
    QVERIFY2(read, read ? "" : describe(read.error()).c_str());
    QCOMPARE(read->architecture, shape.architecture);
    QCOMPARE(read->embedding, shape.embedding);
    QCOMPARE(read->vocabulary, shape.vocabulary);
    QCOMPARE(read->contextTrained, shape.contextTrained);
    QCOMPARE(read->tiedOutput, shape.tiedOutput);
    QCOMPARE(read->parameters(), shape.parameters());
    QCOMPARE(read->tensors.size(), shape.tensors.size());
    QCOMPARE(header->tensors.size(), shape.tensors.size());
    QCOMPARE(typesOf(*read), mixTypes(shape, FileType::Q8_0));
    QCOMPARE(read->blocks.size(), shape.blocks.size());
    for (size_t i = 0; i < shape.blocks.size(); ++i)
        compareBlocks(read->blocks[i], shape.blocks[i]);
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
    const auto session = Session::load(path(QStringLiteral("none")), {});
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
    const auto session = Session::load(path(QStringLiteral("small")), {});
    QVERIFY2(session, session ? "" : describe(session.error()).c_str());
    QCOMPARE((*session)->shape().layers(), 2u);
    QCOMPARE((*session)->shape().vocabulary, 300u);
    QCOMPARE((*session)->tokenizer()->vocabularySize(), 300u);
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
    const auto session = Session::load(path(QStringLiteral("logits")), exactOptions(24));
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
    QCOMPARE(bytesOf(moe, 0), weightBytes(moe, typesOf(moe)).value - 96 * 259 * 2 - experts * 6 / 8);
}

QTEST_GUILESS_MAIN(TestSynth)
#include "tst_synth.moc"
