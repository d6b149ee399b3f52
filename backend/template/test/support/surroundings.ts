import { randomBytes } from "node:crypto";

import { describe } from "vitest";
import { openDatabase, parseDatabaseUrl } from "wellhead";

// The databases of these tests: the embedded Postgres, and the server that TEST_DATABASE_URL names, where it does.
// Each test file makes itself a database there and drops it again.

/** A server to run the tests on. */
export interface TestServer {
  readonly name: string;
  /** A database that always exists, with a role that may create others. */
  readonly url: string;
}

/** An empty database of a test's own. */
export interface TestDatabase {
  readonly url: string;
  /** Drops it, whoever is still connected. */
  close(): Promise<void>;
}

const given = process.env["TEST_DATABASE_URL"] ?? "";

export const testServers: readonly TestServer[] =
  given === "" ? [] : [{ name: "TEST_DATABASE_URL", url: given }];

/** How a test starts Node. */
export const nodeFlags: readonly string[] = [];

/** What a process of a test gets of the tests' own environment: the way to programs. */
export function processEnvironment(): Record<string, string> {
  return { PATH: process.env["PATH"] ?? "" };
}

/** `describe` on the server; skipped where none is named. */
export function describeOnPostgres(title: string, define: (server: TestServer) => void): void {
  const [server = { name: "TEST_DATABASE_URL is not set", url: "" }] = testServers;
  describe.skipIf(server.url === "")(`${title} (${server.name})`, () => define(server));
}

/** Creates an empty database on the server. */
export async function createTestDatabase(server = testServers[0]): Promise<TestDatabase> {
  if (server === undefined) throw new Error("TEST_DATABASE_URL names no server.");
  const name = `backend_test_${randomBytes(6).toString("hex")}`;
  await run(server.url, `CREATE DATABASE ${name} TEMPLATE template0`);
  const url = new URL(server.url);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    close: async () => await run(server.url, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}

async function run(url: string, statement: string): Promise<void> {
  const database = await openDatabase(parseDatabaseUrl({ DATABASE_URL: url }));
  try {
    await database.withSession(async (session) => await session.query(statement));
  } finally {
    await database.close();
  }
}
