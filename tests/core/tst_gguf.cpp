// SPDX-License-Identifier: Apache-2.0
#include <plimsoll/gguf/writer.h>

#include "gguf_bytes.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <limits>

using namespace plimsoll;
using namespace plimsoll::gguf;

namespace {

/// Byte i of tensor t, so that a piece written to the wrong place shows.
std::byte patternAt(size_t tensor, uint64_t i)
{
    return static_cast<std::byte>((i * 131 + tensor * 17 + i / 251) & 0xff);
}

Status fillPattern(size_t index, uint64_t offset, std::span<std::byte> out)
{
    for (size_t i = 0; i < out.size(); ++i)
        out[i] = patternAt(index, offset + i);
    return {};
}

template <typename T>
T get(const Header &header, std::string_view key)
{
    const Value *value = header.find(key);
    const T *held = value ? std::get_if<T>(value) : nullptr;
    return held ? *held : T{};
}

} // namespace

class GgufTest : public QObject
{
    Q_OBJECT

private slots:
    void roundTrip_data();
    void roundTrip();
    void everyValueType();
    void arraysConvert();
    void typedLookUps();
    void version2();
    void writerRefuses();
    void failedWriteLeavesNothing();
    void largeHeaderIsReadInSteps();
    void split();
    void splitMissingPart();
    void splitContradictions();
    void missingAndOddFiles();
    void goldenFiles();
};

void GgufTest::roundTrip_data()
{
    QTest::addColumn<uint>("alignment");
    QTest::newRow("usual") << 32u;
    QTest::newRow("small") << 8u;
    QTest::newRow("page") << 4096u;
}

void GgufTest::roundTrip()
{
    QFETCH(uint, alignment);
    QTemporaryDir folder;
    const std::string path = folder.filePath("model.gguf").toStdString();

    Writer writer;
    writer.set("general.architecture", std::string("llama"));
    writer.set("general.name", std::string("replaced"));
    writer.set("general.name", std::string("имя 名"));
    writer.set("a.u32", uint32_t{4000000000u});
    writer.set("a.i32", int32_t{-5});
    writer.set("a.u64", uint64_t{1} << 63);
    writer.set("a.f32", 0.25f);
    writer.set("a.bool", true);
    writer.set("a.strings", std::vector<std::string>{"", "one", std::string("with\0zero", 9)});
    writer.set("a.floats", std::vector<float>{1.5f, -2.f});
    writer.set("a.ints", std::vector<int32_t>{-1, 7});
    writer.set("a.uints", std::vector<uint32_t>{});
    QVERIFY(writer.add({"token_embd.weight", GgmlType::F16, {3, 5}}));
    QVERIFY(writer.add({"blk.0.attn_q.weight", GgmlType::Q4_K, {512, 3}}));
    QVERIFY(writer.add({"blk.0.ffn_down_exps.weight", GgmlType::Q8_0, {32, 2, 3, 2}}));
    QVERIFY(writer.add({"big.weight", GgmlType::F32, {1024, 3000}}));
    QVERIFY(writer.add({"output_norm.weight", GgmlType::F32, {1}}));
    QVERIFY(writer.write(path, fillPattern, alignment));
    QCOMPARE(QDir(folder.path()).entryList(QDir::Files).size(), 1);

    const Result<Header> header = readHeader(path);
    QVERIFY(header);
    QCOMPARE(header->version, 3u);
    QCOMPARE(header->alignment, alignment);
    QCOMPARE(header->path(), path);
    QCOMPARE(get<std::string_view>(*header, "general.name"), std::string_view("имя 名"));
    QCOMPARE(get<uint64_t>(*header, "a.u32"), uint64_t{4000000000u});
    QCOMPARE(get<int64_t>(*header, "a.i32"), int64_t{-5});
    QCOMPARE(get<uint64_t>(*header, "a.u64"), uint64_t{1} << 63);
    QCOMPARE(get<double>(*header, "a.f32"), 0.25);
    QCOMPARE(get<bool>(*header, "a.bool"), true);
    const Array strings = get<Array>(*header, "a.strings");
    QCOMPARE(strings.count(), uint64_t{3});
    QCOMPARE(strings.string(0), std::string_view(""));
    QCOMPARE(strings.string(1), std::string_view("one"));
    QCOMPARE(strings.string(2), std::string_view("with\0zero", 9));
    QCOMPARE(get<Array>(*header, "a.floats").real(1), -2.0);
    QCOMPARE(get<Array>(*header, "a.ints").integer(0), int64_t{-1});
    QCOMPARE(get<Array>(*header, "a.uints").count(), uint64_t{0});

    QCOMPARE(header->tensors.size(), size_t{5});
    const TensorInfo *experts = header->tensor("blk.0.ffn_down_exps.weight");
    QVERIFY(experts);
    QCOMPARE(experts->dimensions, 4u);
    QCOMPARE(experts->elements(), uint64_t{32 * 12});
    QCOMPARE(experts->bytes, uint64_t{34 * 12});
    QVERIFY(!header->tensor("blk.0"));
    QVERIFY(!header->tensor(""));

    QFile file(QString::fromStdString(path));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(uint64_t(file.size()), header->fileBytes());
    QCOMPARE(file.size() % alignment, 0);
    const QByteArray content = file.readAll();
    uint64_t sum = 0;
    for (size_t t = 0; t < header->tensors.size(); ++t) {
        const TensorInfo &tensor = header->tensors[t];
        QCOMPARE(tensor.offset % alignment, uint64_t{0});
        sum += tensor.bytes;
        for (uint64_t i = 0; i < tensor.bytes; ++i)
            if (std::byte(content[qsizetype(tensor.offset + i)]) != patternAt(t, i))
                QFAIL(qPrintable(QString("tensor %1 differs at %2").arg(t).arg(i)));
    }
    QCOMPARE(header->tensorBytes(), sum);
}

void GgufTest::everyValueType()
{
    GgufBytes file(3, 0, 12);
    file.key("u8", ValueType::U8).number(uint8_t{200});
    file.key("i8", ValueType::I8).number(int8_t{-100});
    file.key("u16", ValueType::U16).number(uint16_t{60000});
    file.key("i16", ValueType::I16).number(int16_t{-30000});
    file.key("u32", ValueType::U32).number(uint32_t{4000000000u});
    file.key("i32", ValueType::I32).number(int32_t{-2000000000});
    file.key("f32", ValueType::F32).number(1.25f);
    file.key("bool", ValueType::Bool).number(uint8_t{1});
    file.key("string", ValueType::String).text("words");
    file.key("u64", ValueType::U64).number(UINT64_MAX);
    file.key("i64", ValueType::I64).number(INT64_MIN);
    file.key("f64", ValueType::F64).number(1e300);
    const auto header = file.read();
    QVERIFY(header);
    QCOMPARE(header->metadata.size(), size_t{12});
    QCOMPARE(get<uint64_t>(*header, "u8"), uint64_t{200});
    QCOMPARE(get<int64_t>(*header, "i8"), int64_t{-100});
    QCOMPARE(get<uint64_t>(*header, "u16"), uint64_t{60000});
    QCOMPARE(get<int64_t>(*header, "i16"), int64_t{-30000});
    QCOMPARE(get<uint64_t>(*header, "u32"), uint64_t{4000000000u});
    QCOMPARE(get<int64_t>(*header, "i32"), int64_t{-2000000000});
    QCOMPARE(get<double>(*header, "f32"), 1.25);
    QCOMPARE(get<bool>(*header, "bool"), true);
    QCOMPARE(get<std::string_view>(*header, "string"), std::string_view("words"));
    QCOMPARE(get<uint64_t>(*header, "u64"), UINT64_MAX);
    QCOMPARE(get<int64_t>(*header, "i64"), INT64_MIN);
    QCOMPARE(get<double>(*header, "f64"), 1e300);
}

void GgufTest::arraysConvert()
{
    GgufBytes file(3, 0, 11);
    file.array("u8", ValueType::U8, 2).number(uint8_t{1}).number(uint8_t{255});
    file.array("i8", ValueType::I8, 1).number(int8_t{-1});
    file.array("u16", ValueType::U16, 1).number(uint16_t{65535});
    file.array("i16", ValueType::I16, 1).number(int16_t{-2});
    file.array("u32", ValueType::U32, 1).number(UINT32_MAX);
    file.array("i32", ValueType::I32, 1).number(INT32_MIN);
    file.array("f32", ValueType::F32, 3).number(-1.75f).number(std::numeric_limits<float>::quiet_NaN()).number(1e30f);
    file.array("bool", ValueType::Bool, 2).number(uint8_t{0}).number(uint8_t{9});
    file.array("u64", ValueType::U64, 1).number(UINT64_MAX);
    file.array("i64", ValueType::I64, 1).number(int64_t{-3});
    file.array("f64", ValueType::F64, 2).number(-1e300).number(2.5);
    const auto header = file.read();
    QVERIFY(header);
    const auto array = [&](std::string_view key) { return get<Array>(*header, key); };
    QCOMPARE(array("u8").integer(1), int64_t{255});
    QCOMPARE(array("i8").real(0), -1.0);
    QCOMPARE(array("u16").integer(0), int64_t{65535});
    QCOMPARE(array("i16").integer(0), int64_t{-2});
    QCOMPARE(array("u32").integer(0), int64_t{UINT32_MAX});
    QCOMPARE(array("i32").integer(0), int64_t{INT32_MIN});
    QCOMPARE(array("f32").integer(0), int64_t{-1});
    QCOMPARE(array("f32").integer(1), int64_t{0});
    QCOMPARE(array("f32").integer(2), INT64_MAX);
    QCOMPARE(array("bool").integer(1), int64_t{1});
    QCOMPARE(array("u64").real(0), 18446744073709551615.0);
    QCOMPARE(array("i64").integer(0), int64_t{-3});
    QCOMPARE(array("f64").integer(0), INT64_MIN);
    QCOMPARE(array("f64").real(1), 2.5);
}

void GgufTest::typedLookUps()
{
    GgufBytes file(3, 0, 5);
    file.key("count", ValueType::U32).number(uint32_t{7});
    file.key("negative", ValueType::I32).number(int32_t{-7});
    file.key("positive", ValueType::I32).number(int32_t{8});
    file.key("text", ValueType::String).text("x");
    file.array("list", ValueType::U8, 1).number(uint8_t{3});
    const auto header = file.read();
    QVERIFY(header);
    QCOMPARE(**header->unsignedAt("count"), uint64_t{7});
    QCOMPARE(**header->unsignedAt("positive"), uint64_t{8});
    QVERIFY(!header->unsignedAt("absent")->has_value());
    QCOMPARE(header->unsignedAt("negative").error().code, ErrorCode::GgufKeyRange);
    QCOMPARE(header->unsignedAt("text").error().code, ErrorCode::GgufKeyType);
    QCOMPARE(**header->realAt("negative"), -7.0);
    QCOMPARE(header->realAt("list").error().code, ErrorCode::GgufKeyType);
    QCOMPARE(header->boolAt("count").error().code, ErrorCode::GgufKeyType);
    QCOMPARE(**header->stringAt("text"), std::string_view("x"));
    QCOMPARE(header->stringAt("count").error().code, ErrorCode::GgufKeyType);
    QVERIFY(*header->arrayAt("list"));
    QVERIFY(!*header->arrayAt("absent"));
    QCOMPARE(header->arrayAt("text").error().code, ErrorCode::GgufKeyType);
}

void GgufTest::version2()
{
    const auto header = GgufBytes(2, 1, 1)
                            .key("general.architecture", ValueType::String)
                            .text("llama")
                            .tensor("w", {32}, static_cast<uint32_t>(GgmlType::Q8_0), 0)
                            .data(34)
                            .read();
    QVERIFY(header);
    QCOMPARE(header->version, 2u);
    QCOMPARE(header->tensor("w")->bytes, uint64_t{34});
}

void GgufTest::writerRefuses()
{
    Writer writer;
    const auto codeOf = [&](OutTensor tensor) { return writer.add(std::move(tensor)).error().code; };
    QVERIFY(writer.add({"w", GgmlType::F32, {1}}));
    QCOMPARE(codeOf({"w", GgmlType::F32, {1}}), ErrorCode::GgufDuplicate);
    QCOMPARE(codeOf({"none", GgmlType::F32, {}}), ErrorCode::GgufTensorShape);
    QCOMPARE(codeOf({"five", GgmlType::F32, {1, 1, 1, 1, 1}}), ErrorCode::GgufTensorShape);
    QCOMPARE(codeOf({"zero", GgmlType::F32, {4, 0}}), ErrorCode::GgufTensorShape);
    QCOMPARE(codeOf({"block", GgmlType::Q8_0, {33}}), ErrorCode::GgufTensorShape);
    QCOMPARE(codeOf({"huge", GgmlType::F32, {1ull << 40, 1ull << 40}}), ErrorCode::GgufTensorShape);
}

void GgufTest::failedWriteLeavesNothing()
{
    QTemporaryDir folder;
    const std::string path = folder.filePath("model.gguf").toStdString();
    Writer writer;
    QVERIFY(writer.add({"w", GgmlType::F32, {1024, 3000}}));
    const Status status = writer.write(path, [](size_t, uint64_t offset, std::span<std::byte>) -> Status {
        if (offset > 0)
            return Error{ErrorCode::Cancelled, {}};
        return {};
    });
    QCOMPARE(status.error().code, ErrorCode::Cancelled);
    QVERIFY(QDir(folder.path()).isEmpty());
    QCOMPARE(writer.write(folder.filePath("none/model.gguf").toStdString(), fillPattern).error().code, ErrorCode::FileUnwritable);
}

void GgufTest::largeHeaderIsReadInSteps()
{
    class CountingSource final : public ByteSource
    {
    public:
        explicit CountingSource(std::span<const std::byte> bytes) : m_bytes(bytes) {}
        const std::string &name() const override { return m_name; }
        uint64_t size() const override { return m_bytes.size(); }
        Status read(uint64_t offset, std::span<std::byte> out) override
        {
            largest = std::max<uint64_t>(largest, out.size());
            furthest = std::max<uint64_t>(furthest, offset + out.size());
            std::memcpy(out.data(), m_bytes.data() + offset, out.size());
            return {};
        }
        uint64_t largest = 0;
        uint64_t furthest = 0;

    private:
        std::string m_name = "counted";
        std::span<const std::byte> m_bytes;
    };

    constexpr int count = 150000;
    GgufBytes file(3, 1, 2);
    file.array("tokenizer.ggml.tokens", ValueType::String, count);
    for (int i = 0; i < count; ++i)
        file.text("token " + std::to_string(i));
    file.array("tokenizer.ggml.scores", ValueType::F32, count);
    for (int i = 0; i < count; ++i)
        file.number(float(i));
    file.tensor("w", {1 << 20}, static_cast<uint32_t>(GgmlType::F32), 0);
    const uint64_t headerBytes = file.bytes().size();
    file.data(4 << 20);

    CountingSource source(file.bytes());
    const auto header = readHeader(source);
    QVERIFY(header);
    QVERIFY(source.largest <= 1 << 20);
    QVERIFY(source.furthest <= headerBytes + (1 << 20));
    QCOMPARE(header->parts.front().bytes.size(), size_t(headerBytes));
    const Array *tokens = *header->arrayAt("tokenizer.ggml.tokens");
    QCOMPARE(tokens->string(count - 1), std::string_view("token 149999"));
    QCOMPARE((*header->arrayAt("tokenizer.ggml.scores"))->real(count - 1), double(count - 1));
}

namespace {

std::string partPath(const QTemporaryDir &folder, int number, int count)
{
    return folder.filePath(QString("m-%1-of-%2.gguf").arg(number, 5, 10, QChar('0')).arg(count, 5, 10, QChar('0'))).toStdString();
}

Status writePart(const std::string &path, uint32_t number, uint32_t count, int32_t tensors, const std::string &tensor)
{
    Writer writer;
    writer.set("split.no", number);
    writer.set("split.count", count);
    writer.set("split.tensors.count", tensors);
    if (number == 0)
        writer.set("general.architecture", std::string("llama"));
    if (!tensor.empty())
        if (Status status = writer.add({tensor, GgmlType::F32, {8}}); !status)
            return status;
    return writer.write(path, fillPattern);
}

} // namespace

void GgufTest::split()
{
    QTemporaryDir folder;
    QVERIFY(writePart(partPath(folder, 1, 3), 0, 3, 2, ""));
    QVERIFY(writePart(partPath(folder, 2, 3), 1, 3, 2, "a"));
    QVERIFY(writePart(partPath(folder, 3, 3), 2, 3, 2, "b"));
    Result<Header> read = readHeader(partPath(folder, 1, 3));
    QVERIFY(read);
    const Header header = std::move(*read);   // names and values survive a move
    QCOMPARE(header.parts.size(), size_t{3});
    QCOMPARE(header.tensors.size(), size_t{2});
    QCOMPARE(header.tensor("b")->part, 2u);
    QCOMPARE(header.tensor("a")->part, 1u);
    QCOMPARE(header.tensor("b")->offset, header.parts[2].dataOffset);
    QCOMPARE(get<std::string_view>(header, "general.architecture"), std::string_view("llama"));

    const auto second = readHeader(partPath(folder, 2, 3));
    QCOMPARE(second.error().code, ErrorCode::GgufSplitNotFirst);
    QCOMPARE(second.error().arguments.at(1), partPath(folder, 1, 3));
}

void GgufTest::splitMissingPart()
{
    QTemporaryDir folder;
    QVERIFY(writePart(partPath(folder, 1, 3), 0, 3, 2, ""));
    QVERIFY(writePart(partPath(folder, 2, 3), 1, 3, 2, "a"));
    const auto header = readHeader(partPath(folder, 1, 3));
    QCOMPARE(header.error().code, ErrorCode::GgufSplitMissing);
    QCOMPARE(header.error().arguments.at(0), partPath(folder, 3, 3));
}

void GgufTest::splitContradictions()
{
    QTemporaryDir folder;
    const std::string first = partPath(folder, 1, 2);
    const std::string second = partPath(folder, 2, 2);
    const auto codeOf = [](const std::string &path) { return readHeader(path).error().code; };
    QVERIFY(writePart(first, 0, 2, 2, "a"));
    QVERIFY(writePart(second, 1, 2, 2, "a"));
    QCOMPARE(codeOf(first), ErrorCode::GgufDuplicate);
    QVERIFY(writePart(second, 0, 2, 2, "b"));
    QCOMPARE(codeOf(first), ErrorCode::GgufSplitMismatch);
    QVERIFY(writePart(second, 1, 3, 2, "b"));
    QCOMPARE(codeOf(first), ErrorCode::GgufSplitMismatch);
    QVERIFY(writePart(second, 1, 2, 2, ""));
    QCOMPARE(codeOf(first), ErrorCode::GgufSplitMismatch);
    QVERIFY(writePart(second, 1, 2, 2, "b"));
    QVERIFY(readHeader(first));
    const std::string renamed = folder.filePath("renamed.gguf").toStdString();
    QVERIFY(QFile::copy(QString::fromStdString(first), QString::fromStdString(renamed)));
    QCOMPARE(codeOf(renamed), ErrorCode::GgufSplitMismatch);
    QVERIFY(writePart(first, 0, 70000, 2, "a"));
    QCOMPARE(codeOf(first), ErrorCode::GgufKeyRange);
}

void GgufTest::missingAndOddFiles()
{
    QTemporaryDir folder;
    const auto absent = readHeader(folder.filePath("absent.gguf").toStdString());
    QCOMPARE(absent.error().code, ErrorCode::FileNotFound);
    QCOMPARE(readHeader(folder.path().toStdString()).error().code, ErrorCode::FileUnreadable);
    QCOMPARE(readHeader(std::string("/dev/zero")).error().code, ErrorCode::FileUnreadable);
    QCOMPARE(readHeader(std::string()).error().code, ErrorCode::FileNotFound);
    QFile empty(folder.filePath("empty.gguf"));
    QVERIFY(empty.open(QIODevice::WriteOnly));
    empty.close();
    QCOMPARE(readHeader(empty.fileName().toStdString()).error().code, ErrorCode::GgufNotGguf);
}

void GgufTest::goldenFiles()
{
    if (!QDir(PLIMSOLL_GOLDEN).exists())
        QSKIP("golden is absent");
    int read = 0;
    for (const char *folder : {"/logits", "/tokenizer", "/text"}) {
        const QDir dir(QString(PLIMSOLL_GOLDEN) + folder);
        for (const QString &name : dir.entryList({"*.gguf"}, QDir::Files)) {
            const auto header = readHeader(dir.filePath(name).toStdString());
            QVERIFY2(header, qPrintable(name));
            QVERIFY2(header->find("general.architecture"), qPrintable(name));
            ++read;
        }
    }
    QVERIFY(read > 10);
    const auto stories = readHeader(std::string(PLIMSOLL_GOLDEN "/text/stories260K.gguf"));
    QCOMPARE(**stories->stringAt("general.architecture"), std::string_view("llama"));
    QCOMPARE((*stories->arrayAt("tokenizer.ggml.tokens"))->count(), uint64_t{512});
    QVERIFY(stories->tensor("token_embd.weight"));
}

QTEST_GUILESS_MAIN(GgufTest)
#include "tst_gguf.moc"
