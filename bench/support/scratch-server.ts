import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Client } from "pg";

import { preparePostgres } from "../../test/support/postgres-installation.ts";
import { startPostgresServer } from "../../test/support/postgres-server.ts";

/** A server for a bench, with databases to use up. */
export interface ScratchServer {
  /** As it calls itself, such as `PostgreSQL 18.4`. */
  readonly version: string;
  /** Makes the database anew, empty. */
  readonly emptyDatabase: (name: string) => Promise<string>;
  readonly stop: () => Promise<void>;
}

/** Starts a server that writes as a real one does: what is committed is on the disk. */
export async function startScratchServer(major: number): Promise<ScratchServer> {
  const folder = mkdtempSync(join(tmpdir(), "wellhead-bench-"));
  // The user that Postgres runs as must be able to enter.
  chmodSync(folder, 0o755);
  const installation = preparePostgres(major, folder);
  if (installation === undefined) throw new Error(`There are no binaries of Postgres ${major} here.`);
  const server = await startPostgresServer(installation, {
    settings: { fsync: "on", synchronous_commit: "on", full_page_writes: "on", max_connections: "200" },
  });
  return {
    version: String(await one(server.url(), "SELECT split_part(version(), ' on ', 1)")),
    emptyDatabase: async (name) => {
      await one(server.url(), `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      await one(server.url(), `CREATE DATABASE ${name}`);
      return `${server.url(name)}?sslmode=disable`;
    },
    stop: async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The one value that a query gives. */
export async function one(url: string, sql: string): Promise<unknown> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<unknown[]>({ text: sql, rowMode: "array" });
    return rows[0]?.[0];
  } finally {
    await client.end();
  }
}
