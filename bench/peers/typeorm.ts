import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { literal, slug, writeEach } from "./migration-files.ts";
import type { Peer } from "./peer.ts";

export const typeorm: Peer = {
  name: "typeorm",
  packages: { typeorm: "1.1.1", pg: "8.23.1", "reflect-metadata": "0.2.2" },
  write: (folder, changes) => {
    writeFileSync(
      join(folder, "run.mjs"),
      `import "reflect-metadata";
import { DataSource } from "typeorm";
const source = new DataSource({
  type: "postgres",
  url: process.env.DATABASE_URL,
  migrations: ["migrations/*.mjs"],
});
await source.initialize();
await source.runMigrations({ transaction: "all" });
await source.destroy();
`,
    );
    writeEach(join(folder, "migrations"), changes, (change) => {
      // The class names the migration, and its time is the end of that name.
      const time = Date.UTC(2025, 0, 1, 0, 0, change.number);
      return {
        name: `${time}_${slug(change)}.mjs`,
        text: `export class Change${time} {
  name = "Change${time}";
  async up(runner) {
    await runner.query(${literal(change.sql)});
  }
  async down() {}
}
`,
      };
    });
  },
  command: () => [process.execPath, "run.mjs"],
};
