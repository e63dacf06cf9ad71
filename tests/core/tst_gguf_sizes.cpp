// SPDX-License-Identifier: Apache-2.0
#include "memory_rows.h"

#include <QTest>

using namespace plimsoll;
using namespace memory_rows;

namespace {

/// Files that began from the file type whose name they carry, but follow a recipe of their own; by the row's number.
bool ownRecipe(const Row &row)
{
    static const QSet<QString> numbers{"187", "188", "199", "215", "225", "271", "284", "288", "297", "302", "303", "336", "508"};
    return row["model"].contains("UD-") || numbers.contains(row["row"]);
}

/// Why the table of dimensions does not describe the file.
QString notDescribed(const Row &row)
{
    if (row["model"].contains("DRAFT"))
        return "another model of that family";
    if (row["model"].contains("oss", Qt::CaseInsensitive) && row["quant"] == "F16")
        return "experts are in four bits from the start";
    if (row["model"].contains("GLM 4.5"))
        return "matrices of the prediction block are in the file";
    return QString();
}

} // namespace

/// Published sizes of GGUF files against the rule for their file type.
class TestGgufSizes : public QObject
{
    Q_OBJECT

private slots:
    void sizesFollowTheRules()
    {
        const auto rows = readCsv(PLIMSOLL_FACTS "/gguf_sizes_train.csv");
        if (rows.isEmpty())
            QSKIP("facts/gguf_sizes_train.csv is not here");
        int compared = 0;
        for (const Row &row : rows) {
            const ModelDims *dims = dimsOf(row["model"]);
            const auto type = fileTypeFromName(row["quant"].toStdString());
            const double gib = row["bytes"].isEmpty() ? row["size_gib"].toDouble() : row["bytes"].toDouble() / 1073741824.0;
            if (!dims || !type || gib == 0 || ownRecipe(row) || !notDescribed(row).isEmpty())
                continue;
            ModelDims exact = *dims;
            exact.keepsJointMatrix = row["params_b"].startsWith("672.05");
            const ModelShape shape = shapeOfDims(exact);
            double nearest = 0;
            for (const bool matrix : {false, true}) {
                const double ours = weightBytes(shape, mixTypes(shape, *type, matrix)).gib();
                if (std::abs(ours - gib) < std::abs(nearest - gib))
                    nearest = ours;
            }
            // Of files, also the vocabulary counts.
            const double vocabulary = row["kind"] == "file bytes" || row["kind"] == "model card" ? 0.008 : 0;
            QVERIFY2(std::abs(nearest - gib) <= 0.005 * gib + vocabulary,
                qPrintable(QString("%1 %2 %3: %4, published %5 GiB").arg(row["row"], row["model"], row["quant"]).arg(nearest).arg(gib)));
            ++compared;
        }
        qInfo("%d compared", compared);
        QVERIFY(compared >= 60);
    }
};

QTEST_GUILESS_MAIN(TestGgufSizes)
#include "tst_gguf_sizes.moc"
