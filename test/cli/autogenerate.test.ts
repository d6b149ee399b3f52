import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { expect, test } from "vitest";

import { temporaryFolder, writeRevision } from "../support/migrations-folder.ts";
import { runCli } from "../support/run-cli.ts";
import { hasTerminal, runInTerminal } from "../support/terminal.ts";

const there = `CREATE TYPE mood AS ENUM ('glad', 'sad');
CREATE TABLE users (id int PRIMARY KEY, nick text, mood mood);`;
const argv = ["revision", "--autogenerate", "-m", "change", "--rev-id", "bb22"];

interface Written {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The new revisions, one behind the other as they run, from their first section on. */
  readonly statements: readonly string[];
}

/** A project whose one revision makes `there`, and whose models are these. */
function project(models: unknown, files: Readonly<Record<string, string>> = {}): string {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "migrations"));
  const downgrade = "DROP TABLE users; DROP TYPE mood;";
  writeRevision(join(folder, "migrations"), { id: "aa11", upgrade: there, downgrade });
  writeFileSync(join(folder, "wellhead.config.ts"), `export default { models: ${JSON.stringify(models)} };`);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

const declaring = (sql: string): string => project("schema.sql", { "schema.sql": sql });

async function autogenerate(folder: string, ...options: readonly string[]): Promise<Written> {
  const { exitCode, stdout, stderr } = await runCli([...argv, ...options], { cwd: folder });
  return { exitCode, stdout, stderr, statements: written(folder) };
}

function written(folder: string): string[] {
  const files = readdirSync(join(folder, "migrations")).filter((name) => name !== "aa11.sql");
  // The one that was asked for by its id comes last.
  return files
    .toSorted((one, other) => Number(one.startsWith("bb22")) - Number(other.startsWith("bb22")))
    .map((name) => readFileSync(join(folder, "migrations", name), "utf8"))
    .map((text) => text.slice(text.indexOf("-- upgrade")));
}

test("nothing to do is said, and no file is written", async () => {
  const { exitCode, stdout, statements } = await autogenerate(declaring(there));
  expect([exitCode, stdout, statements]).toEqual([0, "No new upgrade operations detected.\n", []]);
});

test("a column is added, proved, and then there is nothing to do", async () => {
  const folder = declaring(there.replace("nick text", "nick text, age int"));
  const { exitCode, stdout, statements } = await autogenerate(folder);
  expect(stdout).toContain("proved: upgrade and downgrade, on tables with rows\n");
  expect(statements).toEqual([
    `-- upgrade
ALTER TABLE public.users ADD COLUMN age integer;

-- downgrade
-- loses data
ALTER TABLE public.users DROP COLUMN age;
`,
  ]);
  expect(exitCode).toBe(0);
  const again = await runCli(argv.toSpliced(-1, 1, "cc33"), { cwd: folder });
  expect(again.stdout).toBe("No new upgrade operations detected.\n");
});

test("a column that is not null is added, filled by a person, and set", async () => {
  const { exitCode, stdout, statements } = await autogenerate(
    declaring(there.replace("nick text", "nick text, age int NOT NULL")),
  );
  expect(stdout).toContain("not proved: see what is left to do in the file");
  expect(statements[0]).toContain(`ALTER TABLE public.users ADD COLUMN age integer;

-- to be written: a value for the rows that have none
-- UPDATE public.users SET age = … WHERE age IS NULL;
ALTER TABLE public.users ALTER COLUMN age SET NOT NULL;
`);
  expect(exitCode).toBe(0);
});

test("what may be a new name is neither guessed nor dropped", async () => {
  const { exitCode, stderr, statements } = await autogenerate(
    declaring(there.replace("nick text", "nickname text")),
  );
  expect(stderr).toContain("The revision would lose data: ALTER TABLE public.users DROP COLUMN nick.");
  expect(stderr).toContain("`--allow-data-loss`; if it is a new name: `--rename users.nick=users.nickname`");
  expect([exitCode, statements]).toEqual([1, []]);
});

test("--allow-data-loss drops, and marks what it drops", async () => {
  const { exitCode, statements } = await autogenerate(
    declaring(there.replace("nick text, ", "")),
    "--allow-data-loss",
  );
  expect(statements[0]).toContain("-- loses data\nALTER TABLE public.users DROP COLUMN nick;\n");
  expect(exitCode).toBe(0);
});

test("--rename gives tables and columns their new names, several in one go", async () => {
  const { exitCode, stderr, statements } = await autogenerate(
    declaring(there.replace("TABLE users", "TABLE people").replace("nick text", "nickname text")),
    "--rename",
    "users=people",
    "--rename",
    "people.nick=people.nickname",
  );
  expect(stderr).toBe("");
  expect(statements[0]).toContain("ALTER TABLE public.users RENAME TO people;\n");
  expect(statements[0]).toContain("ALTER TABLE public.people RENAME COLUMN nick TO nickname;\n");
  expect(statements[0]).not.toMatch(/DROP|CREATE/);
  expect(exitCode).toBe(0);
});

test("--rename of what is not there is refused", async () => {
  const { exitCode, stderr, statements } = await autogenerate(
    declaring(there.replace("nick text", "nickname text")),
    "--rename",
    "users.none=users.nickname",
  );
  expect(stderr).toContain("--rename users.none=users.nickname: the revisions produce no users.none.");
  expect([exitCode, statements]).toEqual([1, []]);
});

test("a value of an enum is renamed where it stands", async () => {
  const { exitCode, statements } = await autogenerate(declaring(there.replace("'sad'", "'blue'")));
  expect(statements).toEqual([
    `-- upgrade
ALTER TYPE public.mood RENAME VALUE 'sad' TO 'blue';

-- downgrade
ALTER TYPE public.mood RENAME VALUE 'blue' TO 'sad';
`,
  ]);
  expect(exitCode).toBe(0);
});

test("several values of an enum under other names are named one by one", async () => {
  const models = there.replace("'glad', 'sad'", "'good', 'bad'");
  const refused = await autogenerate(declaring(models));
  expect(refused.stderr).toContain("`--rename mood.glad=mood.good` or `--rename mood.sad=mood.bad`");
  expect([refused.exitCode, refused.statements]).toEqual([1, []]);
  const renames = ["--rename", "mood.glad=mood.good", "--rename", "mood.sad=mood.bad"];
  const { exitCode, statements } = await autogenerate(declaring(models), ...renames);
  expect(statements[0]).toContain(
    "ALTER TYPE public.mood RENAME VALUE 'glad' TO 'good';\nALTER TYPE public.mood RENAME VALUE 'sad' TO 'bad';\n",
  );
  expect(exitCode).toBe(0);
});

test("--rename moves a table to another schema, and takes names in quotes", async () => {
  const { exitCode, statements } = await autogenerate(
    declaring(
      there
        .replace("TABLE users", "SCHEMA app; CREATE TABLE app.people")
        .replace("nick text", '"a.b=c" text'),
    ),
    "--rename",
    "users=app.people",
    "--rename",
    'app.people.nick=app.people."a.b=c"',
  );
  expect(statements[0]).toContain("ALTER TABLE public.people SET SCHEMA app;\n");
  expect(statements[0]).toContain('ALTER TABLE app.people RENAME COLUMN nick TO "a.b=c";\n');
  expect(exitCode).toBe(0);
});

test("--rename of a column into another table is refused", async () => {
  const more = "CREATE TABLE posts (id int);";
  const folder = declaring(
    `${there.replace("nick text, ", "")} ${more.replace("id int", "id int, nick text")}`,
  );
  const argument = "users.nick=posts.nick";
  writeRevision(join(folder, "migrations"), { id: "aa22", revises: "aa11", upgrade: more, downgrade: "" });
  const { exitCode, stderr } = await runCli([...argv, "--rename", argument], { cwd: folder });
  expect(stderr).toContain(`--rename ${argument}: a column stays in its table.`);
  expect(exitCode).toBe(1);
});

test("a new value of an enum that is used at once gets a revision of its own before", async () => {
  const folder = declaring(
    there.replace("'sad'", "'sad', 'calm'").replace("mood mood", "mood mood DEFAULT 'calm'"),
  );
  const { exitCode, statements } = await autogenerate(folder);
  expect(statements).toEqual([
    expect.stringContaining("ALTER TYPE public.mood ADD VALUE 'calm' AFTER 'sad';"),
    expect.stringContaining("ALTER TABLE public.users ALTER COLUMN mood SET DEFAULT 'calm'::public.mood;"),
  ]);
  expect(exitCode).toBe(0);
  const proof = await runCli(["prove", "--json"], { cwd: folder });
  const { roundTrips } = proof.json() as { roundTrips: readonly Record<string, unknown>[] };
  expect(roundTrips.map(({ schemaRestored }) => schemaRestored)).toEqual([true, true, true]);
});

test("Drizzle's tables are read by the project's own drizzle-kit", async () => {
  const folder = project("schema.ts", {
    "package.json": '{ "type": "module" }',
    "schema.ts": `import { index, integer, pgEnum, pgTable, text } from "drizzle-orm/pg-core";
export const mood = pgEnum("mood", ["glad", "sad"]);
const columns = { id: integer().primaryKey(), nick: text(), mood: mood() };
export const users = pgTable("users", columns, (table) => [index("users_nick_idx").on(table.nick)]);
`,
  });
  const modules = fileURLToPath(new URL("../../node_modules", import.meta.url));
  symlinkSync(modules, join(folder, "node_modules"));
  const { exitCode, stderr, statements } = await autogenerate(folder);
  expect(stderr).toBe("");
  expect(statements[0]).toContain("CREATE INDEX users_nick_idx ON public.users USING btree (nick);");
  expect(exitCode).toBe(0);
});

test("a command prints the models, and what it cannot say is left alone", async () => {
  const folder = project({ command: "cat schema.txt" }, { "schema.txt": there });
  writeRevision(join(folder, "migrations"), {
    id: "aa22",
    revises: "aa11",
    upgrade: "CREATE FUNCTION one() RETURNS int LANGUAGE sql AS 'SELECT 1';",
    downgrade: "DROP FUNCTION one();",
  });
  const { exitCode, stdout } = await runCli(argv, { cwd: folder });
  expect([exitCode, stdout]).toEqual([0, "No new upgrade operations detected.\n"]);
});

test("a command that fails is told without its passwords", async () => {
  const command =
    "PGPASSWORD=hunter1 API_TOKEN=hunter3 sh -c 'echo no way to postgres://me:hunter2@host/db >&2; exit 3'";
  const folder = project({ command });
  const { exitCode, stdout } = await runCli(["check", "--only", "models"], { cwd: folder });
  expect(stdout).toContain("the command ended with 3");
  expect(stdout).toContain("PGPASSWORD=*** API_TOKEN=*** sh -c");
  expect(stdout).not.toMatch(/hunter/);
  expect(exitCode).toBe(1);
});

test.skipIf(!hasTerminal)("on a terminal a person says what is a new name", async () => {
  const folder = declaring(there.replace("nick text", "nickname text"));
  const { exitCode, screen } = await runInTerminal(argv, { cwd: folder, typed: "y\n" });
  expect(screen).toContain("Is column users.nickname the new name of users.nick? [y/N] ");
  expect(written(folder)[0]).toContain("ALTER TABLE public.users RENAME COLUMN nick TO nickname;\n");
  expect(exitCode).toBe(0);
});
