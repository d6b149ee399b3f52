import { expect, test } from "vitest";

import { connectedDatabase } from "../../../../test/support/connected-database.ts";
import { migrationsFolder } from "../../../../test/support/migrations-folder.ts";
import { describeOnPostgres } from "../../../../test/support/test-database.ts";
import { downgrade, upgrade, type MigrateEvent } from "../../src/index.ts";

//  a ── b ── c (transaction: none)
//  ├── d
//  └── e ── f
const graph = [
  { id: "a", downgrade: "" },
  { id: "b", revises: "a", downgrade: "" },
  { id: "c", revises: "b", head: ["transaction: none"], downgrade: "" },
  { id: "d", revises: "a", downgrade: "" },
  { id: "e", revises: "a", downgrade: "" },
  { id: "f", revises: "e", downgrade: "" },
];

describeOnPostgres("what is left of a plan when a transaction ends", (server) => {
  test("runs in the order in which it was planned", async () => {
    const db = await connectedDatabase(server);
    const migrations = migrationsFolder(...graph);
    const events: MigrateEvent[] = [];
    const { steps } = await upgrade({
      ...db,
      migrations,
      transaction: "each",
      onEvent: (event) => events.push(event),
    });
    const planned = events.flatMap((event) => (event.kind === "planned" ? event.steps : []));
    expect(steps.map((step) => step.revision)).toEqual(planned.map((step) => step.revision));
  });

  test("of a relative downgrade is not taken for another program's doing", async () => {
    const db = await connectedDatabase(server);
    const migrations = migrationsFolder(...graph);
    await upgrade({ ...db, migrations, target: "d" });
    await upgrade({ ...db, migrations, target: "f" });
    await upgrade({ ...db, migrations, target: "c" });
    const down = await downgrade({ ...db, migrations, target: "-2", transaction: "each" });
    const [{ n } = { n: 0 }] = await db.rows(
      "SELECT count(*)::int AS n FROM wellhead_ledger WHERE direction = 'downgrade'",
    );
    expect(down.steps).toHaveLength(Number(n));
    expect(await db.rows("SELECT version_num FROM alembic_version ORDER BY 1")).toEqual(
      down.to.map((version_num) => ({ version_num })),
    );
  });

  test("a relative target goes by the order of the table, before the lock as inside it", async () => {
    const db = await connectedDatabase(server);
    const migrations = migrationsFolder(...graph);
    await upgrade({ ...db, migrations });
    const outcomes: string[] = [];
    for (const order of ["c, d, f", "f, d, c", "d, c, f"]) {
      await db.rows("DELETE FROM alembic_version");
      for (const id of order.split(", ")) await db.rows(`INSERT INTO alembic_version VALUES ('${id}')`);
      const down = await downgrade({ ...db, migrations, target: "-1" }).catch((error: unknown) => error);
      outcomes.push(
        down instanceof Error
          ? "refused"
          : (down as { steps: { revision: string }[] }).steps.map((step) => step.revision).join(),
      );
    }
    expect(outcomes).toEqual(["c", "f", "d"]);
  });

  test("of a downgrade is given up when something has come on top of it meanwhile", async () => {
    const db = await connectedDatabase(server);
    const migrations = migrationsFolder(...graph);
    await upgrade({ ...db, migrations, target: "c" });
    let back: Promise<unknown> | undefined;
    const down = downgrade({
      ...db,
      migrations,
      target: "base",
      transaction: "each",
      onEvent: (event) => {
        // The first transaction is about to end: whoever waits may have the lock next.
        if (event.kind === "step-finished") back ??= upgrade({ ...db, migrations, target: "c" });
      },
    }).catch((error: unknown) => error);
    const outcome = await down;
    await back;
    const versions = (await db.rows("SELECT version_num FROM alembic_version")).map(
      (row) => row["version_num"],
    );
    if (outcome instanceof Error) expect(outcome).toMatchObject({ code: "E_VERSIONS_CHANGED" });
    expect([[], ["c"]]).toContainEqual(versions);
  });
});
