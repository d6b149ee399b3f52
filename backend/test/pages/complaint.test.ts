import { expect, test } from "vitest";

import { complaintOf } from "../../pages/complaint.ts";

function complaint(status: number, body: unknown, headers: Record<string, string> = {}) {
  return complaintOf({ status, body, headers: new Headers(headers) }, { email: "ada", password: "x" });
}

test.each([
  ["42", "in 42 seconds"],
  ["600", "in 10 minutes"],
  ["7200", "in 2 hours"],
  [undefined, "later"],
])("a limit says when to come again: %s", (retryAfter, when) => {
  const headers: Record<string, string> = retryAfter === undefined ? {} : { "Retry-After": retryAfter };
  expect(complaint(429, { detail: "Too Many Requests" }, headers).message).toBe(
    `Too many attempts. Try again ${when}.`,
  );
});

test("what the server says of itself is not for people", () => {
  for (const status of [500, 502, 503]) {
    const { message, fields } = complaint(status, { detail: "inner words" });
    expect(message).toMatch(/Try again in a moment\.$/);
    expect(message).not.toContain("inner");
    expect(fields).toEqual({});
  }
});

test("each field is told one thing, in words for people", () => {
  const problem = (field: string, type: string, msg: string) => ({ type, loc: ["body", field], msg });
  const detail = [
    problem("email", "value_error", "value is not a valid email address: It must have an @-sign."),
    problem("password", "string_too_short", "String should have at least 8 characters"),
    problem("password", "password_common", "…"),
  ];
  expect(complaint(422, { detail }).fields).toEqual({
    email: "It must have an @-sign.",
    password: "Use at least 8 characters.",
  });
});
