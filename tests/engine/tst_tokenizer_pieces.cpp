// SPDX-License-Identifier: Apache-2.0
#include "made_vocabulary.h"

#include <QtTest>

#include <cmath>
#include <cstring>
#include <map>

using namespace plimsoll;
using namespace plimsoll::engine;

/// WordPiece and unigram tokenizers of small vocabularies made for the purpose, good and hostile.
class TokenizerPieces : public QObject
{
    Q_OBJECT

private slots:
    void wordPieces_data();
    void wordPieces();
    void wordPiecesBetweenMarks();
    void unigramsOfGreatestSum_data();
    void unigramsOfGreatestSum();
    void unigramsHaveUserDefinedAndUnusedTokens();
    void spacesAsTheFileSays_data();
    void spacesAsTheFileSays();
    void charactersAreRewritten_data();
    void charactersAreRewritten();
    void refusesCharacterMaps_data();
    void refusesCharacterMaps();
    void survivesAnyCharacterMap();
    void survivesNonsense();
    void staysLinear();
};

namespace {

using Ids = std::vector<TokenId>;

using Made = MadeVocabulary;

/// As a converter writes BERT's vocabulary: what begins a word has U+2581 in front, what goes on with one has nothing.
Made bert()
{
    Made made{.model = "bert"};
    made.add("[PAD]", Control);
    made.add("[UNK]", Unknown);
    made.add("[CLS]", Control);
    made.add("[SEP]", Control);
    for (const char *piece : {"un", "##aff", "##able", "hello", "wor", "##ld", "!", ",", "\u4e2d", "\u6587", "cafe", "'", "s", "a", "##b",
             "##a", "\u00e9", "i\u0307", "i", "+", "1", "##1", "\u1112\u1161\u11ab", "##\u0947", "\u0915", "$", "\u65e5", "\u672c"}) {
        const std::string_view text = piece;
        made.add(text.starts_with("##") ? std::string(text.substr(2)) : "\u2581" + std::string(text));
    }
    made.writer.set("tokenizer.ggml.bos_token_id", uint32_t{2});
    made.writer.set("tokenizer.ggml.unknown_token_id", uint32_t{1});
    made.writer.set("tokenizer.ggml.seperator_token_id", uint32_t{3});
    return made;
}

/// <pad> 0, </s> 1, <unk> 2, then pieces with their scores.
Made unigram(const std::vector<std::pair<std::string, float>> &pieces)
{
    Made made{.model = "t5"};
    made.add("<pad>", Control);
    made.add("</s>", Control);
    made.add("<unk>", Unknown);
    for (const auto &[text, score] : pieces)
        made.add(text, Normal, score);
    return made;
}

std::vector<std::pair<std::string, float>> letters()
{
    return {{"\u2581", -3}, {"a", -4}, {"b", -4}, {"f", -4}, {"i", -4}, {"A", -4}, {"\u00e9", -4}};
}

using Rules = std::map<std::string, std::string>;

/// Writes a double array over the keys of rules: a node's children stand at its offset XOR their byte, a leaf by the byte 0.
class DoubleArray
{
public:
    explicit DoubleArray(const Rules &rules)
    {
        m_units.assign(256, 0);
        m_used.assign(256, false);
        m_used[0] = true;
        std::map<std::string, uint32_t> places;
        for (const auto &[from, to] : rules) {
            places[from] = static_cast<uint32_t>(texts.size());
            texts += to + '\0';
        }
        place(0, 0, places, "");
    }

    std::string bytes() const
    {
        const uint32_t size = static_cast<uint32_t>(m_units.size() * 4);
        std::string result(reinterpret_cast<const char *>(&size), 4);
        result.append(reinterpret_cast<const char *>(m_units.data()), size);
        return result + texts;
    }

    std::string texts;

private:
    void place(uint32_t node, uint8_t label, const std::map<std::string, uint32_t> &places, const std::string &prefix)
    {
        std::map<uint8_t, bool> children;   // by byte; 0: the key ends here
        for (const auto &[key, value] : places) {
            if (key.starts_with(prefix))
                children[key.size() > prefix.size() ? static_cast<uint8_t>(key[prefix.size()]) : 0] = true;
        }
        uint32_t base = 1;
        const auto isTaken = [&](const auto &child) { return grown(base ^ child.first); };
        while (std::any_of(children.begin(), children.end(), isTaken))
            ++base;
        for (const auto &[byte, unused] : children)
            m_used[base ^ byte] = true;
        m_units[node] = label | (children.contains(0) ? 1u << 8 : 0) | (base ^ node) << 10;
        for (const auto &[byte, unused] : children) {
            if (byte == 0)
                m_units[base] = places.at(prefix) | 1u << 31;
            else
                place(base ^ byte, byte, places, prefix + static_cast<char>(byte));
        }
    }

    bool grown(uint32_t place)
    {
        if (place >= m_units.size()) {
            m_units.resize(place + 1, 0);
            m_used.resize(place + 1, false);
        }
        return m_used[place];
    }

    std::vector<uint32_t> m_units;
    std::vector<bool> m_used;
};

/// A list of bytes as GGUF has it: types of the value and its elements, count, elements.
void setBytes(gguf::Writer &writer, const std::string &bytes)
{
    const uint32_t types[] = {static_cast<uint32_t>(gguf::ValueType::Array), static_cast<uint32_t>(gguf::ValueType::U8)};
    const uint64_t count = bytes.size();
    std::string encoded(reinterpret_cast<const char *>(types), sizeof types);
    encoded.append(reinterpret_cast<const char *>(&count), sizeof count);
    encoded += bytes;
    gguf::EncodedValue value;
    value.bytes.resize(encoded.size());
    std::memcpy(value.bytes.data(), encoded.data(), encoded.size());
    writer.set("tokenizer.ggml.precompiled_charsmap", value);
}

QByteArray listed(const Ids &ids)
{
    QByteArrayList list;
    for (const TokenId id : ids)
        list.append(QByteArray::number(id));
    return list.join(' ');
}

} // namespace

/// Expected ids: from a reference in Python over its own Unicode data, after BERT's published tokenizer.
void TokenizerPieces::wordPieces_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("form");   // 0: as the file is silent; 1: cased; 2: lower case with accents
    QTest::addColumn<QByteArray>("ids");
    const auto row = [](const char *name, const QByteArray &text, const QByteArray &ids, int form = 0) {
        QTest::newRow(name) << text << form << ids;
    };
    row("longest from the left", "unaffable", "4 5 6");
    row("capitals and punctuation", "Hello, WORLD!", "7 11 8 9 10");
    row("accents", "Caf\u00e9's cafe\u0301", "14 15 16 14");
    row("Chinese characters stand alone", "\u4e2d\u6587""ab\u65e5\u672c", "12 13 17 18 30 31");
    row("a word that ends unknown", "hellox un", "1 4");
    row("empty", "", "");
    row("white space", " \t\n", "");
    row("control characters", "he\x01l\u200blo\ufffd", "7");
    row("broken UTF-8", "he\xffllo \xc3", "7");
    row("longest word", QByteArray(100, 'a'), "17" + QByteArray(" 19").repeated(99));
    row("too long a word", QByteArray(101, 'a') + " a", "1 17");
    row("Hangul", "\ud55c", "26");
    row("ASCII symbols stand alone", "1+1 $1", "24 23 24 29 24");
    row("other symbols do not", "\u20ac!", "1 10");
    row("marks go", "\u0915\u0947", "28");
    row("spaces of other widths", "a\u00a0b\u2003""ab\u3000""ab", "17 1 17 18 17 18");
    row("line separator", "a\u2028""b", "17 1");
    row("dotted I", "\u0130", "22");
    row("cased", "Hello hello", "1 7", 1);
    row("accents kept, not composed", "\u00e9 e\u0301", "20 1", 1);
    row("lower case of an accent", "\u00c9", "20", 2);
    row("dotted I keeps its dot", "\u0130 i", "21 22", 2);
}

void TokenizerPieces::wordPieces()
{
    QFETCH(QByteArray, text);
    QFETCH(int, form);
    QFETCH(QByteArray, ids);
    Made made = bert();
    if (form == 1)
        made.writer.set("tokenizer.ggml.normalizer.lowercase", false);
    if (form == 2)
        made.writer.set("tokenizer.ggml.normalizer.strip_accents", false);
    const auto tokenizer = std::move(*made.make());
    QCOMPARE(listed(tokenizer->encode(text.toStdString(), {})), ids);
}

void TokenizerPieces::wordPiecesBetweenMarks()
{
    Made made = bert();
    const auto tokenizer = std::move(*made.make());
    QCOMPARE(tokenizer->encode("hello", {.addSpecial = true}), (Ids{2, 7, 3}));
    QCOMPARE(tokenizer->encode("hello[SEP]un", {.parseSpecial = true}), (Ids{7, 3, 4}));
    QCOMPARE(tokenizer->encode("[SEP]", {}), (Ids{1, 1, 1}));   // brackets and letters
    QCOMPARE(tokenizer->decode(7), std::string(" hello"));
    QCOMPARE(tokenizer->decode(5), std::string("aff"));
    QCOMPARE(tokenizer->decode(3), std::string());
    QVERIFY(tokenizer->dropsLeadingSpace());
    made.writer.set("tokenizer.ggml.add_sep_token", false);
    made.writer.set("tokenizer.ggml.add_bos_token", false);
    QCOMPARE((*made.make())->encode("hello", {.addSpecial = true}), (Ids{7}));
}

/// Pieces: U+2581 3, a 4, b 5, U+2581 a 6, ab 7, U+2581 ab 8, abab 9, U+1F999 10.
void TokenizerPieces::unigramsOfGreatestSum_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("ids");
    const auto row = [](const char *name, const QByteArray &text, const QByteArray &ids) { QTest::newRow(name) << text << ids; };
    row("two short ones beat a long one", "ab", "6 5");                // -1 - 1 > -2.5
    row("a long one beats two", "aab", "6 7");                         // -1 - 1.5 > -1 - 2 - 1
    row("the longest is worth it", "aabab", "6 9");                    // -1 - 1.9 > -1 - 1.5 - 1.5
    row("unknown characters are one token", "a\u0436\u0436z", "6 2");
    row("apart where others lie between", "\u0436""a\u0436", "3 2 4 2");   // no piece is a space and this letter
    row("of four bytes", "\U0001F999\U0001F999", "3 10 10");
    row("broken UTF-8 is unknown", "a\xff", "6 2");
    row("empty", "", "");
    row("control tokens are text", "</s>", "3 2");
}

void TokenizerPieces::unigramsOfGreatestSum()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, ids);
    Made made = unigram({{"\u2581", -2}, {"a", -2}, {"b", -1}, {"\u2581""a", -1}, {"ab", -1.5f}, {"\u2581""ab", -2.5f}, {"abab", -1.9f},
        {"\U0001F999", -9}});
    made.writer.set("tokenizer.ggml.add_space_prefix", true);
    const auto tokenizer = std::move(*made.make());
    QCOMPARE(listed(tokenizer->encode(text.toStdString(), {})), ids);
    QCOMPARE(listed(tokenizer->encode(text.toStdString(), {.addSpecial = true})), text.isEmpty() ? "1" : ids + " 1");
}

void TokenizerPieces::unigramsHaveUserDefinedAndUnusedTokens()
{
    Made made = unigram({{"a", -1}, {"b", -1}});
    const TokenId user = made.add("<x>", User, -50);
    const TokenId unused = made.add("ab", Unused, -0.5f);
    const auto tokenizer = std::move(*made.make());
    QCOMPARE(tokenizer->encode("a<x>b", {}), (Ids{3, user, 4}));
    QCOMPARE(tokenizer->encode("ab", {}), (Ids{unused}));
    QCOMPARE(tokenizer->encode("a</s>", {.parseSpecial = true}), (Ids{3, 1}));
    QCOMPARE(tokenizer->decode(user), std::string("<x>"));
}

void TokenizerPieces::spacesAsTheFileSays_data()
{
    QTest::addColumn<bool>("prefix");
    QTest::addColumn<bool>("merges");
    QTest::addColumn<QByteArray>("ids");   // of two spaces, a, two spaces, b, a space
    QTest::newRow("as they stand") << false << false << QByteArray("3 3 4 3 3 5 3");
    QTest::newRow("one in front") << true << false << QByteArray("3 3 3 4 3 3 5 3");
    QTest::newRow("merged") << false << true << QByteArray("4 3 5");
    QTest::newRow("merged, one in front") << true << true << QByteArray("3 4 3 5");
}

void TokenizerPieces::spacesAsTheFileSays()
{
    QFETCH(bool, prefix);
    QFETCH(bool, merges);
    QFETCH(QByteArray, ids);
    Made made = unigram(letters());
    made.writer.set("tokenizer.ggml.add_space_prefix", prefix);
    made.writer.set("tokenizer.ggml.remove_extra_whitespaces", merges);
    const auto tokenizer = std::move(*made.make());
    QCOMPARE(listed(tokenizer->encode("  a  b ", {})), ids);
    QCOMPARE(tokenizer->dropsLeadingSpace(), prefix);
    QCOMPARE(tokenizer->encode("", {}), Ids{});
}

void TokenizerPieces::charactersAreRewritten_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("same");   // what has the same tokens
    const auto row = [](const char *name, const QByteArray &text, const QByteArray &same) { QTest::newRow(name) << text << same; };
    row("a ligature", "\ufb01", "fi");
    row("a wide letter", "\uff21""b", "Ab");
    row("a tab becomes a space", "a\tb", "a b");
    row("what becomes nothing", "a\u200b""b", "ab");
    row("the longest rule", "e\u0301", "\u00e9");
    row("only its beginning", "e\u0300", "f\u0300");   // e alone becomes f
    row("none", "ab", "ab");
    row("spaces that a rule makes merge", "a\u3000b", "a b");
}

void TokenizerPieces::charactersAreRewritten()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, same);
    const Rules rules = {{"\ufb01", "fi"}, {"\uff21", "A"}, {"\t", " "}, {"\u200b", ""}, {"e\u0301", "\u00e9"}, {"e", "f"},
        {"\u3000", "  "}};
    Made plain = unigram(letters());
    plain.writer.set("tokenizer.ggml.remove_extra_whitespaces", true);
    Made made = unigram(letters());
    made.writer.set("tokenizer.ggml.remove_extra_whitespaces", true);
    setBytes(made.writer, DoubleArray(rules).bytes());
    const auto tokenizer = made.make();
    QVERIFY(tokenizer.ok());
    QCOMPARE((*tokenizer)->encode(text.toStdString(), {}), (*plain.make())->encode(same.toStdString(), {}));
}

void TokenizerPieces::refusesCharacterMaps_data()
{
    QTest::addColumn<QByteArray>("bytes");
    const QByteArray four("\4\0\0\0", 4);
    QTest::newRow("too short") << QByteArray("\0\0", 2);
    QTest::newRow("longer than there are bytes") << QByteArray("\xff\xff\xff\xff", 4);
    QTest::newRow("half a unit") << QByteArray("\3\0\0\0abc", 7);
    QTest::newRow("a text without end") << four + QByteArray("\0\0\0\0open", 8);
    QTest::newRow("a text too long") << four + QByteArray(4, '\0') + QByteArray(129, 'x') + QByteArray(1, '\0');
}

void TokenizerPieces::refusesCharacterMaps()
{
    QFETCH(QByteArray, bytes);
    Made made = unigram(letters());
    setBytes(made.writer, bytes.toStdString());
    const auto tokenizer = made.make();
    QVERIFY(!tokenizer.ok());
    QCOMPARE(tokenizer.error().code, ErrorCode::ModelInvalid);
    made.writer.set("tokenizer.ggml.precompiled_charsmap", std::vector<float>{1});
    QCOMPARE(made.make().error().code, ErrorCode::GgufKeyType);
}

/// Units of random bits, and of patterns that lead in circles: no text takes long, or grows beyond its bound.
void TokenizerPieces::survivesAnyCharacterMap()
{
    uint32_t state = 1;
    for (int round = 0; round < 200; ++round) {
        const DoubleArray valid(Rules{{"ab", "x"}});
        std::string bytes = valid.bytes();
        for (size_t at = 4; at < bytes.size() - valid.texts.size(); ++at) {
            state = state * 1664525u + 1013904223u;
            const char itself = at % 4 ? bytes[at] : static_cast<char>(at / 4);   // each unit is the child by its place
            bytes[at] = round % 2 ? static_cast<char>(state >> 24) : itself;
        }
        Made made = unigram(letters());
        setBytes(made.writer, bytes);
        const auto tokenizer = made.make();
        QVERIFY(tokenizer.ok());
        std::string text;
        for (int i = 0; i < 2000; ++i)
            text += static_cast<char>(state = state * 1664525u + 1013904223u, state >> 24);
        for (const TokenId token : (*tokenizer)->encode(text, {}))
            QVERIFY(token >= 0 && token < static_cast<TokenId>((*tokenizer)->vocabularySize()));
    }
}

void TokenizerPieces::survivesNonsense()
{
    Made made = unigram({{"a", INFINITY}, {"ab", -INFINITY}, {"b", std::nanf("")}, {"", -1}, {"\xff\xfe", 0}, {"a", 5}, {"\xc3", 1e38f}});
    const auto tokenizer = std::move(*made.make());
    QCOMPARE(tokenizer->encode("ab", {}).front(), 3);
    (void)tokenizer->encode("\xc3\xa9\xff\xfe \xc3", {.addSpecial = true, .parseSpecial = true});

    Made bare{.model = "t5"};   // no unknown token: what cannot be said is left out
    bare.add("a", Normal, -1);
    QCOMPARE((*bare.make())->encode("xax", {.addSpecial = true}), (Ids{0}));
    Made silent{.model = "bert"};
    silent.add("\u2581""a");
    QCOMPARE((*silent.make())->encode("a b", {.addSpecial = true}), (Ids{0}));
}

void TokenizerPieces::staysLinear()
{
    Made pieces = unigram(letters());
    Made words = bert();
    for (size_t length = 1; length <= 1200; ++length) {   // each the beginning of the next
        pieces.add(std::string(length, 'z'), Normal, -1);
        words.add(std::string(length, 'z'));
    }
    words.add("\u2581z");
    const auto unigrams = std::move(*pieces.make());
    const auto wordPieces = std::move(*words.make());
    for (const std::string &unit : {std::string("a"), std::string(" "), std::string("a "), std::string("\u4e2d")}) {
        std::string text;
        while (text.size() < 1000000)
            text += unit;
        QVERIFY(!unigrams->encode(text, {.parseSpecial = true}).empty());
        (void)wordPieces->encode(text, {.parseSpecial = true});
    }
    const std::string nested(20000, 'z');
    QCOMPARE(unigrams->encode(nested, {}).size(), size_t{20});   // of 1024 bytes at most: 19 of them, and the rest
    QCOMPARE(wordPieces->encode(nested, {}), (Ids{1}));
}

QTEST_GUILESS_MAIN(TokenizerPieces)
#include "tst_tokenizer_pieces.moc"
