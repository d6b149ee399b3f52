import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { cliProject } from "../support/cli-project.ts";
import { migrationsFolder, writeRevision, type TestRevision } from "../support/migrations-folder.ts";
import { runCli, type CliResult } from "../support/run-cli.ts";
import { describeOnPostgres } from "../support/test-database.ts";

const base = {
  id: "aa11",
  upgrade: "CREATE TABLE users (id serial PRIMARY KEY, email text NOT NULL, name text, code text NOT NULL);",
};

interface Report {
  readonly ok: boolean;
  readonly sections: readonly {
    readonly name: string;
    readonly ok: boolean;
    readonly findings: readonly {
      code: string;
      message: string;
      hint: string;
      path?: string;
      line?: number;
    }[];
    readonly notes?: readonly { message: string }[];
    readonly skipped?: string;
  }[];
}

async function check(folder: string, ...argv: string[]): Promise<CliResult> {
  return await runCli(["check", ...argv, "--dir", "."], { cwd: folder });
}

function section(result: CliResult, name: string): Report["sections"][number] {
  return (result.json() as Report).sections.find((each) => each.name === name)!;
}

async function findings(revisions: readonly TestRevision[], ...argv: string[]): Promise<readonly unknown[]> {
  const result = await check(migrationsFolder(...revisions), "--json", "--only", "rows", ...argv);
  return section(result, "rows").findings.map(({ code, message, path, line }) => [
    code,
    path,
    line,
    /\((\w+)\)\.$/u.exec(message)?.[1],
  ]);
}

describe("wellhead check, rows", () => {
  test("finds what fails on tables with rows only, each with its place and the way out", async () => {
    const failing: readonly (readonly [string, string])[] = [
      ["ALTER TABLE users ADD age int NOT NULL;", "23502"],
      ["CREATE UNIQUE INDEX ON users (code);", "23505"],
      ["ALTER TABLE users ADD CHECK (email LIKE 'A%');", "23514"],
      ["ALTER TABLE users ALTER code TYPE int USING code::int;", "22P02"],
      ["ALTER TABLE users ALTER name SET NOT NULL;", "23502"],
      [
        "CREATE TABLE codes (code int PRIMARY KEY);\nALTER TABLE users ADD FOREIGN KEY (code) REFERENCES codes;",
        "23503",
      ],
      [
        "DO $$ BEGIN\nIF EXISTS (SELECT FROM users) THEN RAISE EXCEPTION 'not empty'; END IF; END $$;",
        "P0001",
      ],
    ];
    // In one line each is tried on what the others have left, and on rows all the same.
    const revisions = failing.map(([upgrade], index) => ({
      id: `r${index}`,
      revises: index === 0 ? "aa11" : `r${index - 1}`,
      upgrade,
    }));
    const found = await findings([base, ...revisions]);
    expect(found).toEqual(
      failing.map(([sql, code], index) => [
        "E_FAILS_ON_ROWS",
        `r${index}.sql`,
        sql.startsWith("CREATE TABLE") ? 7 : 6,
        code,
      ]),
    );
  });

  test("holds for the safe ways, and for revisions that have rows of their own", async () => {
    const safe = [
      "ALTER TABLE users ADD age int NOT NULL DEFAULT 0;",
      "ALTER TABLE users ADD nick text;\nUPDATE users SET nick = email WHERE nick IS NULL;\nALTER TABLE users ALTER nick SET NOT NULL;",
      "DELETE FROM users a USING users b WHERE a.id > b.id AND a.code = b.code;\nCREATE UNIQUE INDEX ON users (code);",
      "UPDATE users SET name = '' WHERE name IS NULL;\nALTER TABLE users ALTER name SET NOT NULL;",
      "CREATE TABLE role (id serial PRIMARY KEY, name text NOT NULL UNIQUE);\nINSERT INTO role (id, name) VALUES (1, 'admin'), (2, 'guest');\nSELECT setval('role_id_seq', 2);",
      "INSERT INTO role (name) VALUES ('owner');\nALTER TABLE users ADD role int NOT NULL DEFAULT 1 REFERENCES role;",
      "CREATE TYPE mood AS ENUM ('sad');\nALTER TABLE users ADD mood mood;",
      "ALTER TYPE mood ADD VALUE 'ok';",
      "UPDATE users SET mood = 'ok';",
    ];
    const revisions = safe.map((upgrade, index) => ({
      id: `r${index}`,
      revises: index === 0 ? "aa11" : `r${index - 1}`,
      upgrade,
    }));
    const folder = migrationsFolder(base, ...revisions);
    writeFileSync(
      join(folder, "ts.ts"),
      `// revision: ts\n// revises: r8\n\nexport async function upgrade(db) {
  for await (const rows of db.batches("SELECT id FROM users", [], 1)) {
    for (const { id } of rows) await db.query("UPDATE users SET nick = nick || $1 WHERE id = $2", ["!", id]);
  }
}\n`,
    );
    const result = await check(folder, "--only", "rows");
    expect(result).toMatchObject({
      exitCode: 0,
      stdout: "ok       rows: 11 revisions on tables with rows\n",
    });
  });

  test("takes a reason for what cannot be, from the head, and keeps it as a note", async () => {
    const unique = { id: "bb22", revises: "aa11", upgrade: "CREATE UNIQUE INDEX ON users (email);" };
    const folder = migrationsFolder(base, {
      ...unique,
      head: ["allow: failing on rows, because the app keeps e-mails unique"],
    });
    const result = await check(folder, "--json", "--only", "rows");
    expect(result.exitCode).toBe(0);
    expect(section(result, "rows").notes).toEqual([
      {
        path: "bb22.sql",
        line: 7,
        message: expect.stringContaining("Allowed: the app keeps e-mails unique"),
      },
    ]);
    for (const allow of [
      "failing on rows",
      "everything, because I say so",
      "access exclusiv on users, because",
      "acces exclusive on users, because it is small",
    ]) {
      writeRevision(folder, { ...unique, head: [`allow: ${allow}`] });
      const refused = await check(folder, "--json", "--only", "graph");
      expect(refused.exitCode).toBe(1);
      expect(section(refused, "graph").findings).toMatchObject([
        {
          code: "E_REVISION_HEAD",
          path: "bb22.sql",
          line: 4,
          hint: expect.stringContaining("allow: access exclusive on users, because"),
        },
      ]);
    }
  });

  test("names tables that it cannot fill, and what fails whether there are rows or not", async () => {
    const odd =
      "CREATE FUNCTION never(text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT false';\nCREATE TABLE odd (a text NOT NULL CHECK (never(a)));";
    const folder = migrationsFolder(
      base,
      { id: "bb22", revises: "aa11", upgrade: odd },
      { id: "cc33", revises: "bb22", upgrade: "ALTER TABLE nowhere ADD a int;" },
    );
    const { findings, notes } = section(await check(folder, "--json", "--only", "rows"), "rows");
    expect(findings).toMatchObject([{ code: "E_REVISION_FAILS", path: "cc33.sql", line: 6 }]);
    expect(notes).toMatchObject([{ message: expect.stringMatching(/^odd could not be filled.*never/u) }]);
  });

  test("takes the project's own rows in the place of made-up ones, over what several heads have in common", async () => {
    const folder = migrationsFolder(
      base,
      { id: "bb22", revises: "aa11", upgrade: "CREATE UNIQUE INDEX ON users (code);" },
      {
        id: "cc33",
        revises: "aa11",
        upgrade: "INSERT INTO users (id, email, code) SELECT 9, email, 'z' FROM users WHERE id = 1;",
      },
      { id: "dd44", revises: "aa11", upgrade: "ALTER TABLE users ADD n int NOT NULL;" },
    );
    expect(section(await check(folder, "--json", "--only", "rows"), "rows").findings).toHaveLength(2);
    writeFileSync(
      join(folder, "wellhead.config.json"),
      JSON.stringify({ migrations: ".", seed: "seed.sql" }),
    );
    writeFileSync(
      join(folder, "seed.sql"),
      "INSERT INTO users (id, email, code) VALUES (1, 'a', 'x'), (2, 'b', 'y');",
    );
    const result = await runCli(["check", "--json", "--only", "rows"], { cwd: folder });
    expect(section(result, "rows").findings).toMatchObject([
      { code: "E_FAILS_ON_ROWS", path: expect.stringContaining("dd44.sql") },
    ]);
    writeFileSync(join(folder, "seed.sql"), "INSERT INTO nowhere VALUES (1);");
    const broken = await runCli(["check", "--json", "--only", "rows"], { cwd: folder });
    expect(section(broken, "rows").findings).toMatchObject([{ code: "E_SEED" }]);
  });
});

describe("wellhead check, locks", () => {
  const index = {
    id: "bb22",
    revises: "aa11",
    upgrade: "CREATE INDEX users_name ON users (name);\nALTER TABLE users ADD age int;",
  };

  test("refuses stronger locks than --max-lock, on what is there already, with the safer way", async () => {
    const folder = migrationsFolder(base, index);
    const result = await check(folder, "--json", "--only", "locks", "--max-lock", "share update exclusive");
    expect(result.exitCode).toBe(1);
    expect(section(result, "locks").findings).toEqual([
      {
        code: "E_LOCK_TOO_STRONG",
        path: "bb22.sql",
        line: 6,
        message:
          "bb22 takes share on users, which blocks writes; at most share update exclusive is wished for.",
        hint: expect.stringContaining("CONCURRENTLY"),
      },
      {
        code: "E_LOCK_TOO_STRONG",
        path: "bb22.sql",
        line: 7,
        message: expect.stringContaining("access exclusive on users"),
        hint: expect.stringContaining("allow: access exclusive on users, because …"),
      },
    ]);
    expect((await check(folder, "--only", "locks", "--max-lock", "AccessExclusiveLock")).exitCode).toBe(0);
    expect((await check(folder, "--json", "--only", "locks")).json()).toMatchObject({
      ok: true,
      sections: [{ skipped: expect.stringContaining("--max-lock") }],
    });
    const wrong = await check(folder, "--max-lock", "shared");
    expect(wrong).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("share update exclusive") });
  });

  test("lets the head of a revision allow a lock up to a mode, on relations that it names", async () => {
    const allow = [
      "allow: access exclusive on public.users, orders, because both are small",
      'allow: share on "t", because nobody writes',
    ];
    const folder = migrationsFolder(base, { ...index, head: allow });
    const result = await check(folder, "--json", "--only", "locks", "--max-lock", "row exclusive");
    expect(result.exitCode).toBe(0);
    expect(section(result, "locks").notes).toMatchObject([
      { path: "bb22.sql", line: 8, message: expect.stringContaining("both are small") },
      { line: 9 },
    ]);
    writeRevision(folder, { ...index, head: ["allow: share on users, because the index is small"] });
    expect(
      section(await check(folder, "--json", "--only", "locks", "--max-lock", "row exclusive"), "locks")
        .findings,
    ).toHaveLength(1);
  });

  test("counts nothing before --since, and no table that is made since", async () => {
    const orders = { id: "cc33", revises: "bb22", upgrade: "CREATE TABLE orders (id int);" };
    const folder = migrationsFolder(base, index, orders, {
      id: "dd44",
      revises: "cc33",
      upgrade: "ALTER TABLE orders ADD n int;",
    });
    const max = ["--only", "locks", "--max-lock", "share update exclusive"];
    expect((await check(folder, ...max, "--since", "bb22")).exitCode).toBe(0);
    expect(section(await check(folder, ...max, "--since", "cc33", "--json"), "locks").findings).toMatchObject(
      [{ path: "dd44.sql" }],
    );
    expect((await check(folder, ...max, "--since", "zz")).stdout).toContain("zz");
  });
});

describeOnPostgres("wellhead check with a database, rows and locks", (server) => {
  test("looks at what is pending there, on the scratch server too", async () => {
    const bad = { id: "bb22", revises: "aa11", upgrade: "ALTER TABLE users ADD age int NOT NULL;" };
    const { folder, url, wellhead } = await cliProject(server, base, bad);
    await wellhead("upgrade");
    const only = ["check", "--json", "--only", "rows", "--only", "locks", "--max-lock", "share"];
    expect(await wellhead(...only)).toMatchObject({ exitCode: 0 });
    writeRevision(folder, { id: "cc33", revises: "bb22", upgrade: "ALTER TABLE users ADD b int NOT NULL;" });
    const result = await wellhead(...only, "--scratch-url", url);
    expect(section(result, "rows").findings).toMatchObject([{ code: "E_FAILS_ON_ROWS", path: "cc33.sql" }]);
    expect(section(result, "locks").findings).toMatchObject([
      { code: "E_LOCK_TOO_STRONG", path: "cc33.sql" },
    ]);
  });
});
