import { STATUS_CODES, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { SECURITY_HEADERS } from "../http/index.ts";

/** What Node's parser says of a request that is none, and the status for it; of all else 400. */
const STATUSES: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

/**
 * Answers bytes that are no request, or that have not become one in time, in the form of every other error, and closes the
 * connection. Into an answer that has begun nothing can be written.
 *
 * @see {@link https://nodejs.org/api/http.html#event-clienterror | Event: 'clientError'}
 */
export function answerUnparsable(error: NodeJS.ErrnoException, socket: Duplex): void {
  const { _httpMessage: begun } = socket as Duplex & { readonly _httpMessage?: ServerResponse | null };
  if (socket.writable && error.code !== "ECONNRESET" && begun?.headersSent !== true) {
    socket.write(rawAnswer(STATUSES[error.code ?? ""] ?? 400));
  }
  socket.destroy();
}

function rawAnswer(status: number): string {
  const body = JSON.stringify(unreadable(status));
  const headers = { ...HEADERS, "Content-Length": String(body.length), Connection: "close" };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join("\r\n")}\r\n\r\n${body}`;
}

/** A request of which no `Request` can be made: its Host is missing or none, or its path is none. */
export function answerUnreadable(): Response {
  return Response.json(unreadable(400), { status: 400, headers: HEADERS });
}

/** Somebody expects what nobody here knows of. */
export function answerExpectation(response: ServerResponse): void {
  const body = JSON.stringify(unreadable(417));
  response.writeHead(417, { ...HEADERS, "Content-Length": body.length }).end(body);
}

const HEADERS = { "Content-Type": "application/json", "Cache-Control": "no-store", ...SECURITY_HEADERS };

function unreadable(status: number): { readonly detail: string } {
  return { detail: STATUS_CODES[status] ?? "Bad Request" };
}
