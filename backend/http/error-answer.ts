import type { Context, ErrorHandler } from "hono";
import { HTTPException } from "hono/http-exception";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { StatementError, WellheadError } from "wellhead";
import { InvalidInputError, TooManyRequestsError } from "./errors.ts";

interface Answer {
  readonly status: ContentfulStatusCode;
  readonly detail: string;
  /** In seconds: when it is worth to try again. */
  readonly retryAfter?: number;
}

const INTERNAL: Answer = { status: 500, detail: "Internal Server Error" };
const AWAY: Answer = { status: 503, detail: "Service Unavailable", retryAfter: 5 };

/** What a client is told of each error, by its code. Whatever has no line here is a fault of ours: 500. */
const ANSWERS: Readonly<Record<string, Answer>> = {
  E_BODY_TOO_LARGE: { status: 413, detail: "Content Too Large" },
  E_CROSS_ORIGIN: { status: 403, detail: "Cross-origin request refused" },
  E_CLIENT_GONE: { status: 400, detail: "Bad Request" },
  E_NOT_SIGNED_IN: { status: 401, detail: "Not authenticated" },
  E_HASH_QUEUE_FULL: { status: 503, detail: "Service Unavailable", retryAfter: 1 },
  E_UNSUPPORTED_BODY: { status: 415, detail: "Unsupported Media Type" },
};

/** The SQLSTATEs that say «not now», not «wrong»: connections, resources, an operator, a read-only server. */
const AWAY_STATES = /^(?:08|53|57P|57014|25006|40)/;

/**
 * Turns every error into the answer for the client. Faults of ours and of the database go to the log; none of their
 * words goes to the client.
 */
export const answerError: ErrorHandler = (error, c) => {
  if (error instanceof InvalidInputError) return c.json({ detail: error.problems }, 422, NO_STORE);
  if (error instanceof HTTPException) return send(c, { status: error.status, detail: error.message });
  const answer = answerTo(error);
  if (answer.status >= 500)
    c.get("log").error({ err: error }, answer.status === 503 ? "unavailable" : "failed");
  return send(c, answer);
};

function answerTo(error: Error): Answer {
  if (!(error instanceof WellheadError)) return INTERNAL;
  if (error instanceof TooManyRequestsError) {
    return { status: 429, detail: "Too Many Requests", retryAfter: error.retryAfterS };
  }
  if (error instanceof StatementError) return AWAY_STATES.test(error.sqlState) ? AWAY : INTERNAL;
  return ANSWERS[error.code] ?? (error.code.startsWith("E_DB_") ? AWAY : INTERNAL);
}

function send(c: Context, { status, detail, retryAfter }: Answer): Response {
  if (retryAfter !== undefined) c.header("Retry-After", String(retryAfter));
  // What a 401 has to name: the scheme to come with (RFC 9110, 11.6.1).
  if (status === 401) c.header("WWW-Authenticate", "Bearer");
  return c.json({ detail }, status, NO_STORE);
}

const NO_STORE = { "Cache-Control": "no-store" };
