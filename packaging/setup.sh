#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Freshet developers
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Installs everything that building, running and testing Freshet needs on Debian 12. Safe to repeat;
# says nothing when nothing is to do, and one sentence when something is wrong.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

stop() {
    printf 'setup: %s\n' "$*" >&2
    exit 1
}

build_packages=(
    build-essential cmake ninja-build pkg-config ccache mold git ca-certificates
    qt6-base-dev qt6-svg-dev qt6-charts-dev libqt6opengl6-dev libqt6sql6-sqlite qt6-websockets-dev
    libcurl4-openssl-dev libssl-dev libexpected-dev libsimdjson-dev
    libisal-dev libzstd-dev libbrotli-dev liblz4-dev zlib1g-dev libzip-dev
    libflatbuffers-dev flatbuffers-compiler flatbuffers-compiler-dev
    libprotobuf-dev libprotoc-dev protobuf-compiler libgrpc++-dev protobuf-compiler-grpc
    libxxhash-dev libpq-dev
    libcpp-httplib-dev
    fonts-inter fonts-dejavu-core
)
test_packages=(nginx-light postgresql-15 openssh-server openssh-client openssl zstd brotli lz4 gzip zip curl)

require_debian_12() {
    local id="" version=""
    if [ -r /etc/os-release ]; then
        id=$(. /etc/os-release && printf '%s' "${ID:-}")
        version=$(. /etc/os-release && printf '%s' "${VERSION_ID:-}")
    fi
    [ "$id" = debian ] && [ "$version" = 12 ] ||
        stop "this system is \"${id:-unknown} $version\"; Freshet is set up for Debian 12. The packages it needs are listed in packaging/setup.sh."
}

is_installed() {
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

missing_packages() {
    local package
    for package in "${build_packages[@]}" "${test_packages[@]}"; do
        is_installed "$package" || printf '%s\n' "$package"
    done
    # A Node.js from elsewhere brings its own npm, which Debian's package would clash with.
    command -v npm >/dev/null || printf '%s\n' nodejs npm
}

require_space() {
    local need_mib=$1 folder=$2 free_mib
    free_mib=$(df -Pm "$folder" | awk 'NR == 2 {print $4}')
    [ "${free_mib:-0}" -ge "$need_mib" ] ||
        stop "$folder has $free_mib MiB free, and $need_mib MiB are needed; make room and run this again."
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        env DEBIAN_FRONTEND=noninteractive "$@"
    else
        sudo env DEBIAN_FRONTEND=noninteractive "$@"
    fi
}

# Debian's PostgreSQL brings a server that starts by itself; the tests start their own.
without_a_cluster() {
    local note=/etc/postgresql-common/createcluster.d/freshet.conf
    [ ! -d /var/lib/postgresql ] || { "$@"; return; }
    as_root mkdir -p "${note%/*}"
    as_root sh -c "echo 'create_main_cluster = false' >$note"
    "$@" || { as_root rm -f "$note"; return 1; }
    as_root rm -f "$note"
}

install_packages() {
    local missing log
    mapfile -t missing < <(missing_packages)
    [ "${#missing[@]}" -gt 0 ] || return 0
    [ "$(id -u)" = 0 ] || command -v sudo >/dev/null ||
        stop "installing ${missing[*]} needs root; run this as root or install sudo."
    require_space 3000 /usr
    printf 'setup: installing %d packages: %s\n' "${#missing[@]}" "${missing[*]}"
    log=$(mktemp)
    if ! as_root apt-get update -q >"$log" 2>&1; then
        stop "apt-get update failed, is the network there? $(grep -m1 -E '^(E|Err|W):' "$log" || tail -n 1 "$log") (all of it in $log)"
    fi
    if ! without_a_cluster as_root apt-get install -y -q --no-install-recommends \
        "${missing[@]}" >"$log" 2>&1; then
        stop "apt-get install failed: $(grep -m1 '^E:' "$log" || tail -n 1 "$log") (all of it in $log)"
    fi
    rm -f "$log"
    # The tests start a server of their own; this machine is not to become one.
    if [[ " ${missing[*]} " == *" openssh-server "* ]] && [ -d /run/systemd/system ]; then
        as_root systemctl disable --now ssh >/dev/null 2>&1 || true
    fi
}

# Programs that the tests talk to and read our files with; pinned by package-lock.json.
install_node_modules() {
    local folder=$root/tests/interop/node log
    [ -f "$folder/package-lock.json" ] || return 0
    cmp -s "$folder/package-lock.json" "$folder/node_modules/.installed-lock" && return 0
    log=$(mktemp)
    (cd "$folder" && npm ci --ignore-scripts --no-audit --no-fund) >"$log" 2>&1 ||
        stop "npm ci failed in tests/interop/node, is the network there? $(grep -m1 -i 'error' "$log") (all of it in $log)"
    cp "$folder/package-lock.json" "$folder/node_modules/.installed-lock"
    rm -f "$log"
}

require_debian_12
install_packages
require_space 500 "$root"
"$root/packaging/duckdb.sh"
install_node_modules
