// SPDX-License-Identifier: Apache-2.0
#include <plimsoll/engine/serve/requests.h>

#include <QtTest>

#include <cmath>

using namespace plimsoll;
using namespace plimsoll::engine;

/// What clients of the HTTP interface may say about how the next token is chosen.
class RequestsTest : public QObject
{
    Q_OBJECT

private slots:
    void takesEverySamplerField();
    void leavesDefaults();
    void readsStops();
    void readsLogprobs();
    void readsGrammars();
    void namesTheFieldThatIsWrong_data();
    void namesTheFieldThatIsWrong();
};

namespace {

Result<CompletionRequest> completion(const std::string &fields)
{
    return readRequest(R"({"prompt": "a")" + fields + "}", false);
}

Result<CompletionRequest> conversation(const std::string &fields)
{
    return readRequest(R"({"messages": [{"role": "user", "content": "a"}])" + fields + "}", true);
}

/// Whether a text may come out under the grammar of a request.
bool allows(const CompletionRequest &request, std::string_view text)
{
    GrammarState state(*request.options.grammar);
    state.push(text);
    return state.mayEnd();
}

} // namespace

void RequestsTest::takesEverySamplerField()
{
    const auto request = completion(R"(, "temperature": 0.5, "top_k": 7, "top_p": 0.25, "min_p": 0.125, "typical_p": 0.75,
        "repeat_penalty": 1.5, "repeat_last_n": 9, "frequency_penalty": 0.5, "presence_penalty": -0.5, "dry_multiplier": 2, "dry_base": 3,
        "dry_allowed_length": 4, "dry_penalty_last_n": 5, "seed": 18446744073709551615, "logit_bias": {"3": 1.5, "4": -100},
        "max_tokens": 11)");
    QVERIFY(request.ok());
    const SamplerOptions &sampler = request->options.sampler;
    QCOMPARE(sampler.temperature, 0.5f);
    QCOMPARE(sampler.topK, 7u);
    QCOMPARE(sampler.topP, 0.25f);
    QCOMPARE(sampler.minP, 0.125f);
    QCOMPARE(sampler.typicalP, 0.75f);
    QCOMPARE(sampler.repetitionPenalty, 1.5f);
    QCOMPARE(sampler.repetitionWindow, 9u);
    QCOMPARE(sampler.frequencyPenalty, 0.5f);
    QCOMPARE(sampler.presencePenalty, -0.5f);
    QCOMPARE(sampler.dryMultiplier, 2.0f);
    QCOMPARE(sampler.dryBase, 3.0f);
    QCOMPARE(sampler.dryAllowedLength, 4u);
    QCOMPARE(sampler.dryWindow, 5u);
    QCOMPARE(sampler.seed, UINT64_MAX);
    QCOMPARE(request->options.maxTokens, 11u);
    QCOMPARE(sampler.logitBias.size(), size_t{2});
    QVERIFY((sampler.logitBias[0] == std::pair{TokenId{3}, 1.5f}));
    QVERIFY(sampler.logitBias[1].first == 4 && std::isinf(sampler.logitBias[1].second));   // -100 forbids
    QVERIFY(validate(sampler).ok());
}

void RequestsTest::leavesDefaults()
{
    const auto request = completion(R"(, "temperature": null, "stop": null, "seed": -1)");
    QVERIFY(request.ok());
    const SamplerOptions untouched;
    QCOMPARE(request->options.sampler.temperature, untouched.temperature);
    QCOMPARE(request->options.sampler.topK, untouched.topK);
    QCOMPARE(request->options.sampler.dryMultiplier, 0.0f);
    QCOMPARE(request->options.sampler.seed, uint64_t{0});
    QCOMPARE(request->options.logprobs, -1);
    QVERIFY(request->options.stop.empty());
    QVERIFY(!request->options.grammar);
}

void RequestsTest::readsStops()
{
    QCOMPARE(completion(R"(, "stop": "x")")->options.stop, std::vector<std::string>{"x"});
    QCOMPARE(completion(R"(, "stop": ["x", "\n\n"])")->options.stop, (std::vector<std::string>{"x", "\n\n"}));
}

void RequestsTest::readsLogprobs()
{
    QCOMPARE(completion(R"(, "logprobs": 3)")->options.logprobs, 3);
    QCOMPARE(conversation(R"(, "logprobs": true, "top_logprobs": 5)")->options.logprobs, 5);
    QCOMPARE(conversation(R"(, "logprobs": true)")->options.logprobs, 0);
    QCOMPARE(conversation(R"(, "top_logprobs": 5)")->options.logprobs, -1);
}

void RequestsTest::readsGrammars()
{
    const auto own = completion(R"(, "grammar": "root ::= \"ab\" | \"c\"")");
    QVERIFY(own.ok() && own->options.grammar);
    QVERIFY(allows(*own, "ab") && allows(*own, "c") && !allows(*own, "a"));
    const auto schema = conversation(R"(, "response_format": {"type": "json_schema", "json_schema": {"name": "n", "schema":
        {"type": "object", "properties": {"k": {"type": "integer"}}, "required": ["k"], "additionalProperties": false}}})");
    QVERIFY(schema.ok() && schema->options.grammar);
    QVERIFY(allows(*schema, R"({"k": 5})") && !allows(*schema, R"({"k": "5"})"));
    const auto object = conversation(R"(, "response_format": {"type": "json_object"})");
    QVERIFY(object.ok() && object->options.grammar);
    QVERIFY(allows(*object, R"({"any": [1, null]})") && !allows(*object, "text"));
    const auto text = conversation(R"(, "response_format": {"type": "text"})");
    QVERIFY(text.ok() && !text->options.grammar);
}

void RequestsTest::namesTheFieldThatIsWrong_data()
{
    QTest::addColumn<QByteArray>("fields");
    QTest::addColumn<QByteArray>("wrong");
    const auto row = [](const char *wrong, const char *fields) { QTest::newRow(fields) << QByteArray(fields) << QByteArray(wrong); };
    row("typical_p", R"("typical_p": 1.5)");
    row("repeat_last_n", R"("repeat_last_n": -1)");
    row("frequency_penalty", R"("frequency_penalty": 3)");
    row("presence_penalty", R"("presence_penalty": "1")");
    row("dry_multiplier", R"("dry_multiplier": -1)");
    row("dry_base", R"("dry_base": 0.5)");
    row("dry_allowed_length", R"("dry_allowed_length": 0)");
    row("dry_penalty_last_n", R"("dry_penalty_last_n": 2000000)");
    row("logit_bias", R"("logit_bias": {"a": 1})");
    row("logit_bias", R"("logit_bias": {"1": 101})");
    row("logprobs", R"("logprobs": 101)");
    row("grammar", R"("grammar": "root ::= nowhere")");
    row("grammar", R"("grammar": 1)");
    row("response_format", R"("response_format": {"type": "xml"})");
    row("json_schema", R"("response_format": {"type": "json_schema", "json_schema": {"schema": {"type": "potato"}}})");
}

void RequestsTest::namesTheFieldThatIsWrong()
{
    QFETCH(QByteArray, fields);
    QFETCH(QByteArray, wrong);
    const auto request = completion(", " + fields.toStdString());
    QVERIFY(!request.ok());
    QCOMPARE(request.error().code, ErrorCode::JsonField);
    QCOMPARE(QByteArray::fromStdString(request.error().arguments[1]), wrong);
}

QTEST_GUILESS_MAIN(RequestsTest)
#include "tst_requests.moc"
