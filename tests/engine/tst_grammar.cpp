// SPDX-License-Identifier: Apache-2.0
#include <plimsoll/engine/text/grammar.h>

#include <nlohmann/json.hpp>

#include <QtTest>

using namespace plimsoll;
using namespace plimsoll::engine;
using Json = nlohmann::ordered_json;

/// Grammars, those made of JSON schemas, and the filter over a vocabulary.
class GrammarTest : public QObject
{
    Q_OBJECT

private slots:
    void accepts_data();
    void accepts();
    void refusesGrammars_data();
    void refusesGrammars();
    void followsSchemas_data();
    void followsSchemas();
    void refusesSchemas_data();
    void refusesSchemas();
    void filtersTokens();
    void survivesHostileGrammars();

private:
    /// 2: a whole text of the grammar, 1: the beginning of one, 0: neither.
    static int standing(const Grammar &grammar, std::string_view text);
};

namespace {

/// Letters, pairs of letters, an end.
class LetterTokenizer final : public Tokenizer
{
public:
    std::vector<TokenId> encode(std::string_view, const EncodeOptions &) const override { return {}; }
    std::string decode(TokenId token, bool) const override { return token < 5 ? std::string(texts[token]) : std::string(); }
    uint32_t vocabularySize() const override { return 7; }
    TokenId bos() const override { return 6; }
    TokenId eos() const override { return 5; }
    bool isEndOfGeneration(TokenId token) const override { return token == 5; }

private:
    static constexpr std::string_view texts[] = {"a", "ab", "b", "abc", "c"};
};

} // namespace

int GrammarTest::standing(const Grammar &grammar, std::string_view text)
{
    GrammarState state(grammar);
    state.push(text);
    return state.mayEnd() ? 2 : state.isPossible() ? 1 : 0;
}

void GrammarTest::accepts_data()
{
    QTest::addColumn<QString>("grammar");
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("standing");
    const auto row = [](const char *grammar, const QString &text, int standing) {
        QTest::newRow(qPrintable(QLatin1String(grammar) + u" < "_qs + text)) << QString::fromUtf8(grammar) << text << standing;
    };
    for (const auto &[text, standing] : {std::pair{u""_qs, 1}, {u"a"_qs, 1}, {u"ab"_qs, 2}, {u"abc"_qs, 0}, {u"b"_qs, 0}})
        row("root ::= \"ab\"", text, standing);
    row("root ::= \"a\"*", u""_qs, 2);
    row("root ::= \"a\"*", u"aaaa"_qs, 2);
    row("root ::= \"a\"+", u""_qs, 1);
    row("root ::= \"a\"? \"b\"", u"b"_qs, 2);
    for (const auto &[text, standing] : {std::pair{u"a"_qs, 1}, {u"aa"_qs, 2}, {u"aaaa"_qs, 2}, {u"aaaaa"_qs, 0}})
        row("root ::= \"a\"{2,4}", text, standing);
    row("root ::= \"a\"{3}", u"aa"_qs, 1);
    row("root ::= \"a\"{2,}", u"aaaaaaa"_qs, 2);
    row("root ::= (\"a\" | \"b\" \"c\")+ # no\n", u"abcabc"_qs, 2);
    row("root ::= x \"!\"\nx ::= [a-c] y |\n  \"q\"\ny ::= [^a-c]", u"bd!"_qs, 2);
    row("root ::= [^a-c]", u"b"_qs, 0);
    row("root ::= [^\"\\\\]+", u"Grüße 中 🦙"_qs, 2);
    row("root ::= [а-я]+", u"привет"_qs, 2);
    row("root ::= [а-я]+", u"приВет"_qs, 0);
    row("root ::= .", u"🦙"_qs, 2);
    row("root ::= \"\\x41\\u00e9\\n\"", u"Aé\n"_qs, 2);
    row("root ::= e\ne ::= e \"+\" t | t\nt ::= [0-9]", u"1+2+3"_qs, 2);   // begins with itself
    row("root ::= (\"\" | \"a\")* \"b\"", u"aab"_qs, 2);
    row("root ::= \"(\" root \")\" | \"x\"", u"(((x)))"_qs, 2);
}

void GrammarTest::accepts()
{
    QFETCH(QString, grammar);
    QFETCH(QString, text);
    const auto parsed = Grammar::parse(grammar.toStdString());
    QVERIFY2(parsed.ok(), parsed ? "" : parsed.error().arguments[1].c_str());
    QTEST(standing(*parsed, text.toStdString()), "standing");
}

void GrammarTest::refusesGrammars_data()
{
    QTest::addColumn<QByteArray>("grammar");
    for (const char *grammar : {"", "x ::= \"a\"", "root ::= y", "root ::= \"a", "root ::= [a", "root ::= [b-a]", "root ::= (\"a\"", "root = \"a\"",
             "root ::= \"a\"{3,2}", "root ::= \"a\"{100000}", "root ::= \"\\q\"", "root ::= \"a\"\nroot ::= \"b\"", "root ::= []"})
        QTest::newRow(*grammar ? grammar : "nothing") << QByteArray(grammar);
    QTest::newRow("deep") << "root ::= " + QByteArray("(").repeated(100000);
}

void GrammarTest::refusesGrammars()
{
    QFETCH(QByteArray, grammar);
    const auto parsed = Grammar::parse(grammar.toStdString());
    QVERIFY(!parsed.ok());
    QCOMPARE(parsed.error().code, ErrorCode::InvalidArgument);
    QCOMPARE(parsed.error().arguments.size(), size_t{3});
}

void GrammarTest::followsSchemas_data()
{
    QTest::addColumn<QByteArray>("schema");
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("follows");
    const auto row = [](const char *schema, const char *text, bool follows) {
        QTest::newRow((QByteArray(schema) + " < " + text).constData()) << QByteArray(schema) << QByteArray(text) << follows;
    };
    row("null", R"({"a": [1, -2.5e3, "x\né", true, null, {}]})", true);
    row("null", "[1]", false);
    row("null", "{\"a\": 01}", false);
    row(R"({"type": "integer"})", "-12", true);
    row(R"({"type": "integer"})", "1.5", false);
    row(R"({"type": ["string", "null"]})", "null", true);
    row(R"({"enum": ["a", 1, "q\"uote"]})", R"("q\"uote")", true);
    row(R"({"enum": ["a", 1]})", "2", false);
    row(R"({"const": {"k": 1}})", R"({"k":1})", true);
    row(R"({"type": "string", "minLength": 2, "maxLength": 3})", R"("abc")", true);
    row(R"({"type": "string", "minLength": 2, "maxLength": 3})", R"("a")", false);
    row(R"({"type": "array", "items": {"type": "boolean"}, "minItems": 1, "maxItems": 2})", "[true, false]", true);
    row(R"({"type": "array", "items": {"type": "boolean"}, "minItems": 1, "maxItems": 2})", "[true,true,true]", false);
    row(R"({"type": "array", "items": {"type": "boolean"}, "minItems": 1})", "[]", false);
    const char *person = R"({"type": "object", "properties": {"name": {"type": "string"}, "age": {"type": "integer"}, "tags":
        {"type": "array", "items": {"type": "string"}}}, "required": ["name"]})";
    row(person, R"({"name": "A"})", true);
    row(person, R"({"name": "A", "tags": ["x"]})", true);
    row(person, R"({"name": "A", "age": 3, "tags": []})", true);
    row(person, R"({"age": 3})", false);
    row(person, R"({"name": "A", "other": 3})", false);
    row(R"({"type": "object", "properties": {"a": {"type": "null"}}, "additionalProperties": {"type": "integer"}})", R"({"a":null,"x":1})", true);
    row(R"({"type": "object", "properties": {"a": {"type": "null"}}, "additionalProperties": {"type": "integer"}})", R"({"x":1,"y":2})", true);
    const char *tree = R"({"$ref": "#/$defs/node", "$defs": {"node": {"type": "object", "properties": {"kids": {"type": "array", "items":
        {"$ref": "#/$defs/node"}}}, "required": ["kids"]}}})";
    row(tree, R"({"kids": [{"kids": []}, {"kids": [{"kids": []}]}]})", true);
    row(tree, R"({"kids": [1]})", false);
    row(R"({"anyOf": [{"type": "integer"}, {"type": "object", "properties": {}}]})", "{}", true);
}

void GrammarTest::followsSchemas()
{
    QFETCH(QByteArray, schema);
    QFETCH(QByteArray, text);
    const auto grammar = Grammar::ofJsonSchema(Json::parse(schema.toStdString()));
    QVERIFY2(grammar.ok(), grammar ? "" : grammar.error().arguments[1].c_str());
    QTEST(standing(*grammar, text.toStdString()) == 2, "follows");
}

void GrammarTest::refusesSchemas_data()
{
    QTest::addColumn<QByteArray>("schema");
    for (const char *schema : {R"({"type": "string", "pattern": "a+"})", R"({"type": "frob"})", R"({"$ref": "http://x"})", R"({"$ref": "#/no"})",
             R"({"enum": []})", R"({"anyOf": []})", R"({"not": {}})", "3", "false", R"({"required": [1], "type": "object"})",
             R"({"type": "array", "minItems": 100000})"})
        QTest::newRow(schema) << QByteArray(schema);
    QTest::newRow("deep") << QByteArray("{\"items\":").repeated(500) + "{}" + QByteArray("}").repeated(500);
}

void GrammarTest::refusesSchemas()
{
    QFETCH(QByteArray, schema);
    const auto grammar = Grammar::ofJsonSchema(Json::parse(schema.toStdString()));
    QVERIFY(!grammar.ok());
    QCOMPARE(grammar.error().code, ErrorCode::InvalidArgument);
}

void GrammarTest::filtersTokens()
{
    const auto grammar = Grammar::parse("root ::= \"a\" \"b\"? \"c\"");
    QVERIFY(grammar.ok());
    const LetterTokenizer tokenizer;
    GrammarFilter filter(*grammar, tokenizer);
    const auto allowed = [&filter] { return std::vector<uint8_t>(filter.allowed().begin(), filter.allowed().end()); };
    QCOMPARE(allowed(), (std::vector<uint8_t>{1, 1, 0, 1, 0, 0, 0}));
    for (TokenId token = 0; token < 7; ++token)
        QCOMPARE(filter.allows(token), allowed()[static_cast<size_t>(token)] != 0);
    filter.accept(0);
    QCOMPARE(allowed(), (std::vector<uint8_t>{0, 0, 1, 0, 1, 0, 0}));
    filter.accept(4);
    QCOMPARE(allowed(), (std::vector<uint8_t>{0, 0, 0, 0, 0, 1, 0}));
    QVERIFY(filter.allows(5) && !filter.allows(0) && !filter.allows(6));
}

/// Grammars that have very many ways to go on, or never anything but themselves, end soon with nothing possible or with what there is.
void GrammarTest::survivesHostileGrammars()
{
    for (const char *text : {"root ::= root", "root ::= root root | \"a\"", "root ::= (\"a\"* \"a\"*)* \"b\"", "root ::= x x\nx ::= y y\ny ::= x | \"\"",
             "root ::= (((\"a\"?)?)?){50}"}) {
        const auto grammar = Grammar::parse(text);
        QVERIFY(grammar.ok());
        GrammarState state(*grammar);
        state.push("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
    }
}

QTEST_GUILESS_MAIN(GrammarTest)
#include "tst_grammar.moc"
