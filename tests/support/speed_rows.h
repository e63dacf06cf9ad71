// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "csv.h"

#include <plimsoll/catalog/catalog.h>
#include <plimsoll/layout/needs.h>
#include <plimsoll/model/mix.h>
#include <plimsoll/speed/speed.h>

#include <QRegularExpression>

#include <cmath>
#include <optional>

/// Rows of published speeds (shared/facts/speed_cases_*.csv) as what the planner would be asked: their model, quantization and devices
/// are free text. A row that can't be asked about says why in one word.
namespace speedrows {

using Row = QMap<QString, QString>;

struct Case
{
    Row row;
    QString skipped;               // why it can't be asked; empty where it can
    const plimsoll::ModelShape *shape = nullptr;
    plimsoll::WeightTypes types;
    plimsoll::Machine machine;
    plimsoll::RunOptions options;
    plimsoll::SpeedRuntime runtime = plimsoll::SpeedRuntime::LlamaCpp;
    uint32_t position = 0;
    double decode = 0;             // measured, all sequences together; 0 where the row has none
    double prefill = 0;
};

/// Names of cards reduced to what tells them apart.
inline QString cardKey(QString name)
{
    static const QRegularExpression brackets("\\(.*?\\)");
    static const QRegularExpression cores("\\d+p\\+\\d+e\\+\\d+gpu");
    static const QRegularExpression words(
        "nvidia|geforce|amd|radeon|generation|apple|tesla|gpu|graphics|intel|quadro|power limited|edition|-pcie-16gb");
    static const QRegularExpression others("[^a-z0-9]");
    name = name.toLower().remove(brackets).remove(cores).remove(words).remove(others);
    static const QMap<QString, QString> aliases{{"8060s", "ryzenaimax3958060s"}, {"p100", "p100pcie16gb"}, {"rtx3060", "rtx306012gb"},
        {"h100pcie", "h100pcie80gb"}, {"m532gb", "m5"}, {"a100sxm80gb", "a100sxm480gb"}, {"a10080gbpcie", "a100pcie80gb"},
        {"l40s48gb", "l40s"}, {"h100sxm80gb", "h100sxm580gb"}, {"h10080gbhbm3", "h100sxm580gb"}, {"v100", "v100pcie16gb"},
        {"v100pcie32gb", "v100pcie16gb"}, {"309024gb", "rtx3090"}, {"rtx3080", "rtx308010gb"}, {"308010gb", "rtx308010gb"},
        {"30708gb", "rtx3070"}, {"408016gb", "rtx4080"}, {"409024gb", "rtx4090"}, {"h200pcie141gb", "h200nvl"},
        {"b300sxm288gb", "b300"}, {"rtx6000ada48gb", "rtx6000ada"}, {"rtx4000ada20gb", "rtx4000ada"}, {"macstudio", "m3ultra"},
        {"rtxpro6000blackwellserver", "rtxpro6000blackwellserver96gb"}, {"rtxpro6000blackwellmaxq", "rtxpro6000blackwellmaxq96gb"},
        {"m2ultra76core192gb", "m2ultra"}, {"m17core8gb", "m1"}, {"m3max40core64gb", "m3max"}, {"m1ultra64gb", "m1ultra"},
        {"m1maxmacstudio", "m1max"}, {"5090", "rtx5090"}, {"7900xt", "rx7900xt"}, {"spark", "gb10"}};
    return aliases.value(name, name);
}

/// Cards of gpus.csv by their key.
inline QMap<QString, plimsoll::Gpu> cards(const QString &facts)
{
    using namespace plimsoll;
    static const QRegularExpression numbers("\\d+(\\.\\d+)?");
    QMap<QString, Gpu> result;
    for (const Row &row : readCsv(facts + "/gpus.csv")) {
        Gpu gpu;
        gpu.name = row["name"].toStdString();
        gpu.vendor = row["vendor"].toStdString();
        gpu.computeCapability = row["compute_capability"].toStdString();
        gpu.bandwidth = Bandwidth::gbPerSecond(row["bandwidth_gbs"].section('/', 0, 0).toDouble());
        gpu.fp16 = Throughput::tera(row["fp16_tensor_dense_tflops"].toDouble());
        gpu.fp32 = Throughput::tera(row["fp32_tflops"].toDouble());
        // Of several sizes, or of a share of RAM ("up to 96-120 of 128 (shared)"), the largest.
        double largest = 0;
        for (auto number = numbers.globalMatch(row["vram_gb"]); number.hasNext();)
            largest = std::max(largest, number.next().captured().toDouble());
        gpu.total = gpu.free = Bytes{static_cast<uint64_t>(largest * 1.05e9)};
        result.insert(cardKey(row["name"]), gpu);
    }
    return result;
}

/// Ids of the catalogue that a model's printed name may mean, the first that the catalogue has.
inline const plimsoll::ModelShape *shapeFor(const plimsoll::Catalog &catalog, const QString &name)
{
    struct Rule
    {
        const char *pattern;
        const char *ids;
    };
    static const Rule rules[] = {
        {"ds2 671b|deepseek.?r1 671b|deepseek2 671b|deepseek (r1|v3).*(bf16|0324|0528)|ds-r1 671b", "deepseek-r1-671b"},
        {"deepseek2 30b\\.a3b|glm-4\\.7-flash", "glm-4.7-flash"},
        {"coder-v2-lite", "deepseek-coder-v2-lite,deepseek-v2-lite"},
        {"r1-distill-qwen-14b|deepseek r1 14b", "deepseek-r1-distill-qwen-14b"},
        {"llama.?4.?scout", "llama-4-scout,llama-4-scout-17b-16e"},
        {"llama.?3\\.1:405b", "llama-3.1-405b"},
        {"llama.?(3|3\\.1|3\\.3)?[ :\\-]*70b|llama2 70b|llama3\\.3-70b", "llama-3.3-70b,llama-3.1-70b,deepseek-r1-distill-llama-70b"},
        {"llama.?(3|3\\.1)?[ \\-]*8b|llama3\\.1-8b", "llama-3.1-8b"},
        {"llama.?3\\.2.?1b", "llama-3.2-1b"},
        {"llama.?3\\.2.?3b", "llama-3.2-3b"},
        {"llama 2 7b|llama2 7b|llama 7b", "llama-2-7b"},
        {"mistral-7b", "mistral-7b,mistral-7b-v0.3"},
        {"mistral-nemo", "mistral-nemo-12b"},
        {"mistral-small", "mistral-small-24b,mistral-small-3.1-24b,mistral-small-3.2-24b"},
        {"mixtral 8x7b", "mixtral-8x7b"},
        {"qwen2\\.5.*14b", "qwen2.5-14b,deepseek-r1-distill-qwen-14b"},
        {"qwen2\\.5.*32b", "qwen2.5-32b,deepseek-r1-distill-qwen-32b"},
        {"qwen2\\.5-coder-7b|qwen2\\.5-7b", "qwen2.5-7b,qwen2.5-coder-7b,deepseek-r1-distill-qwen-7b"},
        {"qwen2\\.5-coder-3b|qwen2\\.5-3b", "qwen2.5-3b"},
        {"qwen3-1\\.7b", "qwen3-1.7b"},
        {"qwen3-4b", "qwen3-4b"},
        {"qwen3.8b", "qwen3-8b"},
        {"qwen3-14b", "qwen3-14b"},
        {"qwen3-32b", "qwen3-32b"},
        {"qwen3.*235b|qwen3moe \\?b", "qwen3-235b-a22b"},
        {"qwen3moe 30b|qwen3.*30b.a3b", "qwen3-30b-a3b"},
        {"qwen3\\.[56].*27b|qwopus3\\.6-27b", "qwen3.5-27b,qwen3.6-27b"},
        {"qwen3\\.[56].*35b.a3b|ornith-1\\.0-35b", "qwen3.5-35b-a3b,qwen3.6-35b-a3b"},
        {"gemma-2-2b", "gemma-2-2b"},
        {"gemma-?3.1b", "gemma-3-1b"},
        {"gemma-?3.4b", "gemma-3-4b"},
        {"gemma-?3.12b", "gemma-3-12b"},
        {"gemma-?4.26b", "gemma-4-26b-a4b"},
        {"gemma-?4.31b", "gemma-4-31b"},
        {"gemma-4-12b", "gemma-4-12b"},
        {"gpt-oss.120b", "gpt-oss-120b"},
        {"gpt-oss.20b", "gpt-oss-20b"},
        {"phi-3\\.5-mini", "phi-3.5-mini"},
        {"phi-4-mini", "phi-4-mini"},
        {"phi-4", "phi-4"},
        {"minimax-m2", "minimax-m2.5,minimax-m2"},
        {"smollm2-360m", "smollm2-360m"},
        {"smollm2-135m", "smollm2-135m"},
        {"yi-1\\.5-34b", "yi-1.5-34b"},
        {"granite.?4\\.1.8b", "granite-4.1-8b"},
    };
    const QString lower = name.toLower();
    for (const Rule &rule : rules) {
        if (!QRegularExpression(QString::fromLatin1(rule.pattern)).match(lower).hasMatch())
            continue;
        for (const QString &id : QString::fromLatin1(rule.ids).split(',')) {
            if (const auto entry = catalog.model(id.toStdString()); entry.ok() && (*entry)->id == id.toStdString())
                return &(*entry)->shape;
        }
        return nullptr;
    }
    return nullptr;
}

/// The file type a printed quantization means, or comes nearest in size.
inline std::optional<plimsoll::FileType> fileTypeFor(QString quant)
{
    using plimsoll::FileType;
    quant = quant.toUpper().section(' ', 0, 0);
    quant.remove(QStringLiteral("UD-")).remove(QStringLiteral("-QAT"));
    quant.replace(QStringLiteral("_XL"), QStringLiteral("_M")).replace(QStringLiteral("_K_P"), QStringLiteral("_K_M"));
    static const QMap<QString, FileType> others{{"MXFP4", FileType::MXFP4_MOE}, {"FP16", FileType::F16}, {"INT4", FileType::Q4_K_S},
        {"4BIT", FileType::Q4_K_S}, {"FP8", FileType::Q8_0}, {"INT8", FileType::Q8_0}, {"NVFP4", FileType::NVFP4},
        {"IQ4_K_R4", FileType::IQ4_NL}, {"Q4_K_R4", FileType::Q4_K_M}, {"Q2_K_R4", FileType::Q2_K}, {"Q2_K_M", FileType::Q2_K},
        {"Q8_K_M", FileType::Q8_0}};
    if (others.contains(quant))
        return others.value(quant);
    return plimsoll::fileTypeFromName(quant.toStdString());
}

inline uint32_t counted(const Row &row, const char *field, uint32_t fallback)
{
    const double value = row[QLatin1String(field)].toDouble();
    return value >= 1 ? static_cast<uint32_t>(value) : fallback;
}

/// The number after an option of the command that a person ran; `fallback` where it is not there.
inline uint32_t optionIn(const QString &command, const char *option, uint32_t fallback)
{
    const QRegularExpression words(QStringLiteral("(?:^|\\s)%1\\s+(\\d+)").arg(QLatin1String(option)));
    const auto found = words.match(command);
    return found.hasMatch() ? found.captured(1).toUInt() : fallback;
}

inline QString setMachine(Case &result, const QMap<QString, plimsoll::Gpu> &known)
{
    const Row &row = result.row;
    if (row["backend"].toUpper() == "CPU")
        return "on a processor that is not named";
    if (row["gpu"].isEmpty())
        return "no device named";
    const auto card = known.find(cardKey(row["gpu"].section(';', 0, 0).trimmed()));
    if (card == known.end())
        return "card not known";
    result.machine.ram.total = result.machine.ram.available = plimsoll::gib(512);
    result.machine.gpus.assign(counted(row, "n_gpu", 1), *card);
    return {};
}

inline QString setModel(Case &result, const plimsoll::Catalog &catalog)
{
    const Row &row = result.row;
    result.shape = shapeFor(catalog, row["model"]);
    if (!result.shape)
        return "model not in the catalogue";
    QString quant = row["quant"];
    if (quant.isEmpty() && (row["engine"].startsWith("ollama") || row["model"].endsWith("4bit")))
        quant = QStringLiteral("Q4_K_M");
    if (result.shape->architecture == "gpt-oss")
        quant = QStringLiteral("MXFP4");
    const auto type = fileTypeFor(quant);
    if (!type)
        return "quantization not known";
    result.types = plimsoll::mixTypes(*result.shape, *type);
    plimsoll::Bytes room;
    for (const plimsoll::Gpu &gpu : result.machine.gpus)
        room += gpu.total;
    plimsoll::Bytes needed = weightBytes(*result.shape, result.types);
    for (const plimsoll::BlockSpec &block : result.shape->blocks) {
        const plimsoll::CacheBytes cache = cacheBytes(block, result.options);
        needed += cache.k + cache.v + cache.state;
    }
    if (needed > room)
        return "partly in RAM that is not named";
    const QString layers = row["n_gpu_layers"];
    if (!layers.isEmpty() && layers != "all" && layers.toDouble() < result.shape->layers())
        return "partly in RAM that is not named";
    return {};
}

inline QString setRun(Case &result)
{
    const Row &row = result.row;
    const QString engine = row["engine"];
    static const QStringList programs{"llama", "ik_llama", "ollama", "vllm", "mlx"};
    if (std::none_of(programs.begin(), programs.end(), [&](const QString &p) { return engine.startsWith(p); }))
        return "another program";
    const QString notes = (row["offload_note"] + ' ' + row["notes"] + ' ' + row["model"]).toLower();
    for (const char *word : {"tensors overridden", "draft", "mtp", "cpu-moe", "ot=", "no-kv-offload", "spec-", "dflash"}) {
        if (notes.contains(QLatin1String(word)))
            return "experts in RAM or speculative";
    }
    if (row["backend"].contains("RPC"))
        return "over a network";
    result.runtime = engine == "vllm" ? plimsoll::SpeedRuntime::Vllm : plimsoll::SpeedRuntime::LlamaCpp;
    // Where people sent figures in by hand, the field holds the batch size.
    result.options.sequences = row["tier"] == "C" ? 1 : counted(row, "concurrency", 1);
    result.options.batch = counted(row, "n_ubatch", 512);
    const QString kv = row["kv_type_k"].toLower();
    if (kv == "q8_0" || kv == "q8" || kv == "fp8")
        result.options.kvTypeK = result.options.kvTypeV = plimsoll::GgmlType::Q8_0;
    if (kv == "q4_0")
        result.options.kvTypeK = result.options.kvTypeV = plimsoll::GgmlType::Q4_0;
    result.position = static_cast<uint32_t>(row["gen_tokens"].toDouble() / 2);
    result.position += optionIn(row["offload_note"], "-d", static_cast<uint32_t>(row["ctx_depth"].toDouble()));
    if (engine == "vllm" || engine == "llamacpp" || engine.contains("batched"))
        result.position += counted(row, "prompt_tokens", 0);
    result.options.context = std::max(4096u, result.position + 1);
    return {};
}

inline Case caseOf(const Row &row, const plimsoll::Catalog &catalog, const QMap<QString, plimsoll::Gpu> &known)
{
    Case result;
    result.row = row;
    result.decode = row["tg_tps"].toDouble();
    result.prefill = row["pp_tps"].toDouble();
    result.skipped = setRun(result);
    if (result.skipped.isEmpty())
        result.skipped = setMachine(result, known);
    if (result.skipped.isEmpty())
        result.skipped = setModel(result, catalog);
    if (!result.skipped.isEmpty() || result.decode <= 0)
        return result;
    // A rate the memory can't deliver was measured otherwise than written.
    const double read = static_cast<double>(weightBytes(*result.shape, result.types).value) * result.shape->activeParameters()
        / std::max<uint64_t>(result.shape->parameters(), 1);
    if (read * 0.9 * result.decode / result.options.sequences > result.machine.gpus.front().bandwidth.bytesPerSecond)
        result.skipped = "faster than its memory";
    return result;
}

/// Everything on the GPUs, whole blocks, in equal shares.
inline plimsoll::Placement placementOf(const Case &speedCase)
{
    return plimsoll::layerPlacement(*speedCase.shape, speedCase.shape->layers() + 1,
        std::vector<double>(speedCase.machine.gpus.size(), 1.0));
}

} // namespace speedrows
