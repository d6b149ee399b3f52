import { expect, test } from "vitest";

import { migrationsFolder, type TestRevision } from "../../../../test/support/migrations-folder.ts";
import { loadMigrations } from "../../src/migrate/index.ts";
import { proveRoundTrips, type RoundTrip } from "../../src/prove/index.ts";
import { openScratch } from "../../src/scratch/index.ts";

const users = "CREATE TABLE users (id serial PRIMARY KEY, email text NOT NULL, name text DEFAULT 'x');";

/** Revisions on one line, each with what its round trip must come to. */
const line: readonly (TestRevision & { readonly expected: Partial<RoundTrip> })[] = [
  {
    id: "a1",
    upgrade: users,
    downgrade: "DROP TABLE users;",
    expected: { schemaRestored: true, dataRestored: true },
  },
  {
    id: "b1",
    upgrade: "CREATE INDEX email_idx ON users (email); CREATE INDEX name_idx ON users (name);",
    downgrade: "DROP INDEX email_idx;",
    expected: {
      schemaRestored: false,
      error: { code: "42P07", line: 6, path: expect.stringContaining("b1.sql") } as never,
      failedIn: "second upgrade",
    },
  },
  {
    id: "c1",
    upgrade: "ALTER TABLE users DROP COLUMN name;",
    downgrade: "ALTER TABLE users ADD COLUMN name text DEFAULT 'x';",
    // Its index came from b1, and goes with the column.
    expected: {
      schemaRestored: false,
      dataRestored: false,
      tables: ["public.users"],
      difference: [
        {
          kind: "index",
          name: "public.name_idx",
          definitions: [expect.stringContaining("(name)") as never, null],
        },
      ],
    },
  },
  {
    id: "d1",
    upgrade: "ALTER TABLE users DROP COLUMN email;",
    downgrade:
      "ALTER TABLE users ADD COLUMN email text NOT NULL DEFAULT ''; ALTER TABLE users ALTER email DROP DEFAULT; CREATE INDEX email_idx ON users (email);",
    expected: { schemaRestored: true, dataRestored: false, tables: ["public.users"] },
  },
  {
    id: "e1",
    upgrade: "CREATE TABLE gone (n int);",
    expected: { schemaRestored: false, hasDowngrade: false },
  },
  {
    id: "f1",
    head: ["irreversible: the rows are gone"],
    upgrade: "DROP TABLE gone;",
    expected: { irreversible: "the rows are gone", hasDowngrade: false },
  },
  { id: "g1", upgrade: "", downgrade: "", expected: { schemaRestored: true, dataRestored: true } },
  {
    id: "h1",
    upgrade: "ALTER TABLE users ADD age int NOT NULL;",
    downgrade: "ALTER TABLE users DROP age;",
    expected: { schemaRestored: true, dataRestored: true, withoutRows: true },
  },
  {
    id: "i1",
    upgrade: "CREATE VIEW v AS SELECT id FROM users;",
    downgrade: "DROP VIEW w;",
    expected: { error: { code: "42P01", line: 8 } as never, failedIn: "downgrade" },
  },
  {
    id: "j1",
    head: ["transaction: none"],
    upgrade: "CREATE INDEX CONCURRENTLY age_idx ON users (age);\nVACUUM users;",
    downgrade: "DROP INDEX CONCURRENTLY age_idx;",
    expected: { schemaRestored: true, dataRestored: true },
  },
  {
    id: "k1",
    upgrade: "CREATE TYPE mood AS ENUM ('sad'); CREATE TABLE m (m mood);",
    downgrade: "DROP TABLE m; DROP TYPE mood;",
    expected: { schemaRestored: true },
  },
  {
    id: "l1",
    upgrade: "ALTER TYPE mood ADD VALUE 'glad';",
    downgrade: "",
    expected: { schemaRestored: false, hasDowngrade: false },
  },
];

test("each revision goes forward, back and forward again, and what it does not restore is told", async () => {
  const revisions = line.map(({ id, ...revision }, index) => ({
    ...revision,
    id,
    revises: line[index - 1]?.id ?? "",
  }));
  const migrations = loadMigrations(migrationsFolder(...revisions), {});
  const scratch = await openScratch();
  const asked: string[] = [];
  try {
    const roundTrips = await proveRoundTrips({
      migrations,
      scratch,
      onRevision: (revision) => asked.push(revision),
    });
    expect(roundTrips.map(({ revision }) => revision)).toEqual(line.map(({ id }) => id));
    for (const [index, { id, expected }] of line.entries())
      expect(roundTrips[index], id).toMatchObject(expected);
    expect(asked).toEqual(line.map(({ id }) => id));
  } finally {
    await scratch.close();
  }
});

test("only the revisions that are asked for are proved, on both sides of a fork", async () => {
  const migrations = loadMigrations(
    migrationsFolder(
      { id: "a1", upgrade: users, downgrade: "DROP TABLE users;" },
      {
        id: "b1",
        revises: "a1",
        upgrade: "ALTER TABLE users ADD b int;",
        downgrade: "ALTER TABLE users DROP b;",
      },
      { id: "c1", revises: "a1", upgrade: "ALTER TABLE users ADD c int;", downgrade: "SELECT 1;" },
      { id: "m1", revises: "b1, c1", upgrade: "", downgrade: "" },
    ),
    {},
  );
  const scratch = await openScratch();
  try {
    const roundTrips = await proveRoundTrips({ migrations, scratch, revisions: ["c1", "m1"] });
    expect(roundTrips).toMatchObject([
      { revision: "c1", schemaRestored: false },
      { revision: "m1", schemaRestored: true },
    ]);
  } finally {
    await scratch.close();
  }
});

test("where an upgrade fails nothing after it is proved", async () => {
  const migrations = loadMigrations(
    migrationsFolder(
      { id: "a1", upgrade: "SELECT 1/0;", downgrade: "" },
      { id: "b1", revises: "a1", upgrade: "", downgrade: "" },
    ),
    {},
  );
  const scratch = await openScratch();
  try {
    expect(await proveRoundTrips({ migrations, scratch })).toMatchObject([
      { revision: "a1", failedIn: "upgrade", error: { code: "22012", line: 6 } },
    ]);
  } finally {
    await scratch.close();
  }
});
