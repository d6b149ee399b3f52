import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { padded, slug, writeEach } from "./migration-files.ts";
import type { Peer } from "./peer.ts";

/** Its `migrate()` in a script, as its documentation has it for deployments. */
export const drizzleOrm: Peer = {
  name: "drizzle-orm",
  packages: { "drizzle-orm": "0.45.4", pg: "8.23.1" },
  write: (folder, changes) => {
    writeFileSync(
      join(folder, "run.mjs"),
      `import { drizzle } from "drizzle-orm/node-postgres";
import { migrate } from "drizzle-orm/node-postgres/migrator";
import pg from "pg";
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });
await migrate(drizzle(pool), { migrationsFolder: "migrations" });
await pool.end();
`,
    );
    writeEach(join(folder, "migrations"), changes, (change) => ({
      name: `${padded(change)}_${slug(change)}.sql`,
      text: `${change.sql};\n`,
    }));
    const entries = changes.map((change, idx) => ({
      idx,
      version: "7",
      when: Date.UTC(2025, 0, 1, 0, 0, change.number),
      tag: `${padded(change)}_${slug(change)}`,
      breakpoints: true,
    }));
    mkdirSync(join(folder, "migrations/meta"), { recursive: true });
    writeFileSync(
      join(folder, "migrations/meta/_journal.json"),
      JSON.stringify({ version: "7", dialect: "postgresql", entries }),
    );
  },
  command: () => [process.execPath, "run.mjs"],
};
