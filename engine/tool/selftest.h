// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <plimsoll/engine/model/backend.h>

#include <functional>
#include <string>
#include <vector>

/// Checks of the program on the machine it runs on, without any test framework: what a build without Qt is checked by, and what tells
/// whether a graphics card and its driver compute right.
namespace plimsoll::engine {

struct SelftestResult
{
    std::string name;
    bool passed = false;
    std::string detail;   // the figure that was judged, or what went wrong
};
using SelftestResults = std::vector<SelftestResult>;

/// Every block format: written, read back, and multiplied by the kernels of every instruction set, against the scalar reference in double.
void checkKernels(SelftestResults &results);

/// The GGUF reader on files cut short anywhere and on files with flipped bits: an error or a header, never a crash.
void checkBrokenFiles(SelftestResults &results);

/// Tiny models of random weights in a temporary folder, from the file to text: the prompt at once and token by token agree, greedy
/// text repeats, text goes to tokens and back.
void checkModels(SelftestResults &results);

/// A backend on the device that is looked at.
using BackendMaker = std::function<Result<std::unique_ptr<Backend>>()>;

/// Phases of a device, for weights in each of `formats` (empty: all it knows) and for few, some and many tokens, against the processor's
/// scalar kernels; each twice, to the bit.
void checkDevicePhases(const BackendMaker &make, const std::vector<GgmlType> &formats, SelftestResults &results);

/// Tiny models with every kind of block, wholly on the device against the processor, twice, to the bit; and that all memory comes back.
void checkDeviceModels(const BackendMaker &make, SelftestResults &results);

/// "error 1.2e-09, at most 1.0e-06"
std::string figure(double error, double bound);

/// Σ(a−b)² / Σa², with a the reference.
double normalizedError(const std::vector<double> &reference, const float *values);

} // namespace plimsoll::engine
