import { openEmbeddedWorker, type Database } from "../database/index.ts";
import type { Scratch, ScratchOptions } from "./scratch.ts";
import { serverVersion } from "./server-version.ts";

/** A scratch database in this process, empty or a copy of another. */
export async function openEmbeddedScratch(
  { extensions = [], roles = [], statementLimitMs = 30_000, signal }: ScratchOptions,
  image?: Uint8Array,
): Promise<Scratch> {
  const worker = await openEmbeddedWorker({
    extensions,
    statementLimitMs,
    applicationName: "wellhead scratch",
    ...(image !== undefined && { image }),
    ...(signal !== undefined && { signal }),
  });
  const { database } = worker;
  try {
    await makeRoles(database, roles);
    return {
      database,
      engine: "pglite",
      version: await serverVersion(database),
      copy: async () => {
        // Through the session's turn: an archive that is taken while somebody works would not be whole.
        const copied = await database.withSession(async () => await worker.dump());
        return await openEmbeddedScratch({ extensions, statementLimitMs, signal }, copied);
      },
      close: async () => await database.close(),
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** Some are there: its own user is called postgres, as the owner of most databases is. */
async function makeRoles(database: Database, roles: readonly string[]): Promise<void> {
  if (roles.length === 0) return;
  await database.withSession(async (session) => {
    const there = new Set(
      (await session.queryArrays("SELECT rolname::text FROM pg_catalog.pg_roles")).flat(),
    );
    const missing = roles.filter((role) => !there.has(role));
    const statements = missing.map((role) => `CREATE ROLE "${role.replaceAll('"', '""')}"`);
    if (statements.length > 0) await session.run(statements.join(";"));
  });
}
