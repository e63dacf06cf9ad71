// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

/// Checks of the program on the machine it runs on, without any test framework: what a build without Qt is checked by.
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

/// Σ(a−b)² / Σa², with a the reference.
double normalizedError(const std::vector<double> &reference, const float *values);

} // namespace plimsoll::engine
