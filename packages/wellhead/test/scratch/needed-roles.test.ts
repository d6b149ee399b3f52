import { expect, test } from "vitest";

import { neededRoles } from "../../src/scratch/index.ts";

test("roles that are granted something, own something or are meant by a policy are needed", async () => {
  const roles = await neededRoles([
    "GRANT SELECT ON t TO reader; ALTER TABLE t OWNER TO keeper;",
    'CREATE POLICY p ON t TO "Some One" USING (true);',
    "ALTER DEFAULT PRIVILEGES FOR ROLE maker GRANT SELECT ON TABLES TO reader;",
    "CREATE TABLE grants (id int);",
  ]);
  expect(roles.toSorted()).toEqual(["Some One", "keeper", "maker", "reader"]);
});

test("roles that a script creates are not, nor public and Postgres' own", async () => {
  expect(
    await neededRoles([
      "CREATE ROLE reader; GRANT SELECT ON t TO reader, public, pg_monitor, current_user;",
      "DO $$ BEGIN CREATE ROLE writer; EXCEPTION WHEN duplicate_object THEN NULL; END $$; GRANT INSERT ON t TO writer;",
    ]),
  ).toEqual([]);
});

test("a text that is no SQL names none", async () => {
  expect(await neededRoles(["export const grant = 'x';"])).toEqual([]);
});
