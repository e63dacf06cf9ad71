// SPDX-License-Identifier: Apache-2.0
#include "recurrence_checks.h"

#include <QtTest>

using namespace plimsoll;
using namespace plimsoll::engine;

/// Every kernel of every instruction set this machine has, against double precision.
class KernelsTest : public QObject
{
    Q_OBJECT

private slots:
    void products_data();
    void products();
    void quantizedActivations_data() { sets(); }
    void quantizedActivations() { verify(kernel_checks::checkQuantizeRow(kernels())); }
    void rows_data() { sets(); }
    void rows() { verify(kernel_checks::checkRows(kernels())); }
    void norms_data() { sets(); }
    void norms() { verify(kernel_checks::checkNorms(kernels())); }
    void recurrences_data() { sets(); }
    void recurrences() { verify(kernel_checks::checkRecurrences(kernels())); }
    void gates_data() { sets(); }
    void gates() { verify(kernel_checks::checkGates(kernels())); }
    void cells_data() { sets(); }
    void cells();
    void attention_data() { sets(); }
    void attention();

private:
    static void sets();
    static const cpu::Kernels &kernels();
    static void verify(const std::string &wrong) { QVERIFY2(wrong.empty(), wrong.c_str()); }
};

void KernelsTest::sets()
{
    QTest::addColumn<int>("set");
    for (const InstructionSet set : availableInstructionSets())
        QTest::newRow(std::string(name(set)).c_str()) << int(set);
}

const cpu::Kernels &KernelsTest::kernels()
{
    const int set = *static_cast<const int *>(QTest::qData("set", QMetaType::fromType<int>().id()));
    return cpu::kernelsOf(static_cast<InstructionSet>(set));
}

void KernelsTest::products_data()
{
    QTest::addColumn<int>("set");
    QTest::addColumn<int>("type");
    for (const InstructionSet set : availableInstructionSets())
        for (const GgmlType type : cpuTraits().formats)
            QTest::newRow((std::string(name(set)) + " " + std::string(name(type))).c_str()) << int(set) << int(type);
}

void KernelsTest::products()
{
    QFETCH(int, type);
    verify(kernel_checks::checkProducts(kernels(), static_cast<GgmlType>(type)));
}

void KernelsTest::cells()
{
    verify(kernel_checks::checkCells(kernels(), GgmlType::Q8_0));
    verify(kernel_checks::checkCells(kernels(), GgmlType::Q4_0));
}

void KernelsTest::attention()
{
    int number = 0;
    for (const kernel_checks::AttentionCase &each : kernel_checks::attentionCases()) {
        std::string wrong = kernel_checks::checkAttention(kernels(), each);
        if (wrong.empty())
            wrong = kernel_checks::checkAttentionCuts(kernels(), each);
        QVERIFY2(wrong.empty(), qPrintable(QStringLiteral("case %1: %2").arg(number).arg(QString::fromStdString(wrong))));
        ++number;
    }
}

QTEST_GUILESS_MAIN(KernelsTest)
#include "tst_kernels.moc"
