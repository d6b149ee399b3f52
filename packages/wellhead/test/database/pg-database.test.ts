import { createTestDatabase, describeOnPostgres } from "../../../../test/support/test-database.ts";
import { openDatabase } from "../../src/database/index.ts";
import { targetOf } from "./pg-target.ts";
import { describeSessionContract } from "./session-contract.ts";

describeOnPostgres("a server's database", (server) => {
  describeSessionContract("keeps the contract", async () => {
    const scratch = await createTestDatabase(server);
    const target = targetOf(scratch.url);
    return { open: (options) => openDatabase(target, options), close: scratch.close };
  });
});
