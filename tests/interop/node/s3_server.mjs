// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// An S3 server on 127.0.0.1: objects and listings by s3rver; signatures are checked before it by
// AWS's own signer, which s3rver does not do for Signature Version 4.
//
//   node s3_server.mjs FOLDER ACCESS_KEY SECRET_KEY
//
// FOLDER holds a folder for each bucket with its objects; `public` may be read without a key.
// `cut=N` in the environment: the first N answers with objects are cut in their middle.
// Prints the port, then one line for each request: METHOD TARGET STATUS RANGE.
import { createHash, timingSafeEqual } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import S3rver from 's3rver';

const [folder, accessKeyId, secretAccessKey] = process.argv.slice(2);
const region = 'eu-west-1';
const data = mkdtempSync(path.join(tmpdir(), 's3-'));
let cuts = Number(process.env.cut ?? 0);

function answerError(response, status, code, message) {
    response.writeHead(status, { 'Content-Type': 'application/xml', 'x-amz-request-id': '1' });
    response.end(`<?xml version="1.0" encoding="UTF-8"?>\n` +
                 `<Error><Code>${code}</Code><Message>${message}</Message></Error>`);
}

// What AWS's signer makes of the request, with the headers that the client says it signed.
async function isSignedRight(request, signedHeaders, date, body) {
    const url = new URL(request.url, 'http://host');
    const headers = {};
    for (const name of signedHeaders)
        headers[name] = request.headers[name];
    const query = {};
    for (const [name, value] of url.searchParams)
        query[name] = value;
    const signer = new SignatureV4({
        credentials: { accessKeyId, secretAccessKey },
        region, service: 's3', sha256: Sha256, uriEscapePath: false, applyChecksum: false,
    });
    const hash = createHash('sha256').update(body).digest('hex');
    if (request.headers['x-amz-content-sha256'] !== hash)
        return false;
    const signed = await signer.sign(
        { method: request.method, protocol: 'http:', hostname: 'host', path: url.pathname, query,
          headers, body },
        { signingDate: date, signableHeaders: new Set(signedHeaders),
          unsignableHeaders: new Set() });
    const mine = /Signature=([0-9a-f]+)/.exec(signed.headers.authorization)[1];
    const theirs = /Signature=([0-9a-f]+)/.exec(request.headers.authorization)?.[1] ?? '';
    return mine.length === theirs.length &&
           timingSafeEqual(Buffer.from(mine), Buffer.from(theirs));
}

// The code of what is wrong with the request; nothing if all is well.
async function faultOf(request, body) {
    const authorization = request.headers.authorization ?? '';
    if (authorization === '')
        return request.url.startsWith('/public/') ? null : [403, 'AccessDenied', 'Access Denied'];
    if (request.headers['x-amz-security-token'] === 'expired')
        return [400, 'ExpiredToken', 'The provided token has expired.'];
    const fields = /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d+)\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=/
        .exec(authorization);
    if (!fields)
        return [400, 'AuthorizationHeaderMalformed', 'The authorization header is malformed.'];
    if (fields[1] !== accessKeyId)
        return [403, 'InvalidAccessKeyId', 'The key does not exist in our records.'];
    if (fields[3] !== region)
        return [400, 'AuthorizationHeaderMalformed', `the region is wrong; expecting '${region}'`];
    const text = request.headers['x-amz-date'];
    const date = new Date(text.replace(/^(....)(..)(..)T(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6Z'));
    const signedHeaders = fields[4].split(';');
    // A header that was signed and did not come was taken away on the way.
    const areAllHere = signedHeaders.every(name => request.headers[name] !== undefined);
    if (!areAllHere || !signedHeaders.includes('host') ||
        !await isSignedRight(request, signedHeaders, date, body))
        return [403, 'SignatureDoesNotMatch', 'The request signature does not match.'];
    return null;
}

const buckets = readdirSync(folder).filter(name => statSync(path.join(folder, name)).isDirectory());
const storage = new S3rver({
    address: '127.0.0.1', port: 0, silent: true, directory: data, allowMismatchedSignatures: true,
    configureBuckets: buckets.map(name => ({ name })),
});
const { port: storagePort } = await storage.run();

function toStorage(options, body, use) {
    const request = http.request({ host: '127.0.0.1', port: storagePort, agent: false, ...options },
                                 use);
    request.end(body);
}

function put(bucket, key, content) {
    return new Promise((resolve, reject) => {
        toStorage({ method: 'PUT',
                    path: `/${bucket}/${key.split('/').map(encodeURIComponent).join('/')}`,
                    headers: { 'Content-Type': 'application/octet-stream',
                               'Content-Length': content.length } },
                  content, answer => {
            answer.resume();
            answer.on('end', () => answer.statusCode === 200 ? resolve() : reject(key));
        });
    });
}

for (const bucket of buckets) {
    const root = path.join(folder, bucket);
    for (const entry of readdirSync(root, { recursive: true })) {
        const file = path.join(root, entry);
        if (statSync(file).isFile())
            await put(bucket, entry, readFileSync(file));
    }
}

const server = http.createServer((request, response) => {
    const pieces = [];
    request.on('data', piece => pieces.push(piece));
    request.on('end', async () => {
        const body = Buffer.concat(pieces);
        const fault = await faultOf(request, body);
        const say = status => console.log(request.method, request.url, status,
                                          request.headers.range ?? '-');
        if (fault) {
            say(fault[0]);
            return answerError(response, ...fault);
        }
        const { authorization, ...headers } = request.headers;
        toStorage({ method: request.method, path: request.url, headers }, body, answer => {
            say(answer.statusCode);
            response.writeHead(answer.statusCode, answer.headers);
            const length = Number(answer.headers['content-length'] ?? 0);
            if (cuts > 0 && length > 4096 && !request.url.includes('list-type')) {
                --cuts;
                let left = Math.floor(length * 0.6);
                answer.on('data', piece => {
                    if (left <= 0)
                        return;
                    response.write(piece.subarray(0, left));
                    left -= piece.length;
                    if (left <= 0)
                        setTimeout(() => response.destroy(), 50);
                });
            } else {
                answer.pipe(response);
            }
        });
    });
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));

process.on('SIGTERM', () => {
    rmSync(data, { recursive: true, force: true });
    process.exit(0);
});
