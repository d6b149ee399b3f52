import { fileURLToPath } from "node:url";
import { join } from "node:path";

import { padded, slug, writeEach } from "./migration-files.ts";
import type { Peer } from "./peer.ts";

const bin = fileURLToPath(new URL("../../packages/wellhead/bin/wellhead.cjs", import.meta.url));

/** Wellhead as it was built in this checkout. */
export const wellhead: Peer = {
  name: "wellhead",
  packages: {},
  write: (folder, changes) => {
    writeEach(join(folder, "migrations"), changes, (change) => {
      const revision = `r${padded(change)}`;
      const parent = change.number === 1 ? "" : `r${padded({ ...change, number: change.number - 1 })}`;
      return {
        name: `${revision}_${slug(change)}.sql`,
        text: `-- revision: ${revision}
-- revises: ${parent}
-- message: ${change.name}
-- created: 2025-01-01T00:00:00Z

-- upgrade
${change.sql};

-- downgrade
`,
      };
    });
  },
  command: () => [process.execPath, bin, "upgrade", "heads", "--quiet"],
};
