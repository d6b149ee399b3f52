import type { Context, MiddlewareHandler } from "hono";
import {
  BodyTooLargeError,
  ClientGoneError,
  JsonSyntaxError,
  MissingBodyError,
  UnsupportedBodyError,
} from "./errors.ts";

export type BodyFormat = "json" | "form";

/** The longest body that is read, in bytes. */
const BODY_LIMIT = 16 * 1024;

declare module "hono" {
  interface ContextVariableMap {
    /** The request's body, parsed; only where a route takes one. A form is an object of its fields. */
    body: unknown;
    bodyFormat: BodyFormat;
  }
}

const CHARSET = String.raw`\s*(?:;\s*charset\s*=\s*"?utf-8"?\s*)?$`;

const FORMATS: Readonly<Record<BodyFormat, Format>> = {
  json: { type: new RegExp(String.raw`^application/(?:[\w.+-]+\+)?json${CHARSET}`, "i"), parse: parseJson },
  form: { type: new RegExp(`^application/x-www-form-urlencoded${CHARSET}`, "i"), parse: parseForm },
};

interface Format {
  readonly type: RegExp;
  readonly parse: (text: string) => unknown;
}

/**
 * Reads the body of a route's requests: in the formats that are named, and no more than the limit, whatever its
 * length was announced to be.
 *
 * @throws by the middleware: {@link UnsupportedBodyError} 415, {@link BodyTooLargeError} 413, and for a body that is
 * not what it says {@link MissingBodyError} or {@link JsonSyntaxError} 422.
 */
export function readBody(...formats: readonly BodyFormat[]): MiddlewareHandler {
  return async (c, next) => {
    const contentType = c.req.header("Content-Type") ?? "";
    const format = formats.find((name) => FORMATS[name].type.test(contentType));
    if (format === undefined || c.req.header("Content-Encoding") !== undefined)
      throw new UnsupportedBodyError(formats);
    c.set("bodyFormat", format);
    await read(c, FORMATS[format].parse);
    await next();
  };
}

async function read(c: Context, parse: (text: string) => unknown): Promise<void> {
  const length = c.req.header("Content-Length");
  if (Number(length) > BODY_LIMIT) throw new BodyTooLargeError(BODY_LIMIT);
  // To what is announced a server holds its clients; and as a whole a body costs much less than as a stream.
  const bytes = length === undefined ? await readStream(c.req.raw) : await readWhole(c.req.raw);
  if (bytes.length === 0) throw new MissingBodyError();
  const text = decode(bytes);
  c.set("body", parse(text));
  // Hono keeps what it has read of a body here; its validators read it from here again.
  c.req.bodyCache.text = Promise.resolve(text) as never;
}

async function readWhole(request: Request): Promise<Uint8Array> {
  const bytes = await request.arrayBuffer().catch((cause: unknown) => {
    throw new ClientGoneError(cause);
  });
  if (bytes.byteLength > BODY_LIMIT) throw new BodyTooLargeError(BODY_LIMIT);
  return new Uint8Array(bytes);
}

/** The body's bytes. Past the limit nothing more is read: the server drops the connection or drains it, as it sees fit. */
async function readStream(request: Request): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  const reader = request.body?.getReader();
  if (reader === undefined) return new Uint8Array();
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read().catch((cause: unknown) => {
      throw new ClientGoneError(cause);
    });
    if (done) return Buffer.concat(chunks);
    size += value.length;
    if (size > BODY_LIMIT) throw new BodyTooLargeError(BODY_LIMIT);
    chunks.push(value);
  }
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new JsonSyntaxError(undefined, cause);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    // V8's message quotes the body, a password perhaps: only the place is taken from it.
    const position = /at position (\d+)/.exec(cause instanceof Error ? cause.message : "")?.[1];
    throw new JsonSyntaxError(position === undefined ? undefined : Number(position), cause);
  }
}

function parseForm(text: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(text));
}
