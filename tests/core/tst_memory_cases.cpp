// SPDX-License-Identifier: Apache-2.0
#include "memory_rows.h"

#include <QTest>

using namespace plimsoll;
using namespace memory_rows;

namespace {

/// Rows that say nothing about the field that could be predicted, or whose figure is no measure of it.
const QMap<QString, QString> &excludedTotals()
{
    static const QMap<QString, QString> reasons{
        {"M0320", "less used than the file is long: most of the weights were not counted"},
        {"M0321", "less used than the file is long: most of the weights were not counted"},
        {"M0322", "less used than the file is long: most of the weights were not counted"},
        {"M0323", "less used than the file is long: most of the weights were not counted"},
        {"M0381", "less used than the file is long: most of the weights were not counted"},
        {"M0382", "less used than the file is long: most of the weights were not counted"},
        {"M0082", "the sizes of the expert matrices, which are not in the row, decide"},
        {"M0353", "1.1 GiB of library workspace that no other run of the kind shows"},
        {"M0117", "which GPU works for the layers in RAM is not in the row"},
        {"M0099", "the sizes of the expert matrices, which are not in the row, decide"},
    };
    return reasons;
}

const QMap<QString, QString> &excludedWeights()
{
    static const QMap<QString, QString> reasons{
        {"M0089", "the log lists a part of the buffers"},
        {"M0221", "how many layers the GPU holds of what is split is not in the row"},
        {"M0255", "how many layers the GPU holds of what is split is not in the row"},
        {"M0175", "buffers of the host are longer than the file: mapped more than once"},
    };
    return reasons;
}

/// Error of a prediction in percent, collected and printed.
struct Field
{
    QString name;
    double bar;
    int compared = 0;
    int excluded = 0;   // rows whose figure could be predicted but is no fair measure, or whose model is not known here
    int silent = 0;     // rows that do not say what the figure follows from
    QStringList over;

    void compare(const QString &what, double ours, double actual)
    {
        ++compared;
        const double error = 100 * (ours / actual - 1);
        const QString line = QString("%1 %2: %3 MiB, logged %4: %5 %").arg(name, what)
            .arg(ours, 0, 'f', 1).arg(actual, 0, 'f', 1).arg(error, 0, 'f', 2);
        qInfo("%s", qPrintable(line));
        if (!(std::abs(error) <= bar))
            over.append(line);
    }
    void exclude(const QString &what, const QString &reason)
    {
        ++excluded;
        qInfo("%s", qPrintable(QString("%1 %2: excluded, %3").arg(name, what, reason)));
    }
    void leaveOut(const QString &what, const QString &reason)
    {
        ++silent;
        qInfo("%s", qPrintable(QString("%1 %2: %3").arg(name, what, reason)));
    }
};

} // namespace

class TestMemoryCases : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { m_rows = readCsv(PLIMSOLL_FACTS "/memory_cases_train.csv"); }

    void caches()
    {
        if (m_rows.isEmpty())
            QSKIP("facts/memory_cases_train.csv is not here");
        Field field{"KV", 0.5};
        for (const Row &row : m_rows) {
            if (row["kv_total_mib"].isEmpty())
                continue;
            auto c = caseOf(row);
            if (!c) {
                contextOf(row) == 0 ? field.leaveOut(row["case_id"], "no context in the row")
                                    : field.exclude(row["case_id"], "model not identified");
                continue;
            }
            c->options.predictionContext = false;   // a context is logged by itself
            const auto memory = llamaMemory(c->shape, c->types, c->placement, c->devices.size(), c->options);
            QVERIFY2(memory.ok(), qPrintable(row["case_id"]));
            double kv = 0;
            for (const LlamaDeviceMemory &device : *memory)
                kv += device.kv.mib();
            // "context" of a breakdown is cache and state together.
            if (row["kind"].contains("breakdown"))
                for (const LlamaDeviceMemory &device : *memory)
                    kv += device.state.mib();
            field.compare(row["case_id"], kv, row["kv_total_mib"].toDouble());
        }
        judge(field);
    }

    void weights()
    {
        if (m_rows.isEmpty())
            QSKIP("facts/memory_cases_train.csv is not here");
        Field field{"weights", 0.5};
        for (const Row &row : m_rows) {
            const double onGpus = row["model_gpu_mib"].toDouble();
            const double onHost = row["model_cpu_mib"].toDouble();
            if (onGpus + onHost == 0)
                continue;
            const double size = row["model_size_gib"].toDouble() * 1024;
            const auto c = caseOf(row, false);
            if (excludedWeights().contains(row["case_id"])) {
                field.exclude(row["case_id"], excludedWeights()[row["case_id"]]);
            } else if (c && c->identified && isPlain(c->shape, row)) {
                compareRule(field, row, *c, onGpus, onHost);
            } else if (size > 0) {
                // A recipe of its own: all of the file is loaded once; a mapping also spans what GPUs hold of the same file.
                const double loaded = size - unloaded(row, c);
                if (c && repackedRecipe(c->shape, row["quant"]) && !row["tensor_overrides"].contains("CUDA"))
                    compareRecipe(field, row, *c, onGpus);
                field.compare(row["case_id"] + " file", loaded, onGpus + std::min(onHost, std::max(loaded - onGpus, 0.0)));
            } else {
                field.leaveOut(row["case_id"], "the row names neither a file type with a rule nor a size");
            }
        }
        judge(field);
    }

    void totals()
    {
        if (m_rows.isEmpty())
            QSKIP("facts/memory_cases_train.csv is not here");
        Field field{"total", 3};
        for (const Row &row : m_rows) {
            const auto compute = byDevice(row["compute_buffers"]);
            const auto weights = byDevice(row["model_buffers"]);
            const bool observed = !row["device_used_mib_observed"].isEmpty();
            if (row["complete"] != "yes" || (!observed && (compute.isEmpty() || weights.isEmpty())))
                continue;
            const auto c = caseOf(row);
            if (excludedTotals().contains(row["case_id"]) || !c || !c->identified) {
                field.exclude(row["case_id"], excludedTotals().value(row["case_id"], "model not identified"));
                continue;
            }
            const auto memory = llamaMemory(c->shape, c->types, c->placement, c->devices.size(), c->options);
            QVERIFY2(memory.ok(), qPrintable(row["case_id"]));
            if (observed) {
                field.compare(row["case_id"], observedTotal(row, *c, *memory), row["device_used_mib_observed"].toDouble());
                continue;
            }
            const auto cache = byDevice(row["kv_buffers"]);
            const auto state = byDevice(row["rs_buffers"]);
            for (qsizetype d = 0; d < c->devices.size(); ++d) {
                const QString &name = c->devices[d];
                const LlamaDeviceMemory &ours = (*memory)[d];
                if (!compute.contains(name) || (d > 0 && !weights.contains(name)))
                    continue;
                const double actual = weights.value(name) + cache.value(name) + state.value(name) + compute[name];
                field.compare(row["case_id"] + " " + (name.isEmpty() ? "host" : name),
                    weights.value(name) + ours.kv.mib() + ours.state.mib() + ours.compute.mib(), actual);
            }
        }
        judge(field);
    }

private:
    /// By the rule for the file type alone. Where the host's buffer is a mapping, its length is not what it holds.
    void compareRule(Field &field, const Row &row, const Case &c, double onGpus, double onHost)
    {
        const auto memory = llamaMemory(c.shape, c.types, c.placement, c.devices.size(), c.options);
        QVERIFY2(memory.ok(), qPrintable(row["case_id"]));
        const double host = memory->front().weights.mib();
        double gpus = 0;
        for (size_t d = 1; d < memory->size(); ++d)
            gpus += (*memory)[d].weights.mib();
        if (onGpus > 0)
            field.compare(row["case_id"] + " rule GPUs", gpus, onGpus);
        const bool mapping = onGpus > 0 && onHost > 1.005 * host && onHost <= 1.005 * (host + gpus);
        if (!mapping)
            field.compare(row["case_id"] + " rule host", host, onHost);
    }

    /// All but the experts, which lie in RAM.
    void compareRecipe(Field &field, const Row &row, const Case &c, double onGpus)
    {
        const auto memory = llamaMemory(c.shape, c.types, c.placement, c.devices.size(), c.options);
        QVERIFY2(memory.ok(), qPrintable(row["case_id"]));
        double gpus = 0;
        for (size_t d = 1; d < memory->size(); ++d)
            gpus += (*memory)[d].weights.mib();
        if (onGpus > 0 && gpus > 0)
            field.compare(row["case_id"] + " recipe GPUs", gpus, onGpus);
    }

    /// MiB of a file that are never loaded: prediction blocks.
    double unloaded(const Row &row, const std::optional<Case> &c)
    {
        if (!c || c->shape.predictionBlocks == 0 || row["model_buffers"].contains("CPU_Mapped"))
            return 0;
        Bytes last;
        for (size_t i = 0; i < c->types.size(); ++i)
            if (c->shape.tensors[i].layer + 1 == static_cast<int32_t>(c->shape.blocks.size()))
                last += c->shape.tensors[i].bytes(c->types[i]);
        // GLM-4.5's have an embedding and an output of their own.
        const double matrices = c->options.predictionCache ? 2.0 * c->shape.vocabulary * c->shape.embedding : 0;
        return last.mib() * c->shape.predictionBlocks + matrices * row["bpw"].toDouble() / 8 / 1048576;
    }

    /// What a monitor showed for one GPU: all buffers on it and the driver's context. Vulkan's buffers on the host are the GPU's too.
    double observedTotal(const Row &row, const Case &c, const std::vector<LlamaDeviceMemory> &memory)
    {
        const bool laptop = row["gpus"].contains("NVIDIA");
        const bool vulkan = row["engine"].contains("vulkan");
        LlamaDeviceMemory all;
        for (const LlamaDeviceMemory &device : memory) {
            all.weights += device.weights;
            all.kv += device.kv;
            all.state += device.state;
            all.compute += device.compute;
        }
        const LlamaDeviceMemory &host = memory.front();
        double weights = row["model_size_gib"].toDouble() * 1024;
        if (weights == 0)
            weights = row["model_gpu_mib"].isEmpty() ? (all.weights - host.weights).mib() : row["model_gpu_mib"].toDouble();
        else if (!vulkan && !c.shape.tiedOutput)
            weights -= host.weights.mib();
        else if (vulkan && c.shape.tiedOutput)
            weights += host.weights.mib();
        const double context = laptop ? 150 : 350;
        return weights + (all.kv + all.state + all.compute).mib() - (vulkan ? 0 : host.compute.mib()) + context;
    }

    void judge(const Field &field)
    {
        qInfo("%s: %d compared, %d excluded, %d say too little", qPrintable(field.name), field.compared, field.excluded, field.silent);
        for (const QString &line : field.over)
            qWarning("over the bar: %s", qPrintable(line));
        QVERIFY(field.over.isEmpty());
        QVERIFY(field.excluded <= 0.05 * (field.compared + field.excluded));
    }

    QVector<Row> m_rows;
};

QTEST_GUILESS_MAIN(TestMemoryCases)
#include "tst_memory_cases.moc"
