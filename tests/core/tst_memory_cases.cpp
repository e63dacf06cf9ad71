// SPDX-License-Identifier: Apache-2.0
#include <plimsoll/model/mix.h>
#include <plimsoll/runtime/llama_graph.h>
#include <plimsoll/runtime/llama_memory.h>

#include "csv.h"
#include "model_dims.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QTest>

#include <cmath>

using namespace plimsoll;

namespace {

using Row = QMap<QString, QString>;

const ModelDims *dimsOf(const QString &name)
{
    static const QVector<std::pair<QRegularExpression, ModelDims>> known = [] {
        QVector<std::pair<QRegularExpression, ModelDims>> table;
        for (const Row &row : readCsv(PLIMSOLL_SOURCE "/tests/data/model_dims.csv")) {
            const auto number = [&](const char *field) { return row[field].toUInt(); };
            ModelDims d;
            d.architecture = row["architecture"].toStdString();
            d.layers = number("layers");
            d.embedding = number("embedding");
            d.vocabulary = number("vocabulary");
            d.heads = number("heads");
            d.kvHeads = number("kvHeads");
            d.headDim = number("headDim");
            d.width = number("width");
            d.tied = number("tied");
            d.experts = number("experts");
            d.expertsUsed = number("expertsUsed");
            d.expertWidth = number("expertWidth");
            d.sharedWidth = number("sharedWidth");
            d.denseLayers = number("denseLayers");
            d.queryRank = number("queryRank");
            d.latentRank = number("latentRank");
            d.ropeDim = number("ropeDim");
            d.nopeDim = number("nopeDim");
            d.valueDim = number("valueDim");
            d.window = number("window");
            d.period = number("period");
            d.wideHeadDim = number("wideHeadDim");
            d.wideKvHeads = number("wideKvHeads");
            d.stateHeads = number("stateHeads");
            d.stateKeyHeads = number("stateKeyHeads");
            d.stateDim = number("stateDim");
            d.convKernel = number("convKernel");
            d.gatedAttention = number("gated");
            d.predictionBlocks = number("predictionBlocks");
            table.append({QRegularExpression(row["match"], QRegularExpression::CaseInsensitiveOption), d});
        }
        return table;
    }();
    for (const auto &[pattern, dims] : known)
        if (pattern.match(name).hasMatch())
            return &dims;
    return nullptr;
}

bool isHost(const QString &device)
{
    return device == "CPU" || device == "CPU_Mapped" || device.endsWith("_Host");
}

/// {"CUDA0": 1.5, "CUDA_Host": 2} as MiB by device; what is on the host together under "".
QMap<QString, double> byDevice(const QString &json)
{
    QMap<QString, double> devices;
    const QJsonObject object = QJsonDocument::fromJson(json.toUtf8()).object();
    for (auto it = object.begin(); it != object.end(); ++it)
        devices[isHost(it.key()) ? QString() : it.key()] += it.value().toDouble();
    return devices;
}

GgmlType cacheType(const QString &text)
{
    return ggmlTypeFromName(text.section(' ', 0, 0).toStdString()).value_or(GgmlType::F16);
}

LlamaOptions optionsOf(const Row &row)
{
    LlamaOptions o;
    o.variant = row["engine"].startsWith("ik_llama") ? LlamaVariant::IkLlamaCpp : LlamaVariant::LlamaCpp;
    o.context = row["n_ctx"].toUInt();
    if (!row["n_batch"].isEmpty())
        o.batch = row["n_batch"].toUInt();
    if (!row["n_ubatch"].isEmpty())
        o.microBatch = row["n_ubatch"].toUInt();
    o.sequences = std::max(row["n_seq_max"].toUInt(), 1u);
    o.unifiedCache = row["kv_unified"] == "true";
    o.flashAttention = row["flash_attn"] == "1" || row["flash_attn"].contains("on") || row["flash_attn"].contains("enabled");
    o.kvTypeK = cacheType(row["kv_type_k"]);
    o.kvTypeV = row["kv_type_v"].isEmpty() ? o.kvTypeK : cacheType(row["kv_type_v"]);
    if (row["kv_type_v"].contains("MLA") || row["kv_detail"].contains("c^KV"))
        o.latentForm = row["mla_attn"] == "1" ? LatentForm::Transposed : row["mla_attn"] == "2" ? LatentForm::Rebuilt : LatentForm::RebuiltFlash;
    else if (o.variant == LlamaVariant::IkLlamaCpp)
        o.latentForm = LatentForm::Expanded;
    if (o.variant == LlamaVariant::LlamaCpp && row["mla_attn"].isEmpty())
        o.latentForm = LatentForm::Absorbed;
    o.attentionBatchMib = row["attn_max_batch"].toUInt();
    const QString build = QRegularExpression("\\d+").match(row["engine_build"]).captured();
    const bool recent = build.isEmpty() ? row["arch"] == "gemma4" : build.toUInt() > 9000;
    o.maskInFloat32 = o.variant == LlamaVariant::LlamaCpp && !recent;
    if (o.variant == LlamaVariant::LlamaCpp && recent)
        o.outputs = o.sequences;
    o.rebuildsAllAtOnce = qEnvironmentVariableIsSet("ALL_AT_ONCE") ? qEnvironmentVariableIntValue("ALL_AT_ONCE") : true;
    o.fusedExperts = o.variant == LlamaVariant::IkLlamaCpp && row["graph_nodes"].section(' ', 0, 0).toUInt() / std::max(row["n_layer"].toUInt(), 1u) < 45;
    return o;
}

/// A block format of about as many bits for those only the fork has.
FileType standIn(const QString &quant)
{
    const auto has = [&](const char *part) { return quant.contains(QLatin1String(part)); };
    if (const auto plain = fileTypeFromName(QString(quant).replace(" - Medium", "_M").replace(" - Small", "_S").section(' ', 0, 0).toStdString()))
        return *plain;
    if (has("MXFP4"))
        return FileType::MXFP4_MOE;
    const std::pair<const char *, FileType> similar[] = {{"IQ1", FileType::IQ1_S}, {"IQ2_KL", FileType::Q2_K}, {"IQ2_K", FileType::IQ2_XS},
        {"IQ3_K", FileType::Q3_K_S}, {"IQ4_KS", FileType::IQ4_XS}, {"IQ4_K", FileType::Q4_K_S}, {"IQ5", FileType::Q5_K_S},
        {"IQ6", FileType::Q6_K}, {"Q2_K", FileType::Q2_K}};
    for (const auto &[part, type] : similar)
        if (has(part))
            return type;
    return FileType::Q4_K_M;
}

struct Case
{
    ModelShape shape;
    WeightTypes types;
    LlamaOptions options;
    QStringList devices;   // [0] the host
    Placement placement;
};

/// Layers of each device as the log's cache sizes tell, the host's first.
Placement placementOf(const Row &row, Case &c)
{
    const QMap<QString, double> cache = byDevice(row["kv_buffers"]);
    std::vector<DeviceIndex> ofLayer(c.shape.blocks.size(), c.devices.size() > 1 && row["n_gpu_layers"] != "0" ? 1 : hostDevice);
    if (cache.size() > 1 || cache.contains("")) {
        size_t next = 0;
        const Placement host = hostPlacement(c.shape);
        for (qsizetype d = 0; d < c.devices.size(); ++d) {
            double left = cache.value(c.devices[d]) * 1048576;
            while (next < ofLayer.size() && left > 0) {
                const BlockSpec &block = c.shape.blocks[next];
                ModelShape one;
                one.blocks = {block};
                const auto memory = llamaMemory(one, {}, hostPlacement(one), 1, c.options);
                const double bytes = memory.ok() ? double((*memory)[0].kv.value) : 0;
                if (bytes > left * 1.5 + 1e5)
                    break;
                left -= bytes;
                if (left < -bytes / 2)
                    break;
                ofLayer[next++] = static_cast<DeviceIndex>(d);
            }
        }
        const DeviceIndex last = next > 0 ? ofLayer[next - 1] : hostDevice;
        while (next < ofLayer.size())
            ofLayer[next++] = last;
    }
    const uint32_t onCpu = QJsonDocument::fromJson(row["tensor_overrides"].toUtf8()).object()["CPU"].toInt() / 3;
    const auto experts = static_cast<uint32_t>(std::count_if(c.shape.blocks.begin(), c.shape.blocks.end(),
        [](const BlockSpec &block) { return block.ffn.kind == FfnKind::Experts; }));
    const bool offloaded = onCpu > 0 || (experts > 0 && row["model_cpu_mib"].toDouble() > 0.2 * row["model_gpu_mib"].toDouble());
    uint32_t met = 0;
    Placement placement;
    for (const Piece &piece : piecesOf(c.shape)) {
        DeviceIndex device = hostDevice;
        if (piece.layer >= 0)
            device = ofLayer[static_cast<size_t>(piece.layer)];
        else if (piece.kind == PieceKind::Output && !ofLayer.empty()
            && (row["n_gpu_layers"].isEmpty() || row["n_gpu_layers"] == row["layers_total"] || row["n_gpu_layers"] == "99"))
            device = ofLayer.back();
        if (piece.kind == PieceKind::Experts && offloaded) {
            ++met;
            if (onCpu < 20 || met > experts - std::min(onCpu, experts))
                device = hostDevice;
        }
        placement.devices.push_back(device);
    }
    return placement;
}

std::optional<Case> caseOf(const Row &row)
{
    const ModelDims *known = dimsOf(row["model"]);
    if (!known)
        known = dimsOf(row["file"]);
    if (!known || row["n_ctx"].isEmpty())
        return std::nullopt;
    Case c;
    ModelDims dims = *known;
    dims.keepsJointMatrix = row["params_b"].startsWith("672.05");
    c.shape = shapeOfDims(dims);
    c.options = optionsOf(row);
    // Whether weights were repacked is not in the rows; where they were, the rows of the experts lie in the host's buffer.
    const double expertRows = double(std::min(c.options.microBatch, c.options.context)) * dims.embedding * dims.expertsUsed * 4 / 1048576;
    c.options.repacked = expertRows > 0 && byDevice(row["compute_buffers"]).value("") > expertRows;
    c.types = mixTypes(c.shape, standIn(row["quant"]));
    QStringList gpus;
    for (const char *field : {"model_buffers", "kv_buffers", "compute_buffers"})
        for (const QString &device : byDevice(row[field]).keys())
            if (!device.isEmpty() && !device.endsWith("_Split") && !gpus.contains(device))
                gpus.append(device);
    std::sort(gpus.begin(), gpus.end(), [](const QString &a, const QString &b) {
        return a.size() != b.size() ? a.size() < b.size() : a < b;
    });
    if (gpus.isEmpty() && !row["compute_gpu_mib_max"].isEmpty())
        gpus.append("GPU");
    c.devices = QStringList("") + gpus;
    c.placement = placementOf(row, c);
    return c;
}

} // namespace

class TestMemoryCases : public QObject
{
    Q_OBJECT

private slots:
    void caches()
    {
        const auto rows = readCsv(PLIMSOLL_FACTS "/memory_cases_train.csv");
        if (rows.isEmpty())
            QSKIP("facts/memory_cases_train.csv is not here");
        for (const Row &row : rows) {
            const auto c = caseOf(row);
            if (!c) {
                qInfo("%-6s not known: %s", qPrintable(row["case_id"]), qPrintable(row["model"]));
                continue;
            }
            const auto memory = llamaMemory(c->shape, c->types, c->placement, c->devices.size(), c->options);
            if (!memory.ok()) {
                qInfo("%s: %s", qPrintable(row["case_id"]), memory.error().arguments.front().c_str());
                continue;
            }
            double kv = 0;
            for (const LlamaDeviceMemory &device : *memory)
                kv += device.kv.mib();
            QString line = row["case_id"] + " " + row["model"].left(20) + " fa" + row["flash_attn"] + " mla" + row["mla_attn"] + " amb" + row["attn_max_batch"] + " c" + row["n_ctx"] + " u" + row["n_ubatch"] + " " + row["quant"];
            if (!row["kv_total_mib"].isEmpty())
                line += QString(" | kv %1/%2").arg(kv, 0, 'f', 1).arg(row["kv_total_mib"]);
            const auto compute = byDevice(row["compute_buffers"]);
            const auto weights = byDevice(row["model_buffers"]);
            const auto cache = byDevice(row["kv_buffers"]);
            const auto state = byDevice(row["rs_buffers"]);
            for (qsizetype d = 0; d < c->devices.size(); ++d) {
                const QString &name = c->devices[d];
                const LlamaDeviceMemory &m = (*memory)[d];
                if (!compute.contains(name))
                    continue;
                const double actual = weights.value(name) + cache.value(name) + state.value(name) + compute[name];
                const double ours = weights.value(name) + m.kv.mib() + m.state.mib() + m.compute.mib();
                line += QString(" | %1 c %2/%3 t%4%").arg(name.isEmpty() ? "host" : name).arg(m.compute.mib(), 0, 'f', 1).arg(compute[name]).arg(100 * (ours / actual - 1), 0, 'f', 1);
                line += QString(" w %1/%2").arg(m.weights.mib(), 0, 'f', 0).arg(weights.value(name), 0, 'f', 0);
            }
            qInfo("%s", qPrintable(line));
        }
    }
};

QTEST_GUILESS_MAIN(TestMemoryCases)
#include "tst_memory_cases.moc"
