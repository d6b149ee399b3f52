import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, describe } from "vitest";
import {
  downgrade,
  openDatabase,
  parseDatabaseUrl,
  upgrade,
  type Database,
  type MigrateResult,
  type Session as OpenSession,
} from "wellhead";
import { createTestDatabase, testServers } from "../support/test-database.ts";

/** The verbs of a session; each call gets one of its own. */
export type Session = Pick<OpenSession, "query" | "queryArrays" | "run">;

export const migrations: string = fileURLToPath(new URL("../../backend/migrations", import.meta.url));

/** The one head of the backend's revisions. */
export const head = "idm_20261125_idempotency";

/** A database of the test's own that is empty at the start of each test. */
export interface LineageDatabase {
  readonly session: Session;
  upgrade(target?: string, transaction?: "all" | "each"): Promise<MigrateResult>;
  downgrade(target: string): Promise<MigrateResult>;
  versions(): Promise<readonly string[]>;
  /** Lets another process have the database for as long as `work` lasts: the embedded one serves only one. */
  elsewhere<T>(work: (url: string) => Promise<T>): Promise<T>;
}

/** `describe` on each Postgres server of the run and on the embedded Postgres. */
export function describeEverywhere(title: string, define: (lineage: LineageDatabase) => void): void {
  for (const server of testServers) {
    describe(`${title} (${server.name})`, () => {
      define(openForTests(async () => await createTestDatabase(server)));
    });
  }
  describe(`${title} (embedded Postgres)`, () => define(openForTests(embeddedDatabase)));
}

interface Place {
  readonly url: string;
  close(): Promise<void>;
}

async function embeddedDatabase(): Promise<Place> {
  const folder = mkdtempSync(join(tmpdir(), "wellhead-lineage-"));
  return {
    url: `pglite://${folder}/pglite`,
    close: async () => rmSync(folder, { recursive: true, force: true }),
  };
}

function openForTests(create: () => Promise<Place>): LineageDatabase {
  let place: Place;
  let database: Database;
  const open = async () => await openDatabase(parseDatabaseUrl({ DATABASE_URL: place.url }));
  beforeAll(async () => {
    place = await create();
    database = await open();
  });
  afterAll(async () => {
    await database?.close();
    await place?.close();
  });
  beforeEach(async () => {
    await session.run("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
  });
  const session: Session = {
    query: async (sql, parameters) =>
      await database.withSession(async (own) => await own.query(sql, parameters)),
    queryArrays: async (sql, parameters) =>
      await database.withSession(async (own) => await own.queryArrays(sql, parameters)),
    run: async (script) => await database.withSession(async (own) => await own.run(script)),
  };
  return {
    session,
    upgrade: async (target = "heads", transaction = "all") =>
      await upgrade({ database, migrations, target, transaction }),
    downgrade: async (target) => await downgrade({ database, migrations, target }),
    versions: async () => {
      const rows = await session.query<{ version_num: string }>(
        "SELECT version_num FROM alembic_version ORDER BY 1",
      );
      return rows.map(({ version_num }) => version_num);
    },
    elsewhere: async (work) => {
      await database.close();
      try {
        return await work(place.url);
      } finally {
        database = await open();
      }
    },
  };
}
