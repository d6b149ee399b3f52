import { randomBytes } from "node:crypto";

import { Client } from "pg";
import { describe, inject } from "vitest";

import { startPostgresServer, type PostgresServer, type PostgresServerOptions } from "./postgres-server.ts";
import type { SharedServer } from "./postgres-servers.ts";

/** An empty database of a test's own. */
export interface TestDatabase {
  readonly url: string;
  readonly name: string;
  readonly major: number;
  /** Drops it, whoever is still connected. */
  close(): Promise<void>;
}

const { servers, installations } = inject("postgres");

/** The servers to run a test on: the versions started for this run, and the one behind TEST_DATABASE_URL. Empty when there is none. */
export const testServers: readonly SharedServer[] = servers;

/** The major versions among them, for `describe.each`. */
export const testMajors: readonly number[] = [...new Set(servers.map((server) => server.major))];

/**
 * `describe` once for each shared server. Where there is none (no binaries for this platform, no TEST_DATABASE_URL)
 * the tests show up as skipped.
 */
export function describeOnPostgres(title: string, define: (server: SharedServer) => void): void {
  const none: SharedServer = { name: "no Postgres for this platform", major: 0, url: "" };
  for (const server of servers.length > 0 ? servers : [none]) {
    describe.skipIf(server === none)(`${title} (${server.name})`, () => define(server));
  }
}

/** Creates an empty database on a shared server: the one given, that of a major version, or the newest. */
export async function createTestDatabase(on?: number | SharedServer): Promise<TestDatabase> {
  const server = typeof on === "object" ? on : findServer(on);
  const name = `wellhead_test_${randomBytes(6).toString("hex")}`;
  await runOn(server, `CREATE DATABASE ${name} TEMPLATE template0`);
  const url = new URL(server.url);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    name,
    major: server.major,
    close: () => runOn(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}

/** Starts a server for one test alone: to kill it, to give it TLS, a password, a read-only standby. Stop it afterwards. */
export function startPostgres(
  options: PostgresServerOptions & { major?: number } = {},
): Promise<PostgresServer> {
  const { major = installations.at(-1)?.major, ...rest } = options;
  const installation = installations.find((candidate) => candidate.major === major);
  if (installation === undefined) throw new Error(`There are no binaries of Postgres ${major} here.`);
  return startPostgresServer(installation, rest);
}

/** Whether `startPostgres` can work on this platform: `describe.skipIf(!canStartPostgres)`. */
export const canStartPostgres: boolean = installations.length > 0;

function findServer(major: number | undefined): SharedServer {
  const server =
    major === undefined ? servers.at(-1) : servers.find((candidate) => candidate.major === major);
  if (server === undefined)
    throw new Error(`No server of Postgres ${major ?? "any version"} runs for these tests.`);
  return server;
}

async function runOn(server: SharedServer, statement: string): Promise<void> {
  const client = new Client({ connectionString: server.url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
