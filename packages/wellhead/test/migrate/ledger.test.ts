import { rmSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";

import { expect, test } from "vitest";

import { connectedDatabase } from "../../../../test/support/connected-database.ts";
import { migrationsFolder, writeRevision } from "../../../../test/support/migrations-folder.ts";
import { describeOnPostgres } from "../../../../test/support/test-database.ts";
import { acceptEdited, downgrade, readLedger, readStatus, stamp, upgrade } from "../../src/index.ts";

const line = [
  { id: "a", upgrade: "CREATE TABLE t (id int);", downgrade: "DROP TABLE t;" },
  { id: "b", revises: "a", upgrade: "ALTER TABLE t ADD b int;", downgrade: "ALTER TABLE t DROP b;" },
];

describeOnPostgres("the ledger", (server) => {
  test("lists what ran, oldest first, with what the files say today", async () => {
    const db = await connectedDatabase(server);
    const migrations = migrationsFolder(...line);
    await upgrade({ ...db, migrations });
    await downgrade({ ...db, migrations, target: "a" });
    await stamp({ ...db, migrations, targets: ["b"] });
    const lines = await readLedger({ ...db, migrations });
    expect(lines.map((each) => [each.revision, each.direction, each.checksumState])).toEqual([
      ["a", "upgrade", "same"],
      ["b", "upgrade", "superseded"],
      ["b", "downgrade", "none"],
      ["b", "stamp", "none"],
    ]);
    const [first] = lines;
    expect(first).toMatchObject({
      appliedBy: `wellhead@${hostname()}`,
      startedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    });
    expect(first?.durationMs).toBeGreaterThan(0);
    rmSync(join(migrations, "b.sql"));
    expect((await readLedger({ ...db, migrations })).at(0)?.checksumState).toBe("same");
  });

  test("of a database that has none is empty", async () => {
    const db = await connectedDatabase(server);
    expect(await readLedger({ ...db, migrations: migrationsFolder(...line) })).toEqual([]);
  });

  test("of an unfinished transaction: none revision says how far it came", async () => {
    const db = await connectedDatabase(server);
    const migrations = migrationsFolder({
      id: "n",
      head: ["transaction: none"],
      upgrade: "SELECT 1; SELECT 1/0;",
    });
    await expect(upgrade({ ...db, migrations })).rejects.toMatchObject({ statementsDone: 1 });
    expect(await readLedger({ ...db, migrations })).toMatchObject([
      { revision: "n", finishedAt: null, durationMs: null, statementsDone: 1, checksumState: "none" },
    ]);
  });
});

describeOnPostgres("an edited revision", (server) => {
  test("is accepted with a new line, and is edited no longer", async () => {
    const db = await connectedDatabase(server);
    const migrations = migrationsFolder(...line);
    await upgrade({ ...db, migrations });
    writeRevision(migrations, { id: "b", revises: "a", upgrade: "ALTER TABLE t ADD b bigint;" });
    const edits: unknown[] = [];
    const onEvent = (event: { kind: string }) => void (event.kind === "edited" && edits.push(event));
    await upgrade({ ...db, migrations, onEvent });
    expect(edits).toMatchObject([{ revisions: [{ revision: "b" }] }]);
    expect(await acceptEdited({ ...db, migrations, revisions: ["b", "a"] })).toEqual({
      accepted: ["b"],
      unedited: ["a"],
    });
    expect((await readStatus({ ...db, migrations })).edited).toEqual([]);
    expect((await readLedger({ ...db, migrations })).at(-1)).toMatchObject({
      revision: "b",
      direction: "accept",
      checksumState: "same",
    });
    expect(await acceptEdited({ ...db, migrations, revisions: ["b"] })).toEqual({
      accepted: [],
      unedited: ["b"],
    });
    expect((await upgrade({ ...db, migrations, onEvent })).steps).toEqual([]);
    expect(edits).toHaveLength(1);
  });

  test("that was never applied, or that nobody knows, is refused and nothing is written", async () => {
    const db = await connectedDatabase(server);
    const migrations = migrationsFolder(...line);
    await upgrade({ ...db, migrations, target: "a" });
    writeRevision(migrations, { id: "a", upgrade: "CREATE TABLE t (id bigint);" });
    await expect(acceptEdited({ ...db, migrations, revisions: ["a", "b"] })).rejects.toMatchObject({
      code: "E_REVISION_NOT_APPLIED",
      revisions: ["b"],
    });
    await expect(acceptEdited({ ...db, migrations, revisions: ["zz"] })).rejects.toMatchObject({
      code: "E_REVISION_NOT_FOUND",
    });
    expect(await readLedger({ ...db, migrations })).toHaveLength(1);
  });

  test("is found also beside a version that no file declares", async () => {
    const db = await connectedDatabase(server);
    const migrations = migrationsFolder(...line, { id: "c", revises: "b" });
    await upgrade({ ...db, migrations });
    rmSync(join(migrations, "c.sql"));
    writeRevision(migrations, { id: "b", revises: "a", upgrade: "ALTER TABLE t ADD b bigint;" });
    expect((await acceptEdited({ ...db, migrations, revisions: ["b"] })).accepted).toEqual(["b"]);
  });
});
