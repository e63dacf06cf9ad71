// SPDX-License-Identifier: Apache-2.0
#include "family_cases.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

/// The tool with a plugin beside it whose two GPUs are none: from the command line to the text, and without the plugin.
class TestOffload : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void sameLogits_data();
    void sameLogits();
    void memoryIsTold_data();
    void memoryIsTold();
    void whatIsOnDiskIsTold();
    void nothingToDivide();
    void benchTells();
    void refusals_data();
    void refusals();
    void serveSaysItToo();

private:
    struct Answer
    {
        int status = -1;
        QByteArray out;
        QJsonObject json() const { return QJsonDocument::fromJson(out).object(); }
    };
    Answer run(const QString &program, const QStringList &arguments, const QByteArray &input = {}) const;
    QString with(const QString &kind) const { return m_folder.filePath(kind + QStringLiteral("/plimsoll-engine")); }
    QString model() const { return m_folder.filePath(QStringLiteral("model.gguf")); }
    QStringList shortRun(const QStringList &more) const
    {
        return QStringList{"run", model(), "-p", "Hello", "-n", "6", "--temp", "0", "--ignore-eos", "-t", "1", "-c", "64", "--json"} + more;
    }

    QTemporaryDir m_folder;
};

void TestOffload::initTestCase()
{
    QVERIFY(m_folder.isValid());
    QVERIFY(make(familyModel("glm4moe"), plimsoll::FileType::Q8_0, model().toStdString()).ok());
    for (const auto &[folder, plugin] : {std::pair("computes", 7), std::pair("lists", 1), std::pair("nothing", 0)}) {
        const QDir place(m_folder.filePath(QString::fromUtf8(folder)));
        QVERIFY(place.mkpath(QStringLiteral(".")));
        QVERIFY(QFile::copy(QStringLiteral(PLIMSOLL_ENGINE), place.filePath("plimsoll-engine")));
        const QString fake = QStringLiteral(PLIMSOLL_FAKES "/fake_cuda_plugin_%1.so").arg(plugin);
        QVERIFY(plugin == 0 || QFile::copy(fake, place.filePath("libplimsoll_cuda.so")));
    }
    QFile tokens(m_folder.filePath(QStringLiteral("tokens")));
    QVERIFY(tokens.open(QIODevice::WriteOnly));
    const int32_t words[] = {6, 0, 3, 14, 15, 92, 65, 35};
    tokens.write(reinterpret_cast<const char *>(words), sizeof(words));
}

TestOffload::Answer TestOffload::run(const QString &program, const QStringList &arguments, const QByteArray &input) const
{
    QProcess process;
    process.start(program, arguments);
    process.write(input);
    process.closeWriteChannel();
    if (!process.waitForFinished(60000))
        return {};
    return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1, process.readAllStandardOutput()};
}

void TestOffload::sameLogits_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::newRow("chosen by the program") << QStringList();
    QTest::newRow("one layer") << QStringList{"--gpu-layers", "1"};
    QTest::newRow("everything") << QStringList{"--gpu-layers", "99"};
    QTest::newRow("experts in RAM") << QStringList{"--cpu-moe"};
    QTest::newRow("experts in RAM, streamed") << QStringList{"--cpu-moe", "--stream-from", "2"};
    QTest::newRow("layers in RAM, streamed") << QStringList{"--gpu-layers", "1", "--stream-from", "2"};
    QTest::newRow("experts of one layer in RAM") << QStringList{"--cpu-moe", "2", "--gpu-layers", "99"};
    QTest::newRow("two GPUs") << QStringList{"--split", "1,2"};
    QTest::newRow("the second GPU") << QStringList{"--gpu", "1"};
    QTest::newRow("by hand") << QStringList{"--place", "mixer:1-2=1", "--place", "experts=2", "--place", "embedding=1"};
    QTest::newRow("experts on disk") << QStringList{"--gpu-layers", "99", "--place", "experts=disk"};
    QTest::newRow("all on disk") << QStringList{"--place", "layer=disk", "--place", "output=disk", "--place", "embedding=disk"};
}

void TestOffload::sameLogits()
{
    QFETCH(QStringList, arguments);
    const auto logits = [this](const QStringList &more) {
        const QString out = m_folder.filePath(QStringLiteral("logits"));
        QFile::remove(out);
        const Answer answer = run(with(QStringLiteral("computes")),
            QStringList{"logits", model(), "--tokens", m_folder.filePath(QStringLiteral("tokens")), "--out", out, "-t", "1"} + more);
        QFile file(out);
        return answer.status == 0 && file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    };
    const QByteArray expected = logits({"--gpu", "none"});
    QVERIFY(expected.size() > 6 * 259 * 4);
    QVERIFY(logits(arguments) == expected);
}

void TestOffload::memoryIsTold_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QStringList>("names");
    QTest::newRow("none") << QStringList{"--gpu-layers", "0"} << QStringList();
    QTest::newRow("by name") << QStringList{"--gpu", "4090", "--gpu-layers", "2"} << QStringList{"NVIDIA GeForce RTX 4090"};
    QTest::newRow("both, in another order")
        << QStringList{"--gpu", "1,0", "--split", "1,1"} << QStringList{"NVIDIA GeForce RTX 4090", "NVIDIA H100 80GB HBM3"};
}

void TestOffload::memoryIsTold()
{
    QFETCH(QStringList, arguments);
    QFETCH(QStringList, names);
    const Answer answer = run(with(QStringLiteral("computes")), shortRun(arguments));
    QCOMPARE(answer.status, 0);
    const QJsonArray devices = answer.json()["memory"].toObject()["devices"].toArray();
    QStringList found;
    for (const QJsonValue &each : devices) {
        found += each["name"].toString();
        QVERIFY(each["actual"].toDouble() > each["overhead"].toDouble());
        QCOMPARE(each["actual"].toDouble(), each["predicted"].toDouble());
    }
    QCOMPARE(found, names);
    const Answer alone = run(with(QStringLiteral("nothing")), shortRun({}));
    QCOMPARE(answer.json()["tokens"], alone.json()["tokens"]);
}

/// What stays on disk is told, and is not part of what RAM is to hold.
void TestOffload::whatIsOnDiskIsTold()
{
    const auto memory = [this](const QStringList &more) {
        return run(with(QStringLiteral("nothing")), shortRun(more)).json()["memory"].toObject();
    };
    const QJsonObject held = memory({});
    const QJsonObject left = memory({"--place", "layer=disk"});
    QVERIFY(!held.contains("disk") && left["disk"].toDouble() > 0);
    const QJsonObject all = held["predicted"].toObject();
    const QJsonObject rest = left["predicted"].toObject();
    QCOMPARE(left["disk"].toDouble() + rest["mapped"].toDouble(), all["mapped"].toDouble());
    QCOMPARE(rest["owned"], all["owned"]);
}

/// What says how to divide, but asks for no GPU, is fulfilled where there is none.
void TestOffload::nothingToDivide()
{
    for (const QStringList &arguments : {QStringList{"--cpu-moe"}, QStringList{"--split", "1,2"}}) {
        const Answer answer = run(with(QStringLiteral("nothing")), shortRun(arguments));
        QCOMPARE(answer.status, 0);
        QVERIFY(!answer.json()["memory"].toObject().contains("devices"));
    }
}

void TestOffload::benchTells()
{
    const Answer answer = run(with(QStringLiteral("computes")),
        {"bench", model(), "-p", "8", "-n", "2", "-r", "1", "-t", "1", "--gpu-layers", "2", "--json"});
    QCOMPARE(answer.status, 0);
    QCOMPARE(answer.json()["memory"].toObject()["devices"].toArray().size(), qsizetype(1));
    const QJsonObject loading = answer.json()["loading"].toObject();
    QVERIFY(loading["bytes"].toDouble() > 0 && loading["seconds"].toDouble() > 0);
    QCOMPARE(loading["bytesPerSecond"].toDouble(), loading["bytes"].toDouble() / loading["seconds"].toDouble());
}

void TestOffload::refusals_data()
{
    QTest::addColumn<QString>("program");
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QString>("code");
    QTest::addColumn<QString>("first");
    QTest::newRow("layers without a plugin") << "nothing" << QStringList{"--gpu-layers", "2"} << "cuda-unavailable" << "plugin";
    QTest::newRow("a GPU without a plugin") << "nothing" << QStringList{"--gpu", "0"} << "cuda-unavailable" << "plugin";
    QTest::newRow("a device that fails") << "lists" << QStringList{"--gpu-layers", "2"} << "cuda-unavailable" << "device";
    QTest::newRow("no such GPU") << "computes" << QStringList{"--gpu", "RTX 5090"} << "invalid-argument" << "--gpu";
    QTest::newRow("a number too large") << "computes" << QStringList{"--gpu", "2"} << "invalid-argument" << "--gpu";
    QTest::newRow("twice the same") << "computes" << QStringList{"--gpu", "1,4090"} << "invalid-argument" << "--gpu";
    QTest::newRow("more shares than GPUs") << "computes" << QStringList{"--split", "1,1,1"} << "invalid-argument" << "--split";
    QTest::newRow("by hand without a plugin") << "nothing" << QStringList{"--place", "mixer=1"} << "cuda-unavailable" << "plugin";
    QTest::newRow("by hand, no such GPU") << "computes" << QStringList{"--place", "mixer=3"} << "invalid-argument" << "place";
    QTest::newRow("by hand, no such layer") << "nothing" << QStringList{"--place", "mixer:99=disk"} << "invalid-argument" << "place";
    QTest::newRow("no place") << "nothing" << QStringList{"--place", "mixer=tape"} << "invalid-argument" << "--place";
    QTest::newRow("no number of tokens") << "computes" << QStringList{"--stream-from", "many"} << "invalid-argument" << "--stream-from";
    QTest::newRow("no number") << "nothing" << QStringList{"--gpu-layers", "some"} << "invalid-argument" << "--gpu-layers";
}

void TestOffload::refusals()
{
    QFETCH(QString, program);
    QFETCH(QStringList, arguments);
    QFETCH(QString, code);
    QFETCH(QString, first);
    const Answer answer = run(with(program), shortRun(arguments));
    QCOMPARE(answer.status, 1);
    const QJsonObject error = answer.json()["error"].toObject();
    QCOMPARE(error["code"].toString(), code);
    QCOMPARE(error["arguments"].toArray().at(0).toString(), first);
}

void TestOffload::serveSaysItToo()
{
    const Answer answer = run(with(QStringLiteral("nothing")), {"serve", "--model", model(), "--gpu-layers", "3"});
    QCOMPARE(answer.status, 1);
    QVERIFY2(answer.out.contains("http://127.0.0.1"), answer.out.constData());
}

QTEST_GUILESS_MAIN(TestOffload)
#include "tst_offload.moc"
