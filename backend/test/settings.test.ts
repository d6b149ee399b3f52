import { describe, expect, test } from "vitest";

import { readSettings, SettingsError } from "../settings/index.ts";

function mistakesOf(env: Record<string, string>): readonly string[] {
  try {
    readSettings(env);
    return [];
  } catch (error) {
    if (error instanceof SettingsError) return error.mistakes;
    throw error;
  }
}

const PRODUCTION = { NODE_ENV: "production", DATABASE_URL: "postgres://app:secret@db.example.com/app" };

test("nothing need be set", () => {
  expect(readSettings({})).toMatchObject({
    databaseTarget: { driver: "pglite" },
    connectTimeoutMs: 30_000,
    poolSize: 10,
    port: 8000,
    upgradeTarget: "heads",
    logLevel: "info",
    passwords: { minLength: 8, scheme: "argon2id" },
    debug: { kind: "open" },
    shutdownDelayMs: 0,
    warnings: [],
  });
});

test("a variable that is empty counts as not set", () => {
  expect(
    readSettings({ PORT: "", LOG_LEVEL: " ", DATABASE_URL: "", ALEMBIC_UPGRADE_TARGET: "" }),
  ).toMatchObject({
    port: 8000,
    logLevel: "info",
    upgradeTarget: "heads",
  });
});

test("every mistake is told at once, and no secret with it", () => {
  const mistakes = mistakesOf({
    PORT: "80a",
    DB_CONNECT_TIMEOUT: "-1",
    PASSWORD_MIN_LENGTH: "4",
    PASSWORD_SCHEME: "md5",
    LOG_LEVEL: "loud",
    DEBUG_ENDPOINTS: "yes",
    DEBUG_TOKEN: "token-hunter2",
    DATABASE_URL: "postgres://app:hunter2@db.example.com:99999/app",
  });
  expect(mistakes.map((mistake) => mistake.split(" ", 1)[0])).toEqual(
    expect.arrayContaining([
      "DB_CONNECT_TIMEOUT",
      "DEBUG_ENDPOINTS",
      "LOG_LEVEL",
      "PASSWORD_MIN_LENGTH",
      "PASSWORD_SCHEME",
      "PORT",
    ]),
  );
  expect(mistakes).toHaveLength(7);
  expect(mistakes.join("\n")).not.toContain("hunter2");
});

test("the message lists them, a line each", () => {
  expect(() => readSettings({ PORT: "x", LOG_LEVEL: "loud" })).toThrow(
    'The environment has mistakes:\n  PORT must be a whole number from 0 to 65535, not "x"\n  LOG_LEVEL must be one of',
  );
});

describe("in production", () => {
  test("a database has to be named", () => {
    expect(mistakesOf({ NODE_ENV: "production" })).toHaveLength(1);
  });

  test("/debug is off unless it is switched on and has a token", () => {
    expect(readSettings(PRODUCTION).debug).toEqual({ kind: "off" });
    expect(readSettings({ ...PRODUCTION, DEBUG_TOKEN: "t" }).debug).toEqual({ kind: "off" });
    expect(readSettings({ ...PRODUCTION, DEBUG_ENDPOINTS: "1", DEBUG_TOKEN: "t" }).debug).toEqual({
      kind: "token",
      token: "t",
    });
  });

  test("switched on without a token it stays off, with a warning", () => {
    const settings = readSettings({ ...PRODUCTION, DEBUG_ENDPOINTS: "1" });
    expect(settings.debug).toEqual({ kind: "off" });
    expect(settings.warnings).toEqual([
      "DEBUG_ENDPOINTS=1 needs DEBUG_TOKEN in production: /debug stays off",
    ]);
  });

  test("/docs is off unless it is switched on, /metrics unless it has a token", () => {
    expect(readSettings(PRODUCTION)).toMatchObject({ docs: false, metrics: { kind: "off" } });
    expect(readSettings({ ...PRODUCTION, DOCS_ENDPOINTS: "1", METRICS_TOKEN: "t" })).toMatchObject({
      docs: true,
      metrics: { kind: "token", token: "t" },
    });
  });
});

test("elsewhere /docs and /metrics are open, and a token guards /metrics there too", () => {
  expect(readSettings({})).toMatchObject({ docs: true, metrics: { kind: "open" }, allowedOrigins: [] });
  expect(readSettings({ METRICS_TOKEN: "t" }).metrics).toEqual({ kind: "token", token: "t" });
});

test.each([
  ["30", 30_000],
  ["30s", 30_000],
  ["1500ms", 1500],
  ["5m", 300_000],
  ["1h", 3_600_000],
])("a duration of %s is %d ms", (text, milliseconds) => {
  expect(readSettings({ DB_CONNECT_TIMEOUT: text }).connectTimeoutMs).toBe(milliseconds);
});

test("origins are listed with commas, and are origins", () => {
  expect(
    readSettings({ ALLOWED_ORIGINS: "https://a.example, http://localhost:3000/" }).allowedOrigins,
  ).toEqual(["https://a.example", "http://localhost:3000"]);
  for (const ALLOWED_ORIGINS of ["*", "a.example", "https://a.example/path", "null", "https://a.example,,"]) {
    expect(mistakesOf({ ALLOWED_ORIGINS })).toEqual([
      expect.stringMatching(/^ALLOWED_ORIGINS must be origins/),
    ]);
  }
});

test("a token that cannot travel in a header is refused, and not shown", () => {
  const [mistake = ""] = mistakesOf({ METRICS_TOKEN: "hunter 2" });
  expect(mistake).toMatch(/^METRICS_TOKEN must be/);
  expect(mistake).not.toContain("hunter");
});
