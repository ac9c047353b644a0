// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Read an Arrow file with apache-arrow and print everything in it as JSON. Values are printed as
// they are stored, so that nothing is lost on the way: integers, days and microseconds as decimal
// text, doubles as the hex of their bits, decimals unscaled, binary as hex, text as it is.
// Usage: node read_arrow.mjs FILE
import { readFileSync } from 'node:fs';
import { CompressionType, DataType, compressionRegistry, tableFromIPC } from 'apache-arrow';
import { decompress } from 'fzstd';

// Typed arrays want their bytes aligned, hence the copies.
compressionRegistry.set(CompressionType.ZSTD, { decode: (bytes) => decompress(bytes).slice() });

function unscaled(words) {
    let value = 0n;
    for (let i = words.length - 1; i >= 0; --i) value = (value << 32n) | BigInt(words[i]);
    return BigInt.asIntN(32 * words.length, value).toString();
}

function bits(value) {
    const view = new DataView(new ArrayBuffer(8));
    view.setFloat64(0, value);
    return view.getBigUint64(0).toString(16).padStart(16, '0');
}

function stored(vector, data, chunk, row) {
    const { type } = vector;
    if (DataType.isBool(type) || DataType.isUtf8(type)) return String(chunk.get(row));
    if (DataType.isBinary(type)) return Buffer.from(chunk.get(row)).toString('hex');
    if (DataType.isDecimal(type)) return unscaled(data.values.subarray(4 * row, 4 * row + 4));
    if (DataType.isFloat(type)) return bits(data.values[row]);
    return data.values[row].toString();
}

const table = tableFromIPC(Uint8Array.from(readFileSync(process.argv[2])));
const columns = table.schema.fields.map((field, index) => {
    const vector = table.getChildAt(index);
    const values = [];
    table.batches.forEach((batch) => {
        const chunk = batch.getChildAt(index);
        for (let row = 0; row < batch.numRows; ++row) {
            const present = !DataType.isNull(vector.type) && chunk.isValid(row);
            values.push(present ? stored(vector, chunk.data[0], chunk, row) : null);
        }
    });
    return {
        name: field.name,
        type: String(field.type),
        metadata: Object.fromEntries(field.metadata),
        nulls: vector.nullCount,
        values,
    };
});
process.stdout.write(JSON.stringify({ rows: table.numRows, batches: table.batches.length, columns }));
