import { writeFileSync } from "node:fs";
import { join } from "node:path";

import type { Client } from "pg";

/**
 * Revisions of every kind, whose second run would show: rows that count, indexes that would be there twice.
 *
 *   base ── counts ── outside ──┐
 *       └── module ── columns ── merge ── last ── alone
 */
export function writeMixedPlan(folder: string, extraDatabase: string): void {
  const files = revisions(extraDatabase);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
}

function revisions(extraDatabase: string): Readonly<Record<string, string>> {
  return {
    "base.sql": `-- revision: base
-- revises:
-- message: tables with rows
-- upgrade
CREATE TABLE stock (id int PRIMARY KEY, qty int NOT NULL, note text);
INSERT INTO stock SELECT n, 0, repeat('x', n % 50) FROM generate_series(1, 20000) n;
CREATE INDEX stock_note ON stock (note);
CREATE TABLE done (step text NOT NULL);
CREATE TYPE mood AS ENUM ('fair');
CREATE TABLE part (id int NOT NULL) PARTITION BY RANGE (id);
CREATE TABLE part_1 PARTITION OF part FOR VALUES FROM (0) TO (100);
CREATE TABLE part_2 PARTITION OF part FOR VALUES FROM (100) TO (200);
INSERT INTO part SELECT n FROM generate_series(0, 199) n;
INSERT INTO done VALUES ('base');
-- downgrade
DROP TABLE part, done, stock;
DROP TYPE mood;
INSERT INTO undone VALUES ('base');
`,
    "counts.sql": `-- revision: counts
-- revises: base
-- message: one more of each
-- upgrade
UPDATE stock SET qty = qty + 1;
INSERT INTO done VALUES ('counts');
SELECT pg_sleep(0.02);
-- downgrade
UPDATE stock SET qty = qty - 1;
INSERT INTO undone SELECT 'counts ' || sum(qty) FROM stock;
`,
    "outside.sql": `-- revision: outside
-- revises: counts
-- message: what cannot be in a transaction, between what can
-- transaction: none
-- upgrade
INSERT INTO done VALUES ('outside 1');
CREATE INDEX CONCURRENTLY stock_qty ON stock (qty, note);
INSERT INTO done SELECT 'outside 2' FROM pg_sleep(0.02);
SET maintenance_work_mem = '16MB';
CREATE UNIQUE INDEX CONCURRENTLY stock_both ON stock (id, qty);
DROP INDEX CONCURRENTLY stock_note;
UPDATE stock SET qty = qty + 1 WHERE id <= 5000;
REINDEX TABLE CONCURRENTLY stock;
ALTER TYPE mood ADD VALUE 'good';
INSERT INTO done VALUES ('outside 3');
-- downgrade
INSERT INTO undone VALUES ('outside 1');
CREATE INDEX CONCURRENTLY stock_note ON stock (note);
DROP INDEX CONCURRENTLY stock_both;
UPDATE stock SET qty = qty - 1 WHERE id <= 5000;
DROP INDEX CONCURRENTLY IF EXISTS stock_qty;
INSERT INTO undone VALUES ('outside 2');
`,
    "module.ts": `// revision: module
// revises: base
// message: a program
import type { RevisionDatabase } from "wellhead";

export async function upgrade(db: RevisionDatabase): Promise<void> {
  await db.run("CREATE TABLE sums (part int, total bigint)");
  let part = 0;
  for await (const rows of db.batches<{ id: number }>("SELECT id FROM stock ORDER BY id", [], 5000)) {
    const total = rows.reduce((sum, { id }) => sum + id, 0);
    await db.query("INSERT INTO sums VALUES ($1, $2)", [(part += 1), total]);
  }
  await db.run("INSERT INTO done VALUES ('module')");
}

export async function downgrade(db: RevisionDatabase): Promise<void> {
  await db.run("DROP TABLE sums");
  await db.run("INSERT INTO undone VALUES ('module')");
}
`,
    "columns.sql": `-- revision: columns
-- revises: module
-- message: a column more
-- upgrade
ALTER TABLE sums ADD COLUMN checked boolean NOT NULL DEFAULT false;
UPDATE sums SET total = total + 1, checked = true;
INSERT INTO done VALUES ('columns');
-- downgrade
ALTER TABLE sums DROP COLUMN checked;
UPDATE sums SET total = total - 1;
INSERT INTO undone SELECT 'columns ' || sum(total) FROM sums;
`,
    "merge.sql": `-- revision: merge
-- revises: outside, columns
-- message: one head again
-- upgrade
-- downgrade
`,
    "last.sql": `-- revision: last
-- revises: merge
-- message: after the merge
-- upgrade
CREATE TABLE moods (mood mood NOT NULL DEFAULT 'good', CONSTRAINT fair CHECK (mood <> 'fair'));
INSERT INTO moods DEFAULT VALUES;
INSERT INTO done VALUES ('last');
SELECT pg_sleep(0.02);
-- downgrade
DROP TABLE moods;
INSERT INTO undone VALUES ('last');
`,
    "alone.sql": `-- revision: alone
-- revises: last
-- message: what touches more than a table
-- transaction: none
-- upgrade
VACUUM stock;
ALTER TABLE part DETACH PARTITION part_1 CONCURRENTLY;
INSERT INTO done VALUES ('alone 1');
CREATE DATABASE ${extraDatabase} TEMPLATE template0;
INSERT INTO done VALUES ('alone 2');
REINDEX INDEX CONCURRENTLY stock_qty;
-- downgrade
INSERT INTO undone VALUES ('alone 1');
DROP DATABASE ${extraDatabase};
ALTER TABLE part ATTACH PARTITION part_1 FOR VALUES FROM (0) TO (100);
INSERT INTO undone VALUES ('alone 2');
`,
  };
}

/** Makes ready for the plan: where its downgrades tell what they did. */
export async function prepare(client: Client): Promise<void> {
  await client.query("CREATE TABLE undone (step text NOT NULL)");
}

/** All that a run leaves in the database, as lines that can be compared. */
export async function snapshot(client: Client): Promise<readonly string[]> {
  const { rows: tables } = await client.query("SELECT to_regclass('stock') IS NOT NULL AS are_there");
  const { rows } = await client.query<{ line: string }>(
    `${SCHEMA}${tables[0].are_there === true ? ROWS : ""} ORDER BY 1`,
  );
  return rows.map(({ line }) => line);
}

const SCHEMA = `
SELECT format('relation %s %s %s', c.relkind, c.oid::regclass, c.relispartition) AS line
FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace
UNION ALL
SELECT format('column %s.%s %s %s %s', a.attrelid::regclass, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_get_expr(d.adbin, d.adrelid))
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p')
UNION ALL
SELECT format('constraint %s %s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid), convalidated)
FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION ALL
SELECT format('index %s valid %s ready %s', pg_get_indexdef(x.indexrelid), x.indisvalid, x.indisready)
FROM pg_index x JOIN pg_class c ON c.oid = x.indrelid WHERE c.relnamespace IN ('public'::regnamespace, 'pg_toast'::regnamespace)
  AND (c.relnamespace = 'public'::regnamespace OR NOT x.indisvalid)
UNION ALL
SELECT format('label %s', enumlabel) FROM pg_enum
UNION ALL
SELECT format('partition %s %s', inhrelid::regclass, inhdetachpending) FROM pg_inherits
UNION ALL
SELECT format('undone %s', step) FROM undone
UNION ALL
SELECT format('version %s', version_num) FROM alembic_version
UNION ALL
SELECT format('ledger %s %s statements %s finished %s', revision, direction, statements_done, finished_at IS NOT NULL) FROM wellhead_ledger`;

const ROWS = `
UNION ALL
SELECT format('done %s', step) FROM done
UNION ALL
SELECT format('stock %s rows, %s in all', count(*), sum(qty)) FROM stock
UNION ALL
SELECT format('sums %s %s %s', part, total, checked) FROM sums
UNION ALL
SELECT format('moods %s', mood) FROM moods`;
