import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { describe } from "vitest";
import { createTestDatabase, describeOnPostgres, testServers } from "./surroundings.ts";

/** A database of a test's own, empty. */
export interface OwnDatabase {
  readonly url: string;
  remove(): Promise<void>;
}

/** `describe` on the embedded Postgres and on every real one. */
export function describeOnDatabases(
  title: string,
  define: (create: () => Promise<OwnDatabase>) => void,
): void {
  describe(`${title} (embedded)`, () => define(embeddedDatabase));
  describeOnPostgres(title, (server) => {
    define(async () => await ownDatabase(server));
  });
}

/** For tests to which all databases are alike: the quickest at hand. It may be an embedded one, which is open once at a time. */
export async function anyDatabase(): Promise<OwnDatabase> {
  return testServers.length > 0 ? await ownDatabase() : await embeddedDatabase();
}

async function ownDatabase(server?: (typeof testServers)[number]): Promise<OwnDatabase> {
  const database = await createTestDatabase(server);
  return { url: database.url, remove: async () => await database.close() };
}

/** An embedded Postgres in a folder that is not there yet. */
export async function embeddedDatabase(): Promise<OwnDatabase> {
  const folder = mkdtempSync(join(tmpdir(), "wellhead-backend-"));
  return {
    url: `pglite:${join(folder, "pglite")}`,
    remove: async () => rmSync(folder, { recursive: true, force: true }),
  };
}
