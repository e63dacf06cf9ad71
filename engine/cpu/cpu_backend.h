// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <plimsoll/engine/base/thread_pool.h>
#include <plimsoll/engine/model/backend.h>

#include <memory>
#include <string_view>
#include <vector>

namespace plimsoll::engine {

enum class InstructionSet { Scalar, Avx2, Avx512 };

/// What this processor and operating system can run, best first; Scalar is always last.
std::vector<InstructionSet> availableInstructionSets();
std::string_view name(InstructionSet set);

/// Integer operations per second (a product and a sum are two) of all threads of the pool, with nothing around; takes some tens of milliseconds.
double integerPeak(ThreadPool &pool, InstructionSet set);

/// Whether this backend can run a model of that shape. Errors: UnsupportedByEngine (the mixer, RoPE form, width or weight format).
Status cpuSupports(const ModelShape &shape);

/// Multiplies with the kernels of one instruction set on the threads of `pool`, which must outlive it.
std::unique_ptr<Backend> makeCpuBackend(ThreadPool &pool, InstructionSet set);

} // namespace plimsoll::engine
