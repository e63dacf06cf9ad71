// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <plimsoll/engine/base/memory.h>
#include <plimsoll/engine/base/thread_pool.h>
#include <plimsoll/engine/cpu/cpu_backend.h>

#include <array>
#include <atomic>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <sys/mman.h>

/// A device that is none: its memory is its own, as large as was said, and nobody but its backend can reach it.
struct PretendDevice
{
    std::string name = "Pretended GPU";
    uint64_t total = uint64_t{1} << 30;
    uint64_t overhead = uint64_t{3} << 20;   // what a backend takes before its first arena
    uint64_t refusedAfter = UINT64_MAX;      // arenas beyond so many bytes are refused though memory is free, as when others take it
    plimsoll::GgmlType withoutCacheType = plimsoll::GgmlType::Q1_0;

    uint64_t used = 0;                       // now
    uint64_t uploaded = 0;                   // bytes, since it was made
    uint64_t downloaded = 0;
    uint64_t pinned = 0;
    uint32_t backends = 0;                   // that were made
};

/// The processor's kernels behind a border: everything that is to be computed here has to be copied here. Between calls the memory cannot
/// be read or written, so that a host that touches it dies.
class PretendBackend : public plimsoll::engine::Backend
{
public:
    explicit PretendBackend(
        PretendDevice &device, plimsoll::engine::InstructionSet set = plimsoll::engine::availableInstructionSets().front())
        : m_device(device), m_pool(1), m_kernels(plimsoll::engine::makeCpuBackend(m_pool, set)), m_traits(m_kernels->traits())
    {
        m_traits.name = "pretended";
        m_traits.mapsWeights = false;
        m_traits.weightRowPadding = 32;
        m_traits.bufferAlignment = 256;
        m_traits.stagingBytes = 12 * 1024;
        std::erase(m_traits.kvTypes, device.withoutCacheType);
        m_device.used += device.overhead;
        ++m_device.backends;
    }
    ~PretendBackend() override { m_device.used -= m_arenaBytes + m_device.overhead; }

    const plimsoll::BackendTraits &traits() const override { return m_traits; }
    plimsoll::engine::DeviceMemory memory() const override
    {
        return {{m_device.total}, {m_device.total - m_device.used}, {m_device.overhead}, {m_arenaBytes + m_device.overhead}};
    }

    plimsoll::Result<std::byte *> allocate(plimsoll::SegmentKind, plimsoll::Bytes bytes) override
    {
        using namespace plimsoll;
        if (m_device.used + bytes.value > m_device.total || m_arenaBytes + bytes.value > m_device.refusedAfter)
            return Error{ErrorCode::AllocationFailed, {m_device.name, "arena", std::to_string(bytes.value)}};
        Result<engine::Arena> arena = engine::Arena::make(bytes, "pretended");
        if (!arena)
            return arena.error();
        m_device.used += bytes.value;
        m_arenaBytes += bytes.value;
        m_arenas.push_back(*std::move(arena));
        protect(m_arenas.back(), PROT_NONE);
        return m_arenas.back().bytes().data();
    }

    void pin(std::span<std::byte> inRam) override { m_device.pinned += inRam.size(); }
    plimsoll::Status upload(std::byte *destination, std::span<const std::byte> source) override
    {
        const Reach reach(*this);
        m_device.uploaded += source.size();
        return m_kernels->upload(destination, source);
    }
    /// Later indeed: when somebody waits for it.
    plimsoll::Status uploadLater(std::byte *destination, std::span<const std::byte> source, uint32_t lane) override
    {
        m_later.at(lane).emplace_back(destination, source);
        return {};
    }
    plimsoll::Status awaitUploads(uint32_t lane) override
    {
        for (const auto &[destination, source] : std::exchange(m_later.at(lane), {}))
            (void)upload(destination, source);
        return {};
    }
    plimsoll::Status phasesAfterUploads() override { return finish(); }
    plimsoll::Status download(std::span<std::byte> destination, const std::byte *source) override
    {
        const Reach reach(*this);
        m_device.downloaded += destination.size();
        return m_kernels->download(destination, source);
    }
    plimsoll::Status copy(std::byte *destination, const std::byte *source, uint64_t bytes) override
    {
        const Reach reach(*this);
        return m_kernels->copy(destination, source, bytes);
    }
    plimsoll::Status finish() override
    {
        for (uint32_t lane = 0; lane < m_later.size(); ++lane)
            (void)awaitUploads(lane);
        return {};
    }

    void bind(const plimsoll::engine::Buffers &buffers) override { m_kernels->bind(buffers); }
    void setAbort(const std::atomic<bool> *abort) override { m_kernels->setAbort(abort); }

    void embed(const plimsoll::engine::EmbedPhase &phase) override { here()->embed(phase); }
    void layerInputs(const plimsoll::engine::LayerInputsPhase &phase) override { here()->layerInputs(phase); }
    void mixerInput(const plimsoll::engine::MixerInputPhase &phase) override { here()->mixerInput(phase); }
    void attention(const plimsoll::engine::AttentionPhase &phase) override { here()->attention(phase); }
    void recurrent(const plimsoll::engine::RecurrentPhase &phase) override { here()->recurrent(phase); }
    void project(const plimsoll::engine::ProjectPhase &phase) override { here()->project(phase); }
    void ffn(const plimsoll::engine::FfnPhase &phase) override { here()->ffn(phase); }
    void router(const plimsoll::engine::RouterPhase &phase) override { here()->router(phase); }
    void experts(const plimsoll::engine::ExpertsPhase &phase) override { here()->experts(phase); }
    void layerEnd(const plimsoll::engine::LayerEndPhase &phase) override { here()->layerEnd(phase); }
    void output(const plimsoll::engine::OutputPhase &phase) override { here()->output(phase); }

private:
    /// While it lives the memory can be reached.
    class Reach
    {
    public:
        explicit Reach(PretendBackend &backend) : m_backend(backend) { set(PROT_READ | PROT_WRITE); }
        ~Reach() { set(PROT_NONE); }
        plimsoll::engine::Backend *operator->() const { return m_backend.m_kernels.get(); }

    private:
        void set(int protection)
        {
            for (plimsoll::engine::Arena &arena : m_backend.m_arenas)
                protect(arena, protection);
        }

        PretendBackend &m_backend;
    };

    Reach here() { return Reach(*this); }
    static void protect(plimsoll::engine::Arena &arena, int protection)
    {
        mprotect(arena.bytes().data(), arena.bytes().size(), protection);
    }

    PretendDevice &m_device;
    plimsoll::engine::ThreadPool m_pool;
    std::unique_ptr<plimsoll::engine::Backend> m_kernels;
    plimsoll::BackendTraits m_traits;
    std::vector<plimsoll::engine::Arena> m_arenas;
    uint64_t m_arenaBytes = 0;
    std::array<std::vector<std::pair<std::byte *, std::span<const std::byte>>>, 2> m_later;   // by lane
};
