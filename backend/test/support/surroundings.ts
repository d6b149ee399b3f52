// All that these tests take from the repository around them. A project that `wellhead add backend` copies them into has
// another file of this name, with the same exports.

export { processEnvironment } from "../../../test/support/cli-command.ts";
export { createTestDatabase, describeOnPostgres, testServers } from "../../../test/support/test-database.ts";

/** How a test starts Node, so that it runs the package's sources. */
export const nodeFlags: readonly string[] = ["--conditions=wellhead-source"];
