import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { slug, timestamp, writeEach } from "./migration-files.ts";
import type { Peer } from "./peer.ts";

export const nodePgMigrate: Peer = {
  name: "node-pg-migrate",
  packages: { "node-pg-migrate": "9.0.0", pg: "8.23.1" },
  write: (folder, changes) => {
    writeFileSync(
      join(folder, "run.mjs"),
      `import { runner } from "node-pg-migrate";
await runner({
  databaseUrl: process.env.DATABASE_URL,
  dir: "migrations",
  direction: "up",
  migrationsTable: "pgmigrations",
  log: () => undefined,
});
`,
    );
    writeEach(join(folder, "migrations"), changes, (change) => ({
      name: `${timestamp(change)}000_${slug(change)}.sql`,
      text: `-- Up Migration\n${change.sql};\n\n-- Down Migration\n`,
    }));
  },
  command: () => [process.execPath, "run.mjs"],
};
