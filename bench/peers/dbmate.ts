import { join } from "node:path";

import { slug, timestamp, writeEach } from "./migration-files.ts";
import type { Peer } from "./peer.ts";

/** Written in Go; npm brings the program. */
export const dbmate: Peer = {
  name: "dbmate",
  packages: { dbmate: "2.36.0" },
  write: (folder, changes) => {
    writeEach(join(folder, "migrations"), changes, (change) => ({
      name: `${timestamp(change)}_${slug(change)}.sql`,
      text: `-- migrate:up\n${change.sql};\n\n-- migrate:down\n`,
    }));
  },
  command: (installedIn) => [
    join(installedIn, `node_modules/@dbmate/${process.platform}-${process.arch}/bin/dbmate`),
    "--migrations-dir",
    "migrations",
    "--no-dump-schema",
    "migrate",
  ],
};
