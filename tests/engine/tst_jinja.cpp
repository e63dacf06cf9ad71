// SPDX-License-Identifier: Apache-2.0
#include <plimsoll/engine/jinja/template.h>

#include <nlohmann/json.hpp>

#include <QElapsedTimer>
#include <QFile>
#include <QtTest>

using namespace plimsoll;
using namespace plimsoll::engine::jinja;
using Json = nlohmann::ordered_json;

/// The template interpreter: constructs against what Jinja itself makes of them (tests/data/jinja_cases.json), and hostile templates.
class JinjaTest : public QObject
{
    Q_OBJECT

private slots:
    void rendersAsJinjaDoes_data();
    void rendersAsJinjaDoes();
    void errorsCarryTheLine_data();
    void errorsCarryTheLine();
    void boundsWhatATemplateTakes_data();
    void boundsWhatATemplateTakes();
    void survivesNonsense();
    void tellsTheTime();

private:
    static std::string textOf(const Json &lines);
};

/// A text, or its lines.
std::string JinjaTest::textOf(const Json &lines)
{
    if (lines.is_string())
        return lines.get<std::string>();
    std::string text;
    for (size_t i = 0; i < lines.size(); ++i)
        text += (i ? "\n" : "") + lines[i].get<std::string>();
    return text;
}

void JinjaTest::rendersAsJinjaDoes_data()
{
    QTest::addColumn<QByteArray>("test");
    QFile file(QStringLiteral(PLIMSOLL_SOURCE "/tests/data/jinja_cases.json"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const Json cases = Json::parse(file.readAll().toStdString());
    QVERIFY(cases.size() > 40);
    for (const Json &test : cases)
        QTest::newRow(test["name"].get<std::string>().c_str()) << QByteArray::fromStdString(test.dump());
}

void JinjaTest::rendersAsJinjaDoes()
{
    QFETCH(QByteArray, test);
    const Json json = Json::parse(test.toStdString());
    const auto parsed = Template::parse(textOf(json["template"]));
    const Result<std::string> text = parsed ? parsed->render(json["variables"]) : Result<std::string>(parsed.error());
    if (json.contains("error")) {
        QVERIFY(!text.ok());
        QCOMPARE(text.error().code, ErrorCode::ModelInvalid);
        return;
    }
    QVERIFY2(text.ok(), text ? "" : (text.error().arguments[0] + ": " + text.error().arguments[1]).c_str());
    QCOMPARE(QString::fromStdString(*text), QString::fromStdString(textOf(json["text"])));
}

void JinjaTest::errorsCarryTheLine_data()
{
    QTest::addColumn<QByteArray>("source");
    QTest::addColumn<QByteArray>("arguments");   // line|reason: detail
    const auto row = [](const char *source, const char *arguments) { QTest::newRow(arguments) << QByteArray(source) << QByteArray(arguments); };
    row("a\nb\n{{ x.y.z }}", "3|undefined: x");
    row("\n{% for a in 5 %}{% endfor %}", "2|type: for … in integer");
    row("{{ 1 +\n }}", "2|syntax: }}");
    row("{{ 'open", "1|syntax: '");
    row("\n\n{% frobnicate %}", "3|syntax: frobnicate");
    row("{% include 'x' %}", "1|unsupported: include");
    row("a\n{{ raise_exception('told so') }}", "2|raised: told so");
    row("{% macro m() %}\n\n{{ 1 / 0 }}{% endmacro %}{{ m() }}", "3|value: / 0");
    row("{{ 9223372036854775807 + 1 }}", "1|value: integer");
    row("{{ none() }}", "1|type: none()");
    row("{{ (1 }}", "1|syntax: }");
    row("{% break %}", "1|syntax: break");
}

void JinjaTest::errorsCarryTheLine()
{
    QFETCH(QByteArray, source);
    QFETCH(QByteArray, arguments);
    const auto parsed = Template::parse(source.toStdString());
    const Result<std::string> text = parsed ? parsed->render(Json::object()) : Result<std::string>(parsed.error());
    QVERIFY(!text.ok());
    QCOMPARE(text.error().code, ErrorCode::ModelInvalid);
    const auto &found = text.error().arguments;
    QCOMPARE(QByteArray::fromStdString(found[0] + '|' + found[1]), "chat template, line " + arguments);
}

void JinjaTest::boundsWhatATemplateTakes_data()
{
    QTest::addColumn<QByteArray>("source");
    const auto row = [](const char *name, const QByteArray &source) { QTest::newRow(name) << source; };
    row("macro calls itself", "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}");
    row("loop calls itself", "{% for x in [1] recursive %}{{ loop([1]) }}{% endfor %}");
    row("loops in loops", "{% for a in range(100000) %}{% for b in range(100000) %}{{ b }}{% endfor %}{% endfor %}");
    row("quiet loops", "{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}");
    row("endless range", "{{ range(1000000000000) | length }}");
    row("text that doubles", "{% set ns = namespace(s='ab') %}{% for i in range(100) %}{% set ns.s = ns.s + ns.s %}{% endfor %}");
    row("list that doubles", "{% set ns = namespace(s=[1]) %}{% for i in range(100) %}{% set ns.s = ns.s + ns.s %}{% endfor %}");
    row("repetition", "{{ 'x' * 1000000000000 }}");
    row("replacement", "{% set s = 'a' * 100000 %}{{ s | replace('a', s) }}");
    row("indentation", "{{ ('\\n' * 1000000) | indent(10000, blank=true) }}");
    row("namespace in itself", "{% set ns = namespace() %}{% set ns.a = ns %}{{ [ns] }}");
    row("width", "{{ 'x'.ljust(100000000000) }}");
    row("deep brackets", "{{ " + QByteArray("(").repeated(100000) + QByteArray(")").repeated(100000) + " }}");
    row("deep blocks", QByteArray("{% if 1 %}").repeated(100000) + QByteArray("{% endif %}").repeated(100000));
    row("long sum", "{{ 1" + QByteArray("+1").repeated(100000) + " }}");
    row("long path", "{{ a" + QByteArray("[0]").repeated(100000) + " }}");
    row("many nots", "{{ " + QByteArray("not ").repeated(100000) + "1 }}");
    const auto almost = [&](const char *name, const QByteArray &call) {
        row(name, "{% set s = 'a' * 1000000 %}{% set t = s ~ 'b' %}{% set many = s ~ s %}{{ " + call + " }}");
    };
    almost("almost in it everywhere", "t in many");
    almost("almost found everywhere", "many.find(t)");
    almost("almost found from behind", "many.rfind(t)");
    almost("almost counted", "many.count(t)");
    almost("almost a separator", "many.split(t)");
    almost("almost replaced", "many.replace(t, '')");
    almost("many characters to strip", "s.strip('b' * 1000000 ~ 'a')");
    row("much text", "{% for i in range(100000) %}{{ 'x' * 10000 }}{% endfor %}");
}

void JinjaTest::boundsWhatATemplateTakes()
{
    QFETCH(QByteArray, source);
    QElapsedTimer timer;
    timer.start();
    const auto parsed = Template::parse(source.toStdString());
    const Result<std::string> text = parsed ? parsed->render(Json::object()) : Result<std::string>(parsed.error());
    QVERIFY(!text.ok());
    QCOMPARE(text.error().code, ErrorCode::ModelInvalid);
    const std::string &reason = text.error().arguments[1];
    QVERIFY2(reason.starts_with("limit") || reason.starts_with("value"), reason.c_str());
    QVERIFY(timer.elapsed() < 60'000);
}

/// Every prefix of a template with everything in it, and some with a byte changed, is rendered or refused.
void JinjaTest::survivesNonsense()
{
    const std::string source = "{%- macro m(a, b='x') -%}{{ a ~ b | upper }}{%- endmacro -%}{% for k, v in {'a': [1, 2][0:1]}.items() if k is not "
                               "none %}{{ loop.index }}{{ m(k, b=v) }}{% else %}{# c #}{% endfor %}{% set x %}t{% endset %}{{ 1 if x else -2 ** 3 }}";
    for (size_t length = 0; length <= source.size(); ++length) {
        for (const char change : {'\0', '{', '%', '}', '(', '\'', '|', '\xff'}) {
            std::string cut = source.substr(0, length);
            if (change && length)
                cut[length / 2] = change;
            const auto parsed = Template::parse(cut);
            if (!parsed)
                QVERIFY(parsed.error().code == ErrorCode::ModelInvalid);
            else
                (void)parsed->render(Json::object());
        }
    }
}

void JinjaTest::tellsTheTime()
{
    const auto parsed = Template::parse("{{ strftime_now('%Y-%m-%d') }}");
    QVERIFY(parsed.ok());
    const auto text = parsed->render(Json::object());
    QVERIFY(text.ok());
    const QDate date = QDate::fromString(QString::fromStdString(*text), Qt::ISODate);
    QVERIFY(date.isValid() && qAbs(date.daysTo(QDate::currentDate())) <= 1);
}

QTEST_GUILESS_MAIN(JinjaTest)
#include "tst_jinja.moc"
