#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The tool's own checks: selftest.sh PATH_OF_PLIMSOLL_ENGINE
set -eu
"$1" selftest
"$1" selftest --json | grep -q '"passed": true'
