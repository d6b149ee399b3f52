// What the proofs cost: ten pairs of five heads on a warm scratch database, and a whole cold `wellhead check` of a
// hundred revisions with five heads, as it is built. Bars: 500 ms; 5 s and 800 MB.
// Run: npm run build && node --conditions=wellhead-source bench/prove.ts

import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadMigrations } from "../packages/wellhead/src/migrate/index.ts";
import { proveCommute } from "../packages/wellhead/src/prove/index.ts";
import { openScratch } from "../packages/wellhead/src/scratch/index.ts";

const command = new URL("../packages/wellhead/bin/wellhead.cjs", import.meta.url).pathname;
const root = mkdtempSync(join(tmpdir(), "wellhead-bench-"));
try {
  await warmPairs(writeProject(join(root, "small"), 1));
  coldCheck(writeProject(join(root, "large"), 95));
} finally {
  rmSync(root, { recursive: true });
}

/** The ground is laid before the first pair and is not counted: the scratch database is warm then. */
async function warmPairs(folder: string): Promise<void> {
  const scratch = await openScratch();
  const times: number[] = [];
  try {
    for (let run = 0; run < 6; run += 1) {
      await scratch.database.withSession((session) =>
        session.run("DROP SCHEMA public CASCADE; CREATE SCHEMA public"),
      );
      let begun = performance.now();
      const { pairs } = await proveCommute({
        migrations: loadMigrations(folder),
        scratch: async () => scratch,
        exact: false,
        onEvent: (event) => {
          if (event.kind === "pair" && event.index === 0) begun = performance.now();
        },
      });
      if (run > 0) times.push(performance.now() - begun);
      if (run === 0)
        console.log(`${pairs.length} pairs, ${pairs.filter((pair) => pair.skipped).length} skipped`);
    }
  } finally {
    await scratch.close();
  }
  const median = times.toSorted((one, other) => one - other)[Math.floor(times.length / 2)] ?? 0;
  console.log(`five heads, ten pairs, warm: ${Math.round(median)} ms (bar 500)`);
}

/** A new process, with the image of the empty cluster cached. */
function coldCheck(folder: string): void {
  const begun = performance.now();
  const script = `process.argv.splice(1, 1, ${JSON.stringify(command)}); process.on("exit", () =>
    process.stderr.write("rss " + process.resourceUsage().maxRSS)); require(${JSON.stringify(command)});`;
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ["-e", script, "wellhead", "check", "--dir", folder],
    {
      encoding: "utf8",
      cwd: root,
      env: { PATH: process.env["PATH"] },
    },
  );
  const seconds = (performance.now() - begun) / 1000;
  const megabytes = Number(/rss (\d+)/.exec(stderr)?.[1]) / 1000;
  console.log(stdout.trimEnd());
  console.log(
    `check of 100 revisions, cold: ${seconds.toFixed(1)} s (bar 5), ${Math.round(megabytes)} MB (bar 800)`,
  );
}

/** A line of revisions with a table every second one, and five heads on it that work on two tables. */
function writeProject(folder: string, line: number): string {
  mkdirSync(folder, { recursive: true });
  const write = (id: string, revises: string, upgrade: string, downgrade: string): void =>
    writeFileSync(
      join(folder, `${id}.sql`),
      `-- revision: ${id}\n-- revises: ${revises}\n-- message: ${id}\n\n-- upgrade\n${upgrade}\n\n-- downgrade\n${downgrade}\n`,
    );
  write(
    "r0",
    "",
    'CREATE TABLE "user" (id serial PRIMARY KEY, email text NOT NULL UNIQUE, name text); CREATE TABLE event (id serial PRIMARY KEY, user_id int REFERENCES "user", note text);',
    'DROP TABLE event; DROP TABLE "user";',
  );
  for (let index = 1; index < line; index += 1) {
    const table = index === 1 ? "event" : `t${Math.floor(index / 2)}`;
    const [upgrade, downgrade] =
      index % 2 === 0
        ? [
            `CREATE TABLE ${table} (id serial PRIMARY KEY, user_id int REFERENCES "user", label text NOT NULL);`,
            `DROP TABLE ${table};`,
          ]
        : [`ALTER TABLE ${table} ADD c${index} int;`, `ALTER TABLE ${table} DROP c${index};`];
    write(`r${index}`, `r${index - 1}`, upgrade, downgrade);
  }
  const parent = `r${line - 1}`;
  const user = 'ALTER TABLE "user"';
  write(
    "h1",
    parent,
    `${user} ADD full_name text; UPDATE "user" SET full_name = name;`,
    `${user} DROP full_name;`,
  );
  write(
    "h2",
    parent,
    `${user} ADD created_at timestamptz NOT NULL DEFAULT now();`,
    `${user} DROP created_at;`,
  );
  write("h3", parent, "ALTER TABLE event ADD address text;", "ALTER TABLE event DROP address;");
  write("h4", parent, 'CREATE VIEW people AS SELECT id, email FROM "user";', "DROP VIEW people;");
  write("h5", parent, 'CREATE INDEX user_name ON "user" (name);', "DROP INDEX user_name;");
  return folder;
}
