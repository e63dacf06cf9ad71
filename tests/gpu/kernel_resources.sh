#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Registers, spilled bytes and static shared memory of every kernel of the CUDA backend, as ptxas tells them for one architecture:
#     kernel_resources.sh BUILD_FOLDER [ARCHITECTURE]
# BUILD_FOLDER is configured (its rooms/ are needed). Fails where a kernel spills.
set -euo pipefail

build=$(realpath "$1")
architecture=${2:-90}
plugin=$(realpath "$(dirname "${BASH_SOURCE[0]}")/../../engine/cuda/plugin")
nvcc=${NVCC:-$(command -v nvcc || echo /usr/local/cuda/bin/nvcc)}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

includes=()
for room in "$build"/rooms/*; do
  includes+=(-I "$room")
done
for source in "$plugin"/*.cu; do
  "$nvcc" -std=c++20 --expt-relaxed-constexpr -arch="sm_$architecture" -O3 -DPLIMSOLL_VERSION='"0"' -Xptxas -v "${includes[@]}" \
    -cubin -o "$work/cubin" "$source" 2> "$work/log" || { cat "$work/log" >&2; exit 1; }
  cat "$work/log" >> "$work/all"
done

# "Compiling entry function 'NAME'" … "N bytes spill stores" … "Used N registers, … N bytes smem"
awk '
  /Compiling entry function/ { split($0, part, "\047"); name = part[2]; next }
  name && /spill stores/ { for (i = 1; i <= NF; ++i) if ($i == "spill") { spills[name] = $(i - 2); break } }
  name && /Used [0-9]+ registers/ {
    match($0, /Used [0-9]+/); registers = substr($0, RSTART + 5, RLENGTH - 5)
    shared = match($0, /[0-9]+ bytes smem/) ? substr($0, RSTART, RLENGTH - 11) : 0
    printf "%4d %6d %6d %s\n", registers, spills[name], shared, name
    name = ""
  }' "$work/all" | sort -rn > "$work/table"
printf 'regs  spill shared kernel (sm_%s)\n' "$architecture"
if command -v c++filt > /dev/null; then c++filt < "$work/table"; else cat "$work/table"; fi
awk '$2 > 0 { bad = 1 } END { exit bad }' "$work/table" || { echo "kernels spill" >&2; exit 1; }
