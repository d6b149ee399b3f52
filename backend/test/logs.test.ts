import { expect, test } from "vitest";

import { createLog, type LogLevel } from "../logs.ts";

function log(
  write: (log: ReturnType<typeof createLog>) => void,
  level: LogLevel = "info",
): readonly Record<string, unknown>[] {
  const lines: string[] = [];
  write(createLog(level, { write: (line) => lines.push(line) }));
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

test("a line is one JSON object with a level in words and an ISO time", () => {
  expect(log((it) => it.info({ status: 201 }, "request"))).toEqual([
    { level: "info", time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/), status: 201, msg: "request" },
  ]);
});

test("secrets are replaced wherever they stand", () => {
  const text = JSON.stringify(
    log((it) => {
      it.info({
        password: "hunter2",
        DATABASE_URL: "postgres://a:hunter2@h/d",
        req: { headers: { authorization: "Bearer hunter2", cookie: "hunter2" } },
      });
      it.info({ body: { password: "hunter2", token: "hunter2" } });
    }),
  );
  expect(text).not.toContain("hunter2");
  expect(text).toContain("[redacted]");
});

test("of an error go message, codes and frames, not what a driver hangs on it", () => {
  const cause = Object.assign(new Error("duplicate key value"), {
    detail: "Key (email)=(ada@example.com) already exists.",
    parameters: ["ada@example.com"],
  });
  const error = Object.assign(new Error("refused", { cause }), {
    code: "E_STATEMENT",
    sqlState: "23505",
    constraint: "users_pkey",
    detail: "Key (email)=(ada@example.com)",
  });
  const [line] = log((it) => it.error({ err: error }, "failed"));
  expect(line).toMatchObject({
    err: {
      type: "Error",
      message: "refused",
      code: "E_STATEMENT",
      sqlState: "23505",
      constraint: "users_pkey",
      cause: { message: "duplicate key value" },
    },
  });
  expect(JSON.stringify(line)).not.toContain("ada@");
});

test("what is thrown and is no error is told by its type alone", () => {
  expect(log((it) => it.error({ err: "hunter2" }))).toMatchObject([{ err: { type: "string" } }]);
});

test("below its level nothing is written", () => {
  expect(log((it) => it.info("x"), "warn")).toEqual([]);
});
