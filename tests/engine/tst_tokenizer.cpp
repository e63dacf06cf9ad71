// SPDX-License-Identifier: Apache-2.0
#include <plimsoll/engine/text/tokenizer.h>

#include <QFile>
#include <QtTest>

using namespace plimsoll;
using namespace plimsoll::engine;

/// The tokenizers against what another engine makes of real vocabularies.
class TokenizerGolden : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void matches_data();
    void matches();
    void decodesBack_data() { matches_data(); }
    void decodesBack();

private:
    static std::string path(const QString &name) { return (QStringLiteral(PLIMSOLL_GOLDEN "/tokenizer/") + name).toStdString(); }
    static QByteArray contents(const QString &name);
    static QList<QByteArray> texts(const QString &vocabulary);

    std::unique_ptr<Tokenizer> m_tokenizer;
};

QByteArray TokenizerGolden::contents(const QString &name)
{
    QFile file(QString::fromStdString(path(name)));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// The texts stand between separator lines; the newlines around a separator belong to it.
QList<QByteArray> TokenizerGolden::texts(const QString &vocabulary)
{
    QByteArray all = contents(vocabulary + QStringLiteral(".inp"));
    QList<QByteArray> result;
    const QByteArray separator = "\n__ggml_vocab_test__\n";
    for (qsizetype at = all.indexOf(separator); at >= 0; at = all.indexOf(separator)) {
        result.append(all.left(at));
        all.remove(0, at + separator.size());
    }
    return result;
}

void TokenizerGolden::init()
{
    QFETCH(QString, vocabulary);
    if (!QFile::exists(QString::fromStdString(path(vocabulary + QStringLiteral(".gguf")))))
        QSKIP("golden/tokenizer is not there");
    const auto header = gguf::readHeader(path(vocabulary + QStringLiteral(".gguf")));
    QVERIFY(header.ok());
    auto tokenizer = makeTokenizer(*header);
    QVERIFY(tokenizer.ok());
    m_tokenizer = std::move(*tokenizer);
}

void TokenizerGolden::matches_data()
{
    QTest::addColumn<QString>("vocabulary");
    for (const char *name : {"llama-spm", "gpt-2", "deepseek-llm"})
        QTest::newRow(name) << QString::fromLatin1(name);
}

void TokenizerGolden::matches()
{
    QFETCH(QString, vocabulary);
    const QList<QByteArray> inputs = texts(vocabulary);
    QList<QByteArray> expected = contents(vocabulary + QStringLiteral(".out")).split('\n');
    QVERIFY(inputs.size() > 40);
    QVERIFY(expected.size() >= inputs.size());
    for (qsizetype i = 0; i < inputs.size(); ++i) {
        QByteArray ids;
        for (const TokenId token : m_tokenizer->encode(inputs[i].toStdString(), {}))
            ids += ' ' + QByteArray::number(token);
        QVERIFY2(ids.trimmed() == expected[i].trimmed(), inputs[i] + " gives" + ids + " instead of " + expected[i]);
    }
}

void TokenizerGolden::decodesBack()
{
    QFETCH(QString, vocabulary);
    for (const QByteArray &input : texts(vocabulary)) {
        std::string text;
        for (const TokenId token : m_tokenizer->encode(input.toStdString(), {}))
            text += m_tokenizer->decode(token);
        if (m_tokenizer->dropsLeadingSpace() && !text.empty())
            text.erase(0, 1);
        QCOMPARE(QByteArray::fromStdString(text), input);
    }
}

QTEST_GUILESS_MAIN(TokenizerGolden)
#include "tst_tokenizer.moc"
