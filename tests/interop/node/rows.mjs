// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The rows that every server here sends, each of them a function of its number.
const firstId = 18446744073709551615n;
const firstSecond = 1700000000;
const words = ["plain", "Zoë \"quoted\"", "", "line\nend", "日本語 😀", "x".repeat(300)];
const colours = ["COLOUR_UNSET", "RED", "BLUE"];

/** As protobuf-es takes it. */
export function message(i) {
  return {
    id: firstId - BigInt(i),
    offset: BigInt(i % 2 ? i : -i) * 9007199254740993n % 4611686018427387904n,
    ratio: i / 8 - 100.5,
    level: i % 2 ? i / 10 : 0.5,
    active: i % 3 === 0,
    colour: i % 3,
    text: words[i % words.length],
    nickname: i % 4 ? `nick${i}` : undefined,
    place: i % 5 ? { city: words[(i + 1) % 3], code: i * 1000 % 4000000000 } : undefined,
    numbers: Array.from({ length: i % 4 }, (_, n) => n * (i % 1000000)),
    tags: i % 2 ? ["a", `b${i}`] : [],
    at: { seconds: BigInt(firstSecond + i), nanos: (i % 1000) * 1000 },
    count: i % 7 ? BigInt(i) : undefined,
  };
}

/** As @grpc/proto-loader takes it: 64-bit integers as text, the wrapper as a message. */
export function loaderMessage(i) {
  const r = message(i);
  return {
    ...r,
    id: String(r.id),
    offset: String(r.offset),
    at: { seconds: String(r.at.seconds), nanos: r.at.nanos },
    count: r.count === undefined ? undefined : { value: String(r.count) },
  };
}

/** As plain values, nothing left out; 64-bit integers are BigInt. */
export function plain(i) {
  const r = message(i);
  const seconds = new Date(Number(r.at.seconds) * 1000).toISOString().slice(0, 19);
  return {
    ...r,
    colour: colours[r.colour],
    nickname: r.nickname ?? null,
    place: r.place ?? { city: null, code: null },
    at: `${seconds}.${String(r.at.nanos / 1000).padStart(6, "0")}Z`,
    count: r.count ?? null,
  };
}

/** As JSON, with integers that JavaScript's own JSON does not write. */
export function json(i) {
  const { id, offset, ...others } = plain(i);
  const count = others.count;
  others.count = count === null ? null : Number(count);
  return `{"id":${id},"offset":${offset},${JSON.stringify(others).slice(1)}`;
}

/** The number of the row behind the one of this time; 0 without a time. */
export function since(at) {
  return at ? Math.floor(Date.parse(at) / 1000) - firstSecond + 1 : 0;
}

/** The number of the row behind the one with this id; 0 without an id. */
export function behind(id) {
  return id ? Number(firstId - BigInt(id)) + 1 : 0;
}
