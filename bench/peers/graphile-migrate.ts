import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { padded, writeEach } from "./migration-files.ts";
import type { Peer } from "./peer.ts";

export const graphileMigrate: Peer = {
  name: "graphile-migrate",
  packages: { "graphile-migrate": "1.4.1" },
  write: (folder, changes) => {
    writeFileSync(
      join(folder, "run.mjs"),
      `import { migrate } from "graphile-migrate";
await migrate({
  connectionString: process.env.DATABASE_URL,
  migrationsFolder: "migrations",
});
`,
    );
    writeFileSync(join(folder, ".gmrc"), "{}");
    // Each file names the hash of the one before.
    let previous = "";
    writeEach(join(folder, "migrations/committed"), changes, (change) => {
      const body = `${change.sql};`;
      const hash = `sha1:${createHash("sha1").update(`${previous}\n${body}\n`.trimStart()).digest("hex")}`;
      const head = `--! Previous: ${previous === "" ? "-" : previous}\n--! Hash: ${hash}\n`;
      previous = hash;
      return { name: `${padded(change, 6)}.sql`, text: `${head}\n${body}\n` };
    });
  },
  command: () => [process.execPath, "run.mjs"],
};
