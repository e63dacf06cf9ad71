// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <plimsoll/engine/base/memory.h>
#include <plimsoll/engine/base/thread_pool.h>
#include <plimsoll/engine/cpu/cpu_backend.h>
#include <plimsoll/engine/model/forward.h>
#include <plimsoll/model/architecture.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

/// A model whose pieces lie on the host and on other backends, as a placement says.
class DeviceModel
{
public:
    using PlacementOf = std::function<plimsoll::Placement(const plimsoll::ModelShape &)>;

    /// `options` as they will run. Device n + 1 is `others[n]`.
    static plimsoll::Result<std::unique_ptr<DeviceModel>> load(const std::string &path, const plimsoll::RunOptions &options,
        std::vector<std::unique_ptr<plimsoll::engine::Backend>> others, const PlacementOf &place)
    {
        auto model = std::unique_ptr<DeviceModel>(new DeviceModel(options, std::move(others)));
        const plimsoll::Status status = model->prepare(path, place);
        if (!status)
            return status.error();
        return model;
    }

    const plimsoll::ModelShape &shape() const { return m_shape; }
    const plimsoll::Layout &layout() const { return m_layout; }

    /// Logits after every token, [tokens, vocabulary], fed `chunk` tokens at a time from position 0 of `sequence`.
    plimsoll::Result<std::vector<float>> logits(const std::vector<int32_t> &tokens, size_t chunk, uint32_t sequence = 0)
    {
        std::vector<float> all;
        for (size_t begin = 0; begin < tokens.size(); begin += chunk) {
            std::vector<plimsoll::engine::BatchToken> batch;
            for (size_t i = begin; i < std::min(begin + chunk, tokens.size()); ++i)
                batch.push_back({tokens[i], uint32_t(i), sequence, true});
            const plimsoll::Status status = m_forward->run(batch, nullptr);
            if (!status)
                return status.error();
            all.insert(all.end(), m_forward->logits(), m_forward->logits() + batch.size() * m_shape.vocabulary);
        }
        return all;
    }
    plimsoll::engine::Forward &forward() { return *m_forward; }

private:
    DeviceModel(const plimsoll::RunOptions &options, std::vector<std::unique_ptr<plimsoll::engine::Backend>> others)
        : m_options(options), m_pool(options.threads), m_others(std::move(others))
    {
        m_host = plimsoll::engine::makeCpuBackend(m_pool, plimsoll::engine::availableInstructionSets().front());
        m_backends.push_back(m_host.get());
        for (const auto &each : m_others)
            m_backends.push_back(each.get());
    }

    plimsoll::Status prepare(const std::string &path, const PlacementOf &place)
    {
        using namespace plimsoll;
        using namespace plimsoll::engine;
        auto header = gguf::readHeader(path);
        if (!header)
            return header.error();
        auto shape = shapeFromGguf(*header);
        if (!shape)
            return shape.error();
        m_shape = *std::move(shape);
        m_placement = place(m_shape);
        std::vector<BackendTraits> traits;
        for (const Backend *each : m_backends)
            traits.push_back(each->traits());
        const std::vector<Bytes> overhead(m_backends.size());
        auto laidOut = layOut(m_shape, typesOf(m_shape), m_placement, m_options, traits, overhead);
        if (!laidOut)
            return laidOut.error();
        m_layout = *std::move(laidOut);
        auto file = MappedFile::open(path);
        if (!file)
            return file.error();
        m_file.emplace(*std::move(file));
        const uint64_t size = m_file->bytes().size();
        auto places = placesOf(m_shape, *header, {&size, 1});
        if (!places)
            return places.error();
        auto devices = allocateDevices(m_layout, m_backends);
        if (!devices)
            return devices.error();
        for (size_t device = 0; device < m_backends.size(); ++device) {
            auto data = placeWeights(*places, *devices, device);
            if (!data)
                return data.error();
            m_weights.emplace_back(m_shape, m_backends[device]->traits(), *std::move(data));
        }
        auto phases = bindPhases({m_shape, m_placement, m_options, m_layout, *devices, m_weights});
        if (!phases)
            return phases.error();
        m_forward.emplace(m_shape, *std::move(phases), *std::move(devices), m_options.batch);
        return {};
    }

    /// On the host where the file is mapped; elsewhere what the layout has a place for.
    plimsoll::Result<std::vector<const std::byte *>> placeWeights(const std::vector<plimsoll::engine::TensorPlace> &places,
        const std::vector<plimsoll::engine::Device> &devices, size_t device)
    {
        std::vector<const std::byte *> data;
        for (size_t i = 0; i < places.size(); ++i) {
            const auto bytes = m_file->bytes().subspan(places[i].offset, places[i].bytes);
            if (device == plimsoll::hostDevice) {
                data.push_back(bytes.data());
                continue;
            }
            const auto *const plan = m_layout.find(plimsoll::BufferId::Weights, uint32_t(device), int32_t(i));
            if (!plan) {
                data.push_back(nullptr);
                continue;
            }
            std::byte *const to = devices[device].arena(plimsoll::SegmentKind::Weights) + plan->offset;
            const plimsoll::Status copied = m_backends[device]->upload(to, bytes);
            if (!copied)
                return copied.error();
            data.push_back(to);
        }
        return data;
    }

    plimsoll::RunOptions m_options;
    plimsoll::engine::ThreadPool m_pool;
    std::unique_ptr<plimsoll::engine::Backend> m_host;
    std::vector<std::unique_ptr<plimsoll::engine::Backend>> m_others;
    std::vector<plimsoll::engine::Backend *> m_backends;
    plimsoll::ModelShape m_shape;
    plimsoll::Placement m_placement;
    plimsoll::Layout m_layout;
    std::optional<plimsoll::engine::MappedFile> m_file;
    std::vector<plimsoll::engine::Weights> m_weights;
    std::optional<plimsoll::engine::Forward> m_forward;
};
