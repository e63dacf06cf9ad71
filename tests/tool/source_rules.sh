#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Rules of the sources that no compiler checks: each file names its licence in its first line, core and engine know no Qt, core knows no
# CUDA, the engine no QCustomPlot, and a room reaches another only by name, never by "../room/".
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

failures=0
fail() {
  printf '%s\n' "$*" >&2
  failures=$((failures + 1))
}

sources_of() { find "$@" -type f \( -name '*.h' -o -name '*.cpp' -o -name '*.cu' -o -name '*.cuh' \) | sort; }

# licence LICENCE FOLDER...
licence() {
  local file wanted=$1
  shift
  while read -r file; do
    head -1 "$file" | grep -qxE "// SPDX-License-Identifier: ($wanted)" || fail "$file: first line does not say $wanted"
  done < <(sources_of "$@")
}

# absent PATTERN WHY FOLDER...
absent() {
  local hit pattern=$1 why=$2
  shift 2
  while read -r hit; do
    fail "$hit: $why"
  done < <(sources_of "$@" | xargs grep -nE "$pattern" || true)
}

licence Apache-2.0 core engine tests/core tests/engine tests/fuzz
licence 'Apache-2.0|GPL-3.0-or-later' tests/support
licence GPL-3.0-or-later app tests/app
absent '^ *# *include *[<"]Q' 'includes Qt' core engine
absent '^ *# *include *[<"](qcustomplot|cuda)' 'includes CUDA or QCustomPlot' core
absent '^ *# *include *[<"]qcustomplot' 'includes QCustomPlot outside app/charts' engine
absent '^ *# *include *[<"]\.\./.*/' 'includes another room by its place' core engine
absent '^ *# *include *[<"]plimsoll/engine' 'core includes the engine' core
absent '^ *# *include *[<"]plimsoll/engine' 'app includes the engine' app

while read -r file; do
  lines=$(wc -l < "$file")
  [ "$lines" -le 600 ] || fail "$file: $lines lines"
done < <(sources_of core engine app)

[ "$failures" -eq 0 ] || exit 1
echo "source rules hold"
