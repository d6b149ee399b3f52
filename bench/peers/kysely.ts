import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { literal, slug, timestamp, writeEach } from "./migration-files.ts";
import type { Peer } from "./peer.ts";

export const kysely: Peer = {
  name: "kysely",
  packages: { kysely: "0.29.9", pg: "8.23.1" },
  write: (folder, changes) => {
    writeFileSync(
      join(folder, "run.mjs"),
      `import { promises as fs } from "node:fs";
import path from "node:path";
import { Kysely, PostgresDialect } from "kysely";
import { FileMigrationProvider, Migrator } from "kysely/migration";
import pg from "pg";
const db = new Kysely({
  dialect: new PostgresDialect({ pool: new pg.Pool({ connectionString: process.env.DATABASE_URL }) }),
});
const migrationFolder = path.resolve("migrations");
const { error } = await new Migrator({
  db,
  provider: new FileMigrationProvider({ fs, path, migrationFolder }),
}).migrateToLatest();
await db.destroy();
if (error) throw error;
`,
    );
    writeEach(join(folder, "migrations"), changes, (change) => ({
      name: `${timestamp(change)}_${slug(change)}.mjs`,
      text: `import { sql } from "kysely";\nexport const up = (db) => sql.raw(${literal(change.sql)}).execute(db);\n`,
    }));
  },
  command: () => [process.execPath, "run.mjs"],
};
