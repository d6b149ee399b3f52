import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { cliProject } from "../support/cli-project.ts";
import { migrationsFolder, temporaryFolder, writeRevision } from "../support/migrations-folder.ts";
import { runCli, type CliResult } from "../support/run-cli.ts";
import { describeOnPostgres } from "../support/test-database.ts";

const base = {
  id: "aa11",
  upgrade: "CREATE TABLE users (id serial PRIMARY KEY, email text NOT NULL, name varchar(100));",
};
const orders = {
  id: "bb22",
  revises: "aa11",
  upgrade: "CREATE TABLE orders (id serial PRIMARY KEY, u int NOT NULL REFERENCES users);",
};

async function explain(folder: string, ...argv: string[]): Promise<CliResult> {
  return await runCli(["explain", ...argv, "--dir", "."], { cwd: folder });
}

interface Statement {
  readonly revision: string;
  readonly path: string;
  readonly line?: number;
  readonly sql: string;
  readonly locks: readonly { relation: string; mode: string; blocks: readonly string[] }[];
  readonly scans: readonly string[];
  readonly fails?: { readonly code: string; readonly message: string };
  readonly advice?: string;
}

function statements(result: CliResult): readonly Statement[] {
  return (result.json() as { statements: readonly Statement[] }).statements;
}

describe("wellhead explain without a database", () => {
  test("explains every statement from base, with its place, its lock and the safer way", async () => {
    const folder = migrationsFolder(base, orders, {
      id: "cc33",
      revises: "bb22",
      upgrade: "CREATE INDEX users_name ON users (name);\nALTER TABLE users ADD age int NOT NULL;",
    });
    const result = await explain(folder, "--json");
    expect(result).toMatchObject({ exitCode: 0, stderr: "" });
    expect(statements(result)).toEqual([
      {
        revision: "aa11",
        path: "aa11.sql",
        line: expect.any(Number),
        sql: base.upgrade.slice(0, -1),
        locks: [],
        rewrites: [],
        scans: [],
        dataLoss: false,
      },
      {
        revision: "bb22",
        path: "bb22.sql",
        line: expect.any(Number),
        sql: orders.upgrade.slice(0, -1),
        locks: [{ relation: "users", mode: "ShareRowExclusiveLock", blocks: ["writes"] }],
        rewrites: [],
        scans: [],
        dataLoss: false,
      },
      {
        revision: "cc33",
        path: "cc33.sql",
        line: 6,
        sql: "CREATE INDEX users_name ON users (name)",
        locks: [{ relation: "users", mode: "ShareLock", blocks: ["writes"] }],
        rewrites: [],
        scans: ["users"],
        dataLoss: false,
        advice: expect.stringContaining("CREATE INDEX CONCURRENTLY"),
      },
      {
        revision: "cc33",
        path: "cc33.sql",
        line: 7,
        sql: "ALTER TABLE users ADD age int NOT NULL",
        locks: [{ relation: "users", mode: "AccessExclusiveLock", blocks: ["reads", "writes"] }],
        rewrites: [],
        scans: [],
        dataLoss: false,
        fails: { code: "23502", message: 'column "age" of relation "users" contains null values' },
        advice: expect.stringContaining("DEFAULT"),
      },
    ]);
    const text = (await explain(folder)).stdout;
    expect(text).toContain(
      '7  ALTER TABLE users ADD age int NOT NULL\n     locks     users  access exclusive  blocks reads and writes\n     fails     column "age"',
    );
    expect(text).toMatch(
      /4 statements in 3 revisions; strongest lock: access exclusive on users \(cc33\.sql:7\); 1 fails \(measured on the embedded Postgres 18\.\d+\)\n$/u,
    );
  });

  test("goes on after a statement that fails, whatever the cause, and says so", async () => {
    const folder = migrationsFolder(
      base,
      {
        id: "cc33",
        revises: "aa11",
        upgrade:
          "ALTER TABLE users ADD n int;\nALTER TABLE nowhere ADD n int;\nALTER TABLE users ADD m int REFERENCES nothing;\nALTER TABLE users DROP name;",
      },
      { id: "dd44", revises: "cc33", upgrade: "DROP TABLE users;" },
    );
    const result = await explain(folder, "--json");
    expect(
      statements(result).map(({ sql, locks, fails }) => [sql.slice(0, 24), locks.length, fails?.code]),
    ).toEqual([
      ["CREATE TABLE users (id s", 0, undefined],
      ["ALTER TABLE users ADD n ", 1, undefined],
      ["ALTER TABLE nowhere ADD ", 0, "42P01"],
      ["ALTER TABLE users ADD m ", 0, "42P01"],
      ["ALTER TABLE users DROP n", 1, undefined],
    ]);
    expect((await explain(folder)).stdout).toContain(
      "dd44  the dd44  dd44.sql\n  not tried: it builds on cc33, which is not there\n",
    );
  });

  test("explains what a .ts revision runs, statement by statement, with the line that runs it", async () => {
    const folder = migrationsFolder(base);
    writeFileSync(
      join(folder, "cc33.ts"),
      `// revision: cc33
// revises: aa11

export async function upgrade(db) {
  await db.run("ALTER TABLE users ADD n int; CREATE INDEX ON users (n)");
  for await (const rows of db.batches("SELECT id FROM users", [], 2)) {
    for (const row of rows) await db.query("UPDATE users SET n = $1 WHERE id = $2", [1, row.id]);
  }
}
`,
    );
    const explained = statements(await explain(folder, "--json")).filter(
      ({ revision }) => revision === "cc33",
    );
    expect(explained.slice(0, 4).map(({ sql, line, locks }) => [sql, line, locks[0]?.mode])).toEqual([
      ["ALTER TABLE users ADD n int", 5, "AccessExclusiveLock"],
      ["CREATE INDEX ON users (n)", 5, "ShareLock"],
      ["SELECT id FROM users", 6, undefined],
      ["UPDATE users SET n = $1 WHERE id = $2", 7, "RowExclusiveLock"],
    ]);
  });

  test("tells where the own code of a .ts revision fails, and on rows only", async () => {
    const folder = migrationsFolder(base);
    writeFileSync(
      join(folder, "cc33.ts"),
      `// revision: cc33
// revises: aa11

export async function upgrade(db) {
  const [row] = await db.query("SELECT count(*)::int AS n FROM users");
  if (row.n > 0) throw new Error("users must be empty");
  await db.run("ALTER TABLE users ADD z int");
}
`,
    );
    const explained = statements(await explain(folder, "--json")).slice(1);
    expect(explained).toMatchObject([
      { sql: "SELECT count(*)::int AS n FROM users", line: 5 },
      { sql: "ALTER TABLE users ADD z int", line: 7, locks: [{ relation: "users" }] },
      { sql: "", line: 6, fails: { message: "users must be empty" } },
    ]);
    expect((await explain(folder)).stdout).toContain(
      "6  (the revision's own code)\n     fails     users must be empty",
    );
  });

  test("knows what cannot run in a transaction from the manual, and runs it all the same", async () => {
    const folder = migrationsFolder(base, {
      id: "cc33",
      revises: "aa11",
      head: ["transaction: none"],
      upgrade:
        "CREATE INDEX CONCURRENTLY users_name ON users (name);\nVACUUM FULL users;\nDROP INDEX CONCURRENTLY users_name;\nCREATE UNIQUE INDEX CONCURRENTLY ON users (email);",
    });
    const explained = statements(await explain(folder, "--json")).slice(1);
    expect(
      explained.map(({ locks, fails }) => [
        locks.map(({ relation, mode }) => `${relation} ${mode}`).join(),
        fails?.code,
      ]),
    ).toEqual([
      ["users ShareUpdateExclusiveLock", undefined],
      ["users AccessExclusiveLock", undefined],
      ["users ShareUpdateExclusiveLock", undefined],
      ["users ShareUpdateExclusiveLock", "23505"],
    ]);
  });

  test("an empty folder has nothing pending, a target that is none is refused, an empty revision has no statement", async () => {
    expect(await explain(temporaryFolder())).toMatchObject({ exitCode: 0, stdout: "nothing is pending\n" });
    const folder = migrationsFolder(base, { id: "cc33", revises: "aa11", upgrade: "" });
    const refused = await explain(folder, "zz99");
    expect(refused).toMatchObject({ exitCode: 1, stdout: "" });
    expect(refused.stderr).toContain("zz99");
    expect((await explain(folder)).stdout).toContain("cc33  the cc33  cc33.sql\n  no statement\n");
    writeRevision(folder, { id: "dd44", revises: "cc33", upgrade: "ALTER TABEL users ADD n int;" });
    expect(statements(await explain(folder, "--json")).at(-1)).toMatchObject({
      revision: "dd44",
      line: 6,
      fails: { code: "42601" },
    });
  });
});

describeOnPostgres("wellhead explain with a database", (server) => {
  test("explains what is pending there, on a scratch database of the server when that is asked for", async () => {
    const { folder, url, rows, wellhead } = await cliProject(server, base, orders);
    await wellhead("upgrade", "aa11");
    writeRevision(folder, {
      id: "cc33",
      revises: "bb22",
      upgrade: "ALTER TABLE users ALTER name TYPE varchar(50);",
    });
    const scratches = async (): Promise<string[]> =>
      (await rows("SELECT datname FROM pg_database WHERE datname ~ '^wellhead_scratch'")).map((row) =>
        String(row["datname"]),
      );
    const before = await scratches();
    const result = await wellhead("explain", "--json", "--scratch-url", url);
    expect(statements(result).map(({ revision, locks }) => [revision, locks[0]?.mode])).toEqual([
      ["bb22", "ShareRowExclusiveLock"],
      ["cc33", "AccessExclusiveLock"],
    ]);
    // Other tests have theirs on this server as well, for a while: one that was left would stay.
    const fresh = (await scratches()).filter((name) => !before.includes(name));
    await expect
      .poll(async () => (await scratches()).filter((name) => fresh.includes(name)), { timeout: 60_000 })
      .toEqual([]);
    expect(await rows("SELECT count(*)::int AS n FROM users")).toEqual([{ n: 0 }]);
    expect((await wellhead("explain")).stdout).not.toContain("aa11");
    expect((await wellhead("explain", "aa11", "--json")).json()).toEqual({ statements: [] });
  });
});
