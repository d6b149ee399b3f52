// What `wellhead revision --autogenerate` costs with a hundred tables, from a cold process with the image of the empty
// cluster cached: ten new columns, and everything from nothing. Bar: 5 s.
// Run: npm run build && node bench/autogenerate.ts

import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const command = new URL("../packages/wellhead/bin/wellhead.cjs", import.meta.url).pathname;
const root = mkdtempSync(join(tmpdir(), "wellhead-bench-"));
try {
  measure("ten new columns", writeProject(join(root, "grown"), tables("")));
  measure("from nothing", writeProject(join(root, "new"), undefined));
} finally {
  rmSync(root, { recursive: true });
}

/** The median of five runs behind one that may have to make the image. Every run has its own file, which then goes. */
function measure(what: string, folder: string): void {
  const times = Array.from({ length: 6 }, (_, run) => {
    const begun = performance.now();
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [command, "revision", "--autogenerate", "-m", "bench", "--rev-id", `b${run}`],
      { encoding: "utf8", cwd: folder, env: { PATH: process.env["PATH"] } },
    );
    const seconds = (performance.now() - begun) / 1000;
    if (status !== 0 || !stdout.includes("\nproved: ")) throw new Error(`${stdout}${stderr}`);
    rmSync(join(folder, "migrations", `b${run}_bench.sql`));
    return seconds;
  }).slice(1);
  const [median = 0, slowest = 0] = [2, 4].map((at) => times.toSorted((one, other) => one - other)[at]);
  console.log(
    `100 tables, ${what}, cold: ${median.toFixed(1)} s, slowest of five ${slowest.toFixed(1)} s (bar 5)`,
  );
}

/** A hundred tables in a line of foreign keys; every tenth has one column more. */
function tables(more: string): string {
  return Array.from({ length: 100 }, (_, index) => {
    const parent = index === 0 ? "" : `parent int REFERENCES t${index - 1}, `;
    return `CREATE TABLE t${index} (id serial PRIMARY KEY, ${parent}name text NOT NULL, price numeric(10,2) CHECK (price > 0), made timestamptz NOT NULL DEFAULT now()${index % 10 === 0 ? more : ""});
CREATE INDEX ON t${index} (name);`;
  }).join("\n");
}

/** Models of a hundred tables, and the one revision there is, if there is one. */
function writeProject(folder: string, upgrade: string | undefined): string {
  mkdirSync(join(folder, "migrations"), { recursive: true });
  writeFileSync(join(folder, "wellhead.config.ts"), 'export default { models: "schema.sql" };\n');
  writeFileSync(join(folder, "schema.sql"), tables(", extra int"));
  if (upgrade !== undefined) {
    writeFileSync(
      join(folder, "migrations", "a.sql"),
      `-- revision: a\n-- revises:\n-- message: a\n-- irreversible: a benchmark\n\n-- upgrade\n${upgrade}\n`,
    );
  }
  return folder;
}
