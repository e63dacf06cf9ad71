// SPDX-License-Identifier: Apache-2.0
#include "cuda_devices.h"
#include "family_cases.h"
#include "logits_reference.h"
#include "session_calls.h"

#include <QTemporaryDir>
#include <QTest>

using namespace plimsoll;
using namespace plimsoll::engine;

namespace {

constexpr size_t tokenCount = 21;

} // namespace

/// Every family through the CUDA backend, its kernels run on the processor, against the CPU backend.
class TestCudaFamilies : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void matchesCpu_data();
    void matchesCpu();

private:
    std::string written(const FamilyCase &each)
    {
        const std::string path = m_folder.filePath(QString::fromStdString(each.name)).toStdString();
        const Status status = writeFamily(each.entry, path);
        return status ? path : std::string();
    }

    QTemporaryDir m_folder;
    std::vector<FamilyCase> m_cases = familyCases();
    std::vector<int32_t> m_tokens = someTokens(tokenCount, 259);
};

/// Qwen3-Next also as it was first converted: all projections of a recurrent layer in one matrix.
void TestCudaFamilies::initTestCase()
{
    QVERIFY(m_folder.isValid());
    nlohmann::json older = tinyHybrid("qwen3next");
    older["optional_tensors"].push_back("ssm_in.weight");
    m_cases.push_back({"qwen3next-older", older});
}

void TestCudaFamilies::matchesCpu_data()
{
    QTest::addColumn<int>("index");
    for (size_t i = 0; i < m_cases.size(); ++i)
        QTest::addRow("%s", m_cases[i].name.c_str()) << int(i);
}

/// As one batch, and in pieces that a window does not divide; the last ones token by token.
void TestCudaFamilies::matchesCpu()
{
    QFETCH(int, index);
    const std::string path = written(m_cases[size_t(index)]);
    QVERIFY(!path.empty());
    const RunOptions options = optionsOf(tokenCount, GgmlType::F32);
    auto host = DeviceModel::load(path, options, {}, hostPlacement);
    QVERIFY2(host.ok(), host.ok() ? "" : describe(host.error()).c_str());
    const auto expected = (*host)->logits(m_tokens, tokenCount);
    QVERIFY(expected.ok());
    auto device = DeviceModel::load(path, options, cudaDevices(1), [](const ModelShape &shape) { return allOn(shape, 1); });
    QVERIFY2(device.ok(), device.ok() ? "" : describe(device.error()).c_str());
    for (const size_t chunk : {tokenCount, size_t(5)}) {
        const auto found = (*device)->logits(m_tokens, chunk);
        QVERIFY2(found.ok(), found.ok() ? "" : describe(found.error()).c_str());
        QCOMPARE_LE(nmse(*found, *expected), 1e-8);
    }
}

QTEST_GUILESS_MAIN(TestCudaFamilies)
#include "tst_cuda_families.moc"
