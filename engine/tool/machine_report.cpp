// SPDX-License-Identifier: Apache-2.0
#include "machine_report.h"

#include "text.h"

#include <plimsoll/engine/bench/bench.h>

#include <cstdio>
#include <ostream>

namespace plimsoll::engine {
namespace {

std::string bandwidthText(Bandwidth bandwidth)
{
    return bandwidth.known() ? rateNumber(bandwidth.gbPerSecond()) + " GB/s" : "";
}

std::string coresText(const Cpu &cpu)
{
    const std::string text = std::to_string(cpu.physicalCores) + (cpu.physicalCores == 1 ? " core" : " cores");
    return cpu.logicalCores > cpu.physicalCores ? text + ", " + std::to_string(cpu.logicalCores) + " threads" : text;
}

std::string joined(const std::vector<std::string> &words)
{
    std::string text;
    for (const std::string &word : words)
        text += (text.empty() ? "" : ", ") + word;
    return text;
}

/// "python3 (4711): 3.0 GiB"; drivers do not always tell how much, nor the system the name of a process of others.
std::string processText(const GpuProcess &process)
{
    const std::string text = (process.name.empty() ? "process " : printable(process.name) + ", process ") + std::to_string(process.pid);
    return process.used.value > 0 ? text + ": " + toText(process.used) : text;
}

void printGpus(std::ostream &out, const Machine &machine)
{
    Table table({"", "GPU", "Total", "Free", "Bandwidth", "Compute", "Temp", "Power", "Busy"});
    table.left(1);
    for (size_t i = 0; i < machine.gpus.size(); ++i) {
        const Gpu &gpu = machine.gpus[i];
        table.row({std::to_string(i + 1), printable(gpu.name), toText(gpu.total), toText(gpu.free), bandwidthText(gpu.bandwidth),
            printable(gpu.computeCapability), gpu.temperatureC ? rateNumber(*gpu.temperatureC) + " °C" : "",
            gpu.powerW ? rateNumber(*gpu.powerW) + " W" : "",
            gpu.utilization ? std::to_string(static_cast<int>(*gpu.utilization * 100 + 0.5)) + " %" : ""});
    }
    table.print(out, "  ");
    for (size_t i = 0; i < machine.gpus.size(); ++i) {
        for (const GpuProcess &process : machine.gpus[i].processes)
            out << "     GPU " << i + 1 << " is used by " << processText(process) << '\n';
    }
}

void printDisks(std::ostream &out, const std::vector<Disk> &disks)
{
    Table table({"Disk", "Size", "Free", "Reads"});
    for (const Disk &disk : disks) {
        const auto gigabytes = [](Bytes bytes) { return rateNumber(bytes.gb()) + " GB"; };
        table.row({printable(disk.mount), gigabytes(disk.total), gigabytes(disk.free), bandwidthText(disk.read)});
    }
    table.print(out, "  ");
}

void measure(Machine &machine, Bytes bytes)
{
    if (const auto bandwidth = measureReadBandwidth(machine.cpu.physicalCores, bytes))
        machine.cpu.readBandwidth = *bandwidth;
    measureDisk(machine, programPath());
}

} // namespace

void measureQuickly(Machine &machine)
{
    measure(machine, mib(192));
}

void measureThoroughly(Machine &machine)
{
    measure(machine, gib(1));
}

void printMachine(std::ostream &out, const Machine &machine)
{
    out << "Machine  " << printable(machine.name) << (machine.pretended ? " (pretended)" : "") << '\n';
    out << "CPU      " << printable(machine.cpu.model) << ", " << coresText(machine.cpu) << '\n';
    if (!machine.cpu.instructionSets.empty())
        out << "         " << joined(machine.cpu.instructionSets) << '\n';
    out << "RAM      " << toText(machine.ram.total) << ", " << toText(machine.ram.available) << " available";
    if (machine.cpu.readBandwidth.known())
        out << ", reads " << bandwidthText(machine.cpu.readBandwidth);
    out << '\n';
    if (machine.gpus.empty())
        out << "GPU      none\n";
    else
        printGpus(out, machine);
    if (!machine.disks.empty())
        printDisks(out, machine.disks);
}

} // namespace plimsoll::engine
