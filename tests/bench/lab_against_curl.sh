#!/bin/sh
# SPDX-FileCopyrightText: The Freshet developers
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Holds the figures of `freshet-cli lab` against those of `curl -w`, round by round beside each other,
# for every format and coding of the demo server; where nginx and openssl are installed, over TLS with
# HTTP/1.1 and HTTP/2 too.
#
#   tests/bench/lab_against_curl.sh FRESHET_CLI [ROWS [ROUNDS [RATE [DELAY]]]]
#
# RATE: rows per second that the server sends at most; 0 for as fast as it goes, where curl, which
# throws the bytes away, is faster than anything that reads them. DELAY: milliseconds that it waits
# before it answers. Compared are the same moments: the
# first byte of the answer's head (time_starttransfer, "answer begins"), the last byte on the wire
# (time_total, "last byte") and the bytes of the body (size_download, "on the wire"). Output: medians,
# how far they lie apart, and how many are within 5 % or, for times, within half a millisecond.
set -eu

cli=$1
rows=${2:-1000000}
rounds=${3:-5}
rate=${4:-0}
delay=${5:-0}
formats='json ndjson csv sse msgpack cbor'
codings='identity gzip zstd br'

folder=$(mktemp -d)
servers=
trap 'kill $servers 2> /dev/null; rm -rf "$folder"' EXIT

: > "$folder/origins" # the loop below may look before the server has made it
"$cli" demo > "$folder/origins" &
servers=$!
while [ "$(wc -l < "$folder/origins")" -lt 1 ]; do sleep 0.1; done
origin=$(head -n 1 "$folder/origins")
query="/api/users?rows=$rows&delay=$delay"
[ "$rate" -eq 0 ] || query="$query&rate=$rate"

accept() { # FORMAT: as the lab asks for it
    case $1 in
    json) echo application/json ;;
    ndjson) echo application/x-ndjson ;;
    csv) echo text/csv ;;
    sse) echo text/event-stream ;;
    msgpack) echo application/msgpack ;;
    cbor) echo application/cbor-seq ;;
    esac
}

# nginx with TLS before the demo server; sets `secure` to its origin.
start_nginx() {
    secure=
    nginx=$(PATH="$PATH:/usr/sbin" command -v nginx) || return 0
    command -v openssl > /dev/null || return 0
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=127.0.0.1 \
        -addext subjectAltName=IP:127.0.0.1 -keyout "$folder/key.pem" -out "$folder/certificate.pem" \
        2> /dev/null
    for port in 28443 38443 48443; do
        cat > "$folder/nginx.conf" << END
daemon off; master_process off; pid $folder/nginx.pid; error_log $folder/error.log;
events { worker_connections 64; }
http {
    access_log off; client_body_temp_path $folder/body; proxy_temp_path $folder/proxy;
    fastcgi_temp_path $folder/fastcgi; uwsgi_temp_path $folder/uwsgi; scgi_temp_path $folder/scgi;
    server {
        listen 127.0.0.1:$port ssl http2;
        ssl_certificate $folder/certificate.pem; ssl_certificate_key $folder/key.pem;
        location / { proxy_pass $origin; proxy_http_version 1.1; proxy_buffering off; }
    }
}
END
        "$nginx" -p "$folder" -e "$folder/error.log" -c "$folder/nginx.conf" 2> /dev/null &
        pid=$!
        servers="$servers $pid"
        # It writes its file when it has the port, and tries for some seconds to get it.
        tries=0
        while [ ! -s "$folder/nginx.pid" ] && [ "$tries" -lt 40 ]; do
            tries=$((tries + 1))
            sleep 0.1
        done
        if [ -s "$folder/nginx.pid" ]; then
            secure=https://127.0.0.1:$port
            return 0
        fi
    done
}

# One request by curl: adds "start total size" to the file of the variant.
by_curl() { # VARIANT URL FORMAT CODING CURL_OPTIONS…
    name=$1 url=$2 type=$(accept "$3") coding=$4
    shift 4
    curl -s -S -o /dev/null -H "Accept: $type" -H "Accept-Encoding: $coding" "$@" \
        -w '%{time_starttransfer} %{time_total} %{size_download}\n' "$url" >> "$folder/curl.$name"
}

# One round of the lab: adds a line to the file of each variant, in the order in which the lab lists
# them, which is formats, then codings, then versions.
by_lab() { # PREFIX URL FORMATS CODINGS LAB_OPTIONS…
    prefix=$1 url=$2 f=$(echo "$3" | tr ' ' ,) c=$(echo "$4" | tr ' ' ,)
    shift 4
    "$cli" lab x="$url" --formats "$f" --encodings "$c" "$@" --runs 1 --warm-up --discard --quiet \
        --library "$folder/library" --report "$folder/lab.csv"
    awk -F, -v out="$folder/lab.$prefix" '
        { sub("\r$", ""); gsub(/"[^"]*"/, "quoted") }
        NR == 1 { for (i = 1; i <= NF; ++i) at[$i] = i; next }
        $(at["warm_up"]) == "false" {
            print $(at["answer_began_s"]), $(at["last_byte_s"]), $(at["wire_bytes"]) >> (out n++) }' \
        "$folder/lab.csv"
}

start_nginx
[ -n "$secure" ] || echo "nginx or openssl is not installed: HTTP/1.1 without TLS only"
round=0
while [ "$round" -lt "$rounds" ]; do
    number=0
    for format in $formats; do
        for coding in $codings; do
            by_curl "plain$number" "$origin$query" "$format" "$coding"
            echo "$format, $coding" > "$folder/name.plain$number"
            number=$((number + 1))
        done
    done
    by_lab plain "$origin$query" "$formats" "$codings"
    if [ -n "$secure" ]; then
        number=0
        for format in json ndjson; do
            for coding in identity gzip; do
                for version in 1.1 2; do
                    by_curl "tls$number" "$secure$query" "$format" "$coding" \
                        --cacert "$folder/certificate.pem" "--http$version"
                    echo "$format, $coding, TLS, HTTP/$version" > "$folder/name.tls$number"
                    number=$((number + 1))
                done
            done
        done
        by_lab tls "$secure$query" 'json ndjson' 'identity gzip' --http 1.1,2 \
            --cacert "$folder/certificate.pem"
    fi
    round=$((round + 1))
done

median() { # FILE FIELD
    awk -v at="$2" '{ print $at }' "$1" | sort -g |
        awk '{ v[NR] = $1 } END { print (v[int((NR + 1) / 2)] + v[int(NR / 2) + 1]) / 2 }'
}

echo "$rows rows, $rounds rounds, rate $rate, delay $delay ms; medians: curl, lab, apart"
for file in "$folder"/name.*; do
    id=${file##*/name.}
    echo "$id|$(cat "$file")|$(median "$folder/curl.$id" 1) $(median "$folder/lab.$id" 1)" \
        "$(median "$folder/curl.$id" 2) $(median "$folder/lab.$id" 2)" \
        "$(median "$folder/curl.$id" 3) $(median "$folder/lab.$id" 3)"
done | sort -V | awk -F'|' '
    function cell(theirs, ours, isTime) {
        apart = theirs == 0 ? 0 : (ours / theirs - 1) * 100
        good = apart <= 5 && apart >= -5
        close_by = isTime && ours - theirs <= 0.0005 && theirs - ours <= 0.0005
        all += 1; within += good || close_by
        return sprintf(isTime ? "%9.4f %9.4f %+6.1f %%%s" : "%11.0f %11.0f %+5.1f %%%s", theirs, ours, \
                       apart, good ? " " : close_by ? "·" : "!")
    }
    BEGIN { printf "%-34s %-28s  %-28s  %s\n", "", "answer begins (s)", "last byte (s)", "bytes of the body" }
    { split($3, v, " "); printf "%-34s %s  %s  %s\n", $2, cell(v[1], v[2], 1), cell(v[3], v[4], 1), \
                                cell(v[5], v[6], 0) }
    END { print within " of " all " within 5 %, or of times within 0.5 ms (·)" }'
