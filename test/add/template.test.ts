// What `add backend` copies, against this repository's own backend.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { expect, onTestFinished, test } from "vitest";
import { openDatabase, parseDatabaseUrl, upgrade } from "wellhead";

import { readTemplate } from "../../packages/wellhead/src/cli/add/template.ts";
import { compareSchemas, differenceText, readSchema } from "../../packages/wellhead/src/schema/index.ts";
import { temporaryFolder } from "../support/migrations-folder.ts";
import { runCli } from "../support/run-cli.ts";
import { createTestDatabase, describeOnPostgres } from "../support/test-database.ts";

const backend = fileURLToPath(new URL("../../backend", import.meta.url));

test("the backend's tests go along, but for those that start servers or need more packages", () => {
  const { files } = readTemplate();
  const names = readdirSync(join(backend, "test"), { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".ts"),
  );
  const bound = names.filter((name) =>
    readFileSync(join(backend, "test", name), "utf8").includes('"../../../test/'),
  );
  // Another one? Let it take what is around the backend from support/surroundings.ts, and it goes along.
  expect(bound.toSorted()).toEqual([
    "health/readiness.test.ts",
    "start/refused.test.ts",
    "support/surroundings.ts",
  ]);
  expect(names.filter((name) => files[`test/${name}`] !== undefined).length).toBeGreaterThan(20);
});

test("no file of a Python service's past goes along, and no other file is changed", () => {
  const { files } = readTemplate();
  expect(Object.keys(files).filter((name) => /0001_init|mrg_|baseline/.test(name))).toEqual([]);
  const own = readdirSync(join(backend, "template"), { recursive: true, encoding: "utf8" });
  const names = Object.keys(files).filter((name) => !own.includes(name) && !name.startsWith("docs/"));
  expect(names.length).toBeGreaterThan(50);
  for (const name of names) expect(files[name]).toBe(readFileSync(join(backend, name), "utf8"));
});

describeOnPostgres("the two lines of revisions", (server) => {
  test("give the same tables, from nothing to the heads", async () => {
    const cwd = temporaryFolder();
    await runCli(["add", "backend"], { cwd });
    const schemas = [];
    for (const migrations of [join(backend, "migrations"), join(cwd, "backend/migrations")]) {
      const { url, close } = await createTestDatabase(server);
      onTestFinished(close);
      const database = await openDatabase(parseDatabaseUrl({ DATABASE_URL: url }));
      const { to } = await upgrade({ database, migrations, target: "heads" });
      schemas.push({ to, schema: await database.withSession(async (session) => await readSchema(session)) });
      await database.close();
    }
    const [legacy, fresh] = schemas;
    expect(fresh?.to).toEqual(legacy?.to);
    expect([...(fresh?.schema.keys() ?? [])]).toContain("table public.users");
    expect(compareSchemas(legacy!.schema, fresh!.schema).map(differenceText)).toEqual([]);
  });
});
