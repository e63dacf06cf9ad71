#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds Plimsoll and starts its window; without a display, shows what fits this machine instead.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

ensure_packages "${build_packages[@]}"
build_dev plimsoll plimsoll-engine >&2

if [ -n "${DISPLAY:-}" ] || [ -n "${WAYLAND_DISPLAY:-}" ]; then
  exec "$build/bin/plimsoll" "$@"
fi
say "no display here: the fit check of this machine instead of the window"
exec "$build/bin/plimsoll-engine" fit "$@"
