// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <plimsoll/machine/machine.h>

#include <cstdint>
#include <string>
#include <vector>

/// What only the operating system knows; the calls stand in os_host_*.cpp. Empty where it does not tell.
namespace plimsoll::engine {

std::string hostName();
std::string cpuModel();
uint32_t logicalCores();   // this process may use; at least 1

/// Local file systems that hold files, one entry each however often it is mounted, in the order of their paths. Network mounts are
/// left out: asking after a server that is gone would hang.
std::vector<Disk> disks();

/// The parser of disks(), apart so that it can be tested: paths to ask about, from the text of /proc/self/mountinfo.
std::vector<std::string> mountPoints(const std::string &mountinfo);

/// How fast the disk under `file` reads, past the page cache: its first 64 MiB at most, for a tenth of a second at most. Unknown where the
/// file is shorter than 2 MiB or its file system reads only through the cache.
Bandwidth directReadSpeed(const std::string &file);

/// Where this user's programs keep what can be had again, with this program's name behind; empty where the system has no such place.
std::string cacheFolder();
uint64_t processNumber();   // of this process

/// Short name of a process of this machine; empty where there is none or it is not ours to see.
std::string processName(uint64_t pid);

} // namespace plimsoll::engine
