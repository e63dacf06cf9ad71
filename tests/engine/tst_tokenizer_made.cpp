// SPDX-License-Identifier: Apache-2.0
#include "made_vocabulary.h"

#include <QtTest>

#include <cmath>

using namespace plimsoll;
using namespace plimsoll::engine;

/// Tokenizers of small vocabularies made for the purpose, good and hostile.
class TokenizerMade : public QObject
{
    Q_OBJECT

private slots:
    void spmJoinsByScore();
    void spmFallsBackToBytes();
    void spmNeverMakesControlTokensOfPlainText();
    void bpeMergesByRank();
    void bpeTakesWholeWords();
    void bpeOfCharacters();
    void specialTokensAreParsedOnRequest();
    void longerSpecialTokensComeFirst();
    void bosAndEosFollowTheFile();
    void endsOfGeneration();
    void refuses_data();
    void refuses();
    void survivesNonsense();
    void staysLinear();
    void utf8StreamNeverEndsInsideACharacter();
};

namespace {

using Ids = std::vector<TokenId>;

using Made = MadeVocabulary;

/// <unk> 0, <s> 1, </s> 2, then all bytes, then single letters.
Made spm()
{
    Made made{.model = "llama"};
    made.add("<unk>", Unknown);
    made.add("<s>", Control);
    made.add("</s>", Control);
    for (int byte = 0; byte < 256; ++byte)
        made.add(QByteArray("<0x").append(QByteArray::number(byte, 16).rightJustified(2, '0').toUpper()).append('>').toStdString(), Byte);
    for (const char *letter : {"\xe2\x96\x81", "a", "b", "c", "<", "s", ">"})
        made.add(letter, Normal, -100);
    return made;
}

/// Printable ASCII by id 0 (!) to 93 (~), then Ġ 94 and Ċ 95.
Made bpe(const std::string &pre)
{
    Made made{.model = "gpt2"};
    for (char letter = '!'; letter <= '~'; ++letter)
        made.add(std::string(1, letter));
    made.add("\xc4\xa0");
    made.add("\xc4\x8a");
    made.writer.set("tokenizer.ggml.pre", pre);
    return made;
}

TokenId letter(char c) { return c == ' ' ? 94 : c == '\n' ? 95 : c - '!'; }

std::string decoded(const Tokenizer &tokenizer, const Ids &tokens)
{
    std::string text;
    for (const TokenId token : tokens)
        text += tokenizer.decode(token);
    return text;
}

} // namespace

void TokenizerMade::spmJoinsByScore()
{
    Made made = spm();
    const TokenId ab = made.add("ab", Normal, -2);
    const TokenId bc = made.add("bc", Normal, -1);
    const TokenId abc = made.add("abc", Normal, -3);
    const TokenId spaceA = made.add("\xe2\x96\x81" "a", Normal, -5);
    const auto tokenizer = std::move(*made.make());
    QCOMPARE(tokenizer->encode("ab", {}), (Ids{259, ab}));
    QCOMPARE(tokenizer->encode("abc", {}), (Ids{259, abc}));      // bc is joined first, then a and bc
    QCOMPARE(tokenizer->encode("bcab", {}), (Ids{259, bc, ab}));
    QCOMPARE(tokenizer->encode("a", {}), (Ids{spaceA}));
    QCOMPARE(tokenizer->encode("", {.addSpecial = true}), (Ids{1}));
    QCOMPARE(decoded(*tokenizer, {spaceA, bc}), std::string(" abc"));
    QVERIFY(tokenizer->dropsLeadingSpace());
}

void TokenizerMade::spmFallsBackToBytes()
{
    Made made = spm();
    made.writer.set("tokenizer.ggml.add_space_prefix", false);
    const auto tokenizer = std::move(*made.make());
    QVERIFY(!tokenizer->dropsLeadingSpace());
    QCOMPARE(tokenizer->encode("a\xc3\xa9\n", {}), (Ids{260, 3 + 0xC3, 3 + 0xA9, 3 + 0x0A}));
    QCOMPARE(decoded(*tokenizer, {3 + 0xC3, 3 + 0xA9}), std::string("\xc3\xa9"));
    const std::string broken = "\xff\xc3" "a\xe2\x96";
    QCOMPARE(decoded(*tokenizer, tokenizer->encode(broken, {})), broken);
}

void TokenizerMade::spmNeverMakesControlTokensOfPlainText()
{
    Made made = spm();
    made.add("<s", Normal, -1);
    made.writer.set("tokenizer.ggml.add_space_prefix", false);
    const auto tokenizer = std::move(*made.make());
    QCOMPARE(tokenizer->encode("<s>", {}), (Ids{266, 265}));
    QCOMPARE(tokenizer->encode("<s>", {.parseSpecial = true}), (Ids{1}));
    QCOMPARE(tokenizer->decode(1), std::string());
    QCOMPARE(tokenizer->decode(1, true), std::string("<s>"));
}

void TokenizerMade::bpeMergesByRank()
{
    Made made = bpe("gpt-2");
    const TokenId he = made.add("he");
    const TokenId ll = made.add("ll");
    const TokenId hell = made.add("hell");
    const TokenId el = made.add("el");
    const TokenId spaceH = made.add("\xc4\xa0h");
    made.merges = {"l l", "h e", "e l", "he ll", "\xc4\xa0 h", "x nothing", "he xx", "he", "", "l l"};
    const auto tokenizer = std::move(*made.make());
    QCOMPARE(tokenizer->encode("hello", {}), (Ids{hell, letter('o')}));
    QCOMPARE(tokenizer->encode("elle", {}), (Ids{letter('e'), ll, letter('e')}));
    QCOMPARE(tokenizer->encode("elk", {}), (Ids{el, letter('k')}));
    QCOMPARE(tokenizer->encode("a hi", {}), (Ids{letter('a'), spaceH, letter('i')}));
    QCOMPARE(tokenizer->encode("a he", {}), (Ids{letter('a'), letter(' '), he}));
    QCOMPARE(tokenizer->decode(spaceH), std::string(" h"));
    QCOMPARE(tokenizer->encode("\xc3\xa9", {}), Ids{});   // bytes that the vocabulary lacks
    QCOMPARE(tokenizer->bos(), -1);
}

void TokenizerMade::bpeTakesWholeWords()
{
    for (const bool llama3 : {true, false}) {
        Made made = bpe(llama3 ? "llama-bpe" : "qwen2");
        const TokenId word = made.add("\xc4\xa0token");
        made.add("to");
        made.merges = {"t o"};
        const auto tokenizer = std::move(*made.make());
        const Ids tokens = tokenizer->encode("a token", {});
        QCOMPARE(tokens.size(), llama3 ? size_t{2} : size_t{6});
        QCOMPARE(tokens.back() == word, llama3);
        QCOMPARE(decoded(*tokenizer, tokens), std::string("a token"));
        QCOMPARE(tokenizer->encode("1234", {}).size(), size_t{4});
    }
}

/// Gemma 4's form: characters are merged, spaces are U+2581, runs of line ends are tokens, and what is no token becomes its bytes.
void TokenizerMade::bpeOfCharacters()
{
    Made made{.model = "gemma4"};
    for (const char *token : {"<bos>", "\u2581", "a", "b", "\u2581""a", "ab", "\n", "\n\n", "<0xC3>", "<0xA9>"})
        made.add(token, token[0] == '<' ? token[1] == 'b' ? Control : Byte : Normal);
    made.merges = {"a b", "\u2581 a"};
    made.writer.set("tokenizer.ggml.bos_token_id", uint32_t{0});
    const auto tokenizer = std::move(*made.make());
    QCOMPARE(tokenizer->encode("a ab\n\n \u00e9", {.addSpecial = true}), (Ids{0, 2, 1, 5, 7, 1, 8, 9}));
    QCOMPARE(tokenizer->encode("b a\n", {}), (Ids{3, 4, 6}));
    QCOMPARE(decoded(*tokenizer, {4, 3, 8, 9, 7}), std::string(" ab\u00e9\n\n"));
}

void TokenizerMade::specialTokensAreParsedOnRequest()
{
    Made made = bpe("qwen2");
    const TokenId start = made.add("<|im_start|>", Control);
    const TokenId think = made.add("<think>", User);
    const auto tokenizer = std::move(*made.make());
    QCOMPARE(tokenizer->encode("<|im_start|>a", {.parseSpecial = true}), (Ids{start, letter('a')}));
    QCOMPARE(tokenizer->encode("<|im_start|>", {}).size(), size_t{12});
    QCOMPARE(tokenizer->encode("a<think>b", {}), (Ids{letter('a'), think, letter('b')}));   // user-defined ones always are
    QCOMPARE(tokenizer->decode(start), std::string());
    QCOMPARE(tokenizer->decode(start, true), std::string("<|im_start|>"));
    QCOMPARE(tokenizer->decode(think), std::string("<think>"));
    QCOMPARE(tokenizer->decode(-1), std::string());
    QCOMPARE(tokenizer->decode(1 << 30), std::string());
}

void TokenizerMade::longerSpecialTokensComeFirst()
{
    Made made = bpe("gpt-2");
    const TokenId one = made.add("xx", User);
    const TokenId three = made.add("xxxx", User);
    const auto tokenizer = std::move(*made.make());
    QCOMPARE(tokenizer->encode("xxxxxxx", {}), (Ids{three, one, letter('x')}));
    QCOMPARE(tokenizer->encode("axxb", {}), (Ids{letter('a'), one, letter('b')}));
}

void TokenizerMade::bosAndEosFollowTheFile()
{
    Made silent = bpe("llama-bpe");
    silent.add("<|begin_of_text|>", Control);
    silent.writer.set("tokenizer.ggml.bos_token_id", uint32_t{96});
    const auto llama = std::move(*silent.make());
    QCOMPARE(llama->encode("a", {.addSpecial = true}), (Ids{96, letter('a')}));
    QCOMPARE(llama->encode("a", {}), (Ids{letter('a')}));

    Made explicitly = bpe("qwen2");
    explicitly.writer.set("tokenizer.ggml.bos_token_id", uint32_t{1});
    explicitly.writer.set("tokenizer.ggml.eos_token_id", uint32_t{2});
    explicitly.writer.set("tokenizer.ggml.add_eos_token", true);
    const auto qwen = std::move(*explicitly.make());
    QCOMPARE(qwen->encode("a", {.addSpecial = true}), (Ids{letter('a'), 2}));

    Made without = bpe("llama-bpe");   // wants a BOS but has none
    QCOMPARE((*without.make())->encode("a", {.addSpecial = true}), (Ids{letter('a')}));
}

void TokenizerMade::endsOfGeneration()
{
    Made made = bpe("qwen2");
    const TokenId text = made.add("<|endoftext|>", Control);
    const TokenId turn = made.add("<|im_end|>");   // of the wrong type in the file
    const TokenId own = made.add("<|bye|>", Control);
    made.writer.set("tokenizer.ggml.eot_token_id", static_cast<uint32_t>(own));
    made.writer.set("tokenizer.ggml.eos_token_id", uint32_t{3});
    const auto tokenizer = std::move(*made.make());
    for (const TokenId token : {text, turn, own, 3})
        QVERIFY(tokenizer->isEndOfGeneration(token));
    for (const TokenId token : {-1, 0, own + 1})
        QVERIFY(!tokenizer->isEndOfGeneration(token));
    QCOMPARE(tokenizer->decode(turn), std::string());
}

void TokenizerMade::refuses_data()
{
    QTest::addColumn<QString>("what");
    QTest::addColumn<QString>("code");
    for (const auto &[what, code] : {std::pair{"no model", "model-has-no-tokenizer"}, {"none", "model-has-no-tokenizer"},
             {"unknown model", "unknown-tokenizer"}, {"unknown pre", "unknown-tokenizer"}, {"no tokens", "gguf-key-missing"},
             {"no merges", "gguf-key-missing"}, {"empty", "gguf-key-range"}, {"short kinds", "model-invalid"},
             {"short scores", "model-invalid"}, {"bos out of range", "model-invalid"}, {"tokens are numbers", "gguf-key-type"},
             {"model is a number", "gguf-key-type"}, {"kinds are strings", "gguf-key-type"}})
        QTest::newRow(what) << QString::fromLatin1(what) << QString::fromLatin1(code);
}

void TokenizerMade::refuses()
{
    QFETCH(QString, what);
    QFETCH(QString, code);
    Made made = what.contains(u"scores") ? spm() : bpe(what == u"unknown pre" ? "klingon" : "gpt-2");
    bool lists = true;
    if (what == u"no model" || what == u"none")
        made.model = "none";
    else if (what == u"unknown model")
        made.model = "rwkv";
    else if (what == u"no tokens" || what == u"no merges")
        lists = false;
    else if (what == u"empty")
        made.tokens.clear();
    else if (what == u"short kinds")
        made.kinds.pop_back();
    else if (what == u"short scores")
        made.scores.pop_back();
    else if (what == u"bos out of range")
        made.writer.set("tokenizer.ggml.bos_token_id", uint32_t{96});
    if (what == u"no tokens")
        made.writer.set("tokenizer.ggml.merges", made.merges);
    if (what == u"no merges")
        made.writer.set("tokenizer.ggml.tokens", made.tokens);
    if (what == u"tokens are numbers") {
        made.writer.set("tokenizer.ggml.merges", made.merges);
        made.writer.set("tokenizer.ggml.tokens", made.scores);
        lists = false;
    }
    if (what == u"kinds are strings") {
        made.writer.set("tokenizer.ggml.merges", made.merges);
        made.writer.set("tokenizer.ggml.tokens", made.tokens);
        made.writer.set("tokenizer.ggml.token_type", made.tokens);
        lists = false;
    }
    auto result = [&] {
        if (what != u"model is a number")
            return made.make(lists);
        gguf::Writer writer;
        writer.set("tokenizer.ggml.model", uint32_t{1});
        const std::vector<std::byte> bytes = writer.header();
        const auto source = gguf::fromMemory("made", bytes);
        const auto header = gguf::readHeader(*source);
        return makeTokenizer(*header);
    }();
    QVERIFY(!result.ok());
    QCOMPARE(QString::fromStdString(std::string(codeName(result.error().code))), code);
    QVERIFY(what == u"no model" || !result.error().arguments.empty());
}

void TokenizerMade::survivesNonsense()
{
    Made words = bpe("gpt-2");
    const TokenId first = words.add("ab");
    words.add("ab");                            // the same text twice: the first counts
    words.add("");
    words.add("\xff\xfe");
    words.add("[odd]", static_cast<TokenKind>(99));
    words.merges = {"a b", "b a", " ", "  ", "a", "ab ab"};
    words.writer.set("tokenizer.ggml.bos_token_id", UINT32_MAX);
    const auto bpeTokenizer = std::move(*words.make());
    QCOMPARE(bpeTokenizer->bos(), -1);
    QCOMPARE(bpeTokenizer->encode("ab", {}), (Ids{first}));
    for (TokenId token = -2; token < static_cast<TokenId>(bpeTokenizer->vocabularySize()) + 2; ++token)
        (void)bpeTokenizer->decode(token, true);

    Made pieces = spm();
    pieces.add("ab", Normal, std::nanf(""));
    pieces.add("bc", Normal, INFINITY);
    pieces.add("abc", Normal, -INFINITY);
    const auto spmTokenizer = std::move(*pieces.make());
    QCOMPARE(decoded(*spmTokenizer, spmTokenizer->encode("abcabcab", {})), std::string(" abcabcab"));

    Made bare{.model = "llama"};   // neither bytes nor an unknown token: what cannot be said is left out
    bare.add("a");
    const auto bareTokenizer = std::move(*bare.make());
    QCOMPARE(bareTokenizer->encode("a?", {.addSpecial = true}), (Ids{0, 0, 0, 0, 0}));   // three bytes of U+2581, a, ?: token 0 is <unk>
}

void TokenizerMade::staysLinear()
{
    Made words = bpe("qwen2");
    words.add("aa");
    words.add("aaaa");
    words.add("\n\n", User);
    words.merges = {"a a", "aa aa"};
    const auto bpeTokenizer = std::move(*words.make());
    Made pieces = spm();
    pieces.add("aa", Normal, -1);
    pieces.add("aaaa", Normal, -2);
    const auto spmTokenizer = std::move(*pieces.make());
    for (const std::string &unit : {std::string("a"), std::string("\n"), std::string(" "), std::string("ab ")}) {
        std::string text;
        while (text.size() < 1000000)
            text += unit;
        QCOMPARE(decoded(*bpeTokenizer, bpeTokenizer->encode(text, {.parseSpecial = true})).size(), text.size());
        QCOMPARE(decoded(*spmTokenizer, spmTokenizer->encode(text, {.parseSpecial = true})).size(), text.size() + 1);
    }
}

void TokenizerMade::utf8StreamNeverEndsInsideACharacter()
{
    const std::string text = "a\xc3\xa9\xe4\xb8\xad\xf0\x9f\xa6\x99!";
    Utf8Stream stream;
    std::string joined;
    for (const char byte : text) {
        const std::string piece = stream.push({&byte, 1});
        QVERIFY(piece.empty() || QString::fromStdString(piece).toStdString() == piece);
        joined += piece;
    }
    QCOMPARE(joined + stream.finish(), text);

    Utf8Stream broken;
    QCOMPARE(broken.push("\xff" "a\xe4\xb8"), std::string("\xef\xbf\xbd" "a"));
    QCOMPARE(broken.push("b"), std::string("\xef\xbf\xbd" "b"));
    QCOMPARE(broken.push("\xf0\x9f"), std::string());
    QCOMPARE(broken.finish(), std::string("\xef\xbf\xbd"));
    QCOMPARE(broken.finish(), std::string());
}

QTEST_GUILESS_MAIN(TokenizerMade)
#include "tst_tokenizer_made.moc"
