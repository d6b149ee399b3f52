import { describe, expect, test } from "vitest";
import {
  databaseUrlWarning,
  parseDatabaseUrl,
  parseGivenUrl,
  parseMigrationDatabaseUrl,
  type DatabaseUrlWarningCode,
} from "wellhead/database-url";

const pooled = "postgres://u:pw@localhost:6432/app";
const direct = "postgres://owner:other@localhost:5432/app";

describe("migrations", () => {
  test("take the whole target of the variable that the route names", () => {
    const env = { DATABASE_URL: pooled, DIRECT_URL: direct };
    const app = parseDatabaseUrl(env);
    expect(app).toMatchObject({
      user: "u",
      migrate: { from: "DIRECT_URL", host: "localhost", port: 5432, poolMode: "direct" },
    });
    expect(parseMigrationDatabaseUrl(env)).toStrictEqual(parseDatabaseUrl({ DATABASE_URL: direct }));
  });

  test("take the app's target when no variable names another way", () => {
    expect(parseMigrationDatabaseUrl({ DATABASE_URL: pooled })).toStrictEqual(
      parseDatabaseUrl({ DATABASE_URL: pooled }),
    );
  });

  test("need no URL of the app, as in a job that only migrates", () => {
    expect(
      parseMigrationDatabaseUrl({ MIGRATION_DATABASE_URL: direct, NODE_ENV: "production" }),
    ).toMatchObject({ user: "owner" });
  });

  test("take a variable that holds nothing but quotes for unset", () => {
    expect(parseDatabaseUrl({ DATABASE_URL: pooled, DIRECT_URL: '""' })).not.toHaveProperty("migrate");
  });
});

describe("every warning has a sentence", () => {
  const codes: readonly DatabaseUrlWarningCode[] = [
    "W_DATABASE_DEFAULTED",
    "W_MIGRATE_THROUGH_POOLER",
    "W_RAW_PASSWORD_CHARS",
    "W_TLS_DISABLED_PUBLIC",
    "W_TLS_NOT_VERIFIED",
  ];

  test.each(codes)("%s", (code) => {
    expect(databaseUrlWarning(code)).toMatch(/^[A-Z].*\.$/);
  });

  test("the one on TLS names the ways up", () => {
    const sentence = databaseUrlWarning("W_TLS_NOT_VERIFIED");
    for (const way of ["sslmode=verify-full", "sslrootcert", "DATABASE_CA_CERT"])
      expect(sentence).toContain(way);
  });
});

describe("a URL that is given by itself", () => {
  test("is the way of migrations, whatever the environment names", () => {
    const env = { DATABASE_URL: pooled, DIRECT_URL: direct };
    expect(parseGivenUrl("pglite:./data", "--url", env)).toMatchObject({ driver: "pglite" });
    expect(parseGivenUrl(pooled, "--url", env)).toStrictEqual(parseDatabaseUrl({ DATABASE_URL: pooled }));
  });

  test("is named in errors as it was given", () => {
    expect(() => parseGivenUrl("postgres://u@h:99999/app", "--url")).toThrow("The port in --url");
    expect(() => parseGivenUrl(" ", "--url")).toThrow("--url is empty, so it names no database.");
  });
});
