import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { literal, slug, timestamp, writeEach } from "./migration-files.ts";
import type { Peer } from "./peer.ts";

export const knex: Peer = {
  name: "knex",
  packages: { knex: "3.3.0", pg: "8.23.1" },
  write: (folder, changes) => {
    writeFileSync(
      join(folder, "run.mjs"),
      `import knex from "knex";
const db = knex({
  client: "pg",
  connection: process.env.DATABASE_URL,
  migrations: { directory: "migrations", loadExtensions: [".mjs"] },
});
await db.migrate.latest();
await db.destroy();
`,
    );
    writeEach(join(folder, "migrations"), changes, (change) => ({
      name: `${timestamp(change)}_${slug(change)}.mjs`,
      text: `export const up = (db) => db.raw(${literal(change.sql)});\nexport const down = () => undefined;\n`,
    }));
  },
  command: () => [process.execPath, "run.mjs"],
};
