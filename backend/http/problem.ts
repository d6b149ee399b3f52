import { STATUS_CODES } from "node:http";
import type { Context, MiddlewareHandler } from "hono";
import type { InputProblem } from "./errors.ts";

/** An error's body for those who ask for it by `Accept: application/problem+json` (RFC 9457). */
interface Problem {
  readonly type: "about:blank";
  /** The status in words. */
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  /** The request's id, under which the server's log tells more. */
  readonly request_id?: string;
  /** Every field that is bad. */
  readonly errors?: readonly { readonly detail: string; readonly pointer: string; readonly code: string }[];
}

const PROBLEM = "application/problem+json";

/**
 * Puts the body of every error, which has FastAPI's shape (`detail`), into that of RFC 9457 for those who prefer it.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc9457 | RFC 9457}
 */
export function problems(): MiddlewareHandler {
  return async (c, next) => {
    await next();
    if (c.res.status < 400 || !isJson(c.res)) return;
    c.res.headers.append("Vary", "Accept");
    if (!prefersProblem(c.req.header("Accept") ?? "") || c.req.method === "HEAD") return;
    const body = (await c.res.clone().json()) as Record<string, unknown>;
    // A report, such as that of /readyz, is no error's body.
    if (!("detail" in body)) return;
    const problem = toProblem(c, body);
    const headers = new Headers(c.res.headers);
    headers.set("Content-Type", PROBLEM);
    headers.delete("Content-Length");
    const { status } = c.res;
    // Hono would merge the old headers into the new answer.
    c.res = undefined;
    c.res = new Response(JSON.stringify(problem), { status, headers });
  };
}

function isJson(response: Response): boolean {
  return response.headers.get("Content-Type")?.startsWith("application/json") === true;
}

/** Whoever names both kinds takes the one with the greater weight, and of equal ones this. */
function prefersProblem(accept: string): boolean {
  return weight(accept, PROBLEM) > 0 && weight(accept, PROBLEM) >= weight(accept, "application/json");
}

function weight(accept: string, type: string): number {
  for (const range of accept.toLowerCase().split(",")) {
    const [name = "", ...parameters] = range.split(";").map((part) => part.trim());
    if (name !== type) continue;
    const q = parameters.find((parameter) => parameter.startsWith("q="));
    return q === undefined ? 1 : Number(q.slice(2)) || 0;
  }
  return 0;
}

/** Members that an error has beside its detail are extensions, and stay. */
function toProblem(c: Context, { detail, ...extensions }: Record<string, unknown>): Problem {
  const { status } = c.res;
  return {
    ...extensions,
    type: "about:blank",
    title: STATUS_CODES[status] ?? "Error",
    status,
    ...(typeof detail === "string" && { detail }),
    ...(Array.isArray(detail) && listed(detail as readonly InputProblem[])),
    request_id: c.get("requestId"),
  };
}

function listed(problems: readonly InputProblem[]): Pick<Problem, "detail" | "errors"> {
  return {
    detail: problems.length === 1 ? "One thing is not valid." : `${problems.length} things are not valid.`,
    errors: problems.map(({ type, loc, msg }) => ({ detail: msg, pointer: pointer(loc), code: type })),
  };
}

/** A place of the body as a JSON Pointer in a URI fragment; of a body that is no JSON, the whole. */
function pointer([, ...path]: InputProblem["loc"]): string {
  const isPosition = path.length === 1 && typeof path[0] === "number";
  return ["#", ...(isPosition ? [] : path.map(escaped))].join("/");
}

function escaped(key: string | number): string {
  return encodeURIComponent(String(key).replaceAll("~", "~0").replaceAll("/", "~1"));
}
