// SPDX-License-Identifier: Apache-2.0
#include "os_host.h"
#include "probe.h"

#if defined(__linux__)

#include <fcntl.h>
#include <sched.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <climits>
#include <cstdlib>
#include <fstream>
#include <map>
#include <memory>
#include <sstream>
#include <string_view>

namespace plimsoll::engine {
namespace {

std::string readSmallFile(const std::string &path)
{
    std::ifstream file(path);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

std::string trimmed(std::string_view text)
{
    const size_t first = text.find_first_not_of(" \t\n");
    if (first == std::string_view::npos)
        return {};
    return std::string(text.substr(first, text.find_last_not_of(" \t\n") - first + 1));
}

/// The first "key : value" of /proc/cpuinfo whose key is one of those given.
std::string cpuinfoValue(std::string_view key)
{
    std::ifstream file("/proc/cpuinfo");
    for (std::string line; std::getline(file, line);) {
        const size_t colon = line.find(':');
        if (colon != std::string::npos && trimmed(std::string_view(line).substr(0, colon)) == key)
            return trimmed(std::string_view(line).substr(colon + 1));
    }
    return {};
}

/// mountinfo writes space, tab, newline and backslash as octal numbers.
std::string unescaped(std::string_view text)
{
    std::string out;
    for (size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\\' || i + 3 >= text.size()) {
            out += text[i];
            continue;
        }
        int value = 0;
        for (size_t digit = 1; digit <= 3; ++digit)
            value = value * 8 + (text[i + digit] - '0');
        out += static_cast<char>(value);
        i += 3;
    }
    return out;
}

bool holdsFiles(std::string_view type)
{
    constexpr std::array<std::string_view, 19> types{"ext2", "ext3", "ext4", "xfs", "btrfs", "zfs", "f2fs", "bcachefs", "jfs", "reiserfs",
        "vfat", "exfat", "ntfs", "ntfs3", "fuseblk", "hfsplus", "overlay", "virtiofs", "9p"};
    return std::find(types.begin(), types.end(), type) != types.end();
}

struct Mount
{
    std::string device;   // "8:1"
    std::string path;
    std::string type;
    std::string source;   // "/dev/sda1"
};

/// Fields after proc(5): id parent major:minor root path options [tags…] - type source options.
bool parseMount(const std::string &line, Mount &mount)
{
    std::istringstream words(line);
    std::string id, parent, root, options, word;
    if (!(words >> id >> parent >> mount.device >> root >> mount.path >> options))
        return false;
    while (words >> word && word != "-") {
    }
    if (!(words >> mount.type >> mount.source))
        return false;
    mount.path = unescaped(mount.path);
    return true;
}

} // namespace

std::string hostName()
{
    utsname names{};
    return uname(&names) == 0 ? names.nodename : "";
}

std::string cpuModel()
{
    for (const char *key : {"model name", "Model", "Hardware", "cpu model"}) {
        if (std::string value = cpuinfoValue(key); !value.empty())
            return value;
    }
    return {};
}

uint32_t logicalCores()
{
    cpu_set_t set;
    CPU_ZERO(&set);
    if (sched_getaffinity(0, sizeof(set), &set) == 0 && CPU_COUNT(&set) > 0)
        return static_cast<uint32_t>(CPU_COUNT(&set));
    const long online = sysconf(_SC_NPROCESSORS_ONLN);
    return online > 0 ? static_cast<uint32_t>(online) : 1;
}

std::vector<std::string> mountPoints(const std::string &mountinfo)
{
    // One per source: a bind mount and a subvolume show the same space again. The shortest path is the one people know.
    std::map<std::string, std::string> shortest;
    std::istringstream lines(mountinfo);
    for (std::string line; std::getline(lines, line);) {
        Mount mount;
        if (!parseMount(line, mount) || !holdsFiles(mount.type))
            continue;
        const bool named = mount.source.find('/') != std::string::npos;
        std::string &path = shortest[named ? mount.source : mount.device];
        if (path.empty() || mount.path.size() < path.size())
            path = mount.path;
    }
    std::vector<std::string> paths;
    for (const auto &[source, path] : shortest)
        paths.push_back(path);
    std::sort(paths.begin(), paths.end());
    return paths;
}

std::vector<Disk> disks()
{
    std::vector<Disk> found;
    std::vector<std::string> paths = mountPoints(readSmallFile("/proc/self/mountinfo"));
    // Inside a chroot the root need not be a mount that is listed; files lie there all the same.
    if (paths.empty())
        paths.push_back("/");
    for (const std::string &path : paths) {
        struct stat status{};
        struct statvfs space{};
        if (stat(path.c_str(), &status) != 0 || !S_ISDIR(status.st_mode) || statvfs(path.c_str(), &space) != 0 || space.f_blocks == 0)
            continue;
        Disk disk;
        disk.mount = path;
        disk.total = Bytes{space.f_frsize} * space.f_blocks;
        disk.free = Bytes{space.f_frsize} * space.f_bavail;
        found.push_back(std::move(disk));
    }
    return found;
}

Bandwidth directReadSpeed(const std::string &file)
{
    using Clock = std::chrono::steady_clock;
    constexpr size_t block = 1u << 20, alignment = 4096;
    constexpr uint64_t most = 64 * block, least = 2 * block;
    const int descriptor = open(file.c_str(), O_RDONLY | O_DIRECT | O_CLOEXEC);
    if (descriptor < 0)
        return {};
    const std::unique_ptr<void, decltype(&std::free)> buffer(std::aligned_alloc(alignment, block), &std::free);
    uint64_t bytes = 0;
    const Clock::time_point begin = Clock::now();
    Clock::duration spent{};
    while (buffer && bytes < most && spent < std::chrono::milliseconds(100)) {
        const ssize_t got = read(descriptor, buffer.get(), block);
        if (got <= 0)
            break;
        bytes += static_cast<uint64_t>(got);
        spent = Clock::now() - begin;
    }
    close(descriptor);
    const double seconds = std::chrono::duration<double>(spent).count();
    return bytes >= least && seconds > 0 ? Bandwidth{static_cast<double>(bytes) / seconds} : Bandwidth{};
}

std::string cacheFolder()
{
    const char *const cache = std::getenv("XDG_CACHE_HOME");
    if (cache && *cache == '/')
        return std::string(cache) + "/plimsoll";
    const char *const home = std::getenv("HOME");
    return home && *home == '/' ? std::string(home) + "/.cache/plimsoll" : std::string();
}

uint64_t processNumber()
{
    return static_cast<uint64_t>(getpid());
}

std::string processName(uint64_t pid)
{
    return trimmed(readSmallFile("/proc/" + std::to_string(pid) + "/comm"));
}

std::string programPath()
{
    std::array<char, PATH_MAX> path{};
    const ssize_t length = readlink("/proc/self/exe", path.data(), path.size() - 1);
    return length > 0 ? std::string(path.data(), static_cast<size_t>(length)) : std::string();
}

} // namespace plimsoll::engine

#endif
