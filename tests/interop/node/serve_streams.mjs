// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One table over Express: NDJSON, server-sent events, MessagePack and CBOR, compressed if the
// client likes. Prints its port. ?rows=N; ?cut=N ends each connection of /sse after N events.
import {encode as packed} from '@msgpack/msgpack';
import * as cbor from 'cborg';
import compression from 'compression';
import express from 'express';

function row(index) {
    return {
        id: 9007199254740991 - index,
        small: index - 500,
        name: `Zoë "${index}"`,
        score: index / 7,
        ok: index % 3 === 0,
        note: index % 4 === 0 ? null : 'x'.repeat(index % 300),
        when: new Date(1700000000000 + index * 1000).toISOString(),
        place: {city: 'Łódź', zip: String(index).padStart(5, '0')},
        tags: ['a', index % 10, null],
    };
}

const app = express();
app.use(compression({threshold: 0}));

/// Writes what `encode` makes of each row, as fast as the client takes it.
function streamed(type, encode) {
    return async (request, response) => {
        response.type(type);
        for (let index = 0; index < Number(request.query.rows); ++index) {
            if (!response.write(encode(row(index))))
                await new Promise((resolve) => response.once('drain', resolve));
        }
        response.end();
    };
}
app.get('/ndjson', streamed('application/x-ndjson', (value) => JSON.stringify(value) + '\n'));
app.get('/msgpack', streamed('application/x-msgpack', (value) => packed(value)));
app.get('/cbor', streamed('application/cbor-seq', (value) => cbor.encode(value)));
app.get('/msgpack-array', (request, response) => {
    const rows = Array.from({length: Number(request.query.rows)}, (_, index) => row(index));
    response.type('application/msgpack').send(Buffer.from(packed({total: rows.length, data: rows})));
});
app.get('/cbor-array', (request, response) => {
    const rows = Array.from({length: Number(request.query.rows)}, (_, index) => row(index));
    response.type('application/cbor').send(Buffer.from(cbor.encode(rows)));
});
app.get('/login', (request, response) => response.send('<!DOCTYPE html><html>Log in</html>'));

app.get('/sse', (request, response) => {
    response.set({'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache'});
    const rows = Number(request.query.rows);
    const cut = Number(request.query.cut ?? rows);
    const first = Number(request.get('Last-Event-ID') ?? -1) + 1;
    response.write('retry: 1\n\n');
    for (let index = first; index < Math.min(rows, first + cut); ++index)
        response.write(`id: ${index}\nevent: row\ndata: ${JSON.stringify(row(index))}\n\n`);
    if (first + cut >= rows) {
        response.write(`event: complete\ndata: ${JSON.stringify({total: rows})}\n\n`);
        response.flush(); // and stays open, as such servers do
    } else {
        response.write('data: {"half":');
        response.flush();
        setTimeout(() => response.destroy(), 250); // what was written should be on its way
    }
});

const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
