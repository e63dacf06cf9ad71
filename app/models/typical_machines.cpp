// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/typical_machines.h"

namespace plimsoll::app {

namespace {

struct Kind
{
    const char *name;
    const char *gpu;          // as the catalogue calls it
    size_t count;
    uint64_t ramGib;
    uint32_t cores;           // physical; each offers two to programs
    double readGbPerSecond;   // of RAM
};

constexpr Kind kinds[]{
    {"Tesla T4", "Tesla T4", 1, 32, 2, 25},
    {"L4", "L4", 1, 1024, 32, 150},
    {"RTX 4090", "GeForce RTX 4090", 1, 64, 16, 75},
    {"2 × RTX 3090", "GeForce RTX 3090", 2, 128, 16, 75},
    {"RTX PRO 6000", "RTX PRO 6000 Blackwell Workstation", 1, 128, 16, 80},
    {"8 × H20", "H20", 8, 2048, 112, 500},
    {"8 × H100", "H100 SXM 80GB", 8, 2048, 112, 500},
};

/// Of eight-bit products, on one core with AVX-512.
constexpr double teraPerCore = 0.12;

Machine made(const Kind &kind, const Gpu &gpu)
{
    Machine machine;
    machine.gpus.assign(kind.count, gpu);
    for (Gpu &each : machine.gpus)
        each.free = each.total;
    machine.ram.total = machine.ram.available = gib(kind.ramGib);
    machine.cpu.physicalCores = kind.cores;
    machine.cpu.logicalCores = 2 * kind.cores;
    machine.cpu.readBandwidth = Bandwidth::gbPerSecond(kind.readGbPerSecond);
    machine.cpu.int8 = Throughput::tera(teraPerCore * kind.cores);
    machine.pretended = true;
    return machine;
}

} // namespace

std::vector<TypicalMachine> typicalMachines(const Catalog &catalog)
{
    std::vector<TypicalMachine> machines;
    for (const Kind &kind : kinds)
        if (const auto gpu = catalog.gpu(kind.gpu))
            machines.push_back({QString::fromUtf8(kind.name), made(kind, (*gpu)->gpu)});
    return machines;
}

} // namespace plimsoll::app
