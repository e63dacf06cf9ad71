// SPDX-License-Identifier: Apache-2.0
#include <plimsoll/engine/text/byte_letters.h>
#include <plimsoll/engine/text/pre_tokenizer.h>
#include <plimsoll/engine/text/unicode.h>

#include <QtTest>

using namespace plimsoll::engine;

/// Where texts are cut into words, by hand-made cases of every pre-tokenizer, and the characters underneath.
class TokenizerWords : public QObject
{
    Q_OBJECT

private slots:
    void splits_data();
    void splits();
    void neverLosesBytes();
    void staysLinear_data();
    void staysLinear();
    void knowsNames();
    void knowsCharacters();
    void decodesUtf8_data();
    void decodesUtf8();
    void writesBytesAsLetters();
};

void TokenizerWords::splits_data()
{
    QTest::addColumn<QString>("kind");
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("words");   // separated by |
    const auto row = [](const char *kind, const QString &text, const QString &words) {
        QTest::newRow(qPrintable(QLatin1String(kind) + u' ' + text)) << QString::fromLatin1(kind) << text << words;
    };
    row("gpt-2", u"Hello world's 1234!"_qs, u"Hello| world|'s| 1234|!"_qs);
    row("gpt-2", u"I'VE  two\n\nlines "_qs, u"I|'|VE| | two|\n|\n|lines| "_qs);
    row("gpt-2", u"не на Български"_qs, u"не| на| Български"_qs);
    row("default", u"a+b=12345"_qs, u"a|+|b|=|123|45"_qs);
    row("starcoder", u"x 12"_qs, u"x| |1|2"_qs);

    for (const char *kind : {"llama-bpe", "qwen2"}) {
        row(kind, u"He'll I'VE we'Re 'tis"_qs, u"He|'ll| I|'VE| we|'Re| '|tis"_qs);
        row(kind, u"a\n\n  b"_qs, u"a|\n\n| | b"_qs);
        row(kind, u"end.\n\n\tnext"_qs, u"end|.\n\n|\tnext"_qs);
        row(kind, u"   x  "_qs, u"  | x|  "_qs);
        row(kind, u"我想在apple工作"_qs, u"我想在apple工作"_qs);
        row(kind, u"(нещо) ещё"_qs, u"(нещо|)| ещё"_qs);
        row(kind, u"🦙🦙 ok"_qs, u"🦙🦙| ok"_qs);
        row(kind, u"a b"_qs, u"a| b"_qs);   // a no-break space leads a word as any other character may
        row(kind, u"नमस्ते"_qs, u"नमस|्त|े"_qs);   // combining marks are no letters
    }
    row("llama-bpe", u"1234567 x12"_qs, u"123|456|7| x|12"_qs);
    row("qwen2", u"1234 x12"_qs, u"1|2|3|4| x|1|2"_qs);
    row("deepseek-r1-qwen", u"42"_qs, u"4|2"_qs);

    row("deepseek-llm", u"a1234\r\nb, c  "_qs, u"a|1234|\r|\n|b|,| c|  "_qs);
    row("deepseek-llm", u"в天天 天"_qs, u"в|天天| |天"_qs);
    row("deepseek-coder", u"x = 120;天\n"_qs, u"x| = |1|2|0|;|天|\n"_qs);
    row("deepseek-v3", u"num12345 天天ab .x\n"_qs, u"num|123|45| |天天|ab| .|x|\n"_qs);
    row("afmoe", u"n1234567 天x"_qs, u"n|1|234|567| |天|x"_qs);
    row("qwen35", u"नमस्ते 12"_qs, u"नमस्ते| |1|2"_qs);
    row("qwen35", u"é́a (x)"_qs, u"é́a| (|x|)"_qs);
    row("seed-coder", u"a;\n\nb"_qs, u"a|;|\n\n|b"_qs);
    row("bailingmoe2", u"it's 10\n"_qs, u"it|'s| |1|0|\n"_qs);
    row("exaone-moe", u"to be or not 42;\n\nx"_qs, u"to be or not| |4|2|;\n|\n|x"_qs);
    row("minicpm5", u"x1234567 y"_qs, u"x|123|456|7| y"_qs);
    row("jais-2", u"a       b"_qs, u"a|    |  | b"_qs);
    row("falcon", u"a+b `c` 12345"_qs, u"a|+|b| |`|c|`| |123|45"_qs);
    row("bloom", u"Hi, you (me) 12"_qs, u"Hi|,| you| (|me|)| 12"_qs);
    row("viking", u"Hi 12"_qs, u"Hi| |1|2"_qs);
    row("gemma4", u"a b\n\n c\n"_qs, u"a b|\n\n| c|\n"_qs);
    row("laguna", u"a b\n\n c1\n"_qs, u"a| b|\n\n| c|1|\n"_qs);
    for (const char *kind : {"gpt-4o", "minimax-m2", "kimi-k2", "youtu", "tiny_aya"}) {
        row(kind, u"camelCase HTTPServer's"_qs, u"camel|Case| HTTPServer's"_qs);
        row(kind, u"don't DON'T ABc"_qs, u"don't| DON'T| ABc"_qs);
    }
    row("gpt-4o", u"a/b //\n/x 12345"_qs, u"a|/b| //\n/|x| |123|45"_qs);
    row("gpt-4o", u"中国A中b"_qs, u"中国A中b"_qs);
    row("tekken", u"don't 123 Ab"_qs, u"don|'t| |1|2|3| Ab"_qs);
    row("kimi-k2", u"中国abc 天 1234"_qs, u"中国|abc| |天| |123|4"_qs);
    row("youtu", u"한국어x，天12"_qs, u"한국어|x|，|天|1|2"_qs);
    row("tiny_aya", u"1234567 12x"_qs, u"1|234|567| |12|x"_qs);
    row("deepseek-v3", u"f(_x) != 'RE\n\n"_qs, u"f|(_|x|)| !=| '|RE|\n\n"_qs);
}

void TokenizerWords::splits()
{
    QFETCH(QString, kind);
    QFETCH(QString, text);
    QFETCH(QString, words);
    const auto preTokenizer = preTokenizerNamed(kind.toStdString());
    QVERIFY(preTokenizer);
    QStringList found;
    const std::string bytes = text.toStdString();
    for (const std::string_view word : splitWords(*preTokenizer, bytes))
        found.append(QString::fromUtf8(word.data(), static_cast<qsizetype>(word.size())));
    QCOMPARE(found.join(u'|'), words);
}

void TokenizerWords::neverLosesBytes()
{
    std::string text;
    for (int i = 0; i < 4000; ++i)
        text += static_cast<char>((i * 7919 + i / 13 * 104729) >> 3);
    for (int kind = 0; kind <= static_cast<int>(lastPreTokenizer); ++kind) {
        std::string joined;
        for (const std::string_view word : splitWords(static_cast<PreTokenizer>(kind), text)) {
            QVERIFY(!word.empty());
            joined += word;
        }
        QVERIFY(joined == text);
        QVERIFY(splitWords(static_cast<PreTokenizer>(kind), {}).empty());
    }
}

void TokenizerWords::staysLinear_data()
{
    QTest::addColumn<QByteArray>("unit");
    QTest::addColumn<QByteArray>("end");
    QTest::newRow("letters") << QByteArray("a") << QByteArray();
    QTest::newRow("spaces") << QByteArray(" ") << QByteArray("x ");
    QTest::newRow("newlines") << QByteArray("\n") << QByteArray("x");
    QTest::newRow("newlines and spaces") << QByteArray("\n ") << QByteArray("x");
    QTest::newRow("apostrophes") << QByteArray("'l") << QByteArray();
    QTest::newRow("marks") << QByteArray("!\xcc\x81") << QByteArray("x");
    QTest::newRow("broken") << QByteArray("\xf0\x9f") << QByteArray();
}

void TokenizerWords::staysLinear()
{
    QFETCH(QByteArray, unit);
    QFETCH(QByteArray, end);
    const std::string text = unit.repeated(400000 / unit.size()).append(end).toStdString();   // a quadratic step would hang here
    for (int kind = 0; kind <= static_cast<int>(lastPreTokenizer); ++kind)
        QVERIFY(!splitWords(static_cast<PreTokenizer>(kind), text).empty());
}

void TokenizerWords::knowsNames()
{
    QVERIFY(preTokenizerNamed("llama-v3") == PreTokenizer::Llama3);
    QVERIFY(!preTokenizerNamed("klingon"));
    QVERIFY(!preTokenizerNamed(""));
    QVERIFY(takesWholeWords("llama-bpe"));
    QVERIFY(!takesWholeWords("qwen2"));
    QVERIFY(preTokenizerNames().find("deepseek-v3") != std::string::npos);
}

void TokenizerWords::knowsCharacters()
{
    using namespace unicode;
    const auto is = [](char32_t code, uint8_t expected) { return (flags(code) & ~(Upper | Lower)) == expected; };
    QVERIFY(is(U'a', Letter) && is(U'Ж', Letter) && is(U'中', Letter) && is(U'ʰ', Letter) && is(0x10FFFF, 0));
    QVERIFY((flags(U'A') & Upper) && (flags(U'ж') & Lower) && (flags(0x1C5) & Upper) && !(flags(U'中') & (Upper | Lower)));
    QVERIFY(is(U'7', Number) && is(U'½', Number) && is(U'Ⅳ', Number) && is(0x0663, Number));
    QVERIFY(is(U'!', Punctuation) && is(U'_', Punctuation) && is(U'。', Punctuation) && is(U'$', Symbol) && is(U'🦙', Symbol));
    QVERIFY(is(0x0301, Mark) && is(0xFE0F, Mark) && is(0x200D, 0) && is(0, 0));
    QVERIFY(is(U' ', Space) && is(U'\n', Space) && is(0x85, Space) && is(0xA0, Space) && is(0x3000, Space));
    QVERIFY(is(0xD800, 0) && is(0x110000, 0) && is(0xFFFFFFFF, 0));
}

void TokenizerWords::decodesUtf8_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<uint>("codePoint");
    QTest::addColumn<uint>("length");
    QTest::addColumn<bool>("valid");
    QTest::newRow("a") << QByteArray("a") << 0x61u << 1u << true;
    QTest::newRow("two") << QByteArray("\xc3\xa9") << 0xE9u << 2u << true;
    QTest::newRow("three") << QByteArray("\xe4\xb8\xad") << 0x4E2Du << 3u << true;
    QTest::newRow("four") << QByteArray("\xf0\x9f\xa6\x99") << 0x1F999u << 4u << true;
    QTest::newRow("overlong") << QByteArray("\xc0\xaf") << 0xFFFDu << 1u << false;
    QTest::newRow("overlong three") << QByteArray("\xe0\x80\xaf") << 0xFFFDu << 1u << false;
    QTest::newRow("surrogate") << QByteArray("\xed\xa0\x80") << 0xFFFDu << 1u << false;
    QTest::newRow("too high") << QByteArray("\xf4\x90\x80\x80") << 0xFFFDu << 1u << false;
    QTest::newRow("cut off") << QByteArray("\xe4\xb8") << 0xFFFDu << 2u << false;
    QTest::newRow("loose continuation") << QByteArray("\x80") << 0xFFFDu << 1u << false;
}

void TokenizerWords::decodesUtf8()
{
    QFETCH(QByteArray, bytes);
    const unicode::Decoded decoded = unicode::decode({bytes.data(), static_cast<size_t>(bytes.size())});
    QTEST(decoded.codePoint, "codePoint");
    QTEST(decoded.length, "length");
    QTEST(decoded.valid, "valid");
    std::string again;
    unicode::append(again, decoded.codePoint);
    QCOMPARE(QByteArray::fromStdString(again) == bytes, decoded.valid);
}

void TokenizerWords::writesBytesAsLetters()
{
    std::string all;
    for (int byte = 0; byte < 256; ++byte)
        all += static_cast<char>(byte);
    QCOMPARE(bytesOfLetters(lettersOfBytes(all)), all);
    QCOMPARE(lettersOfBytes(" a\n"), std::string("\xc4\xa0" "a\xc4\x8a"));   // Ġ, Ċ
    QCOMPARE(byteOfLetter(0x143), 0xAD);
    QCOMPARE(byteOfLetter(0x144), -1);
}

QTEST_GUILESS_MAIN(TokenizerWords)
#include "tst_tokenizer_words.moc"
