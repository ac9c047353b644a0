#!/bin/sh
# SPDX-FileCopyrightText: The Freshet developers
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Holds the figures of `freshet-cli lab` against those of curl, run by run beside each other.
#
#   tests/bench/lab_against_curl.sh FRESHET_CLI URL [RUNS]
#
# Prints the medians of both: first byte, last byte against curl's total, bytes on the wire. curl's
# "start transfer" is the first byte of the head, ours the first of the body.
set -eu

cli=$1
url=$2
runs=${3:-5}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

column() { # FILE NAME: the values of a CSV column, warm-ups aside
    awk -F, -v name="$2" '{ sub("\r$", "") } NR == 1 { for (i = 1; i <= NF; ++i) { if ($i == name) at = i; if ($i == "warm_up") warm = i }; next }
                          $warm != "true" { print $at }' "$1"
}
median() { sort -g | awk '{ v[NR] = $1 } END { print (v[int((NR + 1) / 2)] + v[int(NR / 2) + 1]) / 2 }'; }

run=0
while [ "$run" -lt "$runs" ]; do
    curl -s -o /dev/null -H 'Accept: application/x-ndjson' -H 'Accept-Encoding: identity' \
        -w '%{time_starttransfer} %{time_total} %{size_download}\n' "$url" >> "$folder/curl"
    "$cli" lab one="$url" --formats ndjson --encodings identity --runs 1 --warm-up --discard --quiet \
        --library "$folder/library" --report "$folder/lab.csv"
    for name in first_byte_s last_row_s total_s wire_bytes; do
        column "$folder/lab.csv" "$name" >> "$folder/$name"
    done
    run=$((run + 1))
done

compare() { # TITLE CURL_FIELD LAB_FILE
    theirs=$(awk -v at="$2" '{ print $at }' "$folder/curl" | median)
    ours=$(median < "$folder/$3")
    awk -v title="$1" -v theirs="$theirs" -v ours="$ours" 'BEGIN {
        printf "%-28s curl %12g  lab %12g  %+.1f %%\n", title, theirs, ours, (ours / theirs - 1) * 100 }'
}
echo "medians of $runs runs each of $url"
compare "first byte (s)" 1 first_byte_s
compare "total against last row (s)" 2 last_row_s
compare "total against verdict (s)" 2 total_s
compare "bytes" 3 wire_bytes
