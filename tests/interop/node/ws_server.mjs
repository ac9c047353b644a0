// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The lines of an NDJSON file over WebSocket, from the library that most Node servers use:
//   node ws_server.mjs FILE [CUT…]
// Prints its port. The n-th connection is cut (without a close frame) after the n-th CUT rows; those
// behind the last one are not. Messages go out in fragments now and then, with pings between them,
// and the one with compression offered shows that none is used.
import { readFileSync } from 'node:fs';
import { WebSocketServer } from 'ws';

const rows = readFileSync(process.argv[2], 'utf8').trimEnd().split('\n');
const cuts = process.argv.slice(3).map(Number);
const kBatch = 500;

const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: true });
server.on('listening', () => console.log(server.address().port));
server.on('connection', (socket) => {
    const cut = cuts.shift() ?? Infinity;
    socket.on('message', (data) => serve(socket, JSON.parse(data.toString()), cut));
});

const sent = (socket, text, options) =>
    new Promise((done, fail) => socket.send(text, options, (error) => (error ? fail(error) : done())));

async function serve(socket, request, cut) {
    // Ids are beyond what a JavaScript number holds: compared as text of equal length.
    const idOf = (row) => /"id":\s*(\d+)/.exec(row)[1];
    let at = request.type === 'resume' ? rows.findIndex((row) => idOf(row) > request.after) : 0;
    if (at < 0) at = rows.length;
    const end = Math.min(rows.length, at + cut);
    let batches = 0;
    if (socket.extensions) return socket.close(1002, 'an extension is in use');
    try {
        while (at < end) {
            const last = Math.min(end, at + kBatch);
            const text = `{"type":"batch","batchNumber":${++batches},"data":[${rows.slice(at, last).join(',')}]}`;
            at = last;
            if (batches % 3 === 0) {
                const half = text.length >> 1;
                await sent(socket, text.slice(0, half), { fin: false });
                socket.ping('still there?');
                await sent(socket, text.slice(half), { fin: true });
            } else {
                await sent(socket, text);
            }
        }
        if (at < rows.length) return socket.terminate();
        await sent(socket, `{"type":"complete","totalBatches":${batches},"total":${rows.length}}`);
        socket.close(1000, 'done');
    } catch {
        socket.terminate(); // the client has gone
    }
}
