// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The same rows over gRPC-web and Connect (connect-node), over gRPC with reflection (grpc-js), and as
// NDJSON. Usage: grpc_server.mjs DESCRIPTOR_SET; prints the ports as one line of JSON.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { createRegistryFromDescriptors } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import grpc from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import { ReflectionService } from "@grpc/reflection";

const firstId = 18446744073709551615n;
const words = ["plain", "Zoë \"quoted\"", "", "line\nend", "日本語 😀", "x".repeat(300)];

function row(i) {
  return {
    id: firstId - BigInt(i),
    offset: BigInt(i % 2 ? i : -i) * 9007199254740993n % 4611686018427387904n,
    ratio: i / 8 - 100.5,
    level: i % 2 ? i / 10 : 0.5,
    active: i % 3 === 0,
    colour: i % 3,
    text: words[i % words.length],
    nickname: i % 4 ? `nick${i}` : undefined,
    place: i % 5 ? { city: words[(i + 1) % 3], code: i * 1000 } : undefined,
    numbers: Array.from({ length: i % 4 }, (_, n) => n * i),
    tags: i % 2 ? ["a", `b${i}`] : [],
    at: { seconds: BigInt(1700000000 + i), nanos: (i % 1000) * 1000 },
    count: i % 7 ? BigInt(i) : undefined,
  };
}

const names = ["COLOUR_UNSET", "RED", "BLUE"];

/** The row as freshet-cli would show it; numbers of 64 bits are written by hand. */
function json(r) {
  const at = new Date(Number(r.at.seconds) * 1000).toISOString().slice(0, 19);
  const micros = String(r.at.nanos / 1000).padStart(6, "0");
  const place = r.place
    ? `{"city":${JSON.stringify(r.place.city)},"code":${r.place.code}}`
    : `{"city":null,"code":null}`;
  return `{"id":${r.id},"offset":${r.offset},"ratio":${r.ratio},"level":${r.level},` +
    `"active":${r.active},"colour":"${names[r.colour]}","text":${JSON.stringify(r.text)},` +
    `"nickname":${JSON.stringify(r.nickname ?? null)},"place":${place},` +
    `"numbers":${JSON.stringify(r.numbers)},"tags":${JSON.stringify(r.tags)},` +
    `"at":"${at}.${micros}Z","count":${r.count ?? null}}`;
}

const registry = createRegistryFromDescriptors(readFileSync(process.argv[2]));
const Row = registry.findMessage("interop.Row");
const handler = connectNodeAdapter({
  compressMinBytes: 200,
  routes(router) {
    router.service(registry.findService("interop.Rows"), {
      async *list(request) {
        for (let i = 0; i < request.rows; ++i) {
          if (request.failAfter && i === request.failAfter)
            throw new ConnectError("Tür zu: 100 %", Code.PermissionDenied);
          yield new Row(row(i));
        }
      },
    });
  },
});
const web = createServer((request, response) => {
  if (!request.url.startsWith("/rows.ndjson"))
    return handler(request, response);
  response.writeHead(200, { "Content-Type": "application/x-ndjson" });
  const rows = Number(new URL(request.url, "http://x").searchParams.get("rows"));
  for (let i = 0; i < rows; ++i)
    response.write(json(row(i)) + "\n");
  response.end();
});

const proto = fileURLToPath(new URL("rows.proto", import.meta.url));
const definition = loadSync(proto, { longs: String, keepCase: true, defaults: true });
const server = new grpc.Server();
server.addService(grpc.loadPackageDefinition(definition).interop.Rows.service, {
  List(call) {
    const { rows, fail_after: failAfter } = call.request;
    for (let i = 0; i < rows; ++i) {
      if (failAfter && i === failAfter)
        return call.emit("error", { code: grpc.status.PERMISSION_DENIED, details: "Tür zu: 100 %" });
      const r = row(i);
      call.write({
        ...r,
        id: String(r.id),
        offset: String(r.offset),
        at: { seconds: String(r.at.seconds), nanos: r.at.nanos },
        count: r.count === undefined ? undefined : { value: String(r.count) },
      });
    }
    call.end();
  },
});
new ReflectionService(definition).addToServer(server);

web.listen(0, "127.0.0.1", () => {
  server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (problem, port) => {
    if (problem)
      throw problem;
    console.log(JSON.stringify({ web: web.address().port, grpc: port }));
  });
});
process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
