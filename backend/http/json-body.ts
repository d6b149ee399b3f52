import type { Context, MiddlewareHandler } from "hono";
import { matchedRoutes } from "hono/route";
import {
  BodyTooLargeError,
  ClientGoneError,
  JsonSyntaxError,
  MissingBodyError,
  NotJsonError,
} from "./errors.ts";

/** The longest body that is read, in bytes. */
const BODY_LIMIT = 16 * 1024;

declare module "hono" {
  interface ContextVariableMap {
    /** The request's body, parsed; only where a route takes one. */
    json: unknown;
  }
}

const METHODS_WITH_BODY = new Set(["POST", "PUT", "PATCH"]);
const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json\s*(?:;\s*charset\s*=\s*"?utf-8"?\s*)?$/i;

/**
 * Reads the body of every request that a route is there for: JSON only, and no more than the limit, whatever its
 * length was announced to be.
 *
 * @throws by the middleware: {@link NotJsonError} 415, {@link BodyTooLargeError} 413, and for a body that is not JSON
 * {@link MissingBodyError} or {@link JsonSyntaxError} 422.
 */
export function jsonBody(): MiddlewareHandler {
  return async (c, next) => {
    if (METHODS_WITH_BODY.has(c.req.method) && isRouted(c)) await readJson(c);
    await next();
  };
}

/** A path that is not known is to get its 404 or 405, not a word on its body. */
function isRouted(c: Context): boolean {
  return matchedRoutes(c).some(({ method }) => method === c.req.method);
}

async function readJson(c: Context): Promise<void> {
  const contentType = c.req.header("Content-Type") ?? "";
  if (!JSON_TYPE.test(contentType) || c.req.header("Content-Encoding") !== undefined)
    throw new NotJsonError();
  if (Number(c.req.header("Content-Length")) > BODY_LIMIT) throw new BodyTooLargeError(BODY_LIMIT);
  const bytes = await readBytes(c.req.raw);
  if (bytes.length === 0) throw new MissingBodyError();
  const text = decode(bytes);
  c.set("json", parse(text));
  // Hono keeps what it has read of a body here; its validators read it from here again.
  c.req.bodyCache.text = Promise.resolve(text) as never;
}

/** The body's bytes. Past the limit nothing more is read: the server drops the connection or drains it, as it sees fit. */
async function readBytes(request: Request): Promise<Uint8Array> {
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

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    // V8's message quotes the body, a password perhaps: only the place is taken from it.
    const position = /at position (\d+)/.exec(cause instanceof Error ? cause.message : "")?.[1];
    throw new JsonSyntaxError(position === undefined ? undefined : Number(position), cause);
  }
}
