import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { literal, padded, slug, writeEach } from "./migration-files.ts";
import type { Peer } from "./peer.ts";

/** With a storage of ten lines, as its documentation says one writes it. */
export const umzug: Peer = {
  name: "umzug",
  packages: { umzug: "3.8.3", pg: "8.23.1" },
  write: (folder, changes) => {
    writeFileSync(
      join(folder, "run.mjs"),
      `import pg from "pg";
import { Umzug } from "umzug";
const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
await client.connect();
await client.query("CREATE TABLE IF NOT EXISTS umzug (name text PRIMARY KEY)");
const umzug = new Umzug({
  migrations: { glob: "migrations/*.mjs" },
  context: client,
  logger: undefined,
  storage: {
    logMigration: async ({ name }) => void (await client.query("INSERT INTO umzug VALUES ($1)", [name])),
    unlogMigration: async ({ name }) => void (await client.query("DELETE FROM umzug WHERE name = $1", [name])),
    executed: async () => (await client.query("SELECT name FROM umzug ORDER BY 1")).rows.map(({ name }) => name),
  },
});
await umzug.up();
await client.end();
`,
    );
    writeEach(join(folder, "migrations"), changes, (change) => ({
      name: `${padded(change)}_${slug(change)}.mjs`,
      text: `export const up = ({ context }) => context.query(${literal(change.sql)});\n`,
    }));
  },
  command: () => [process.execPath, "run.mjs"],
};
