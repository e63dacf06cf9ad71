// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <plimsoll/model/mix.h>
#include <plimsoll/runtime/llama_memory.h>

#include "csv.h"
#include "model_dims.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>

#include <cmath>

/// Rows of logs of llama.cpp and ik_llama.cpp as the model, placement and options they tell: what a log does not print is taken from
/// what else it shows (layers per device from cache sizes, a build's habits from its number or the time of its model).
namespace memory_rows {

using namespace plimsoll;
using Row = QMap<QString, QString>;

inline const ModelDims *dimsOf(const QString &name)
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

inline bool isHost(const QString &device)
{
    return device == "CPU" || device == "CPU_Mapped" || device.endsWith("_Host");
}

/// {"CUDA0": 1.5, "CUDA_Host": 2} as MiB by device; what is on the host together under "".
inline QMap<QString, double> byDevice(const QString &json)
{
    QMap<QString, double> devices;
    const QJsonObject object = QJsonDocument::fromJson(json.toUtf8()).object();
    for (auto it = object.begin(); it != object.end(); ++it)
        devices[isHost(it.key()) ? QString() : it.key()] += it.value().toDouble();
    return devices;
}

inline GgmlType cacheType(const QString &text)
{
    return ggmlTypeFromName(text.section(' ', 0, 0).toStdString()).value_or(GgmlType::F16);
}

/// As printed, or as the note about the row tells it.
inline uint32_t contextOf(const Row &row)
{
    static const QRegularExpression told("(?:-c (\\d+))|(?:(\\d{4,}) ctx)");
    const auto match = told.match(row["notes"]);
    return row["n_ctx"].isEmpty() ? match.captured(match.lastCapturedIndex()).toUInt() : row["n_ctx"].toUInt();
}

inline LlamaOptions optionsOf(const Row &row, size_t layers)
{
    LlamaOptions o;
    o.variant = row["engine"].startsWith("ik_llama") ? LlamaVariant::IkLlamaCpp : LlamaVariant::LlamaCpp;
    o.context = contextOf(row);
    if (!row["n_batch"].isEmpty())
        o.batch = row["n_batch"].toUInt();
    if (!row["n_ubatch"].isEmpty())
        o.microBatch = row["n_ubatch"].toUInt();
    o.sequences = std::max(row["n_seq_max"].toUInt(), 1u);
    o.unifiedCache = row["kv_unified"] == "true";
    // Where the row does not say, it was chosen automatically, which is on.
    const QString flash = row["flash_attn"];
    o.flashAttention = flash.isEmpty() || flash == "1" || flash.contains("on") || flash.contains("enabled");
    const QString noted = QRegularExpression("(q\\d_\\d) KV").match(row["notes"]).captured(1);
    o.kvTypeK = cacheType(row["kv_type_k"].isEmpty() ? noted : row["kv_type_k"]);
    o.kvTypeV = row["kv_type_v"].isEmpty() ? o.kvTypeK : cacheType(row["kv_type_v"]);
    if (row["kv_type_v"].contains("MLA") || row["kv_detail"].contains("c^KV"))
        o.latentForm = row["mla_attn"] == "1" ? LatentForm::Transposed
            : row["mla_attn"] == "2" ? LatentForm::Rebuilt : LatentForm::RebuiltFlash;
    else if (o.variant == LlamaVariant::IkLlamaCpp)
        o.latentForm = LatentForm::Expanded;
    if (o.variant == LlamaVariant::LlamaCpp && row["mla_attn"].isEmpty())
        o.latentForm = LatentForm::Absorbed;
    o.attentionBatchMib = row["attn_max_batch"].toUInt();
    o.fullWindows = row["kv_detail"].contains("swa-full");
    if (o.variant == LlamaVariant::LlamaCpp) {
        const QString build = QRegularExpression("\\d+").match(row["engine_build"]).captured();
        static const QRegularExpression lately("nvidia-smi|draft context");
        const bool recent = build.isEmpty() ? row["arch"] == "gemma4" || lately.match(row["notes"]).hasMatch() : build.toUInt() > 9000;
        o.halfCopies = recent && row["compute_buffers"].contains("CUDA");
        o.maskInFloat32 = !recent;
        o.outputs = recent ? o.sequences : 0;
        o.embeddingInput = build.isEmpty() || build.toUInt() > 7500;
        return o;
    }
    const uint32_t nodesPerLayer = row["graph_nodes"].section(' ', 0, 0).toUInt() / static_cast<uint32_t>(std::max<size_t>(layers, 1));
    // Graphs of the first builds have no nodes for parts of the heads.
    o.rebuildsInFloat32 = nodesPerLayer > 0 && nodesPerLayer < 60 && o.latentForm == LatentForm::Rebuilt;
    o.fusedExperts = nodesPerLayer < 45 || o.latentForm != LatentForm::Expanded;
    o.predictionCache = row["model"].contains("GLM 4.5");
    static const QRegularExpression later("kimi|glm|v3\\.1|2507|-vl-|480b|ling|gpt.?oss", QRegularExpression::CaseInsensitiveOption);
    o.olderFork = !later.match(row["model"] + row["file"]).hasMatch();
    o.maskInFloat32 = o.olderFork;
    return o;
}

inline std::optional<FileType> namedType(const Row &row)
{
    static const QRegularExpression words("([A-Z0-9_]+) - (Medium|Small|Large)|(I?Q\\d[A-Z0-9_]*|BF16|F16|MXFP4)");
    const auto match = words.match(row["quant"]);
    if (match.captured(3) == "MXFP4")
        return FileType::MXFP4_MOE;
    const QString name = match.captured(3).isEmpty() ? match.captured(1) + '_' + match.captured(2).left(1) : match.captured(3);
    return fileTypeFromName(name.toStdString());
}

/// As published files are made: those below five bits of the newer formats with an importance matrix.
inline WeightTypes ruleTypes(const ModelShape &shape, FileType type)
{
    return mixTypes(shape, type, needsImportanceMatrix(type) || name(type).starts_with("IQ"));
}

/// True where the rule for the file type the row names gives the printed size, if one is printed.
inline bool isPlain(const ModelShape &shape, const Row &row)
{
    const auto named = namedType(row);
    if (!named || (row["file"] + row["model"] + row["quant"]).contains("UD-"))
        return false;
    const double size = row["model_size_gib"].toDouble();
    return size == 0 || std::abs(weightBytes(shape, ruleTypes(shape, *named)).gib() / size - 1) < 0.005;
}

/// A recipe published for the fork's formats of repacked rows: all but routed experts Q8_0; their down matrices in the next larger
/// format. The fork's own formats are stood in for by those of nearly the same size.
inline std::optional<WeightTypes> repackedRecipe(const ModelShape &shape, const QString &quant)
{
    struct Recipe
    {
        const char *name;
        GgmlType wide;
        GgmlType down;
    };
    constexpr Recipe recipes[] = {{"IQ2_K_R4", GgmlType::IQ2_XS, GgmlType::Q3_K}, {"IQ3_K_R4", GgmlType::Q3_K, GgmlType::IQ4_XS},
        {"IQ4_KS_R4", GgmlType::IQ4_XS, GgmlType::Q5_K}, {"IQ4_K_R4", GgmlType::Q4_K, GgmlType::Q5_K}};
    for (const Recipe &recipe : recipes) {
        if (!quant.startsWith(QLatin1String(recipe.name)))
            continue;
        WeightTypes types = mixTypes(shape, FileType::Q8_0);
        for (size_t i = 0; i < types.size(); ++i)
            if (pieceOf(shape.tensors[i]).kind == PieceKind::Experts)
                types[i] = shape.tensors[i].role == TensorRole::ExpertDown ? recipe.down : recipe.wide;
        return types;
    }
    return std::nullopt;
}

/// Routed experts in the one format with which the file is as long as it is.
inline void evenOut(const ModelShape &shape, WeightTypes &types, double gib)
{
    Bytes rest;
    double elements = 0;
    for (size_t i = 0; i < types.size(); ++i) {
        if (pieceOf(shape.tensors[i]).kind == PieceKind::Experts)
            elements += double(shape.tensors[i].elements());
        else
            rest += shape.tensors[i].bytes(types[i]);
    }
    if (elements == 0)
        return;
    const double bits = (gib - rest.gib()) * 1073741824 * 8 / elements;
    GgmlType nearest = GgmlType::F16;
    double least = 1e9;
    for (const GgmlTypeInfo &type : ggmlTypes()) {
        const double off = std::abs(8.0 * type.blockBytes / type.blockElements - bits);
        if (off < least && type.blockElements > 1) {
            least = off;
            nearest = type.type;
        }
    }
    for (size_t i = 0; i < types.size(); ++i)
        if (pieceOf(shape.tensors[i]).kind == PieceKind::Experts && shape.tensors[i].dims[0] % info(nearest).blockElements == 0)
            types[i] = nearest;
}

/// The types the rule gives; for recipes of their own, those of the file type whose size comes nearest to what is printed.
inline WeightTypes typesOfRow(const ModelShape &shape, const Row &row)
{
    const auto named = namedType(row);
    const double size = row["model_size_gib"].toDouble();
    if (isPlain(shape, row) || (size == 0 && named))
        return ruleTypes(shape, *named);
    if (auto recipe = repackedRecipe(shape, row["quant"]))
        return std::move(*recipe);
    if (size == 0)
        return mixTypes(shape, FileType::Q4_K_M);
    WeightTypes nearest;
    double least = 1e9;
    for (const FileTypeInfo &type : fileTypes()) {
        WeightTypes types = mixTypes(shape, type.type);
        const double off = std::abs(weightBytes(shape, types).gib() / size - 1);
        if (off < least) {
            least = off;
            nearest = std::move(types);
        }
    }
    evenOut(shape, nearest, size);
    // gpt-oss "F16": experts in their four bits, all else as it was.
    for (size_t i = 0; i < nearest.size() && named == FileType::F16 && shape.architecture == "gpt-oss"; ++i)
        if (pieceOf(shape.tensors[i]).kind != PieceKind::Experts && nearest[i] != GgmlType::F32)
            nearest[i] = GgmlType::F16;
    return nearest;
}

struct Case
{
    ModelShape shape;
    WeightTypes types;
    bool identified = false;   // otherwise only attention is known
    LlamaOptions options;
    QStringList devices;   // [0] the host
    Placement placement;
};

/// Experts as the row's count of overridden tensors per device tells (three a layer; eight where whole FFNs were named): those sent to
/// a GPU are of its own layers if it has some, else of the first; the rest of what is overridden stays in RAM.
inline Placement withOverrides(const Row &row, const Case &c, const std::vector<DeviceIndex> &ofLayer)
{
    const QJsonObject overrides = QJsonDocument::fromJson(row["tensor_overrides"].toUtf8()).object();
    const bool everyLayer = row["n_gpu_layers"].isEmpty() || row["n_gpu_layers"].toInt() >= int(ofLayer.size());
    const bool offloaded = overrides.contains("CPU") || (everyLayer && !row["model_gpu_mib"].isEmpty()
        && row["model_cpu_mib"].toDouble() > 0.2 * row["model_gpu_mib"].toDouble());
    std::vector<DeviceIndex> experts = ofLayer;
    const auto layersOf = [&](const QString &device) {
        const int tensors = overrides[device].toInt();
        return tensors % 3 == 0 ? tensors / 3 : tensors / 8;
    };
    if (offloaded)
        experts.assign(ofLayer.size(), hostDevice);
    for (qsizetype d = 1; offloaded && d < c.devices.size(); ++d) {
        const auto device = static_cast<DeviceIndex>(d);
        const bool hasLayers = std::find(ofLayer.begin(), ofLayer.end(), device) != ofLayer.end();
        int left = layersOf(c.devices[d]);
        for (size_t i = 0; i < ofLayer.size() && left > 0; ++i) {
            if (c.shape.blocks[i].ffn.kind == FfnKind::Experts && experts[i] == hostDevice && (!hasLayers || ofLayer[i] == device)) {
                experts[i] = device;
                --left;
            }
        }
    }
    const bool outputToo = row["n_gpu_layers"].isEmpty() || row["n_gpu_layers"] == "all" || row["n_gpu_layers"] == row["layers_total"]
        || row["n_gpu_layers"] == "99";
    // More than eight tensors a layer: FFNs as a whole are in RAM.
    const bool wholeFfn = overrides["CPU"].toInt() > 8 * int(ofLayer.size());
    Placement placement;
    for (const Piece &piece : piecesOf(c.shape)) {
        DeviceIndex device = hostDevice;
        if (piece.kind == PieceKind::Ffn && wholeFfn)
            device = hostDevice;
        else if (piece.layer >= 0)
            device = (piece.kind == PieceKind::Experts ? experts : ofLayer)[static_cast<size_t>(piece.layer)];
        else if (piece.kind == PieceKind::Output && !ofLayer.empty() && outputToo)
            device = ofLayer.back();
        placement.devices.push_back(device);
    }
    return placement;
}

/// Layers of each device as the log's cache sizes tell, the host's first.
inline Placement placementOf(const Row &row, Case &c)
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
    return withOverrides(row, c, ofLayer);
}

/// Numbers per layer: one for all, or a list as the log prints it (its end may be missing).
inline QVector<uint32_t> perLayer(const QString &text, uint32_t layers)
{
    QVector<uint32_t> numbers;
    for (const QString &number : QString(text).remove('[').remove(']').split(',', Qt::SkipEmptyParts))
        numbers.append(number.trimmed().toUInt());
    if (numbers.size() == 1)
        numbers.resize(layers, numbers.first());
    return numbers;
}

/// Attention as the row itself describes it, for models that are in no table: enough for the cache.
inline std::optional<ModelShape> attentionOf(const Row &row)
{
    const uint32_t layers = row["n_layer"].toUInt();
    const QVector<uint32_t> heads = perLayer(row["n_head"], layers);
    const QVector<uint32_t> kvHeads = perLayer(row["n_head_kv"], layers);
    if (layers == 0 || heads.size() < qsizetype(layers) || kvHeads.size() < qsizetype(layers) || row["head_k"].isEmpty())
        return std::nullopt;
    ModelShape shape;
    for (uint32_t i = 0; i < layers; ++i) {
        BlockSpec block;
        block.mixer = kvHeads[i] > 0 ? MixerKind::Attention : MixerKind::None;
        block.attention.heads = heads[i];
        block.attention.kvHeads = kvHeads[i];
        block.attention.headDimK = row["head_k"].toUInt();
        block.attention.headDimV = row["head_v"].toUInt();
        shape.blocks.push_back(block);
    }
    return shape;
}

inline std::optional<Case> caseOf(const Row &row, bool needsContext = true)
{
    const ModelDims *known = dimsOf(row["model"]);
    for (const char *field : {"file", "notes"})
        if (!known)
            known = dimsOf(row[field]);
    const auto described = known ? std::nullopt : attentionOf(row);
    if ((!known && !described) || (needsContext && contextOf(row) == 0))
        return std::nullopt;
    Case c;
    c.identified = known;
    ModelDims dims = known ? *known : ModelDims{};
    dims.keepsJointMatrix = row["params_b"].startsWith("672.05");
    c.shape = known ? shapeOfDims(dims) : *described;
    c.options = optionsOf(row, c.shape.blocks.size());
    c.options.predictionContext = row["notes"].contains("draft context");
    c.shape.predictionBlocks = std::max(c.shape.predictionBlocks, c.options.predictionContext ? 1u : 0u);
    c.options.context = std::max(c.options.context, 1u);
    // Where a batch is not printed, the cells of windows tell it.
    const auto windowCells = QRegularExpression("SWA (\\d+) cells").match(row["kv_detail"]);
    if (row["n_ubatch"].isEmpty() && windowCells.hasMatch())
        c.options.microBatch = windowCells.captured(1).toUInt() - dims.window;
    // Whether weights were repacked is not in the rows; where they were, the rows of the experts lie in the host's buffer.
    const double token = double(std::min(c.options.microBatch, c.options.context)) / 1048576;
    const double rest = byDevice(row["compute_buffers"]).value("") - token * (c.options.context * 4.0 + dims.embedding * 4.0);
    c.options.repacked = dims.expertsUsed > 0 && rest > 0.5 * token * dims.embedding * dims.expertsUsed * 4;
    c.types = typesOfRow(c.shape, row);
    QStringList gpus;
    for (const char *field : {"model_buffers", "kv_buffers", "compute_buffers"})
        for (const QString &device : byDevice(row[field]).keys())
            if (!device.isEmpty() && !device.endsWith("_Split") && !gpus.contains(device))
                gpus.append(device);
    std::sort(gpus.begin(), gpus.end(), [](const QString &a, const QString &b) {
        return a.size() != b.size() ? a.size() < b.size() : a < b;
    });
    if (gpus.isEmpty() && (!row["compute_gpu_mib_max"].isEmpty() || !row["device_used_mib_observed"].isEmpty()))
        gpus.append("GPU");
    c.devices = QStringList("") + gpus;
    c.placement = placementOf(row, c);
    return c;
}

} // namespace memory_rows
