import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { createTestDatabase, type TestDatabase } from "../support/test-database.ts";
import { describeWithAlembic, startAlembic, type Alembic } from "./support/alembic.ts";
import { comparableOutput, inAnyOrder } from "./support/comparable-output.ts";
import { graphOfAllKinds } from "./support/graph-of-all-kinds.ts";
import { makeFolder } from "./support/folder.ts";
import { writePythonProject } from "./support/python-project.ts";
import { runWellhead } from "./support/wellhead.ts";

let folder: string;
let alembic: Alembic;
let database: TestDatabase;

describeWithAlembic("Alembic and Wellhead print the same about a Python project", () => {
  beforeAll(async () => {
    folder = makeFolder();
    alembic = startAlembic();
    database = await createTestDatabase();
    writePythonProject(folder, graphOfAllKinds);
    // No docstring, several assignments in a line, strings in pieces, a comma without brackets, a set of labels.
    writeFileSync(
      join(folder, "alembic", "versions", "zz_odd.py"),
      'revision = ("odd" "01"); down_revision = "tail02", "index03"\nbranch_labels = {"odd"}; depends_on = []\n',
    );
    await alembic.run(["upgrade", "tail01"], folder, database.url);
    await alembic.run(["upgrade", "index03"], folder, database.url);
  });

  afterAll(async () => {
    alembic.close();
    await database.close();
    rmSync(folder, { recursive: true, force: true });
  });

  for (const command of [
    "heads",
    "heads -v",
    "heads --resolve-dependencies",
    "branches",
    "branches -v",
    "history",
    "history -v",
    "history -i",
    "history -v -i",
    "history -r core01:merge01",
    "history -r users02:",
    "history -r :billing",
    "history -r search@base:search@head",
    "history -r :current",
    "history -r current:",
    "history -r-2:tail02",
    "history -r core01:+2",
    "current",
    "current -v",
    "show heads",
    "show base",
    "show current",
    "show users",
    "show search@head",
    "show inde",
    "show tail02@base",
    "show odd01",
    ...graphOfAllKinds.map(({ id }) => `show ${id}`),
  ]) {
    test(command, async () => await compare(command.split(" ")));
  }
});

async function compare(argv: readonly string[]): Promise<void> {
  const theirs = await alembic.run(argv, folder, database.url);
  const ours = await runWellhead(argv, folder, database.url);
  if (theirs.exitCode !== 0) return expect(ours).toMatchObject({ exitCode: 1, stdout: "" });
  expect(ours).toMatchObject({ exitCode: 0, stderr: "" });
  const [oursInOrder, theirsInOrder] = [ours, theirs]
    .map(({ stdout }) => comparableOutput(stdout, folder))
    .map((lines) => (argv.includes("current") ? inAnyOrder(lines) : lines));
  expect(oursInOrder).toEqual(theirsInOrder);
}
