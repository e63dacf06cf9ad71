// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/fit/plan_document.h"

#include <nlohmann/json.hpp>

#include <QFile>

#include <algorithm>
#include <array>

namespace plimsoll::app {

namespace {

constexpr qint64 longestFile = 1 << 20;
constexpr int version = 1;
constexpr std::array<std::pair<OffloadMode, const char *>, 3> offloads{
    {{OffloadMode::Auto, "auto"}, {OffloadMode::Layers, "layers"}, {OffloadMode::ByHand, "by-hand"}}};

/// Reads one object field by field; the first that is wrong is remembered.
class Fields
{
public:
    Fields(const nlohmann::json &json, std::string where) : m_json(json), m_where(std::move(where)) {}

    std::string text(const char *key)
    {
        const auto found = m_json.find(key);
        if (found == m_json.end() || !found->is_string() || found->get_ref<const std::string &>().size() > 4096)
            return wrong(key), std::string();
        return found->get<std::string>();
    }
    uint32_t number(const char *key, uint32_t least, uint32_t most, uint32_t fallback)
    {
        const auto found = m_json.find(key);
        if (found == m_json.end())
            return fallback;
        if (!found->is_number_unsigned() || found->get<uint64_t>() < least || found->get<uint64_t>() > most)
            return wrong(key), fallback;
        return static_cast<uint32_t>(found->get<uint64_t>());
    }
    void wrong(const char *key)
    {
        if (!m_error)
            m_error = Error{ErrorCode::JsonField, {m_where, key, "missing or out of range"}};
    }
    const std::optional<Error> &error() const { return m_error; }

private:
    const nlohmann::json &m_json;
    std::string m_where;
    std::optional<Error> m_error;
};

void readPlacement(FitRequest &request, const nlohmann::json &json, Fields &fields)
{
    const std::string offload = json.contains("offload") ? fields.text("offload") : "auto";
    const auto found = std::find_if(offloads.begin(), offloads.end(), [&](const auto &each) { return offload == each.second; });
    if (found == offloads.end())
        return fields.wrong("offload");
    request.offload = found->first;
    request.gpuLayers = fields.number("gpuLayers", 0, 100000, 0);
    request.expertLayersInRam = fields.number("expertLayersInRam", 0, 100000, 0);
    if (request.offload != OffloadMode::ByHand)
        return;
    const auto places = json.find("places");
    if (places == json.end() || !places->is_array() || places->size() > 100000)
        return fields.wrong("places");
    for (const auto &place : *places) {
        if (!place.is_number_unsigned() || place.get<uint64_t>() > 1024)
            return fields.wrong("places");
        request.byHand.push_back(static_cast<DeviceIndex>(place.get<uint64_t>()));
    }
}

} // namespace

QString planSuffix()
{
    return QStringLiteral(".plimsoll");
}

QByteArray toJson(const PlanDocument &document)
{
    const FitRequest &request = document.request;
    const auto offload = std::find_if(offloads.begin(), offloads.end(), [&](const auto &each) { return each.first == request.offload; });
    nlohmann::json json{{"plimsoll", "plan"}, {"version", version}, {"model", request.model.toStdString()},
        {"quantization", std::string(name(request.quantization))}, {"context", request.context}, {"parallel", request.parallel},
        {"kvType", std::string(name(request.kvType))}, {"offload", offload != offloads.end() ? offload->second : "auto"},
        {"gpuLayers", request.gpuLayers}, {"expertLayersInRam", request.expertLayersInRam}};
    if (request.offload == OffloadMode::ByHand)
        json["places"] = request.byHand;
    if (document.machine)
        json["machine"] = toJson(*document.machine);
    return QByteArray::fromStdString(json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace)) + '\n';
}

Result<PlanDocument> planFromJson(const QByteArray &text, const QString &where)
{
    const std::string place = where.toStdString();
    const auto json = nlohmann::json::parse(text.begin(), text.end(), nullptr, false);
    if (json.is_discarded())
        return Error{ErrorCode::JsonInvalid, {place, "0", "not JSON"}};
    Fields fields(json, place);
    if (!json.is_object() || json.value("plimsoll", nlohmann::json()) != "plan" || json.value("version", nlohmann::json()) != version)
        return Error{ErrorCode::JsonField, {place, "plimsoll", "not a plan"}};
    PlanDocument document;
    FitRequest &request = document.request;
    request.model = QString::fromStdString(fields.text("model"));
    request.context = fields.number("context", 1, 1 << 24, request.context);
    request.parallel = fields.number("parallel", 1, 256, request.parallel);
    if (const auto type = fileTypeFromName(fields.text("quantization")))
        request.quantization = *type;
    else
        fields.wrong("quantization");
    if (const auto type = ggmlTypeFromName(fields.text("kvType")))
        request.kvType = *type;
    else
        fields.wrong("kvType");
    readPlacement(request, json, fields);
    if (fields.error())
        return *fields.error();
    if (json.contains("machine")) {
        auto machine = machineFromJson(json["machine"], place);
        if (!machine)
            return machine.error();
        machine->pretended = true;
        document.machine = std::move(*machine);
    }
    return document;
}

Result<PlanDocument> readPlan(const QString &path)
{
    QFile file(path);
    const std::string place = path.toStdString();
    if (!file.exists())
        return Error{ErrorCode::FileNotFound, {place}};
    if (file.size() > longestFile || !file.open(QIODevice::ReadOnly))
        return Error{ErrorCode::FileUnreadable, {place, file.errorString().toStdString()}};
    return planFromJson(file.readAll(), path);
}

} // namespace plimsoll::app
