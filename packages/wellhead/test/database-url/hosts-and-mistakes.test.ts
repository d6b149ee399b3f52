import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseDatabaseUrl } from "wellhead/database-url";
import { expectRefusal, refusalOf, type Environment } from "./vector.ts";

/** What the target must at least say, and which fields it must not have. */
interface Accepted {
  readonly name: string;
  readonly env: Environment;
  readonly target: object;
  readonly absent?: readonly string[];
}

/** An environment that is refused; `s3cret` stands for what no error may show. */
interface Refused {
  readonly name: string;
  readonly env: Environment;
  readonly code: string;
  readonly mustMention: readonly string[];
}

const accepted = fixture("accepted-urls.json") as Readonly<Record<string, readonly Accepted[]>>;
const refused = fixture("refused-urls.json") as readonly Refused[];

describe.each(Object.entries(accepted))("%s", (_group, rows) => {
  test.each(rows)("$name", ({ env, target, absent = [] }) => {
    const parsed = parseDatabaseUrl(env);
    expect(parsed).toMatchObject(target);
    for (const field of absent) expect(parsed).not.toHaveProperty(field);
  });
});

describe("mistakes", () => {
  test.each(refused)("$name", ({ env, code, mustMention }) => {
    expectRefusal(env, { code, mustMention, mustNotMention: ["s3cret"] });
  });

  test("an error names its variable as data", () => {
    expect(refusalOf({ PGHOST: "localhost", PGUSER: "u", PGPORT: "none" }).toJSON()).toMatchObject({
      variable: "PGPORT",
    });
  });
});

test("the same local database for the app and for migrations is no conflict", () => {
  const env = { DATABASE_URL: "pglite://./x", MIGRATION_DATABASE_URL: "pglite://./x" };
  expect(parseDatabaseUrl(env)).toStrictEqual(parseDatabaseUrl({ DATABASE_URL: "pglite://./x" }));
});

function fixture(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`fixtures/${name}`, import.meta.url), "utf8"));
}
