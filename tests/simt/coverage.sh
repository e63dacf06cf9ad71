#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# How many lines of the CUDA backend its tests run, without a GPU: builds the preset "coverage", runs the tests, and lists the files with
# the lines that none of them reached. Fails where a test does, and below 90 %. Left out are cublas_library.cpp, which opens the real
# cuBLAS, and the tests that take long and reach nothing that these do not: all families once more, logits of another engine, selftest.
set -euo pipefail

root=$(realpath "$(dirname "${BASH_SOURCE[0]}")/../..")
build=$root/build/coverage
cd "$root"
export CCACHE_BASEDIR=$root CCACHE_NOHASHDIR=1 QT_QPA_PLATFORM=offscreen
cmake --preset coverage
cmake --build --preset coverage --target tst_cuda_kernels tst_cuda_loading tst_cuda_placements tst_cuda_plugin
find "$build" -name '*.gcda' -delete
ctest --preset coverage --parallel "$(nproc)" --no-tests=error
gcovr --root "$root" --filter "$root/engine/cuda/" --fail-under-line 90 "$build"
