import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";

/** What the API said. */
export interface ApiAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed; undefined where there is none. */
  readonly body: unknown;
}

/** Asks the app's own API in the name of whoever asks for the page. */
export type AskApi = (
  c: Context,
  method: "GET" | "POST" | "DELETE",
  path: string,
  body?: object,
) => Promise<ApiAnswer>;

/** What says who asks and from where; the rest of a form's headers speaks of the form. */
const PASSED_ON = [
  "Cookie",
  "Host",
  "Origin",
  "Sec-Fetch-Site",
  "User-Agent",
  "X-Forwarded-For",
  "X-Forwarded-Proto",
];

/**
 * The pages are a client of the API like any other, only without a network between them: what a form does is what its
 * route does, with the same rules, limits and log.
 */
export function apiOf(app: OpenAPIHono): AskApi {
  return async (c, method, path, body) => {
    const headers = new Headers({ "X-Request-Id": c.get("requestId") });
    for (const name of PASSED_ON) {
      const value = c.req.header(name);
      if (value !== undefined) headers.set(name, value);
    }
    if (body !== undefined) headers.set("Content-Type", "application/json");
    const request = new Request(new URL(path, c.req.url), {
      method,
      headers,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const answer = await app.fetch(request, c.env as object);
    const text = await answer.text();
    return {
      status: answer.status,
      headers: answer.headers,
      body: text === "" ? undefined : (JSON.parse(text) as unknown),
    };
  };
}
