// SPDX-License-Identifier: Apache-2.0
#include "catalog.h"

#include <plimsoll/model/architecture.h>

#include <nlohmann/json.hpp>

#include <array>
#include <cmath>
#include <fstream>

namespace plimsoll {

using nlohmann::json;

namespace {

constexpr std::streamoff largestFile = 16 << 20;

Result<json> readJson(const std::string &path)
{
    std::ifstream file(path, std::ios::binary | std::ios::ate);
    if (!file)
        return Error{ErrorCode::FileNotFound, {path}};
    const std::streamoff size = file.tellg();
    if (size < 0 || size > largestFile)
        return Error{ErrorCode::FileUnreadable, {path, "size"}};
    std::string text(static_cast<size_t>(size), '\0');
    file.seekg(0);
    if (!file.read(text.data(), size))
        return Error{ErrorCode::FileUnreadable, {path, "read"}};
    try {
        return json::parse(text);
    } catch (const json::parse_error &error) {
        return Error{ErrorCode::JsonInvalid, {path, std::to_string(error.byte), "syntax"}};
    } catch (const json::out_of_range &) {   // a number that no float64 holds
        return Error{ErrorCode::JsonInvalid, {path, "0", "number"}};
    }
}

/// Reads fields of one object; the first that is wrong is kept.
class Fields
{
public:
    Fields(const json &object, std::string path, std::string entry) : m_object(object), m_path(std::move(path)), m_entry(std::move(entry))
    {
        if (!object.is_object())
            fail("", "type");
    }

    std::string text(const char *name, bool needed = true)
    {
        const json *value = find(name, needed);
        if (!value)
            return {};
        if (!value->is_string() || value->get_ref<const std::string &>().size() > 1024) {
            fail(name, "type");
            return {};
        }
        return value->get<std::string>();
    }

    double number(const char *name, bool needed, double most)
    {
        const json *value = find(name, needed);
        if (!value)
            return 0;
        if (!value->is_number()) {
            fail(name, "type");
            return 0;
        }
        const double number = value->get<double>();
        if (!std::isfinite(number) || number <= 0 || number > most) {
            fail(name, "range");
            return 0;
        }
        return number;
    }

    std::vector<std::string> texts(const char *name)
    {
        std::vector<std::string> result;
        const json *value = find(name, false);
        if (!value)
            return result;
        if (!value->is_array()) {
            fail(name, "type");
            return result;
        }
        for (const json &element : *value) {
            if (!element.is_string())
                fail(name, "type");
            else
                result.push_back(element.get<std::string>());
        }
        return result;
    }

    void fail(const char *name, const char *what)
    {
        if (m_status.ok())
            m_status = Error{ErrorCode::JsonField, {m_path, m_entry + "." + name, what}};
    }
    const Status &status() const { return m_status; }

    bool flag(const char *name)
    {
        const json *value = find(name, false);
        if (value && !value->is_boolean())
            fail(name, "type");
        return value && value->is_boolean() && value->get<bool>();
    }

private:
    const json *find(const char *name, bool needed)
    {
        if (!m_object.is_object())
            return nullptr;
        const auto it = m_object.find(name);
        if (it != m_object.end())
            return &*it;
        if (needed)
            fail(name, "missing");
        return nullptr;
    }

    const json &m_object;
    std::string m_path;
    std::string m_entry;
    Status m_status;
};

/// "PCIe 4.0 x16": bytes per second one way, after the line code (PCI Express base specification).
Bandwidth linkBandwidth(const std::string &text)
{
    struct Generation
    {
        std::string_view name;
        double gbPerLane;
    };
    constexpr std::array<Generation, 4> generations{{{"PCIe 2.0", 0.5}, {"PCIe 3.0", 0.985}, {"PCIe 4.0", 1.969}, {"PCIe 5.0", 3.938}}};
    const size_t lanesAt = text.rfind(" x");
    if (lanesAt == std::string::npos)
        return {};
    const long lanes = std::strtol(text.c_str() + lanesAt + 2, nullptr, 10);
    for (const Generation &generation : generations) {
        if (text.starts_with(generation.name) && lanes > 0 && lanes <= 32)
            return Bandwidth::gbPerSecond(generation.gbPerLane * static_cast<double>(lanes));
    }
    return {};
}

Result<std::vector<FileType>> fileTypesOf(Fields &fields)
{
    std::vector<FileType> types;
    for (const std::string &name : fields.texts("quantizations")) {
        const auto type = fileTypeFromName(name);
        if (!type)
            return Error{ErrorCode::UnknownQuantization, {name, ""}};
        types.push_back(*type);
    }
    return types;
}

Result<CatalogModel> modelOf(const json &entry, const std::string &path, size_t index)
{
    Fields fields(entry, path, "models[" + std::to_string(index) + "]");
    CatalogModel model;
    model.id = fields.text("id");
    model.name = fields.text("name");
    model.license = fields.text("license", false);
    model.source = fields.text("source", false);
    model.repository = fields.text("repository", false);
    model.ggufRepository = fields.text("gguf_repository", false);
    model.languages = fields.texts("languages");
    model.capabilities = fields.texts("capabilities");
    auto types = fileTypesOf(fields);
    if (!fields.status())
        return fields.status().error();
    if (!types.ok())
        return types.error();
    model.quantizations = std::move(*types);
    auto shape = shapeFromCatalog(entry);
    if (!shape.ok())
        return shape.error();
    model.shape = std::move(*shape);
    return model;
}

Result<CatalogGpu> gpuOf(const json &entry, const std::string &path, size_t index)
{
    Fields fields(entry, path, "gpus[" + std::to_string(index) + "]");
    CatalogGpu result;
    result.name = fields.text("name");
    result.vendor = fields.text("vendor");
    result.source = fields.text("source", false);
    result.aliases = fields.texts("aliases");
    result.year = static_cast<uint32_t>(fields.number("year", false, 3000));
    Gpu &gpu = result.gpu;
    gpu.name = result.name;
    const double printed = fields.number("memory_gib", true, 1e6);
    const double reported = fields.number("nvml_total_mib", false, 1e9);
    gpu.unified = fields.flag("unified");
    if (const double share = fields.number("usable_share", false, 1); share > 0)
        result.usableShare = share;
    if (!gpu.unified && result.usableShare < 1)
        fields.fail("usable_share", "range");
    gpu.total = reported > 0 ? mib(static_cast<uint64_t>(reported)) : Bytes{static_cast<uint64_t>(printed * 1073741824.0)};
    if (result.usableShare < 1)
        gpu.total = Bytes{static_cast<uint64_t>(static_cast<double>(gpu.total.value) * result.usableShare)};
    gpu.free = gpu.total;
    gpu.bandwidth = Bandwidth::gbPerSecond(fields.number("bandwidth_gbs", false, 1e6));
    gpu.fp16 = Throughput::tera(fields.number("fp16_tflops", false, 1e6));
    gpu.vendor = result.vendor;
    gpu.fp32 = Throughput::tera(fields.number("fp32_tflops", false, 1e6));
    gpu.int8 = Throughput::tera(fields.number("int8_tops", false, 1e6));
    gpu.computeCapability = fields.text("compute_capability", false);
    gpu.link = linkBandwidth(fields.text("link", false));
    if (const double overhead = fields.number("overhead_mib", false, 1e5); overhead > 0)
        gpu.overhead = mib(static_cast<uint64_t>(overhead));
    if (!fields.status())
        return fields.status().error();
    return result;
}

Result<PublishedQuality> qualityOf(const json &entry, const std::string &path, size_t index)
{
    Fields fields(entry, path, "quality[" + std::to_string(index) + "]");
    PublishedQuality result;
    const std::string quantization = fields.text("quantization");
    result.perplexityIncrease = fields.number("perplexity_increase", true, 1e6);
    result.model = fields.text("model");
    result.source = fields.text("source");
    if (!fields.status())
        return fields.status().error();
    const auto type = fileTypeFromName(quantization);
    if (!type)
        return Error{ErrorCode::UnknownQuantization, {quantization, ""}};
    result.type = *type;
    return result;
}

template <typename Entry, typename Read>
Status readList(const json &document, const char *name, const std::string &path, std::vector<Entry> &out, Read read)
{
    const auto list = document.is_object() ? document.find(name) : document.end();
    if (!document.is_object() || list == document.end() || !list->is_array())
        return Error{ErrorCode::JsonField, {path, name, "missing"}};
    for (const json &entry : *list) {
        auto result = read(entry, path, out.size());
        if (!result.ok())
            return result.error();
        out.push_back(std::move(*result));
    }
    return {};
}

} // namespace

Result<Catalog> loadCatalog(const std::string &folder)
{
    const std::string modelsPath = folder + "/models.json";
    const std::string gpusPath = folder + "/gpus.json";
    const auto models = readJson(modelsPath);
    if (!models.ok())
        return models.error();
    const auto gpus = readJson(gpusPath);
    if (!gpus.ok())
        return gpus.error();

    const std::string qualityPath = folder + "/quality.json";
    const auto quality = readJson(qualityPath);
    if (!quality.ok())
        return quality.error();

    Catalog catalog;
    Fields fields(*models, modelsPath, "");
    auto types = fileTypesOf(fields);
    if (!types.ok())
        return types.error();
    catalog.quantizations = std::move(*types);
    if (const Status read = readList(*models, "models", modelsPath, catalog.models, modelOf); !read)
        return read.error();
    if (const Status read = readList(*gpus, "gpus", gpusPath, catalog.gpus, gpuOf); !read)
        return read.error();
    if (const Status read = readList(*quality, "quality", qualityPath, catalog.quality, qualityOf); !read)
        return read.error();
    return catalog;
}

} // namespace plimsoll
