// SPDX-License-Identifier: Apache-2.0
#include <plimsoll/gguf/gguf.h>
#include <plimsoll/gguf/writer.h>
#include <plimsoll/model/architecture.h>
#include <plimsoll/model/mix.h>

#include "csv.h"
#include "header_source.h"

#include <QRegularExpression>
#include <QTest>

using namespace plimsoll;

namespace {

/// "0-4 7-37/3" as single layers.
QVector<int> layersOf(const QString &text, QChar separator)
{
    QVector<int> layers;
    for (const QString &run : text.split(separator, Qt::SkipEmptyParts)) {
        const QString range = run.section('/', 0, 0);
        const int step = run.contains('/') ? run.section('/', 1).toInt() : 1;
        for (int layer = range.section('-', 0, 0).toInt(); layer <= range.section('-', -1).toInt(); layer += step)
            layers.append(layer);
    }
    return layers;
}

gguf::OutValue valueOf(const QString &type, const QStringList &fields)
{
    if (type == "str")
        return fields.join(' ').toStdString();
    if (type == "f32")
        return fields.first().toFloat();
    if (type == "au32") {
        std::vector<uint32_t> numbers;
        for (const QString &field : fields)
            numbers.push_back(field.toUInt());
        return numbers;
    }
    return fields.first().toUInt();
}

void addTensors(gguf::Writer &writer, const QStringList &fields)
{
    gguf::OutTensor tensor;
    tensor.type = fields[1] == "F32" ? GgmlType::F32 : GgmlType::F16;
    for (qsizetype i = 4; i < fields.size(); ++i)
        tensor.dims.push_back(fields[i].toULongLong());
    if (fields[3] == "-") {
        tensor.name = fields[2].toStdString();
        QVERIFY(writer.add(tensor).ok());
    }
    for (const int layer : fields[3] == "-" ? QVector<int>() : layersOf(fields[3], ',')) {
        tensor.name = QString(fields[2]).replace(".N.", QString(".%1.").arg(layer)).toStdString();
        QVERIFY(writer.add(tensor).ok());
    }
}

struct Model
{
    ModelShape shape;
    std::vector<TensorSpec> omitted;   // in the file, but not loaded: of prediction blocks
};

Model modelOf(const gguf::Header &header, ModelShape shape)
{
    QSet<QString> listed;
    for (const TensorSpec &tensor : shape.tensors)
        listed.insert(QString::fromStdString(tensorName(tensor)));
    Model model{std::move(shape), {}};
    for (const gguf::TensorInfo &info : header.tensors) {
        const std::string name(info.name);
        if (listed.contains(QString::fromStdString(name)))
            continue;
        TensorSpec tensor;
        tensor.dims = info.dims;
        tensor.dimensions = info.dimensions;
        tensor.type = info.type;
        tensor.otherName = name;
        model.omitted.push_back(tensor);
    }
    return model;
}

QMap<QString, Model> readShapes()
{
    QFile file(PLIMSOLL_SOURCE "/tests/data/quant_mixes/shapes.txt");
    if (!file.open(QIODevice::ReadOnly))
        return {};
    QMap<QString, Model> shapes;
    QString name;
    gguf::Writer writer;
    const auto finish = [&] {
        HeaderSource source(writer.header());
        const auto header = gguf::readHeader(source);
        QVERIFY2(header.ok(), qPrintable(name));
        auto shape = shapeFromGguf(*header);
        QVERIFY2(shape.ok(), qPrintable(name));
        shapes[name] = modelOf(*header, std::move(*shape));
    };
    for (const QString &line : QString::fromUtf8(file.readAll()).split('\n', Qt::SkipEmptyParts)) {
        const QStringList fields = line.split(' ');
        if (fields[0] == "model") {
            if (!name.isEmpty())
                finish();
            name = fields[1];
            writer = gguf::Writer();
        } else if (fields[0] == "key") {
            writer.set(fields[1].toStdString(), valueOf(fields[2], fields.mid(3)));
        } else if (fields[0] == "tensor") {
            addTensors(writer, fields);
        }
    }
    finish();
    return shapes;
}

/// Types of the matrices that differ from most, by full name.
QMap<QString, QString> othersOf(const QString &text)
{
    QMap<QString, QString> types;
    for (const QString &entry : text.split("; ", Qt::SkipEmptyParts)) {
        const QString tensor = entry.section(' ', 0, 0);
        const QString type = entry.section(' ', 1, 1);
        const QString layers = entry.section(' ', 2);
        if (layers.isEmpty())
            types[tensor + ".weight"] = type;
        for (const int layer : layersOf(layers, ' '))
            types[QString("blk.%1.%2.weight").arg(layer).arg(tensor)] = type;
    }
    return types;
}

} // namespace

class TestQuantMixes : public QObject
{
    Q_OBJECT

private slots:
    void everyTensorHasThePrintedType()
    {
        const QMap<QString, Model> shapes = readShapes();
        QVERIFY(shapes.size() >= 12);
        int compared = 0;
        QSet<QString> fileTypes;
        for (const auto &row : readCsv(PLIMSOLL_SOURCE "/tests/data/quant_mixes/mixes.csv")) {
            const auto fileType = fileTypeFromName(row["file_type"].toStdString());
            QVERIFY2(fileType && shapes.contains(row["model"]), qPrintable(row["model"] + row["file_type"]));
            fileTypes.insert(row["file_type"]);
            const Model model = shapes[row["model"]];
            const ModelShape &shape = model.shape;
            const QMap<QString, QString> others = othersOf(row["others"]);
            for (const bool matrix : {false, true}) {
                if (row["importance_matrix"] == (matrix ? "no" : "yes"))
                    continue;
                const WeightTypes types = mixTypes(shape, *fileType, matrix);
                for (size_t i = 0; i < types.size(); ++i) {
                    if (shape.tensors[i].type == GgmlType::F32)
                        continue;
                    const QString tensor = QString::fromStdString(tensorName(shape.tensors[i]));
                    const QString expected = others.value(tensor, row["most"]);
                    const QString ours = QString::fromStdString(std::string(info(types[i]).name));
                    QVERIFY2(ours == expected, qPrintable(QString("%1 %2 %3: %4 is %5, not %6")
                        .arg(row["model"], row["file_type"], row["importance_matrix"], tensor, ours, expected)));
                }
                Bytes sum = weightBytes(shape, types);
                for (const TensorSpec &tensor : model.omitted) {
                    const QString type = others.value(QString::fromStdString(tensor.otherName), row["most"]);
                    sum += tensor.bytes(tensor.type == GgmlType::F32 ? tensor.type : *ggmlTypeFromName(type.toStdString()));
                }
                QCOMPARE(sum.value, row["bytes"].toULongLong());
                ++compared;
            }
        }
        QVERIFY(fileTypes.size() >= 35);
        QVERIFY(compared >= 12 * 35 * 2);
    }
};

QTEST_GUILESS_MAIN(TestQuantMixes)
#include "tst_quant_mixes.moc"
