import { readFileSync } from "node:fs";

/** Two branches over one base, in SQL. */
export interface BranchPair {
  readonly name: string;
  readonly base: string;
  /** Rows, run after the base. */
  readonly seed: string;
  readonly a: string;
  readonly b: string;
  readonly verdict: "commute" | "conflict" | "order-dependent";
}

const users = `CREATE TABLE "user" (id serial PRIMARY KEY, email text NOT NULL UNIQUE, age int);
CREATE TABLE event (id serial PRIMARY KEY, user_id int REFERENCES "user", note text);`;
const rows = `INSERT INTO "user" (email, age) VALUES ('a@x.org', 3), ('b@x.org', NULL), ('c@x.org', 7);
INSERT INTO event (user_id, note) VALUES (1, 'one'), (2, NULL);`;

function pair(name: string, verdict: BranchPair["verdict"], a: string, b: string, base = ""): BranchPair {
  return { name, base: `${users}\n${base}`, seed: rows, a, b, verdict };
}

/** Cases beside the recorded ones. */
const ours: readonly BranchPair[] = [
  pair(
    "the service's own case: both add full_name",
    "conflict",
    `ALTER TABLE "user" ADD full_name text; UPDATE "user" SET full_name = email; ALTER TABLE "user" ALTER full_name SET NOT NULL`,
    `ALTER TABLE "user" ADD full_name text; ALTER TABLE "user" ADD created_at timestamptz NOT NULL DEFAULT now()`,
  ),
  pair(
    "one needs the table of the other",
    "conflict",
    "CREATE TABLE invoice (id int)",
    "ALTER TABLE invoice ADD n int",
  ),
  pair(
    "ids drawn from one sequence",
    "order-dependent",
    `INSERT INTO "user" (email) VALUES ('x')`,
    `INSERT INTO "user" (email) VALUES ('y')`,
  ),
  pair(
    "random ids are no difference",
    "commute",
    "INSERT INTO token (name) VALUES ('x')",
    "INSERT INTO token (name) VALUES ('y')",
    "CREATE TABLE token (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name text, at timestamptz DEFAULT clock_timestamp())",
  ),
  pair(
    "a value of an enum that the other adds",
    "conflict",
    "ALTER TYPE mood ADD VALUE 'new'",
    "INSERT INTO feeling VALUES ('new')",
    "CREATE TYPE mood AS ENUM ('old'); CREATE TABLE feeling (m mood)",
  ),
  pair(
    "deferred checks of one do not stop the other's ALTER TABLE",
    "commute",
    "INSERT INTO child VALUES (1, 1); INSERT INTO parent VALUES (1)",
    "ALTER TABLE child ADD n int",
    "CREATE TABLE parent (id int PRIMARY KEY); CREATE TABLE child (id int, p int REFERENCES parent DEFERRABLE INITIALLY DEFERRED)",
  ),
  pair(
    "both rely on deferred checks",
    "commute",
    "INSERT INTO child VALUES (1, 1); INSERT INTO parent VALUES (1)",
    "INSERT INTO child VALUES (2, 2); INSERT INTO parent VALUES (2)",
    "CREATE TABLE parent (id int PRIMARY KEY); CREATE TABLE child (id int, p int REFERENCES parent DEFERRABLE INITIALLY DEFERRED)",
  ),
  pair(
    "temporary tables of one name",
    "commute",
    "CREATE TEMP TABLE t ON COMMIT DROP AS SELECT 1 AS n; INSERT INTO done SELECT n FROM t",
    "CREATE TEMP TABLE t ON COMMIT DROP AS SELECT 2 AS n; INSERT INTO done SELECT n FROM t",
    "CREATE TABLE done (n int)",
  ),
  pair(
    "settings of one do not reach the other",
    "commute",
    "SET search_path = pg_catalog; CREATE TABLE public.one (n int)",
    "CREATE TABLE two (n int)",
  ),
  pair(
    "a function and a default that calls it",
    "order-dependent",
    "CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 2'",
    "INSERT INTO done VALUES (f())",
    "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE TABLE done (n int)",
  ),
  pair(
    "rename of a column against an update of it",
    "conflict",
    `ALTER TABLE "user" RENAME age TO years`,
    `UPDATE "user" SET age = 1`,
  ),
  pair(
    "an index and a column",
    "commute",
    `CREATE INDEX ON "user" (age)`,
    `ALTER TABLE "user" ADD city text`,
  ),
  pair(
    "two indexes that Postgres names alike",
    "order-dependent",
    "CREATE INDEX ON a_b (c); ",
    "CREATE INDEX ON a (b_c)",
    "CREATE TABLE a_b (c int); CREATE TABLE a (b_c int)",
  ),
  pair(
    "row security and a grant to all",
    "commute",
    "ALTER TABLE event ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON event USING (true)",
    `GRANT SELECT ON "user" TO PUBLIC`,
  ),
  pair(
    "a grant on all tables and a new table",
    "order-dependent",
    "GRANT SELECT ON ALL TABLES IN SCHEMA public TO PUBLIC",
    "CREATE TABLE fresh (n int)",
  ),
  pair(
    "a partition and a column of the parent",
    "commute",
    "CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2)",
    "ALTER TABLE p ADD n int",
    "CREATE TABLE p (k int) PARTITION BY LIST (k); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1)",
  ),
  pair(
    "a partition of the same values",
    "conflict",
    "CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2)",
    "CREATE TABLE p3 PARTITION OF p FOR VALUES IN (2)",
    "CREATE TABLE p (k int) PARTITION BY LIST (k)",
  ),
  pair(
    "a sequence moved by both",
    "order-dependent",
    "SELECT setval('s', 100)",
    "INSERT INTO done VALUES (nextval('s'))",
    "CREATE SEQUENCE s; CREATE TABLE done (n int)",
  ),
  pair(
    "a DO block that counts",
    "order-dependent",
    "DO $$ BEGIN INSERT INTO done SELECT count(*) FROM event; END $$",
    "DELETE FROM event",
    "CREATE TABLE done (n int)",
  ),
  pair(
    "a drop that finds nothing in one order",
    "order-dependent",
    "DROP TABLE IF EXISTS fresh",
    "CREATE TABLE IF NOT EXISTS fresh (n int)",
  ),
  pair(
    "a trigger on another table",
    "commute",
    "CREATE FUNCTION t() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END'; CREATE TRIGGER t BEFORE INSERT ON event FOR EACH ROW EXECUTE FUNCTION t()",
    `UPDATE "user" SET age = 4`,
  ),
  pair(
    "a check against the rows of the other",
    "conflict",
    `ALTER TABLE "user" ADD CHECK (age < 100)`,
    `UPDATE "user" SET age = 200 WHERE id = 1`,
  ),
];

const recorded = new URL("../../fixtures/branch-pairs.json", import.meta.url);

/** All cases: the recorded ones and ours. */
export const branchPairs: readonly BranchPair[] = [
  ...(JSON.parse(readFileSync(recorded, "utf8")) as readonly BranchPair[]),
  ...ours,
];
