import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { openDatabase } from "../../src/database/index.ts";
import { targetOf } from "./pg-target.ts";
import { describeSessionContract } from "./session-contract.ts";

describeSessionContract("the embedded Postgres keeps the contract", async () => {
  const baseFolder = mkdtempSync(join(tmpdir(), "wellhead-test-"));
  return {
    open: (options) => openDatabase(targetOf("pglite:./data"), { baseFolder, ...options }),
    close: async () => rmSync(baseFolder, { recursive: true }),
  };
});
