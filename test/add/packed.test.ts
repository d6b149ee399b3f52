// What a user has who installs the package as it was built last, and adds the backend, with nothing of this workspace around it but
// what is installed.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect, onTestFinished, test } from "vitest";

import { startServer } from "../support/server-process.ts";
import { createTestDatabase, testServers } from "../support/test-database.ts";
import { packedProject, type PackedProject } from "./support/packed-project.ts";

test.skipIf(testServers.length === 0)(
  "in an empty folder the copied backend has its types, passes its tests and registers somebody",
  { timeout: 120_000 },
  async () => {
    const { url, close } = await createTestDatabase();
    onTestFinished(close);
    const project = packedProject({ DATABASE_URL: url, TEST_DATABASE_URL: url });
    const added = project.run("wellhead", "add", "backend");
    expect(added).toMatchObject({ status: 0 });
    expect(added.output).toMatch(
      /^copied \d+ files in backend .*\ncreated wellhead\.config\.json\nnext:\n {2}npm install /,
    );
    expect(existsSync(join(project.folder, "package.json"))).toBe(false);
    expect(project.run("tsc", "-p", "backend")).toEqual({ status: 0, output: "" });
    const tests = project.run(
      "vitest",
      "run",
      "--root",
      "backend",
      "test/app.test.ts",
      "test/settings.test.ts",
    );
    expect(tests.output).toMatch(/Test Files .*2 passed/);
    await registers(project, url);
    expect(project.run("wellhead", "current", "--check-heads")).toMatchObject({ status: 0 });
  },
);

test.skipIf(testServers.length === 0)(
  "in a project with revisions of its own they are a second base, and one upgrade runs both",
  { timeout: 120_000 },
  async () => {
    const { url, close } = await createTestDatabase();
    onTestFinished(close);
    const project = packedProject({ DATABASE_URL: url });
    const { folder, run } = project;
    writeFileSync(
      join(folder, "package.json"),
      '{"name":"shop","type":"commonjs","dependencies":{"zod":"^3.25.0"}}',
    );
    mkdirSync(join(folder, "migrations"));
    writeFileSync(
      join(folder, "migrations/aa11_shop.sql"),
      "-- revision: aa11\n-- revises:\n-- message: shop\n\n-- upgrade\nCREATE TABLE shop (id int);\n\n-- downgrade\nDROP TABLE shop;\n",
    );
    const added = run("wellhead", "add", "backend", "--dir", "src/accounts");
    expect(added).toMatchObject({
      status: 0,
      output: expect.stringContaining("created wellhead.config.json"),
    });
    expect(added.output).toContain("package.json has zod ^3.25.0, and the copied code needs 4.");
    expect(added.output).toMatch(/npm install .*\bzod@4\./);
    expect(JSON.parse(readFileSync(join(folder, "wellhead.config.json"), "utf8"))).toEqual({
      migrations: ["migrations", "src/accounts/migrations"],
    });
    expect(run("wellhead", "heads").output).toMatch(/^aa11 \(head\)\n\w+ \(users\) \(head\)\n$/);
    // Where no server is named for them the tests have the embedded Postgres alone.
    const tests = run(
      "vitest",
      "run",
      "--root",
      "src/accounts",
      "test/pages/forms.test.ts",
      "test/sessions/same-time.test.ts",
    );
    expect(tests.output).toMatch(/Test Files .*2 passed/);
    // The server runs all of the project's revisions, not its own alone.
    await registers(project, url, "src/accounts");
    expect(run("wellhead", "current").output.split("\n").toSorted().join(" ")).toMatch(
      /^ aa11 \(head\) \w+ \(head\)$/,
    );
    const next = run("wellhead", "revision", "-m", "nickname", "--head", "users@head", "--rev-id", "bb22");
    expect(next.output).toBe("created src/accounts/migrations/bb22_nickname.sql\n");
    expect(run("wellhead", "add", "backend", "--dir", "src/accounts").output).toMatch(
      /^src\/accounts is up to date/,
    );
  },
);

test(
  "in an empty folder the proofs run, on the embedded Postgres that comes along",
  { timeout: 120_000 },
  () => {
    const { folder, run } = packedProject();
    writeFileSync(
      join(folder, "wellhead.config.json"),
      '{"migrations": "migrations", "models": {"sql": "schema.sql"}}',
    );
    mkdirSync(join(folder, "migrations"));
    const revision = (id: string, revises: string, upgrade: string, downgrade: string): void =>
      writeFileSync(
        join(folder, `migrations/${id}.sql`),
        `-- revision: ${id}\n-- revises: ${revises}\n\n-- upgrade\n${upgrade};\n\n-- downgrade\n${downgrade};\n`,
      );
    revision("aa11", "", "CREATE TABLE shop (id int)", "DROP TABLE shop");
    revision("bb22", "aa11", "ALTER TABLE shop ADD name text", "ALTER TABLE shop DROP name");
    revision("cc33", "aa11", "CREATE INDEX shop_id ON shop (id)", "DROP INDEX shop_id");
    writeFileSync(
      join(folder, "schema.sql"),
      "CREATE TABLE shop (id int, name text, city text);\nCREATE INDEX shop_id ON shop (id);\n",
    );
    expect(run("wellhead", "prove")).toEqual({
      status: 0,
      output: expect.stringContaining("commute         bb22 and cc33\nround trip 3 of 3"),
    });
    expect(run("wellhead", "merge", "--rev-id", "mm44").output).toContain("proved: commute: bb22, cc33");
    expect(run("wellhead", "revision", "--autogenerate", "-m", "city", "--rev-id", "dd55").output).toContain(
      "proved: upgrade and downgrade, on tables with rows",
    );
    expect(run("wellhead", "explain", "dd55").output).toContain("access exclusive on shop");
    expect(run("wellhead", "check")).toEqual({
      status: 0,
      output: expect.stringContaining("ok       models: "),
    });
  },
);

/** Starts the copied server with nothing but Node, and registers somebody. */
async function registers({ folder }: PackedProject, databaseUrl: string, backend = "backend"): Promise<void> {
  const { url, stop } = await startServer([process.execPath, `${backend}/server.ts`, "--upgrade", "heads"], {
    cwd: folder,
    env: { DATABASE_URL: databaseUrl },
  });
  const answer = await fetch(`${url}/auth/register`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ email: "ada@example.org", password: "seven purple herons" }),
  });
  expect(answer.status).toBe(201);
  expect(await stop()).toBe(0);
}
