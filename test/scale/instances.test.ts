// Four instances of the backend over one Postgres behind PgBouncer in transaction mode, with a streaming standby: as a
// platform runs them.

import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { Client } from "pg";
import { describe, expect, inject, onTestFinished, test } from "vitest";

import { pgBouncerPath, startPgBouncer } from "../durability/support/pgbouncer.ts";
import { processEnvironment } from "../support/cli-command.ts";
import { temporaryFolder, writeRevision } from "../support/migrations-folder.ts";
import { runCli } from "../support/run-cli.ts";
import { startServer, type ServerProcess } from "../support/server-process.ts";
import { canStartPostgres, startPostgres } from "../support/test-database.ts";

const modules = fileURLToPath(new URL("../../node_modules", import.meta.url));
const why = pgBouncerPath === undefined ? " (PgBouncer is not installed here)" : "";

/** One proxy in front tells the clients' addresses, each of which may register so often an hour. */
const LIMIT = 6;
const SETTINGS = { TRUST_PROXY: "1", REGISTER_LIMIT_PER_ADDRESS: String(LIMIT) };
const PASSWORD = "seven purple herons";

describe.skipIf(!canStartPostgres || pgBouncerPath === undefined)(`four instances${why}`, () => {
  test(
    "migrate once, share users, limits and sessions, and are restarted one by one over a new revision without a failed request",
    { timeout: 120_000 },
    async () => {
      const { urls, primary, standby, standbyLog } = await startCluster();
      const project = await copiedBackend();
      const start = async (url: string): Promise<ServerProcess> =>
        await startServer(
          [process.execPath, "--conditions=wellhead-source", "backend/server.ts", "--upgrade", "heads"],
          { cwd: project, env: { ...processEnvironment(), ...SETTINGS, DATABASE_URL: url } },
        );

      // All at once, on a database without a table: one migrates, the others wait and find nothing to do.
      const instances = await Promise.all(urls.map(start));
      const [ledger] = await primary(
        "SELECT count(*)::int AS all, count(DISTINCT revision)::int AS one FROM wellhead_ledger",
      );
      expect(ledger).toEqual({ all: ledger?.["one"], one: expect.toSatisfy((count: number) => count > 0) });
      const migrated = instances.filter(({ output }) => output().includes("Running upgrade"));
      expect(migrated).toHaveLength(1);

      // One address to all four at the same moment, in four spellings.
      for (const name of ["ada", "grace", "edsger"]) {
        const spellings = [name, name.toUpperCase(), ` ${name}`, `${name[0]?.toUpperCase()}${name.slice(1)}`];
        const answers = await Promise.all(
          instances.map(async ({ url }, index) => await register(url, `${spellings[index]}@example.org`)),
        );
        expect(answers.toSorted()).toEqual([201, 409, 409, 409]);
      }

      await shareLimits(instances);
      await shareSessions(instances);

      const traffic = startTraffic(instances);
      writeRevision(join(project, "backend/migrations"), {
        id: "add_nickname",
        revises: await headOf(project),
        upgrade: "ALTER TABLE users ADD COLUMN nickname text;",
        downgrade: "ALTER TABLE users DROP COLUMN nickname;",
      });
      for (const [index, url] of urls.entries()) {
        await traffic.without(index, async (old) => {
          expect(await old.stop()).toBe(0);
          return await start(url);
        });
        // The ones that are not replaced yet go on: the database is ahead of them, and that is no failure.
        for (const { url } of traffic.instances()) expect(await ready(url)).toBe(200);
      }
      const registered = await traffic.end();
      expect(registered.length).toBeGreaterThan(urls.length);
      expect(await primary("SELECT version_num FROM alembic_version")).toEqual([
        { version_num: "add_nickname" },
      ]);

      // Every 201 is there, on the standby too, to which nobody has tried to write.
      const addresses = "SELECT email FROM users WHERE email LIKE 'user%' ORDER BY 1";
      const rows = (await primary(addresses)).map(({ email }) => email);
      expect(rows).toEqual(registered.toSorted());
      await expect.poll(async () => (await standby(addresses)).length, { timeout: 10_000 }).toBe(rows.length);
      expect(await standby("SELECT pg_is_in_recovery() AS standby")).toEqual([{ standby: true }]);
      expect(standbyLog()).not.toMatch(/read-only transaction/);
    },
  );
});

/** Ten registrations from one address, spread over all instances: together they let as many through as one may. */
async function shareLimits(instances: readonly ServerProcess[]): Promise<void> {
  const answers = await Promise.all(
    Array.from({ length: LIMIT + 4 }, async (_, index) => {
      const { url } = instances[index % instances.length]!;
      return await register(url, `many${index}@example.org`, "203.0.113.7");
    }),
  );
  expect(answers.filter((status) => status === 201)).toHaveLength(LIMIT);
  expect(answers.filter((status) => status === 429)).toHaveLength(4);
}

/** Signs in at one instance, is known to another, signs out at a third. */
async function shareSessions([first, second, third, fourth]: readonly ServerProcess[]): Promise<void> {
  const signedIn = await fetch(`${first!.url}/auth/login`, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Forwarded-For": "203.0.113.8" },
    body: JSON.stringify({ email: "ada@example.org", password: PASSWORD }),
  });
  const { access_token: token } = (await signedIn.json()) as { access_token: string };
  const ask = async (server: ServerProcess, path: string, method = "GET"): Promise<number> => {
    const response = await fetch(server.url + path, {
      method,
      headers: { Authorization: `Bearer ${token}` },
    });
    await response.text();
    return response.status;
  };
  expect(await ask(second!, "/auth/me")).toBe(200);
  expect(await ask(third!, "/auth/logout", "POST")).toBe(204);
  expect(await ask(fourth!, "/auth/me")).toBe(401);
}

type Query = (sql: string) => Promise<readonly Record<string, unknown>[]>;

/** A primary, a standby that follows it, a pooler; and the two ways in which instances are told of them. */
async function startCluster() {
  const settings = { wal_keep_size: "256MB" };
  const primary = await startPostgres({ settings });
  onTestFinished(async () => await primary.stop());
  const standby = await startPostgres({ standby: { primary } });
  onTestFinished(async () => await standby.stop());
  const user = inject("postgres").installations.at(-1)?.user ?? {};
  const pooler = await startPgBouncer({ mode: "transaction", server: primary.url(), user });
  onTestFinished(async () => await pooler.stop());
  await run(primary.url(), "CREATE DATABASE app");

  const pooled = new URL(pooler.through(primary.url("app")));
  // The standby comes first here: an instance has to find out that it takes no writes.
  const both = `postgres://postgres@127.0.0.1:${standby.port},${pooled.host}/app?pgbouncer=true&target_session_attrs=read-write`;
  return {
    urls: [`${pooled.href}?pgbouncer=true`, both, `${pooled.href}?pgbouncer=true`, both],
    primary: (async (sql) => await run(primary.url("app"), sql)) satisfies Query,
    standby: (async (sql) => await run(standby.url("app"), sql)) satisfies Query,
    standbyLog: () => standby.log(),
  };
}

async function run(url: string, sql: string): Promise<readonly Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

/** A project with the backend in it, as `wellhead add backend` makes one. */
async function copiedBackend(): Promise<string> {
  const folder = temporaryFolder();
  mkdirSync(folder, { recursive: true });
  symlinkSync(modules, join(folder, "node_modules"));
  expect(await runCli(["add", "backend"], { cwd: folder })).toMatchObject({ exitCode: 0 });
  return folder;
}

async function headOf(cwd: string): Promise<string> {
  const { heads } = (await runCli(["heads", "--json"], { cwd })).json() as { heads: { revision: string }[] };
  return heads[0]?.revision ?? "";
}

let people = 0;

async function register(url: string, email: string, from?: string): Promise<number> {
  people += 1;
  const response = await fetch(`${url}/auth/register`, {
    method: "POST",
    // Each comes from an address of its own: rates are limited for each.
    headers: {
      "Content-Type": "application/json",
      "X-Forwarded-For": from ?? `10.0.${people >> 8}.${people & 255}`,
    },
    body: JSON.stringify({ email, password: PASSWORD }),
  });
  await response.text();
  return response.status;
}

async function ready(url: string): Promise<number> {
  const response = await fetch(`${url}/readyz`);
  await response.text();
  return response.status;
}

/** People who register all the time, each at one of the instances that take requests, as a balancer spreads them. */
function startTraffic(started: readonly ServerProcess[]) {
  const instances = [...started];
  const registered: string[] = [];
  const over = new AbortController();
  let count = 0;
  const clients = [0, 1].map(async () => {
    while (!over.signal.aborted) {
      count += 1;
      const email = `user${count}@example.org`;
      const { url } = instances[count % instances.length]!;
      expect(await register(url, email)).toBe(201);
      registered.push(email);
    }
  });
  return {
    instances: () => instances,
    /** Takes an instance out of the rotation, and puts its successor in. */
    without: async (index: number, replace: (old: ServerProcess) => Promise<ServerProcess>) => {
      const [old] = instances.splice(index, 1);
      instances.splice(index, 0, await replace(old!));
    },
    /** Everybody who was told that they are registered. */
    end: async () => {
      over.abort();
      await Promise.all(clients);
      return registered;
    },
  };
}
