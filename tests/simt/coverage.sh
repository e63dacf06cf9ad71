#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# How many lines of the CUDA backend its tests run, without a GPU: builds the preset "coverage", runs the tests, and lists the files with
# the lines that none of them reached. Fails where a test does, and below 90 %. Beside it stands only cublas_library.cpp, which opens the
# real cuBLAS.
set -euo pipefail

root=$(realpath "$(dirname "${BASH_SOURCE[0]}")/../..")
build=$root/build/coverage
cd "$root"
export CCACHE_BASEDIR=$root CCACHE_NOHASHDIR=1 QT_QPA_PLATFORM=offscreen
cmake --preset coverage
mapfile -t targets < <(cd tests/engine && printf '%s\n' tst_cuda_*.cpp | sed 's/\.cpp$//')
cmake --build --preset coverage --target "${targets[@]}"
find "$build" -name '*.gcda' -delete
ctest --preset coverage --parallel "$(nproc)" --no-tests=error
gcovr --root "$root" --filter "$root/engine/cuda/" --fail-under-line 90 "$build"
