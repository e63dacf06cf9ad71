# SPDX-License-Identifier: Apache-2.0
# Sourced by run.sh, test.sh and .ci/run: what they share. Sets `root`, and goes there.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

build_packages=(
  build-essential cmake ninja-build ccache pkg-config
  qt6-base-dev qt6-tools-dev qt6-l10n-tools qt6-translations-l10n qt6-qpa-plugins libqt6svg6-dev libqcustomplot-dev
  nlohmann-json3-dev libcpp-httplib-dev libcli11-dev libsimde-dev
  fonts-noto-core fonts-noto-cjk
)

say() { printf 'plimsoll: %s\n' "$*" >&2; }

as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

apt_install() {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"
}

# Installs those of the named Debian packages that are missing.
ensure_packages() {
  local package missing=()
  if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    say "this is not a Debian system: packages that correspond to these must be there: $*"
    return 0
  fi
  for package in "$@"; do
    dpkg-query -W -f='${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
  done
  if [ "${#missing[@]}" -eq 0 ]; then
    return 0
  fi
  if [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null; then
    say "missing packages, and no sudo to install them: apt-get install ${missing[*]}"
    return 1
  fi
  say "installing ${missing[*]}"
  # Lists that are absent or old name packages that cannot be fetched: only then they are renewed.
  if ! apt-cache show --no-all-versions "${missing[@]}" >/dev/null 2>&1 || ! apt_install "${missing[@]}"; then
    as_root apt-get update
    apt_install "${missing[@]}"
  fi
}

# The compute capabilities of the GPUs that are here ("89;90"), or the one for development.
cuda_architectures() {
  local found=
  if command -v nvidia-smi >/dev/null; then
    found=$(nvidia-smi --query-gpu=compute_cap --format=csv,noheader 2>/dev/null | tr -d '. ' | grep -E '^[0-9]+$' | sort -u | paste -sd ';') || true
  fi
  printf '%s' "${found:-90}"
}

find_nvcc() {
  command -v nvcc || { [ -x /usr/local/cuda/bin/nvcc ] && printf '%s\n' /usr/local/cuda/bin/nvcc; }
}

# Chooses the preset, configures, and builds the targets that are named (all when none is). Sets `build`.
build_dev() {
  local preset=dev options=() targets=() nvcc
  if nvcc=$(find_nvcc); then
    preset=cuda
    options=("-DCMAKE_CUDA_COMPILER=$nvcc" "-DCMAKE_CUDA_ARCHITECTURES=$(cuda_architectures)")
  else
    say "no nvcc here: built without GPU support; for NVIDIA GPUs install the CUDA toolkit (cuda-toolkit from NVIDIA's repository) and start again"
  fi
  if [ "$#" -gt 0 ]; then
    targets=(--target "$@")
  fi
  cmake --preset "$preset" "${options[@]}"
  cmake --build --preset "$preset" "${targets[@]}"
  build=$root/build/$preset
}
