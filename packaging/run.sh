#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Freshet developers
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Sets up, builds and starts Freshet: packaging/run.sh [URL|FILE]
# Without an argument the window downloads a million rows from its embedded demo server. Where there
# is no display, the same window runs offscreen, saves the rows and a screenshot, and says where.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
source_argument=${1:-}

# A path means what it meant where the command was given.
[ -n "$source_argument" ] && [ -e "$source_argument" ] && source_argument=$(realpath "$source_argument")

"$root/packaging/setup.sh"
cd "$root"
cmake --preset release >/dev/null
cmake --build --preset release

what=(--demo)
name=users
if [ -n "$source_argument" ]; then
    what=("$source_argument")
    name=data
fi

if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
    exec build/release/bin/freshet "${what[@]}"
fi

out=$root/build/run
mkdir -p "$out"
export QT_QPA_PLATFORM=offscreen
exec build/release/bin/freshet "${what[@]}" --library "$out/library" --exit-when-done \
    --save "$out/$name.parquet" --save "$out/$name.csv" --screenshot "$out/$name.png"
