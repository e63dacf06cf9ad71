// SPDX-License-Identifier: Apache-2.0
#include "gguf_bytes.h"

#include <QTest>

#include <sys/resource.h>

using namespace plimsoll;
using namespace plimsoll::gguf;

namespace {

constexpr uint32_t f32 = 0;
constexpr uint32_t q8_0 = 8;
constexpr uint64_t huge = (1ull << 63) - 1;

ErrorCode codeOf(const GgufBytes &file)
{
    const auto header = file.read();
    return header ? ErrorCode::None : header.error().code;
}

/// A little of everything.
GgufBytes sample()
{
    GgufBytes file(3, 2, 5);
    file.key("general.architecture", ValueType::String).text("llama");
    file.key("general.alignment", ValueType::U32).number(uint32_t{32});
    file.key("llama.rope.freq_base", ValueType::F32).number(10000.f);
    file.array("tokens", ValueType::String, 3).text("a").text("").text("ccc");
    file.array("types", ValueType::I32, 2).number(int32_t{1}).number(int32_t{3});
    file.tensor("token_embd.weight", {32, 2}, q8_0, 0);
    file.tensor("output_norm.weight", {8}, f32, 96);
    file.data(128);
    return file;
}

/// Touches all that was read, so that a wrong place in the header shows under a sanitizer.
uint64_t useAll(const Header &header)
{
    uint64_t sum = header.fileBytes() + header.tensorBytes();
    for (const auto &[key, value] : header.metadata) {
        for (const char c : key)
            sum += static_cast<unsigned char>(c);
        if (const auto *text = std::get_if<std::string_view>(&value))
            for (const char c : *text)
                sum += static_cast<unsigned char>(c);
        if (const auto *array = std::get_if<Array>(&value))
            for (uint64_t i = 0; i < array->count(); ++i)
                sum += array->type() == ValueType::String ? array->string(i).size() : static_cast<uint64_t>(array->integer(i));
    }
    for (const TensorInfo &tensor : header.tensors)
        sum += tensor.name.size() + tensor.elements();
    return sum;
}

} // namespace

/// Files that lie. Each gets its named error, at once and without memory for what it promises.
class GgufHostileTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void start();
    void counts();
    void strings();
    void values();
    void duplicates();
    void alignment_data();
    void alignment();
    void tensorShapes();
    void tensorPlaces();
    void everyTruncation();
    void everyFlippedByte();
    void manyNames();
    void holes();
};

void GgufHostileTest::initTestCase()
{
#if !defined(__SANITIZE_ADDRESS__)
    // A large allocation fails the test instead of passing unseen.
    const rlimit most{1ull << 30, 1ull << 30};
    QCOMPARE(setrlimit(RLIMIT_AS, &most), 0);
#endif
}

void GgufHostileTest::start()
{
    QCOMPARE(codeOf(sample()), ErrorCode::None);
    QCOMPARE(codeOf(GgufBytes(3, 0, 0)), ErrorCode::None);
    for (const uint32_t version : {0u, 1u, 4u, 65535u})
        QCOMPARE(codeOf(GgufBytes(version, 0, 0)), ErrorCode::GgufVersion);
    QCOMPARE(codeOf(GgufBytes(3u << 24, 0, 0)), ErrorCode::GgufBigEndian);
    const std::string text = "GGML is not what this is";
    const auto source = fromMemory("m", std::as_bytes(std::span(text)));
    QCOMPARE(readHeader(*source).error().code, ErrorCode::GgufNotGguf);
}

void GgufHostileTest::counts()
{
    for (const uint64_t count : {huge, huge + 1, UINT64_MAX, UINT64_MAX / 33 + 1}) {
        QCOMPARE(codeOf(GgufBytes(3, count, 0)), ErrorCode::GgufCount);
        QCOMPARE(codeOf(GgufBytes(3, 0, count)), ErrorCode::GgufCount);
        QCOMPARE(codeOf(GgufBytes(3, 0, 1).array("k", ValueType::U64, count)), ErrorCode::GgufCount);
        QCOMPARE(codeOf(GgufBytes(3, 0, 1).array("k", ValueType::String, count)), ErrorCode::GgufCount);
    }
    QCOMPARE(codeOf(GgufBytes(3, 200000, 0).data(4096)), ErrorCode::GgufTensorShape);
    QCOMPARE(codeOf(GgufBytes(3, 0, 1).array("k", ValueType::U64, 1000000)), ErrorCode::GgufTruncated);
    QCOMPARE(codeOf(GgufBytes(3, 0, 1).array("k", ValueType::String, 2000000).data(4096)), ErrorCode::GgufTruncated);
    QCOMPARE(codeOf(GgufBytes(3, 1, 0)), ErrorCode::GgufTruncated);
    QCOMPARE(codeOf(GgufBytes(3, 0, 1)), ErrorCode::GgufTruncated);
}

void GgufHostileTest::strings()
{
    for (const uint64_t length : {huge, huge + 1, UINT64_MAX, UINT64_MAX - 20}) {
        QCOMPARE(codeOf(GgufBytes(3, 0, 1).number(length)), ErrorCode::GgufStringTooLong);
        QCOMPARE(codeOf(GgufBytes(3, 0, 1).key("k", ValueType::String).number(length)), ErrorCode::GgufStringTooLong);
        QCOMPARE(codeOf(GgufBytes(3, 0, 1).array("k", ValueType::String, 1).number(length)), ErrorCode::GgufStringTooLong);
        QCOMPARE(codeOf(GgufBytes(3, 1, 0).number(length)), ErrorCode::GgufStringTooLong);
    }
    QCOMPARE(codeOf(GgufBytes(3, 0, 1).key("k", ValueType::String).number(uint64_t{100}).raw("short")), ErrorCode::GgufTruncated);
    QCOMPARE(codeOf(GgufBytes(3, 0, 1).key(std::string(70000, 'k'), ValueType::U8).number(uint8_t{0})), ErrorCode::GgufStringTooLong);
    QCOMPARE(codeOf(GgufBytes(3, 1, 0).tensor(std::string(200, 't'), {1}, f32, 0).data(4)), ErrorCode::GgufStringTooLong);
    QCOMPARE(codeOf(GgufBytes(3, 1, 0).tensor(std::string(100, 't'), {1}, f32, 0).data(4)), ErrorCode::None);
}

void GgufHostileTest::values()
{
    for (const uint32_t type : {13u, 1000u, UINT32_MAX}) {
        QCOMPARE(codeOf(GgufBytes(3, 0, 1).text("k").number(type).data(64)), ErrorCode::GgufValueType);
        QCOMPARE(codeOf(GgufBytes(3, 0, 1).key("k", ValueType::Array).number(type).data(64)), ErrorCode::GgufValueType);
    }
    QCOMPARE(codeOf(GgufBytes(3, 0, 1).array("k", ValueType::Array, 1).data(64)), ErrorCode::GgufValueType);
}

void GgufHostileTest::duplicates()
{
    GgufBytes keys(3, 0, 3);
    for (const char *name : {"same", "other", "same"})
        keys.key(name, ValueType::U8).number(uint8_t{1});
    const auto header = keys.read();
    QCOMPARE(header.error().code, ErrorCode::GgufDuplicate);
    QCOMPARE(header.error().arguments, (std::vector<std::string>{"memory", "key", "same"}));
    GgufBytes tensors(3, 2, 0);
    tensors.tensor("same", {8}, f32, 0).tensor("same", {8}, f32, 32).data(64);
    QCOMPARE(tensors.read().error().arguments, (std::vector<std::string>{"memory", "tensor", "same"}));
}

void GgufHostileTest::alignment_data()
{
    QTest::addColumn<uint>("value");
    QTest::addColumn<bool>("good");
    for (const uint value : {0u, 1u, 4u, 12u, 24u, 33u, UINT32_MAX})
        QTest::addRow("%u", value) << value << false;
    for (const uint value : {8u, 16u, 64u, 4096u})
        QTest::addRow("%u", value) << value << true;
}

void GgufHostileTest::alignment()
{
    QFETCH(uint, value);
    QFETCH(bool, good);
    GgufBytes file(3, 1, 1);
    file.key("general.alignment", ValueType::U32).number(uint32_t(value));
    file.tensor("w", {8}, f32, 0).data(32, good ? value : 32);
    QCOMPARE(codeOf(file), good ? ErrorCode::None : ErrorCode::GgufAlignment);
}

void GgufHostileTest::tensorShapes()
{
    const auto shape = [](std::initializer_list<uint64_t> dims, uint32_t type) {
        const auto header = GgufBytes(3, 1, 0).tensor("w", dims, type, 0).data(4096).read();
        return header ? QString() : QString::fromStdString(std::string(codeName(header.error().code)) + ' ' + header.error().arguments.at(2));
    };
    QCOMPARE(shape({4}, f32), QString());
    QCOMPARE(shape({}, f32), "gguf-tensor-shape dimensions");
    QCOMPARE(shape({1, 1, 1, 1, 1}, f32), "gguf-tensor-shape dimensions");
    QCOMPARE(shape({0}, f32), "gguf-tensor-shape zero");
    QCOMPARE(shape({4, 0}, f32), "gguf-tensor-shape zero");
    QCOMPARE(shape({huge, 0, huge}, f32), "gguf-tensor-shape zero");
    QCOMPARE(shape({huge, huge}, f32), "gguf-tensor-shape overflow");
    QCOMPARE(shape({1ull << 32, 1ull << 32, 1ull << 32, 1ull << 32}, f32), "gguf-tensor-shape overflow");
    QCOMPARE(shape({huge}, f32), "gguf-tensor-shape overflow");
    QCOMPARE(shape({1ull << 63}, f32), "gguf-tensor-shape overflow");
    QCOMPARE(shape({33}, q8_0), "gguf-tensor-shape block");
    for (const uint32_t type : {4u, 5u, 36u, 1000u, UINT32_MAX})
        QCOMPARE(shape({4}, type), QString("gguf-tensor-type %1").arg(type));
}

void GgufHostileTest::tensorPlaces()
{
    const auto place = [](uint64_t offset) { return codeOf(GgufBytes(3, 1, 0).tensor("w", {8}, f32, offset).data(64)); };
    QCOMPARE(place(0), ErrorCode::None);
    QCOMPARE(place(32), ErrorCode::None);
    QCOMPARE(place(4), ErrorCode::GgufTensorOffset);
    QCOMPARE(place(64), ErrorCode::GgufTensorPastEnd);
    QCOMPARE(place(1ull << 62), ErrorCode::GgufTensorPastEnd);
    QCOMPARE(place(0ull - 32), ErrorCode::GgufTensorOffset);
    QCOMPARE(place(0ull - 128), ErrorCode::GgufTensorPastEnd);
    QCOMPARE(codeOf(GgufBytes(3, 1, 0).tensor("w", {1ull << 40}, f32, 0).data(64)), ErrorCode::GgufTensorPastEnd);
    QCOMPARE(codeOf(GgufBytes(3, 2, 0).tensor("a", {16}, f32, 0).tensor("b", {8}, f32, 32).data(64)), ErrorCode::GgufTensorOffset);
    QCOMPARE(codeOf(GgufBytes(3, 2, 0).tensor("a", {8}, f32, 32).tensor("b", {8}, f32, 0).data(64)), ErrorCode::None);
}

void GgufHostileTest::everyTruncation()
{
    const std::vector<std::byte> whole = sample().bytes();
    for (size_t length = 0; length < whole.size(); ++length) {
        // A copy of its own, so that a sanitizer sees a read past its end.
        const std::vector<std::byte> cut(whole.begin(), whole.begin() + static_cast<ptrdiff_t>(length));
        const auto source = fromMemory("cut", cut);
        const auto header = readHeader(*source);
        QVERIFY2(!header, qPrintable(QString::number(length)));
        const ErrorCode code = header.error().code;
        QVERIFY(code == ErrorCode::GgufNotGguf || code == ErrorCode::GgufTruncated || code == ErrorCode::GgufTensorPastEnd);
        QCOMPARE(header.error().arguments.at(0), std::string("cut"));
    }
}

void GgufHostileTest::everyFlippedByte()
{
    std::vector<std::byte> bytes = sample().bytes();
    uint64_t sum = 0;
    int refused = 0;
    for (size_t i = 0; i < bytes.size(); ++i) {
        const std::byte kept = bytes[i];
        for (const unsigned value : {0x00u, 0x01u, 0x7fu, 0x80u, 0xffu, static_cast<unsigned>(kept) ^ 0x10u}) {
            bytes[i] = static_cast<std::byte>(value);
            const auto source = fromMemory("flipped", bytes);
            const auto header = readHeader(*source);
            if (header)
                sum += useAll(*header);
            else
                ++refused;
        }
        bytes[i] = kept;
    }
    QVERIFY(sum > 0);
    QVERIFY(refused > 500);
}

void GgufHostileTest::manyNames()
{
    GgufBytes file(3, 60000, 60000);
    for (int i = 0; i < 60000; ++i)
        file.key("k" + std::to_string(i), ValueType::U8).number(uint8_t{0});
    for (int i = 0; i < 60000; ++i)
        file.tensor("t" + std::to_string(i), {1}, f32, uint64_t(i) * 32);
    file.data(60000ull * 32);
    const auto header = file.read();
    QVERIFY(header);
    QVERIFY(header->tensor("t59999"));
    QVERIFY(header->find("k0"));
}

/// A file that is nearly all hole promises much and costs its maker nothing: reading ends early all the same.
void GgufHostileTest::holes()
{
    class Hole final : public ByteSource
    {
    public:
        explicit Hole(const GgufBytes &start) : m_start(start.bytes()) {}
        const std::string &name() const override { return m_name; }
        uint64_t size() const override { return 1ull << 40; }
        Status read(uint64_t offset, std::span<std::byte> out) override
        {
            bytesRead += out.size();
            std::fill(out.begin(), out.end(), std::byte{0});
            for (uint64_t i = offset; i < m_start.size() && i - offset < out.size(); ++i)
                out[i - offset] = m_start[i];
            return {};
        }
        uint64_t bytesRead = 0;

    private:
        std::string m_name = "hole";
        std::vector<std::byte> m_start;
    };

    GgufBytes arrays(3, 0, 60000);
    for (int i = 0; i < 4; ++i)
        arrays.array("k" + std::to_string(i), ValueType::U8, 0);
    for (const GgufBytes &start : {GgufBytes(3, 200000, 60000), GgufBytes(3, 200000, 0), arrays,
                                   GgufBytes(3, 0, 3).array("k", ValueType::String, 1 << 21),
                                   GgufBytes(3, 0, 60000).key("k", ValueType::String).number(uint64_t{1} << 24)}) {
        Hole hole(start);
        QVERIFY(!readHeader(hole));
        QVERIFY(hole.bytesRead <= 64u << 20);
    }
}

QTEST_GUILESS_MAIN(GgufHostileTest)
#include "tst_gguf_hostile.moc"
