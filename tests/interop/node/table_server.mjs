// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The same rows over every protocol: NDJSON, JSON, events, MessagePack, CBOR and pages of each style
// by Express (compressed for who accepts it), WebSocket by ws, gRPC-web and Connect by connect-node,
// gRPC with reflection by grpc-js. Each goes on where it is asked to: behind `since`, Last-Event-ID,
// a resume message, a cursor. Usage: table_server.mjs DESCRIPTOR_SET; prints the ports as one line
// of JSON.
import { readFileSync } from "node:fs";
import { createServer, request as ask } from "node:http";
import { createServer as createHttp2Server } from "node:http2";
import { Transform } from "node:stream";
import { fileURLToPath } from "node:url";
import { createRegistryFromDescriptors } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import grpc from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import { ReflectionService } from "@grpc/reflection";
import { Encoder } from "@msgpack/msgpack";
import * as cbor from "cborg";
import compression from "compression";
import express from "express";
import { WebSocketServer } from "ws";
import { behind, json, loaderMessage, message, plain, since } from "./rows.mjs";

const batch = 500;
const failure = "Tür zu: 100 %";

/** A function that waits until `stream` has room again, or the client has gone. */
function waiter(stream, gone = stream) {
  let wake = () => {};
  stream.on("drain", () => wake());
  gone.on("close", () => wake()).on("cancelled", () => wake());
  return () => new Promise((resolve) => { wake = resolve; });
}

// Express

const app = express();
app.use(compression({ threshold: 0 }));

/** A text or buffer for each row, gathered into larger writes, as fast as the client takes them. */
async function writeRows(response, first, end, encode) {
  const room = waiter(response, response.socket);
  for (let i = first; i < end; i += 100) {
    const pieces = Array.from({ length: Math.min(100, end - i) }, (_, n) => encode(i + n));
    const block = typeof pieces[0] === "string" ? pieces.join("") : Buffer.concat(pieces);
    if (!response.write(block))
      await room();
    if (response.socket?.destroyed ?? true)
      return;
  }
}

function stream(path, type, encode, before = "", after = "") {
  app.get(path, async (request, response) => {
    response.type(type);
    response.write(before);
    await writeRows(response, since(request.query.since), Number(request.query.rows), encode);
    response.end(after);
  });
}
const packer = new Encoder({ useBigInt64: true });
stream("/ndjson", "application/x-ndjson", (i) => json(i) + "\n");
stream("/json", "application/json", (i) => (i === 0 ? "" : ",\n") + json(i), '{"data":[', "]}");
stream("/msgpack", "application/x-msgpack", (i) => packer.encode(plain(i)));
stream("/cbor", "application/cbor-seq", (i) => cbor.encode(plain(i)));

app.get("/sse", async (request, response) => {
  response.set({ "Content-Type": "text/event-stream", "Cache-Control": "no-cache, no-transform" });
  response.write("retry: 1\n\n");
  const rows = Number(request.query.rows);
  const first = Number(request.get("Last-Event-ID") ?? -1) + 1;
  await writeRows(response, first, rows, (i) => `id: ${i}\ndata: ${json(i)}\n\n`);
  response.end(`event: complete\ndata: {"total":${rows}}\n\n`);
});

/** The ways from page to page: where one starts, and what the answer says of the next. */
const pages = {
  offset: { start: (query) => Number(query.offset ?? 0) },
  page: { start: (query, size) => (Number(query.page ?? 1) - 1) * size },
  cursor: {
    start: (query) => Number(Buffer.from(query.cursor ?? "", "base64url").toString() || 0),
    tell: (next) => ({ nextCursor: next && Buffer.from(String(next)).toString("base64url") }),
  },
  keyset: { start: (query) => behind(query.after), tell: (next) => ({ hasMore: next !== null }) },
  link: { start: (query) => Number(query.at ?? 0), link: true },
  next: { start: (query) => Number(query.at ?? 0), url: true },
};
app.get("/pages/:style", (request, response) => {
  const way = pages[request.params.style];
  const { query } = request;
  const rows = Number(query.rows);
  const size = Number(query.limit ?? 1000);
  const first = way.start(query, size);
  const end = Math.min(rows, first + size);
  const next = end < rows ? end : null;
  const address = next && `${request.path}?rows=${rows}&limit=${size}&at=${next}`;
  const beside = { total: rows, ...way.tell?.(next), ...(way.url && { next: address }) };
  if (way.link && next)
    response.set("Link", `<${address}>; rel="next"`);
  const data = Array.from({ length: Math.max(0, end - first) }, (_, n) => json(first + n));
  response.type("json").send(`{"data":[${data.join(",")}],${JSON.stringify(beside).slice(1)}`);
});

// connect-node

const registry = createRegistryFromDescriptors(readFileSync(process.argv[2]));
const Row = registry.findMessage("interop.Row");
const RowBatch = registry.findMessage("interop.RowBatch");
const connect = connectNodeAdapter({
  compressMinBytes: 200,
  routes(router) {
    router.service(registry.findService("interop.Rows"), {
      async *list(request) {
        for (let i = 0; i < request.rows; ++i) {
          if (request.failAfter && i === request.failAfter)
            throw new ConnectError(failure, Code.PermissionDenied);
          yield new Row(message(i));
        }
      },
      async *listBatches(request) {
        for (let i = 0; i < request.rows; i += batch) {
          const length = Math.min(batch, request.rows - i);
          yield new RowBatch({ rows: Array.from({ length }, (_, n) => new Row(message(i + n))) });
        }
      },
    });
  },
  fallback: app,
});
const web = createServer(connect);

/**
 * gRPC-web in base64 over HTTP/2, as proxies make it of the binary form (connect-node has no other):
 * each piece becomes base64 by itself, so that padding comes in the middle of the stream.
 */
const text = createHttp2Server((request, response) => {
  const headers = Object.fromEntries(
    ["grpc-accept-encoding", "grpc-timeout"].map((name) => [name, request.headers[name] ?? ""])
      .filter(([, value]) => value !== ""));
  const inner = ask({
    host: "127.0.0.1", port: web.address().port, path: request.url, method: "POST",
    headers: { ...headers, "content-type": "application/grpc-web+proto" },
  }, (answer) => {
    const { "grpc-encoding": coding } = answer.headers;
    response.writeHead(answer.statusCode, {
      "content-type": "application/grpc-web-text+proto", ...(coding && { "grpc-encoding": coding }),
    });
    const transform = (piece, _, done) => done(null, piece.toString("base64"));
    answer.pipe(new Transform({ transform })).pipe(response);
  });
  let body = "";
  request.setEncoding("latin1").on("data", (piece) => { body += piece; });
  request.on("end", () => inner.end(Buffer.from(body, "base64")));
});

// ws

const sockets = new WebSocketServer({ server: web });
sockets.on("connection", (socket) => {
  socket.on("message", (data) => serve(socket, JSON.parse(data.toString())));
});

async function serve(socket, request) {
  let batches = 0;
  for (let i = behind(request.after); i < request.rows; i += batch) {
    const length = Math.min(batch, request.rows - i);
    const data = Array.from({ length }, (_, n) => json(i + n)).join(",");
    const text = `{"type":"batch","batchNumber":${++batches},"data":[${data}]}`;
    const failed = await new Promise((done) => socket.send(text, done));
    if (failed)
      return;
  }
  socket.send(`{"type":"complete","totalBatches":${batches}}`);
  socket.close(1000, "done");
}

// grpc-js

const proto = fileURLToPath(new URL("rows.proto", import.meta.url));
const definition = loadSync(proto, { longs: String, keepCase: true, defaults: true });
const native = new grpc.Server();

/** Writes `messages` as fast as the client takes them. */
async function send(call, messages) {
  const room = waiter(call);
  for (const one of messages) {
    if (call.cancelled)
      return;
    if (!call.write(one))
      await room();
  }
  call.end();
}
function* loaderMessages(first, end) {
  for (let i = first; i < end; ++i)
    yield loaderMessage(i);
}
function* loaderBatches(rows) {
  for (let i = 0; i < rows; i += batch)
    yield { rows: [...loaderMessages(i, Math.min(rows, i + batch))] };
}
native.addService(grpc.loadPackageDefinition(definition).interop.Rows.service, {
  async List(call) {
    const { rows, fail_after: failAfter } = call.request;
    if (!failAfter)
      return send(call, loaderMessages(0, rows));
    for (const one of loaderMessages(0, failAfter))
      call.write(one);
    call.emit("error", { code: grpc.status.PERMISSION_DENIED, details: failure });
  },
  ListBatches: (call) => send(call, loaderBatches(call.request.rows)),
});
new ReflectionService(definition).addToServer(native);

web.listen(0, "127.0.0.1", () => text.listen(0, "127.0.0.1", () => {
  native.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (problem, port) => {
    if (problem)
      throw problem;
    console.log(JSON.stringify(
      { web: web.address().port, grpc: port, text: text.address().port }));
  });
}));
process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
