import { gzipSync } from "node:zlib";

import { hostileFields, hostileText, hostileValue, SECRET } from "./hostile-values.ts";
import type { Operation } from "./operations.ts";
import { pick, type Random } from "../../durability/support/random.ts";

/** The bytes of a connection: one request, several, or what only looks like one. */
export interface HostileRequest {
  /** What is done to it, for whoever reads a finding. */
  readonly attack: string;
  readonly bytes: Buffer;
  /** How many answers are due: none where the bytes are no HTTP, or the client goes away. */
  readonly answers: number;
  /** Goes away when so many bytes have been sent. */
  readonly abortAfter?: number;
}

interface Parts {
  readonly method: string;
  readonly target: string;
  readonly headers: (readonly [string, string])[];
  readonly body: Buffer | undefined;
}

/** Makes a request of an operation, and something of it that should not be. */
export function hostileRequest(operations: readonly Operation[], random: Random): HostileRequest {
  return pick(random, Object.values(ATTACKS))(operations, random);
}

type Attack = (operations: readonly Operation[], random: Random) => HostileRequest;

const ATTACKS: Readonly<Record<string, Attack>> = {
  fields: (operations, random) => one("fields", plain(operations, random)),
  "any JSON": (operations, random) => {
    const parts = plain(operations, random);
    return one(
      "any JSON",
      withBody(parts, Buffer.from(JSON.stringify(hostileValue(random)) ?? "null"), "application/json"),
    );
  },
  "broken body": (operations, random) => one("broken body", brokenBody(plain(operations, random), random)),
  "other type": (operations, random) => {
    const parts = plain(operations, random);
    return one("other type", withBody(parts, parts.body ?? Buffer.from("x"), pick(random, TYPES)));
  },
  "other method": (operations, random) =>
    one("other method", { ...plain(operations, random), method: pick(random, METHODS) }),
  "other target": (operations, random) => ({
    ...one("other target", { ...plain(operations, random), target: pick(random, TARGETS) }),
    // What is no target at all is answered 400 or not at all.
    answers: 0,
  }),
  headers: (operations, random) => {
    const parts = plain(operations, random);
    parts.headers.push(...Array.from({ length: 3 }, () => hostileHeader(random)));
    return one("headers", parts);
  },
  "header flood": (operations, random) => {
    const parts = plain(operations, random);
    const [count, size] = pick(random, [
      [1_500, 3],
      [1, 20_000],
      [60, 200],
    ] as const);
    for (let index = 0; index < count; index++) parts.headers.push([`X-Flood-${index}`, "x".repeat(size)]);
    return { ...one("header flood", parts), answers: 0 };
  },
  framing: (operations, random) => ({
    ...raw("framing", pick(random, FRAMINGS)),
    answers: 0,
  }),
  pipeline: (operations, random) => {
    const requests = Array.from({ length: 5 }, (_, index) =>
      bytesOf(plain(operations, random), index === 4 ? "close" : "keep-alive"),
    );
    return { attack: "pipeline", bytes: Buffer.concat(requests), answers: 5 };
  },
  huge: (operations, random) => {
    const size = pick(random, [16_385, 200_000, 1_000_000]);
    const body = Buffer.from(`{"email":"a@example.com","password":"${SECRET}${"x".repeat(size)}"}`);
    const parts = withBody(
      { ...plain(operations, random), method: "POST", target: pick(random, POSTS) },
      body,
      "application/json",
    );
    // The server may answer and close before it has read all.
    return { ...one("huge", parts), answers: 0 };
  },
  chunked: (operations, random) => {
    const { method, target, headers, body = Buffer.from("{}") } = plain(operations, random);
    const kept = headers.filter(([name]) => name !== "Content-Length");
    const chunks = [...body].map((byte) =>
      Buffer.concat([Buffer.from("1\r\n"), Buffer.from([byte]), Buffer.from("\r\n")]),
    );
    const framed = Buffer.concat([...chunks, Buffer.from("0\r\n\r\n")]);
    return one("chunked", {
      method,
      target,
      headers: [...kept, ["Transfer-Encoding", "chunked"]],
      body: framed,
    });
  },
  "gone away": (operations, random) => {
    const bytes = bytesOf(plain(operations, random), "close");
    return { attack: "gone away", bytes, answers: 0, abortAfter: Math.floor(random() * bytes.length) };
  },
};

function plain(operations: readonly Operation[], random: Random): Parts {
  const { method, path, bodies } = pick(random, operations);
  const target = path.replaceAll(/\{\w+\}/g, () => encodeURIComponent(hostileText(random).toWellFormed()));
  const headers: [string, string][] = [
    ["Host", "localhost"],
    ["Cookie", `session=${SECRET}`],
  ];
  const parts = { method, target: target.slice(0, 4_000), headers, body: undefined };
  if (bodies.size === 0) return parts;
  const [type, schema] = pick(random, [...bodies]);
  return withBody(parts, encode(hostileFields(schema, random), type), type);
}

function encode(fields: Record<string, unknown>, type: string): Buffer {
  if (type === "application/json") return Buffer.from(JSON.stringify(fields));
  const texts = Object.entries(fields).map(([name, value]): [string, string] => [
    name,
    typeof value === "string" ? value : (JSON.stringify(value) ?? ""),
  ]);
  return Buffer.from(new URLSearchParams(texts).toString());
}

function withBody(parts: Parts, body: Buffer, type: string): Parts {
  const kept = parts.headers.filter(([name]) => !name.startsWith("Content-"));
  return {
    ...parts,
    headers: [...kept, ["Content-Type", type], ["Content-Length", String(body.length)]],
    body,
  };
}

function brokenBody(parts: Parts, random: Random): Parts {
  const body = parts.body ?? Buffer.from('{"email":"a@example.com"}');
  const cut = Math.floor(random() * body.length);
  const flipped = Buffer.from(body);
  if (flipped.length > 0) flipped[cut] = Math.floor(random() * 256);
  const broken = pick(random, [
    body.subarray(0, cut),
    flipped,
    Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), body]),
    Buffer.from(body.toString("utf8"), "utf16le"),
    Buffer.concat([body, Buffer.from([0xff, 0xc0])]),
    gzipSync(body),
    Buffer.from(`${"[".repeat(8_000)}${"]".repeat(7_999)}`),
    Buffer.from(`{"a":`.repeat(3_000)),
    Buffer.from("1e999999"),
    Buffer.alloc(0),
  ]);
  const type = parts.headers.find(([name]) => name === "Content-Type")?.[1] ?? "application/json";
  return withBody(parts, broken, type);
}

function hostileHeader(random: Random): readonly [string, string] {
  const value = hostileText(random)
    .replaceAll(/[^\x20-\x7e\x80-\xff]/g, "")
    .slice(0, 2_000)
    .trim();
  const name = pick(random, [
    "Accept",
    "Accept-Encoding",
    "Authorization",
    "Cookie",
    "Idempotency-Key",
    "If-None-Match",
    "Origin",
    "Sec-Fetch-Site",
    "X-Forwarded-For",
    "X-Forwarded-Proto",
    "X-Request-Id",
    "traceparent",
    "User-Agent",
    "Expect",
  ]);
  const good: Readonly<Record<string, string>> = {
    Accept: "application/problem+json",
    Authorization: `Bearer ${SECRET}${value}`,
    "Idempotency-Key": value.slice(0, 300),
    Expect: "100-continue",
  };
  return [name, random() < 0.5 ? (good[name] ?? value) : value];
}

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "QUERY"];
const POSTS = ["/auth/register", "/auth/login", "/register", "/sign-in"];
const TYPES = [
  "",
  "text/plain",
  "application/json; charset=utf-16",
  "application/json; charset=utf-8; charset=utf-16",
  "multipart/form-data; boundary=x",
  "application/x-www-form-urlencoded; charset=latin1",
  "application/xml",
  `application/${"json".repeat(500)}`,
  "\u00ff",
];
const TARGETS = [
  "/%00",
  "/%ff%fe",
  "/%",
  "//",
  "//evil.example/auth/me",
  "/../../etc/passwd",
  "/..%2f..%2fetc/passwd",
  "/assets/../server.ts",
  "/assets/%2e%2e/assets.ts",
  "/auth/register/",
  "/auth//register",
  `/${"a".repeat(8_000)}`,
  `/?${"a=b&".repeat(2_000)}`,
  "/?then=__proto__",
  "/?then=constructor",
  "/auth/sessions/1e999",
  "/auth/sessions/-0",
  "http://evil.example/auth/me",
  "*",
  "auth/register",
  "/\u00e9\u00ff",
];
const FRAMINGS = [
  "GET / HTTP/1.1\r\n\r\n",
  "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
  "GET / HTTP/1.1\r\nHost: [::bad\r\nConnection: close\r\n\r\n",
  "GET / HTTP/1.1\r\nHost: a b<>\r\nConnection: close\r\n\r\n",
  "GET / HTTP/9.9\r\nHost: a\r\n\r\n",
  "GET /\r\n\r\n",
  "\r\n\r\n\r\n",
  "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
  "POST /auth/register HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
  "POST /auth/register HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /metrics HTTP/1.1\r\nHost: a\r\n\r\n",
  "POST /auth/register HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n",
  "POST /auth/register HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n",
  "POST /auth/register HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
  "POST /auth/register HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n{}",
  "GET / HTTP/1.1\r\nHost: a\r\nBad Header: x\r\n\r\n",
  "GET / HTTP/1.1\r\nHost: a\r\nX: a\u0000b\r\n\r\n",
  "GET / HTTP/1.1\r\nHost: a\r\n folded: x\r\n\r\n",
  "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
  "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
  "CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example\r\n\r\n",
];

function one(attack: string, parts: Parts): HostileRequest {
  return { attack, bytes: bytesOf(parts, "close"), answers: 1 };
}

function raw(attack: string, text: string): HostileRequest {
  return { attack, bytes: Buffer.from(text, "latin1"), answers: 1 };
}

function bytesOf({ method, target, headers, body }: Parts, connection: "close" | "keep-alive"): Buffer {
  const head = [
    `${method} ${target} HTTP/1.1`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
    `Connection: ${connection}`,
  ];
  return Buffer.concat([Buffer.from(`${head.join("\r\n")}\r\n\r\n`, "latin1"), body ?? Buffer.alloc(0)]);
}
