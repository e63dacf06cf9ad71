// SPDX-License-Identifier: Apache-2.0
#include <plimsoll/engine/tool/messages.h>

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

using namespace plimsoll;

namespace {

struct Answer
{
    int status = -1;
    QByteArray out;
    QByteArray err;

    QJsonObject json() const { return QJsonDocument::fromJson(out).object(); }
    QString error() const { return json()["error"].toObject()["code"].toString(); }
    QString argument(int i) const { return json()["error"].toObject()["arguments"].toArray().at(i).toString(); }
};

/// Runs the tool to its end; 60 s is a guard against hanging, not a measure.
Answer tool(const QStringList &arguments, const QByteArray &input = {})
{
    QProcess process;
    process.start(QStringLiteral(PLIMSOLL_ENGINE), arguments);
    process.write(input);
    process.closeWriteChannel();
    if (!process.waitForFinished(60000))
        return {};
    return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1, process.readAllStandardOutput(),
        process.readAllStandardError()};
}

void write(const QString &path, const QByteArray &bytes)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(bytes), bytes.size());
}

} // namespace

class TestTool : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        QVERIFY2(QFileInfo(QStringLiteral(PLIMSOLL_ENGINE)).isExecutable(), "plimsoll-engine is not built");
        QVERIFY(m_folder.isValid());
        m_model = m_folder.filePath("tiny.gguf");
        const Answer made
            = tool({"synth", "--model", "qwen3-0.6b", "--quant", "Q8_0", "--layers", "1", "--vocab", "300", "--out", m_model, "--json"});
        QVERIFY2(made.status == 0, made.err);
        QCOMPARE(made.json()["bytes"].toInteger(), QFileInfo(m_model).size());
    }

    void helpAndUsage()
    {
        QCOMPARE(tool({"--help"}).status, 0);
        QVERIFY(tool({"--version"}).out.startsWith("plimsoll-engine "));
        QCOMPARE(tool({}).status, 2);
        QCOMPARE(tool({"sail"}).status, 2);
        QCOMPARE(tool({"inspect"}).status, 2);
        const Answer unknown = tool({"fit", "--json", "--depht", "3"});
        QCOMPARE(unknown.status, 2);
        QCOMPARE(unknown.error(), QStringLiteral("invalid-argument"));
        for (const char *command : {"devices", "inspect", "fit", "run", "serve", "bench", "synth", "tokenize", "logits", "selftest"})
            QCOMPARE(tool({command, "--help"}).status, 0);
    }

    void runTakesEverySamplerOption()
    {
        write(m_folder.filePath("any.gbnf"), "root ::= [a-z0-9 ]+");
        write(m_folder.filePath("any.json"), R"({"type": "array", "items": {"type": "integer"}})");
        const QStringList run{"run", m_model, "--json", "-p", "a", "-n", "4", "--ctx", "64", "--ignore-eos"};
        const QStringList all{"--temp", "0.7", "--top-k", "50", "--top-p", "0.9", "--min-p", "0.01", "--typical", "0.95",
            "--repeat-penalty", "1.1", "--repeat-window", "32", "--frequency-penalty", "0.1", "--presence-penalty", "0.1", "--dry", "0.8",
            "--dry-base", "2", "--dry-length", "3", "--dry-window", "100", "--logit-bias", "5:-3", "--stop", "no such text", "--logprobs",
            "2", "--seed", "7"};
        const Answer first = tool(run + all);
        QVERIFY2(first.status == 0, first.out + first.err);
        const QJsonArray tokens = first.json()["tokens"].toArray();
        QCOMPARE(tokens.size(), 4);
        QCOMPARE(tool(run + all).json()["tokens"].toArray(), tokens);   // the same seed
        const QJsonArray steps = first.json()["logprobs"].toArray();
        QCOMPARE(steps.size(), 4);
        for (qsizetype i = 0; i < 4; ++i) {
            QCOMPARE(steps[i]["token"], tokens[i]);
            QVERIFY(steps[i]["logprob"].toDouble(1) <= 0);
            QCOMPARE(steps[i]["top"].toArray().size(), 2);
        }
        QVERIFY(!tool(run).json().contains("logprobs"));
        const QString text = tool(run + QStringList{"--grammar", m_folder.filePath("any.gbnf")}).json()["text"].toString();
        QVERIFY2(QRegularExpression("^[a-z0-9 ]+$").match(text).hasMatch(), qPrintable(text));
        const QString json = tool(run + QStringList{"--json-schema", m_folder.filePath("any.json")}).json()["text"].toString();
        QVERIFY2(json.trimmed().startsWith('['), qPrintable(json));
        write(m_folder.filePath("hello.gbnf"), "root ::= \"hello world\"");
        const Answer stopped = tool({"run", m_model, "--json", "-p", "a", "--ctx", "64", "-n", "20", "--grammar",
            m_folder.filePath("hello.gbnf"), "--stop", "o w"});
        QCOMPARE(stopped.json()["text"].toString(), QStringLiteral("hell"));
        QCOMPARE(stopped.json()["stop"].toString(), QStringLiteral("end-of-text"));
    }

    void runNamesTheSamplerOptionThatIsWrong()
    {
        for (const auto &[option, value] : {std::pair{"--temp", "-1"}, {"--top-k", "x"}, {"--top-p", "2"}, {"--min-p", "1.5"},
                 {"--typical", "2"}, {"--repeat-penalty", "0"}, {"--repeat-window", "2000000"}, {"--frequency-penalty", "101"},
                 {"--presence-penalty", "nan"}, {"--dry", "-1"}, {"--dry-base", "0.5"}, {"--dry-length", "0"}, {"--dry-window", "2000000"},
                 {"--logit-bias", "5"}, {"--logprobs", "101"}, {"--seed", "-1"}}) {
            const Answer answer = tool({"run", m_model, "--json", "-p", "a", option, value});
            QCOMPARE(answer.error(), QStringLiteral("invalid-argument"));
            QCOMPARE(answer.argument(0), QString::fromLatin1(option));
        }
    }

    void devices()
    {
        const QJsonObject json = tool({"devices", "--json"}).json();
        QVERIFY(json["cpu"].toObject()["physicalCores"].toInt() >= 1);
        QVERIFY(json["ram"].toObject()["total"].toDouble() > 0);
        QVERIFY(!json["backends"].toArray().isEmpty());
        QVERIFY(json.contains("notice"));
        QVERIFY(tool({"devices"}).out.contains("RAM"));
    }

    void devicesWithAManagedGpu()
    {
        const QStringList fakes{"--nvml", PLIMSOLL_FAKES "/fake_nvml.so", "--cuda-plugin", PLIMSOLL_FAKES "/fake_cuda_plugin_4.so"};
        const Answer answer = tool(QStringList{"devices", "--json"} + fakes);
        QCOMPARE(answer.json()["gpus"].toArray().size(), 2);
        QCOMPARE(answer.json()["notice"].toObject()["arguments"].toArray().at(0).toString(), QStringLiteral("build"));
        QVERIFY(tool(QStringList{"devices"} + fakes).out.contains("RTX 4090"));
        const Answer watched = tool(QStringList{"devices", "--watch", "0.1", "--count", "3"} + fakes);
        const QList<QByteArray> lines = watched.out.trimmed().split('\n');
        QCOMPARE(lines.size(), 3);
        for (const QByteArray &line : lines)
            QCOMPARE(QJsonDocument::fromJson(line)["gpus"].toArray().at(0).toObject()["temperatureC"].toDouble(), 61.0);
    }

    void inspect()
    {
        const QJsonObject json = tool({"inspect", m_model, "--json", "--tensors"}).json();
        QCOMPARE(json["architecture"].toString(), QStringLiteral("qwen3"));
        QCOMPARE(json["fileType"].toString(), QStringLiteral("Q8_0"));
        QCOMPARE(json["layers"].toInt(), 1);
        QCOMPARE(json["tensors"].toArray().size(), json["tensorCount"].toInt());
        QVERIFY(json["metadata"].toObject().contains("general.architecture"));
        QVERIFY(tool({"inspect", m_model}).out.contains("qwen3"));
    }

    void fitOfAModelFarTooLarge()
    {
        const QStringList question{"fit", "--model", "deepseek-r1-671b", "--quant", "Q4_K_M", "--gpu", "Tesla T4", "--ram", "32GiB"};
        const Answer words = tool(question);
        QCOMPARE(words.status, 0);
        QVERIFY(words.out.contains("Does not fit"));
        QVERIFY(words.out.contains("Tesla T4"));
        QVERIFY(words.out.contains("32.0 GiB"));
        const Answer json = tool(question + QStringList{"--json"});
        QCOMPARE(json.json()["verdict"].toString(), QStringLiteral("does-not-fit"));
    }

    void fitOfAFileAndOfEverything()
    {
        QCOMPARE(tool({"fit", "--model", m_model, "--gpu", "none", "--ram", "64GiB", "--json"}).json()["verdict"].toString(),
            QStringLiteral("cpu-only"));
        const Answer pretended = tool({"fit", "--model", "llama-3.1-8b", "--quant", "q4_k_m", "--gpu", "RTX 4090", "--json"});
        QCOMPARE(pretended.json()["verdict"].toString(), QStringLiteral("fits-on-gpu"));
        const Answer two = tool({"fit", "-m", "llama-3.1-8b", "-q", "F16", "--gpu", "Tesla T4:10", "--gpu", "Tesla T4:10GiB", "--json"});
        QVERIFY2(two.status == 0, two.err);
        const Answer all = tool({"fit", "--json"});
        QVERIFY(all.json()["models"].toArray().size() > 5);
        for (const QJsonValue &model : all.json()["models"].toArray())
            QVERIFY(!model["verdict"].toString().isEmpty() && !model["quantization"].toString().isEmpty());
        QVERIFY(tool({"fit"}).out.contains("Llama"));
        QVERIFY(tool({"fit", "--model", "qwen3-8b"}).out.contains("Q4_K_M"));
    }

    void wrongValuesAreNamed_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("code");
        QTest::addColumn<QString>("first");
        const auto fit = [](const QStringList &more) { return QStringList{"fit", "--model", "qwen3-8b", "--quant", "Q4_K_M"} + more; };
        QTest::newRow("ctx 0") << fit({"--ctx", "0"}) << "invalid-argument" << "--ctx";
        QTest::newRow("ctx -5") << fit({"--ctx", "-5"}) << "invalid-argument" << "--ctx";
        QTest::newRow("ctx words") << fit({"--ctx", "many"}) << "invalid-argument" << "--ctx";
        QTest::newRow("ctx beyond 64 bits") << fit({"--ctx", "99999999999999999999999"}) << "invalid-argument" << "--ctx";
        QTest::newRow("batch") << fit({"--batch", "-1"}) << "invalid-argument" << "--batch";
        QTest::newRow("threads") << fit({"--threads", "100000"}) << "invalid-argument" << "--threads";
        QTest::newRow("parallel") << fit({"--parallel", "0"}) << "invalid-argument" << "--parallel";
        QTest::newRow("kv type") << fit({"--kv-type", "Q9"}) << "invalid-argument" << "--kv-type";
        QTest::newRow("ram") << fit({"--ram", "-3GiB"}) << "invalid-argument" << "--ram";
        QTest::newRow("gpu memory") << fit({"--gpu", "Tesla T4:900"}) << "invalid-argument" << "--gpu";
        QTest::newRow("gpu layers") << fit({"--gpu-layers", "-1"}) << "invalid-argument" << "--gpu-layers";
        QTest::newRow("gpu") << fit({"--gpu", "Tesla T5"}) << "unknown-gpu" << "Tesla T5";
        QTest::newRow("model") << QStringList{"fit", "--model", "qwen3-9b"} << "unknown-model" << "qwen3-9b";
        QTest::newRow("quant") << QStringList{"fit", "--model", "qwen3-8b", "--quant", "Q4_Z"} << "unknown-quantization" << "Q4_Z";
        QTest::newRow("temperature") << QStringList{"run", "x.gguf", "--temp", "nan"} << "invalid-argument" << "--temp";
        QTest::newRow("top-p") << QStringList{"run", "x.gguf", "--top-p", "1.5"} << "invalid-argument" << "--top-p";
        QTest::newRow("port") << QStringList{"serve", "--model", "x.gguf", "--port", "65536"} << "invalid-argument" << "--port";
        QTest::newRow("repetitions") << QStringList{"bench", "x.gguf", "-r", "0"} << "invalid-argument" << "-r";
        QTest::newRow("tokenizer") << QStringList{"synth", "--model", "qwen3-8b", "--out", "x", "--tokenizer", "y"} << "invalid-argument"
                                   << "--tokenizer";
        QTest::newRow("watch") << QStringList{"devices", "--watch", "0"} << "invalid-argument" << "--watch";
    }
    void wrongValuesAreNamed()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QString, code);
        QFETCH(QString, first);
        const Answer answer = tool(arguments + QStringList{"--json"});
        QCOMPARE(answer.status, 1);
        QCOMPARE(answer.error(), code);
        QCOMPARE(answer.argument(0), first);
        QVERIFY(!answer.err.isEmpty());
    }

    void unknownNamesSuggest()
    {
        QVERIFY(tool({"fit", "--model", "qwen3-9b", "--json"}).argument(1).contains("qwen3-8b"));
        QVERIFY(tool({"fit", "--model", "qwen3-8b", "--gpu", "Tesla T5", "--json"}).argument(1).contains("T4"));
        QVERIFY(tool({"fit", "--model", "qwen3-8b", "--quant", "Q4_Z", "--json"}).argument(1).contains("Q4_K_M"));
    }

    void hostileFiles_data()
    {
        QTest::addColumn<QString>("kind");
        QTest::addColumn<QString>("code");
        QTest::newRow("missing") << "missing" << "file-not-found";
        QTest::newRow("folder") << "folder" << "file-unreadable";
        QTest::newRow("device") << "device" << "";
        QTest::newRow("empty") << "empty" << "";
        QTest::newRow("garbage") << "garbage" << "gguf-not-gguf";
        QTest::newRow("cut in the header") << "header" << "gguf-truncated";
        QTest::newRow("cut in the data") << "data" << "gguf-tensor-past-end";
        QTest::newRow("huge counts") << "counts" << "gguf-count";
        QTest::newRow("part missing") << "part" << "gguf-split-missing";
    }
    void hostileFiles()
    {
        QFETCH(QString, kind);
        QFETCH(QString, code);
        const QString path = hostile(kind);
        for (const QStringList &command : {QStringList{"inspect", path}, QStringList{"fit", "--model", path},
                 QStringList{"run", path, "-p", "x"}, QStringList{"bench", path}, QStringList{"tokenize", path}}) {
            const Answer answer = tool(command + QStringList{"--json"});
            QVERIFY2(answer.status == 1, qPrintable(command.join(' ') + ": " + QString::number(answer.status)));
            // In a folder, fit looks for a config.json.
            const bool config = kind == "folder" && command.first() == "fit";
            if (!code.isEmpty())
                QCOMPARE(answer.error(), config ? QString("file-not-found") : code);
            QVERIFY2(answer.err.contains(QFileInfo(path).fileName().toUtf8().left(8)), answer.err);
        }
        if (kind == "part")
            QVERIFY(tool({"inspect", path, "--json"}).argument(0).contains("00002-of-00002"));
    }

    void serviceSaysWhyItDidNotLoad()
    {
        QProcess process;
        process.start(QStringLiteral(PLIMSOLL_ENGINE), {"serve", "--model", hostile("garbage"), "--handshake"});
        process.write("{\"protocol\":1,\"token\":\"00112233445566778899aabbccddeeff\"}\n");   // and standard input stays open
        QVERIFY(process.waitForFinished(60000));
        QCOMPARE(process.exitCode(), 3);
        const QByteArray out = process.readAllStandardOutput();
        const QList<QByteArray> lines = out.trimmed().split('\n');
        QVERIFY2(lines.size() == 2, out);
        QCOMPARE(QJsonDocument::fromJson(lines[0])["event"].toString(), QStringLiteral("listening"));
        QCOMPARE(QJsonDocument::fromJson(lines[1])["error"]["code"].toString(), QStringLiteral("gguf-not-gguf"));
        QVERIFY(process.readAllStandardError().contains("not a GGUF file"));
    }

    void runAndItsNumbers()
    {
        const Answer json = tool({"run", m_model, "-p", "Hello", "-n", "4", "--temp", "0", "--ignore-eos", "--ctx", "64", "--json"});
        QVERIFY2(json.status == 0, json.err);
        QCOMPARE(json.json()["tokens"].toArray().size(), 4);
        const QJsonObject memory = json.json()["memory"].toObject();
        QVERIFY(memory["predicted"].toObject()["mapped"].toDouble() > 0);
        QVERIFY(memory["actual"].toObject()["mapped"].toDouble() > 0);
        const Answer words = tool({"run", m_model, "-p", "Hello", "-n", "4", "--temp", "0", "--ignore-eos", "--ctx", "64"});
        QCOMPARE(QString::fromUtf8(words.out.chopped(1)), json.json()["text"].toString());
        QVERIFY(words.err.contains("Predicted"));
        write(m_folder.filePath("prompt.txt"), "Hello");
        const Answer file
            = tool({"run", m_model, "-f", m_folder.filePath("prompt.txt"), "-n", "4", "--temp", "0", "--ignore-eos", "--ctx", "64"});
        QCOMPARE(file.out, words.out);
        QCOMPARE(tool({"run", m_model, "-p", QString(500, 'x'), "--ctx", "64", "--json"}).error(), QStringLiteral("context-too-long"));
    }

    void memoryIsRefusedBeforeLoading()
    {
        const Answer answer = tool({"run", m_model, "-p", "x", "--ctx", "16777216", "--kv-type", "F32", "--json"});
        QCOMPARE(answer.status, 1);
        QCOMPARE(answer.error(), QStringLiteral("not-enough-memory"));
        QVERIFY(answer.argument(1).toDouble() > answer.argument(2).toDouble());
        QVERIFY(answer.err.contains("GiB"));
    }

    void benchmark()
    {
        const QJsonObject json = tool({"bench", m_model, "-p", "16", "-n", "4", "-r", "2", "--json"}).json();
        QVERIFY(json["decode"].toObject()["median"].toDouble() > 0);
        QVERIFY(json["prefill"].toObject()["median"].toDouble() > 0);
    }

    void tokenize()
    {
        const Answer plain = tool({"tokenize", m_model}, "Hello");
        QVERIFY2(plain.status == 0, plain.err);
        const Answer json = tool({"tokenize", m_model, "--json"}, "Hello");
        QCOMPARE(json.json()["count"].toInt(), plain.out.trimmed().split(' ').size());
        QCOMPARE(tool({"tokenize", m_model}, "").out, QByteArray("\n"));
        const QString bare = m_folder.filePath("bare.gguf");
        QCOMPARE(tool({"synth", "-m", m_model, "-q", "Q8_0", "--tokenizer", "none", "-o", bare}).status, 0);
        QCOMPARE(tool({"tokenize", bare, "--json"}, "x").error(), QStringLiteral("model-has-no-tokenizer"));
    }

    void logitsAtOnceAndInChunks()
    {
        const int32_t head[] = {5, 0, 1, 2, 3, 4, 5};
        const QString tokens = m_folder.filePath("tokens"), whole = m_folder.filePath("whole"), chunks = m_folder.filePath("chunks");
        write(tokens, QByteArray(reinterpret_cast<const char *>(head), sizeof(head)));
        QCOMPARE(tool({"logits", m_model, "--tokens", tokens, "--out", whole}).status, 0);
        QCOMPARE(QFileInfo(whole).size(), qint64(8 + 5 * 4 + 5 * 300 * 4));
        QCOMPARE(
            tool({"logits", m_model, "--tokens", whole, "--out", chunks, "--chunk", "2"}).status, 0); // a file of logits serves as well
        QCOMPARE(QFileInfo(chunks).size(), QFileInfo(whole).size());
        write(tokens, QByteArray(reinterpret_cast<const char *>(head), 8));
        QCOMPARE(tool({"logits", m_model, "--tokens", tokens, "--out", chunks, "--json"}).error(), QStringLiteral("invalid-argument"));
        const int32_t outside[] = {1, 0, 5000};
        write(tokens, QByteArray(reinterpret_cast<const char *>(outside), sizeof(outside)));
        QCOMPARE(tool({"logits", m_model, "--tokens", tokens, "--out", chunks, "--json"}).error(), QStringLiteral("token-out-of-range"));
        QVERIFY(!QFileInfo::exists(chunks));   // nothing half written stays
    }

    void unwritableOutput()
    {
        QCOMPARE(
            tool({"synth", "-m", m_model, "-q", "Q8_0", "-o", "/nowhere/x.gguf", "--json"}).error(), QStringLiteral("file-unwritable"));
    }

    void everyErrorHasASentence()
    {
        for (int code = 1; code <= static_cast<int>(ErrorCode::Internal); ++code) {
            const Error bare{static_cast<ErrorCode>(code), {}};
            const QString text = QString::fromStdString(engine::sentence(bare));
            QVERIFY2(text.size() > 10 && text.endsWith('.') | text.endsWith('?'), qPrintable(text));
            if (bare.code != ErrorCode::Internal)
                QVERIFY2(!text.startsWith("Something went wrong"), codeName(bare.code).data());
        }
    }

    void textOfFilesCannotSteerTheTerminal()
    {
        const std::string text = engine::sentence(Error{ErrorCode::FileNotFound, {"\x1b[2Jname\n"}});
        QVERIFY(text.find('\x1b') == std::string::npos && text.find('\n') == std::string::npos);
    }

private:
    QString hostile(const QString &kind)
    {
        const QString path = m_folder.filePath("hostile-" + kind + ".gguf");
        QFile model(m_model);
        if (!model.open(QIODevice::ReadOnly))
            return {};
        if (kind == "folder")
            QDir(m_folder.path()).mkpath("hostile-folder.gguf");
        else if (kind == "device")
            return QStringLiteral("/dev/null");
        else if (kind == "empty")
            write(path, {});
        else if (kind == "garbage")
            write(path, QByteArray(5000, 'z'));
        else if (kind == "header")
            write(path, model.read(500));
        else if (kind == "data")
            write(path, model.read(model.size() - 4096));
        else if (kind == "counts")
            write(path,
                QByteArray("GGUF\x03\0\0\0", 8) + QByteArray(7, '\xff') + '\x7f' + QByteArray(7, '\xff') + '\x7f' + QByteArray(64, 0));
        else if (kind == "part")
            return splitFirst();
        return path;
    }

    /// The first of two parts, as its own metadata says, without the second.
    QString splitFirst()
    {
        QByteArray header("GGUF\x03\0\0\0", 8);
        const auto number = [&](quint64 value, int bytes) { header.append(reinterpret_cast<const char *>(&value), bytes); };
        const auto text = [&](const QByteArray &value) {
            number(static_cast<quint64>(value.size()), 8);
            header += value;
        };
        number(0, 8);
        number(4, 8);
        text("general.architecture");
        number(8, 4);
        text("llama");
        text("split.no");
        number(2, 4);
        number(0, 2);
        text("split.count");
        number(2, 4);
        number(2, 2);
        text("split.tensors.count");
        number(5, 4);
        number(1, 4);
        header.append(QByteArray(64, 0));
        const QString path = m_folder.filePath("hostile-00001-of-00002.gguf");
        write(path, header);
        return path;
    }

    QTemporaryDir m_folder;
    QString m_model;
};

QTEST_GUILESS_MAIN(TestTool)
#include "tst_tool.moc"
