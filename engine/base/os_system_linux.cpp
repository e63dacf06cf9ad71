// SPDX-License-Identifier: Apache-2.0
#include "memory.h"

#include <algorithm>
#include <fstream>
#include <optional>
#include <set>
#include <sstream>

#include <sched.h>

// What the system tells about memory and cores: /proc, /sys and control groups (versions 1 and 2, whose limits a container sets).
namespace plimsoll::engine {

namespace {

/// "MemAvailable:  1234 kB" in bytes; 0 where the line is not there.
uint64_t kilobyteLine(const std::string &path, const std::string &key)
{
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);) {
        if (line.compare(0, key.size(), key) == 0 && line.size() > key.size() && line[key.size()] == ':')
            return std::strtoull(line.c_str() + key.size() + 1, nullptr, 10) * 1024;
    }
    return 0;
}

/// A file that holds one number; nothing for "max" or where it is not there.
std::optional<uint64_t> numberIn(const std::string &path)
{
    std::ifstream file(path);
    uint64_t value = 0;
    if (file >> value)
        return value;
    return std::nullopt;
}

/// The value of "key 1234" lines added up over `keys`.
uint64_t sumOfLines(const std::string &path, std::initializer_list<std::string_view> keys)
{
    std::ifstream file(path);
    uint64_t sum = 0;
    std::string key;
    uint64_t value = 0;
    while (file >> key >> value) {
        if (std::find(keys.begin(), keys.end(), key) != keys.end())
            sum += value;
    }
    return sum;
}

struct GroupFiles
{
    std::string mount;
    std::string group;   // "/a/b"
    const char *limit;
    const char *usage;
    bool unified;
};

/// Limits of this process's memory group and of all above it.
void applyGroup(const GroupFiles &files, SystemMemory &memory)
{
    for (std::string group = files.group;;) {
        const std::string folder = files.mount + (group == "/" ? "" : group);
        const std::optional<uint64_t> limit = numberIn(folder + files.limit);
        const std::optional<uint64_t> usage = numberIn(folder + files.usage);
        if (limit && usage && *limit < memory.total) {
            // Page cache counts as usage but is given back when needed.
            const std::string statistics = folder + "/memory.stat";
            const uint64_t cache = files.unified ? sumOfLines(statistics, {"inactive_file", "active_file"})
                                                 : sumOfLines(statistics, {"total_inactive_file", "total_active_file"});
            const uint64_t used = *usage > cache ? *usage - cache : 0;
            memory.total = *limit;
            memory.available = std::min(memory.available, *limit > used ? *limit - used : 0);
        }
        if (group.empty() || group == "/")
            return;
        group.resize(group.rfind('/'));
    }
}

/// Where this process stands in its control groups: the unified hierarchy ("0::/path") or one controller's ("4:memory:/path").
std::string groupOf(std::string_view controller)
{
    std::ifstream file("/proc/self/cgroup");
    for (std::string line; std::getline(file, line);) {
        const size_t first = line.find(':');
        const size_t second = first == std::string::npos ? first : line.find(':', first + 1);
        if (second == std::string::npos)
            continue;
        std::stringstream names(line.substr(first + 1, second - first - 1));
        if (controller.empty() && second == first + 1)
            return line.substr(second + 1);
        for (std::string name; std::getline(names, name, ',');) {
            if (!controller.empty() && name == controller)
                return line.substr(second + 1);
        }
    }
    return "/";
}

/// Whole cores that a CPU quota of the unified hierarchy allows; 0 where there is none.
uint32_t quotaCores()
{
    std::string group = groupOf("");
    std::ifstream file("/sys/fs/cgroup" + (group == "/" ? "" : group) + "/cpu.max");
    double quota = 0;
    double period = 0;
    if (file >> quota >> period && quota > 0 && period > 0)
        return std::max(1u, static_cast<uint32_t>(quota / period + 0.5));
    return 0;
}

} // namespace

ProcessMemory processMemory()
{
    const std::string path = "/proc/self/status";
    return {kilobyteLine(path, "RssAnon"), kilobyteLine(path, "RssFile")};
}

SystemMemory systemMemory()
{
    SystemMemory memory{kilobyteLine("/proc/meminfo", "MemTotal"), kilobyteLine("/proc/meminfo", "MemAvailable")};
    applyGroup({"/sys/fs/cgroup", groupOf(""), "/memory.max", "/memory.current", true}, memory);
    applyGroup({"/sys/fs/cgroup/memory", groupOf("memory"), "/memory.limit_in_bytes", "/memory.usage_in_bytes", false}, memory);
    return memory;
}

uint32_t physicalCores()
{
    cpu_set_t allowed;
    CPU_ZERO(&allowed);
    if (sched_getaffinity(0, sizeof allowed, &allowed) != 0)
        return 1;
    // Threads of one core name the same siblings.
    std::set<std::string> cores;
    for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
        if (!CPU_ISSET(cpu, &allowed))
            continue;
        std::ifstream file("/sys/devices/system/cpu/cpu" + std::to_string(cpu) + "/topology/thread_siblings_list");
        std::string siblings;
        if (!std::getline(file, siblings))
            siblings = std::to_string(cpu);
        cores.insert(siblings);
    }
    const uint32_t count = std::max<uint32_t>(1, static_cast<uint32_t>(cores.size()));
    const uint32_t quota = quotaCores();
    return quota > 0 ? std::min(count, quota) : count;
}

} // namespace plimsoll::engine
