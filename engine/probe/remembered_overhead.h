// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <plimsoll/machine/machine.h>

#include <optional>
#include <string>

/// What context, modules and libraries took on a GPU when a model ran there: kept in a file between runs, for the planner, until driver or
/// program change. The file is nobody's contract: what is wrong in it is as if it were not there.
namespace plimsoll::engine {

/// `overhead.json` in the program's cache folder; empty where there is none.
std::string overheadFile();

/// Of a GPU with this name under this driver, measured by this build of the program; nothing where none is remembered. Amounts that no
/// driver takes do not count.
std::optional<Bytes> rememberedOverhead(const std::string &file, const Gpu &gpu);

/// Instead of what was remembered of the same. Nothing where name or driver are unknown, or the file cannot be written: it is a memory, and
/// the next measurement comes.
void rememberOverhead(const std::string &file, const Gpu &gpu, Bytes overhead);

} // namespace plimsoll::engine
