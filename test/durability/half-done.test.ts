// A transaction: none revision that is half done, and what may be run then.

import { expect, test } from "vitest";

import {
  downgrade,
  stamp,
  upgrade,
  type UnfinishedRevisionError,
} from "../../packages/wellhead/src/index.ts";
import { connectedDatabase } from "../support/connected-database.ts";
import { migrationsFolder, writeRevision } from "../support/migrations-folder.ts";
import { describeOnPostgres } from "../support/test-database.ts";

const none = ["transaction: none"];
const base = { id: "a", upgrade: "CREATE TABLE t (id int);", downgrade: "DROP TABLE t;" };
const side = { id: "s", revises: "", upgrade: "CREATE TABLE s (id int);", downgrade: "DROP TABLE s;" };
const failing = {
  id: "b",
  revises: "a",
  head: none,
  upgrade: "INSERT INTO t VALUES (1);\nSELECT 1/0;",
  downgrade: "DELETE FROM t;\nSELECT 1/0;",
};
const mended = { ...failing, upgrade: "INSERT INTO t VALUES (1);\nSELECT 1;" };

describeOnPostgres("a revision that is half done", (server) => {
  test("is finished before what it stands on is taken away", async () => {
    const db = await connectedDatabase(server);
    const migrations = migrationsFolder(base, failing);
    await expect(upgrade({ ...db, migrations })).rejects.toMatchObject({ statementsDone: 1 });
    const refusal = await downgrade({ ...db, migrations, target: "base" }).catch((error: unknown) => error);
    expect(refusal).toMatchObject({
      code: "E_UNFINISHED_REVISION",
      revision: "b",
      direction: "upgrade",
      statementsDone: 1,
      hint: expect.stringContaining("upgrade b"),
    });
    writeRevision(migrations, { ...mended, downgrade: "DELETE FROM t;" });
    await upgrade({ ...db, migrations });
    expect((await downgrade({ ...db, migrations, target: "base" })).to).toEqual([]);
  });

  test("is forgotten with the hint's SQL, and then begins anew", async () => {
    const db = await connectedDatabase(server);
    const migrations = migrationsFolder(base, failing);
    await expect(upgrade({ ...db, migrations })).rejects.toMatchObject({ statementsDone: 1 });
    const refusal = await downgrade({ ...db, migrations, target: "base" }).catch((error: unknown) => error);
    const [forget = ""] = /DELETE FROM .+$/.exec((refusal as UnfinishedRevisionError).hint ?? "") ?? [];
    await db.rows(forget);
    await downgrade({ ...db, migrations, target: "base" });
    writeRevision(migrations, mended);
    expect((await upgrade({ ...db, migrations })).to).toEqual(["b"]);
    expect(await db.rows("SELECT id FROM t")).toEqual([{ id: 1 }]);
  });

  test("does not stop what has nothing to do with it", async () => {
    const db = await connectedDatabase(server);
    const migrations = migrationsFolder(base, failing, side);
    await upgrade({ ...db, migrations, target: "s" });
    await expect(upgrade({ ...db, migrations, target: "b" })).rejects.toMatchObject({ statementsDone: 1 });
    expect((await downgrade({ ...db, migrations, target: "s@base" })).to).toEqual(["a"]);
  });

  test("is nothing to go on from when it is half undone", async () => {
    const db = await connectedDatabase(server);
    const migrations = migrationsFolder(base, { ...failing, upgrade: "INSERT INTO t VALUES (1);" });
    await upgrade({ ...db, migrations });
    await expect(downgrade({ ...db, migrations, target: "a" })).rejects.toMatchObject({ statementsDone: 1 });
    const refused = { code: "E_UNFINISHED_REVISION", revision: "b", direction: "downgrade" };
    await expect(upgrade({ ...db, migrations })).rejects.toMatchObject(refused);
    writeRevision(migrations, { id: "c", revises: "b", upgrade: "CREATE TABLE c (id int);" });
    await expect(upgrade({ ...db, migrations })).rejects.toMatchObject(refused);
    writeRevision(migrations, { ...mended, downgrade: "DELETE FROM t;\nSELECT 1;" });
    expect((await downgrade({ ...db, migrations, target: "a" })).to).toEqual(["a"]);
    expect((await upgrade({ ...db, migrations })).to).toEqual(["c"]);
  });

  test("is overruled by a stamp", async () => {
    const db = await connectedDatabase(server);
    const migrations = migrationsFolder(base, failing);
    await expect(upgrade({ ...db, migrations })).rejects.toMatchObject({ statementsDone: 1 });
    await stamp({ ...db, migrations, targets: ["b"] });
    expect((await upgrade({ ...db, migrations })).to).toEqual(["b"]);
  });

  test("is not run again inside a transaction", async () => {
    const db = await connectedDatabase(server);
    const migrations = migrationsFolder(base, failing);
    await expect(upgrade({ ...db, migrations })).rejects.toMatchObject({ statementsDone: 1 });
    writeRevision(migrations, { ...mended, head: [] });
    await expect(upgrade({ ...db, migrations })).rejects.toMatchObject({
      code: "E_BEGUN_OUTSIDE",
      revision: "b",
      statementsDone: 1,
    });
    expect(await db.rows("SELECT id FROM t")).toEqual([{ id: 1 }]);
  });

  test("of which nothing is done yet may be written anew", async () => {
    const db = await connectedDatabase(server);
    const migrations = migrationsFolder(base, { ...failing, upgrade: "SELECT 1/0;" });
    await expect(upgrade({ ...db, migrations })).rejects.toMatchObject({ statementsDone: 0 });
    expect((await downgrade({ ...db, migrations, target: "base" })).to).toEqual([]);
    writeRevision(migrations, { ...mended, head: [] });
    expect((await upgrade({ ...db, migrations })).to).toEqual(["b"]);
  });
});
