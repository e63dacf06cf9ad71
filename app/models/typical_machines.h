// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <plimsoll/catalog/catalog.h>

#include <QString>

#include <vector>

namespace plimsoll::app {

/// A whole computer of a common kind, to be pretended.
struct TypicalMachine
{
    QString name;   // of its GPUs, "8 × H100": not translated
    Machine machine;
};

/// From one small card to servers. GPUs are the catalogue's; cores, RAM and their bandwidth are those of boards such GPUs are usually in,
/// rounded. Without those whose GPU is not in the catalogue.
std::vector<TypicalMachine> typicalMachines(const Catalog &catalog);

} // namespace plimsoll::app
