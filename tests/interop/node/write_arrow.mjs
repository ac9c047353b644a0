// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Write an Arrow file with apache-arrow, uncompressed, for Freshet to read.
// Usage: node write_arrow.mjs KIND FILE
import { writeFileSync } from 'node:fs';
import * as arrow from 'apache-arrow';

const { vectorFromArray } = arrow;

function raw(type, data) {
    return arrow.makeVector(arrow.makeData({ type, length: data.length, nullCount: 0, data }));
}

const micros = 1_700_000_000_123_456n;
const kinds = {
    numbers: () => ({
        int8: vectorFromArray([-128, null, 127], new arrow.Int8()),
        int16: vectorFromArray([-32768, null, 32767], new arrow.Int16()),
        int32: vectorFromArray([-2147483648, null, 2147483647], new arrow.Int32()),
        int64: vectorFromArray([-9223372036854775808n, null, 9223372036854775807n], new arrow.Int64()),
        uint8: vectorFromArray([0, null, 255], new arrow.Uint8()),
        uint16: vectorFromArray([0, null, 65535], new arrow.Uint16()),
        uint32: vectorFromArray([0, null, 4294967295], new arrow.Uint32()),
        uint64: vectorFromArray([0n, null, 18446744073709551615n], new arrow.Uint64()),
        float16: raw(new arrow.Float16(), new Uint16Array([0x3e00, 0x8001, 0x7bff])),
        float32: vectorFromArray([0.5, null, -3.25], new arrow.Float32()),
        float64: vectorFromArray([0.1, null, 5e-324], new arrow.Float64()),
        bool: vectorFromArray([true, null, false], new arrow.Bool()),
        nothing: vectorFromArray([null, null, null], new arrow.Null()),
    }),
    times: () => ({
        day: raw(new arrow.DateDay(), new Int32Array([-1, 19675])),
        day_ms: raw(new arrow.DateMillisecond(), new BigInt64Array([-86400000n, 1699920000000n])),
        time_s: raw(new arrow.TimeSecond(), new Int32Array([0, 86399])),
        time_ms: raw(new arrow.TimeMillisecond(), new Int32Array([1, 86399999])),
        time_us: raw(new arrow.TimeMicrosecond(), new BigInt64Array([1n, 86399999999n])),
        time_ns: raw(new arrow.TimeNanosecond(), new BigInt64Array([1000n, 86399999999000n])),
        ts_s: raw(new arrow.TimestampSecond(), new BigInt64Array([-1n, 1700000000n])),
        ts_ms: raw(new arrow.TimestampMillisecond('UTC'), new BigInt64Array([-1n, 1700000000123n])),
        ts_us: raw(new arrow.TimestampMicrosecond('Europe/Paris'), new BigInt64Array([-1n, micros])),
        ts_ns: raw(new arrow.TimestampNanosecond(), new BigInt64Array([-1000n, micros * 1000n])),
        fine_ns: raw(new arrow.TimestampNanosecond(), new BigInt64Array([-1n, micros * 1000n + 7n])),
    }),
    texts: () => ({
        utf8: vectorFromArray(['', null, 'naïve 数据'], new arrow.Utf8()),
        large_utf8: vectorFromArray(['', null, 'naïve 数据'], new arrow.LargeUtf8()),
        binary: vectorFromArray([new Uint8Array([0, 255]), null, new Uint8Array()], new arrow.Binary()),
        fixed: vectorFromArray([new Uint8Array([1, 2]), null, new Uint8Array([3, 4])],
            new arrow.FixedSizeBinary(2)),
    }),
    dictionary: () => ({ word: vectorFromArray(['a', 'b', 'a']) }),
    list: () => ({
        numbers: vectorFromArray([[1], [2, 3]], new arrow.List(new arrow.Field('item', new arrow.Int32()))),
    }),
};

const [kind, file] = process.argv.slice(2);
writeFileSync(file, arrow.tableToIPC(new arrow.Table(kinds[kind]()), 'file'));
