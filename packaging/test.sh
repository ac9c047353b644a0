#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Freshet developers
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Sets up, builds the preset `dev` (warnings are errors) and runs every test.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

"$root/packaging/setup.sh"
cd "$root"
cmake --preset dev
cmake --build --preset dev
ctest --preset dev "$@"
