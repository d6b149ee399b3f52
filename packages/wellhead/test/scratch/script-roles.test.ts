import { expect, test } from "vitest";

import { rolesOf } from "../../src/scratch/index.ts";

test("roles that are granted something, own something or are meant by a policy are needed", async () => {
  const { needed, created } = await rolesOf([
    "GRANT SELECT ON t TO reader; ALTER TABLE t OWNER TO keeper;",
    'CREATE POLICY p ON t TO "Some One" USING (true);',
    "ALTER DEFAULT PRIVILEGES FOR ROLE maker GRANT SELECT ON TABLES TO reader;",
    "CREATE TABLE grants (id int);",
  ]);
  expect(needed.toSorted()).toEqual(["Some One", "keeper", "maker", "reader"]);
  expect(created).toEqual([]);
});

test("roles that a script creates are not, nor public and Postgres' own", async () => {
  expect(
    await rolesOf([
      "CREATE ROLE Reader; GRANT SELECT ON t TO reader, public, pg_monitor, current_user;",
      "DO $$ BEGIN CREATE ROLE writer; EXCEPTION WHEN duplicate_object THEN NULL; END $$; GRANT INSERT ON t TO writer;",
      'CREATE USER "Some One"; GRANT "Some One" TO writer;',
    ]),
  ).toEqual({ needed: [], created: ["reader", "writer", "Some One"] });
});

test("a text that is no SQL names none", async () => {
  expect(await rolesOf(["export const grant = 'x';"])).toEqual({ needed: [], created: [] });
});
