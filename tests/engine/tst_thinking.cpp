// SPDX-License-Identifier: Apache-2.0
#include <plimsoll/engine/text/chat.h>
#include <plimsoll/gguf/writer.h>

#include <QtTest>

using namespace plimsoll;
using namespace plimsoll::engine;

/// The chat template of a file at work, and answers parted into thought and answer.
class ThinkingTest : public QObject
{
    Q_OBJECT

private slots:
    void partsAnswers_data();
    void partsAnswers();
    void findsMarks_data();
    void findsMarks();
    void rendersTheTemplate();
    void fallsBackForConversationsATemplateRefuses();
    void parsesArgumentsOfCalls();
    void tellsWhatIsWrong();
    void writesOneBeginning();
    void knowsWhenAPromptBeginsAThought();

private:
    struct Loaded
    {
        std::vector<std::byte> bytes;
        std::unique_ptr<gguf::ByteSource> source;
        std::optional<gguf::Header> header;
        std::unique_ptr<Tokenizer> tokenizer;
    };
    static Loaded load(const std::string &chatTemplate);
};

void ThinkingTest::partsAnswers_data()
{
    QTest::addColumn<QString>("marks");   // what the template says
    QTest::addColumn<bool>("inside");
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("thought");
    QTest::addColumn<QString>("answer");
    const QString think = u"</think>"_qs;
    const QString harmony = u"<|channel|><|message|>"_qs;
    QTest::newRow("plain") << think << false << u"Hello <b>"_qs << QString() << u"Hello <b>"_qs;
    QTest::newRow("thought") << think << false << u"<think>\nhm, so\n</think>\n\nHello"_qs << u"hm, so"_qs << u"Hello"_qs;
    QTest::newRow("prompt began it") << think << true << u"hm </thin no\n</think>\nHello"_qs << u"hm </thin no"_qs << u"Hello"_qs;
    QTest::newRow("never ends") << think << false << u"<think>a\nb </th"_qs << u"a\nb </th"_qs << QString();
    QTest::newRow("empty thought") << think << false << u"<think>\n\n</think>\n\nHi"_qs << QString() << u"Hi"_qs;
    QTest::newRow("space in front") << think << false << u"\n <think>a</think>b"_qs << u"a"_qs << u"b"_qs;
    QTest::newRow("later mention") << think << false << u"The tag <think> is"_qs << QString() << u"The tag <think> is"_qs;
    QTest::newRow("begun mark") << think << false << u"<thin"_qs << QString() << u"<thin"_qs;
    QTest::newRow("spaces stay in an answer") << think << false << u"  a\n"_qs << QString() << u"  a\n"_qs;
    QTest::newRow("no thinking") << u"{{ messages }}"_qs << false << u"<think>a</think>b"_qs << QString() << u"<think>a</think>b"_qs;
    QTest::newRow("channels") << harmony << false
                              << u"<|channel|>analysis<|message|>so it is<|end|><|start|>assistant<|channel|>final<|message|>Yes."_qs
                              << u"so it is"_qs << u"Yes."_qs;
    QTest::newRow("only the final channel") << harmony << false << u"<|channel|>final<|message|>Yes."_qs << QString() << u"Yes."_qs;
    QTest::newRow("two thoughts") << harmony << false
                                  << u"<|channel|>analysis<|message|>a<|end|><|start|>assistant<|channel|>analysis<|message|>b<|end|>"
                                     "<|start|>assistant<|channel|>final<|message|>c"_qs
                                  << u"ab"_qs << u"c"_qs;
}

void ThinkingTest::partsAnswers()
{
    QFETCH(QString, marks);
    QFETCH(bool, inside);
    QFETCH(QString, text);
    const std::string bytes = text.toStdString();
    for (const size_t step : {size_t{1}, size_t{3}, bytes.size()}) {
        ThinkingSplit split(thinkingMarks(marks.toStdString()), inside);
        ThinkingSplit::Piece all;
        const auto add = [&all](const ThinkingSplit::Piece &piece) {
            all.thought += piece.thought;
            all.answer += piece.answer;
        };
        for (size_t at = 0; at < bytes.size(); at += step)
            add(split.push(std::string_view(bytes).substr(at, step)));
        add(split.finish());
        QTEST(QString::fromStdString(all.thought), "thought");
        QTEST(QString::fromStdString(all.answer), "answer");
    }
}

void ThinkingTest::findsMarks_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("begin");
    QTest::newRow("no template") << QString() << u"<think>"_qs;
    QTest::newRow("think") << u"{{ x.split('</think>') }}"_qs << u"<think>"_qs;
    QTest::newRow("brackets") << u"[THINK] [/THINK]"_qs << u"[THINK]"_qs;
    QTest::newRow("seed") << u"<seed:think> </seed:think>"_qs << u"<seed:think>"_qs;
    QTest::newRow("command") << u"<|START_THINKING|><|END_THINKING|>"_qs << u"<|START_THINKING|>"_qs;
    QTest::newRow("none") << u"<|im_start|>"_qs << QString();
}

void ThinkingTest::findsMarks()
{
    QFETCH(QString, text);
    QTEST(QString::fromStdString(thinkingMarks(text.toStdString()).begin), "begin");
}

ThinkingTest::Loaded ThinkingTest::load(const std::string &chatTemplate)
{
    std::vector<std::string> tokens = {"<unk>", "<s>", "</s>"};
    std::vector<int32_t> kinds = {2, 3, 3};
    for (int byte = 0; byte < 256; ++byte) {
        tokens.push_back(QByteArray("<0x").append(QByteArray::number(byte, 16).rightJustified(2, '0').toUpper()).append('>').toStdString());
        kinds.push_back(6);
    }
    gguf::Writer writer;
    writer.set("tokenizer.ggml.model", std::string("llama"));
    writer.set("tokenizer.ggml.tokens", tokens);
    writer.set("tokenizer.ggml.token_type", kinds);
    writer.set("tokenizer.ggml.scores", std::vector<float>(tokens.size()));
    writer.set("tokenizer.ggml.add_space_prefix", false);
    writer.set("tokenizer.chat_template", chatTemplate);
    Loaded loaded;
    loaded.bytes = writer.header();
    loaded.source = gguf::fromMemory("made", loaded.bytes);
    auto header = gguf::readHeader(*loaded.source);
    if (!header)
        return loaded;
    loaded.header = std::move(*header);
    if (auto tokenizer = makeTokenizer(*loaded.header))
        loaded.tokenizer = std::move(*tokenizer);
    return loaded;
}

void ThinkingTest::rendersTheTemplate()
{
    const Loaded file = load("{{ bos_token }}{% for m in messages %}[{{ m.role }}]{{ m.content }}{{ m.extra }}{% endfor %}"
                             "{% if tools %}{{ tools | length }} {{ tools[0].name }}{% endif %}{% if add_generation_prompt %}>{% endif %}{{ mood }}");
    QVERIFY(file.tokenizer);
    const auto text = ChatTemplate(*file.header, *file.tokenizer)
                          .text({.messages = {{"user", "A", {{"extra", "!"}}}, {"assistant", "B"}},
                              .tools = {{{"name", "f"}}, {{"name", "g"}}},
                              .variables = {{"mood", "calm"}}});
    QVERIFY(text.ok());
    QCOMPARE(QString::fromStdString(*text), u"<s>[user]A![assistant]B2 f>calm"_qs);
}

void ThinkingTest::fallsBackForConversationsATemplateRefuses()
{
    const Loaded file = load("{% for m in messages %}{% if m.role == 'system' %}{{ raise_exception('no system') }}{% endif %}"
                             "{{ m.content }}|{% endfor %}");
    const ChatTemplate chat(*file.header, *file.tokenizer);
    const auto text = chat.text({.messages = {{"system", "S"}, {"user", "A"}}});
    QVERIFY(text.ok());
    QCOMPARE(QString::fromStdString(*text), u"S\n\nA|"_qs);
}

void ThinkingTest::parsesArgumentsOfCalls()
{
    const nlohmann::ordered_json call = {{"tool_calls", {{{"function", {{"name", "f"}, {"arguments", "{\"a\": 1}"}}}}}}};
    const Conversation conversation{.messages = {{"user", "A"}, {"assistant", "", call}}};
    const Loaded object = load("{% for c in messages[1].tool_calls %}{{ c.function.arguments.a }}{% endfor %}");
    QCOMPARE(ChatTemplate(*object.header, *object.tokenizer).text(conversation).value(), std::string("1"));
    const Loaded joined = load("{% for c in messages[1].tool_calls %}{{ 'x' + c.function.arguments }}{% endfor %}");
    QCOMPARE(ChatTemplate(*joined.header, *joined.tokenizer).text(conversation).value(), std::string("x{\"a\": 1}"));
}

void ThinkingTest::tellsWhatIsWrong()
{
    for (const char *broken : {"{{ 1 +", "{{ nothing.at.all }}", "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}"}) {
        const Loaded file = load(broken);
        const auto prompt = ChatTemplate(*file.header, *file.tokenizer).prompt({.messages = {{"user", "A"}}});
        QVERIFY(!prompt.ok());
        QCOMPARE(prompt.error().code, ErrorCode::ModelInvalid);
        QCOMPARE(QString::fromStdString(prompt.error().arguments[0]), u"chat template, line 1"_qs);
    }
}

void ThinkingTest::writesOneBeginning()
{
    const Conversation conversation{.messages = {{"user", "A"}}};
    for (const char *source : {"{{ bos_token }}{{ messages[0].content }}", "{{ messages[0].content }}"}) {
        const Loaded file = load(source);
        const auto prompt = ChatTemplate(*file.header, *file.tokenizer).prompt(conversation);
        QVERIFY(prompt.ok());
        QCOMPARE(prompt->tokens, (std::vector<TokenId>{1, 3 + 'A'}));
    }
}

void ThinkingTest::knowsWhenAPromptBeginsAThought()
{
    for (const bool begins : {true, false}) {
        const Loaded file = load(std::string("{{ messages[0].content.split('</think>')[0] }}") + (begins ? "<think>\n" : ""));
        const auto prompt = ChatTemplate(*file.header, *file.tokenizer).prompt({.messages = {{"user", "A"}}});
        QVERIFY(prompt.ok());
        QCOMPARE(prompt->insideThought, begins);
        QVERIFY(prompt->shown.empty());
    }
}

QTEST_GUILESS_MAIN(ThinkingTest)
#include "tst_thinking.moc"
