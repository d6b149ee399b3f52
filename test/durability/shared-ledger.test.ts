// Two services in one schema, each with a version table of its own; the ledger is one.

import { expect, test } from "vitest";

import { upgrade } from "../../packages/wellhead/src/index.ts";
import { connectedDatabase } from "../support/connected-database.ts";
import { migrationsFolder } from "../support/migrations-folder.ts";
import { describeOnPostgres } from "../support/test-database.ts";

describeOnPostgres("two version tables in one schema", (server) => {
  test("both begin on an empty database at once", async () => {
    for (let round = 0; round < 5; round += 1) {
      const db = await connectedDatabase(server);
      const results = await Promise.all(
        ["orders", "billing"].map(async (service) => {
          const migrations = migrationsFolder({
            id: `${service}1`,
            upgrade: `CREATE TABLE ${service} (id int); SELECT pg_sleep(0.1);`,
          });
          return await upgrade({ ...db, migrations, versionTable: `${service}_version` });
        }),
      );
      expect(results.map(({ to }) => to)).toEqual([["orders1"], ["billing1"]]);
    }
  });
});
