#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Registers of every kernel of the CUDA backend on each architecture, and what it spills, as ptxas tells it; a table:
#     kernel_resources.sh BUILD_FOLDER [ARCHITECTURE...]
# BUILD_FOLDER is configured (its rooms/ are needed). Without architectures: all that releases carry. "64!8" is 64 registers and 8 bytes
# spilled. Fails where nvcc warns, and where a kernel spills.
set -euo pipefail

build=$(realpath "$1")
shift
plugin=$(realpath "$(dirname "${BASH_SOURCE[0]}")/../../engine/cuda/plugin")
architectures=("$@")
if [ $# -eq 0 ]; then
  read -ra architectures < <(sed -nE 's/.*set\(CMAKE_CUDA_ARCHITECTURES ([0-9]+ [0-9 ]+) CACHE.*/\1/p' "$plugin/CMakeLists.txt")
fi
nvcc=${NVCC:-$(command -v nvcc || echo /usr/local/cuda/bin/nvcc)}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

options=(-std=c++20 --expt-relaxed-constexpr -Xcompiler=-Wall,-Wextra -O3 -DPLIMSOLL_VERSION='"0"' -Xptxas -v)
for room in "$build"/rooms/*; do
  options+=(-I "$room")
done
for source in "$plugin"/*.cu; do
  for architecture in "${architectures[@]}"; do
    "$nvcc" "${options[@]}" -arch="sm_$architecture" -cubin -o "$work/cubin" "$source" 2> "$work/log" || { cat "$work/log" >&2; exit 1; }
    cat "$work/log" >> "$work/all"
  done
done
if grep -E 'warning' "$work/all" >&2; then exit 1; fi

# "Compiling entry function 'NAME' for 'sm_90'" … "N bytes spill stores" … "Used N registers"
awk -v list="${architectures[*]}" '
  /Compiling entry function/ { split($0, part, "\047"); name = part[2]; sm = substr(part[4], 4); spilled = 0; next }
  name && /spill stores/ { match($0, /[0-9]+ bytes spill stores/); spilled += substr($0, RSTART, RLENGTH - 19) }
  name && /Used [0-9]+ registers/ {
    match($0, /Used [0-9]+/)
    cell[name, sm] = substr($0, RSTART + 5, RLENGTH - 5) (spilled ? "!" spilled : "")
    kernels[name]
    name = ""
  }
  END {
    count = split(list, sms, " ")
    for (name in kernels) {
      for (i = 1; i <= count; ++i)
        printf "%7s", cell[name, sms[i]]
      printf "  %s\n", name
    }
  }' "$work/all" > "$work/table"
printf '%7s' "${architectures[@]}"
printf '  kernel\n'
filter=cat
if command -v c++filt > /dev/null; then filter=c++filt; fi
# Names without their parameters and name spaces.
"$filter" < "$work/table" | sed -E 's/plimsoll::engine::(cuda::)?//g; s/\(anonymous namespace\):://g; s/  void /  /; s/\(.*//' |
  sort -k $((${#architectures[@]} + 1))
if grep -q '!' "$work/table"; then
  echo "kernels spill" >&2
  exit 1
fi
