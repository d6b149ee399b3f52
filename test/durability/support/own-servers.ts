import type { SharedServer } from "../../support/postgres-servers.ts";
import { testServers } from "../../support/test-database.ts";

/** Whether the tests have started the server themselves: what reaches beyond a database must not be done to a tester's own. */
export function isOurs(server: SharedServer): boolean {
  return server.name !== "TEST_DATABASE_URL";
}

/** The newest of the servers that the tests have started. */
export const newestOfOurs: SharedServer | undefined = testServers.findLast(isOurs);
