// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Write the three rows of tst_parquet_node.cpp with a Parquet writer that is not ours.
// Usage: node write_parquet.mjs hyparquet|parquet-wasm FILE
import { writeFileSync } from 'node:fs';
import * as arrow from 'apache-arrow';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { Compression, Table, WriterPropertiesBuilder, writeParquet } from 'parquet-wasm/node';

const ids = [9007199254740993n, -9223372036854775808n, null];
const totals = [18446744073709551615n, 0n, null];
const prices = [0.1, -0, null];
const names = ['Ada', '', null];
const flags = [true, false, null];
const days = [19675, -1, null]; // since 1970
const moments = [1_700_000_000_123n, -1n, null]; // milliseconds
const bytes = [new Uint8Array([0, 255]), new Uint8Array([]), null];

function byHyparquet() {
    const schema = [
        { name: 'root', num_children: 8 },
        { name: 'id', type: 'INT64', repetition_type: 'OPTIONAL' },
        { name: 'total', type: 'INT64', converted_type: 'UINT_64', repetition_type: 'OPTIONAL' },
        { name: 'price', type: 'DOUBLE', repetition_type: 'OPTIONAL' },
        { name: 'name', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
        { name: 'ok', type: 'BOOLEAN', repetition_type: 'OPTIONAL' },
        { name: 'day', type: 'INT32', converted_type: 'DATE', repetition_type: 'OPTIONAL' },
        { name: 'seen', type: 'INT64', converted_type: 'TIMESTAMP_MILLIS', logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' }, repetition_type: 'OPTIONAL' },
        { name: 'raw', type: 'BYTE_ARRAY', repetition_type: 'OPTIONAL' },
    ];
    const asDate = (milliseconds) => (milliseconds === null ? null : new Date(Number(milliseconds)));
    return new Uint8Array(parquetWriteBuffer({
        schema,
        columnData: [
            { name: 'id', data: ids },
            { name: 'total', data: totals },
            { name: 'price', data: prices },
            { name: 'name', data: names },
            { name: 'ok', data: flags },
            { name: 'day', data: days.map((day) => asDate(day === null ? null : day * 86_400_000)) },
            { name: 'seen', data: moments.map(asDate) },
            { name: 'raw', data: bytes },
        ],
    }));
}

function byParquetWasm() {
    const { vectorFromArray } = arrow;
    const table = new arrow.Table({
        id: vectorFromArray(ids, new arrow.Int64()),
        total: vectorFromArray(totals, new arrow.Uint64()),
        price: vectorFromArray(prices, new arrow.Float64()),
        name: vectorFromArray(names, new arrow.Utf8()),
        ok: vectorFromArray(flags, new arrow.Bool()),
        day: vectorFromArray(days.map((day) => (day === null ? null : day * 86_400_000)), new arrow.DateDay()),
        seen: vectorFromArray(moments.map((at) => (at === null ? null : Number(at))), new arrow.TimestampMillisecond('UTC')),
        raw: vectorFromArray(bytes, new arrow.Binary()),
    });
    const properties = new WriterPropertiesBuilder().setCompression(Compression.ZSTD).build();
    return writeParquet(Table.fromIPCStream(arrow.tableToIPC(table, 'stream')), properties);
}

const [writer, file] = process.argv.slice(2);
writeFileSync(file, writer === 'hyparquet' ? byHyparquet() : byParquetWasm());
