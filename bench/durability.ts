/**
 * Kills the backend, Postgres (an immediate shutdown) or both while registrations come in, again and again, and then
 * compares the table with what was acknowledged:
 *
 *   node --conditions=wellhead-source bench/durability.ts [--kills 50] [--connections 16] [--major 18 | --embedded]
 *
 * So many kills of each kind. Ends with status 1 when a write is lost, was made twice, or was never asked for.
 */
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";

import { openDatabase, parseDatabaseUrl } from "wellhead";

import { preparePostgres } from "../test/support/postgres-installation.ts";
import { startPostgresServer } from "../test/support/postgres-server.ts";
import { startBackend, type BackendProcess } from "./support/backend.ts";
import { openConnections } from "./support/load.ts";
import { describeMachine } from "./support/machine.ts";
import { markdownTable } from "./support/markdown-table.ts";

const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "50" },
    connections: { type: "string", default: "16" },
    major: { type: "string", default: "18" },
    embedded: { type: "boolean", default: false },
  },
});
const kills = Number(values.kills);
const connectionCount = Number(values.connections);
const PASSWORD = "seven purple herons";
/** How long registrations come in before the kill, in milliseconds. */
const UNDER_LOAD = { least: 200, most: 1000 };

/** What the backend runs on. */
interface Ground {
  readonly title: string;
  readonly url: string;
  /** Kills the database as a crash does; undefined where it lives inside the backend. */
  readonly crash?: () => Promise<void>;
  readonly restart?: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

const VICTIMS = ["backend", "Postgres", "both"] as const;
type Victim = (typeof VICTIMS)[number];

/** What became of the registrations of a kind of kill. */
interface Tally {
  readonly acknowledged: Set<string>;
  /** Sent and not answered, or answered with an error: it may have been written or not. */
  readonly open: Set<string>;
  kills: number;
}

let count = 0;

const folder = mkdtempSync(join(tmpdir(), "wellhead-bench-"));
// The user that Postgres runs as must be able to enter.
chmodSync(folder, 0o755);
const ground = values.embedded ? embedded() : await server();
try {
  console.log(describeMachine(ground.title));
  const tallies = new Map<Victim, Tally>();
  let backend: BackendProcess | undefined;
  for (const victim of ground.crash === undefined ? (["backend"] as const) : VICTIMS) {
    const tally: Tally = { acknowledged: new Set(), open: new Set(), kills: 0 };
    tallies.set(victim, tally);
    while (tally.kills < kills) {
      backend ??= await startBackend(ground.url);
      backend = await killUnderLoad(backend, victim, tally);
      tally.kills += 1;
    }
  }
  await backend?.kill("SIGTERM");
  await report(tallies);
} finally {
  await ground.stop();
  rmSync(folder, { recursive: true, force: true });
}

function embedded(): Ground {
  return {
    title: "embedded Postgres (PGlite)",
    url: `pglite:${join(folder, "pglite")}`,
    stop: async () => undefined,
  };
}

async function server(): Promise<Ground> {
  const installation = preparePostgres(Number(values.major), folder);
  if (installation === undefined) throw new Error(`There are no binaries of Postgres ${values.major} here.`);
  const postgres = await startPostgresServer(installation, {
    settings: { fsync: "on", synchronous_commit: "on", full_page_writes: "on" },
  });
  return {
    title: `PostgreSQL ${values.major}`,
    url: `${postgres.url()}?sslmode=disable`,
    crash: async () => await postgres.crash(),
    restart: async () => await postgres.restart(),
    stop: async () => await postgres.stop(),
  };
}

/** Registers from every connection, kills, and puts up again what was killed; the backend if it is still there. */
async function killUnderLoad(
  backend: BackendProcess,
  victim: Victim,
  tally: Tally,
): Promise<BackendProcess | undefined> {
  const connections = openConnections(backend.url, connectionCount);
  const stop = new AbortController();
  const clients = Array.from({ length: connectionCount }, async () => {
    while (!stop.signal.aborted) {
      const email = nextEmail();
      tally.open.add(email);
      const answer = await connections
        .post("/auth/register", { email, password: PASSWORD })
        .catch(() => undefined);
      if (answer === undefined || answer.status === 503) return;
      if (answer.status !== 201) throw new Error(`a registration was answered with ${answer.status}`);
      tally.open.delete(email);
      tally.acknowledged.add(email);
    }
  });
  await sleep(UNDER_LOAD.least + Math.random() * (UNDER_LOAD.most - UNDER_LOAD.least));
  await Promise.all([
    victim === "Postgres" ? undefined : backend.kill("SIGKILL"),
    victim === "backend" ? undefined : ground.crash?.(),
  ]);
  stop.abort();
  await Promise.all(clients);
  connections.close();
  if (victim !== "backend") await ground.restart?.();
  return victim === "Postgres" ? backend : undefined;
}

function nextEmail(): string {
  count += 1;
  return `user-${count}@example.com`;
}

async function report(tallies: ReadonlyMap<Victim, Tally>): Promise<void> {
  const rows = await readEmails();
  const written = new Set(rows);
  const asked = new Set(
    [...tallies.values()].flatMap(({ acknowledged, open }) => [...acknowledged, ...open]),
  );
  const lines = [...tallies].map(([victim, tally]) => {
    const lost = [...tally.acknowledged].filter((email) => !written.has(email)).length;
    const unanswered = [...tally.open].filter((email) => written.has(email)).length;
    if (lost > 0 || unanswered > tally.kills * connectionCount) process.exitCode = 1;
    return [victim, tally.kills, tally.acknowledged.size, lost, tally.open.size, unanswered].map(String);
  });
  const head = ["killed", "kills", "201s", "201s without a row", "in flight", "of them written"];
  console.log(markdownTable(head, lines));
  const twice = rows.length - written.size;
  const unasked = [...written].filter((email) => !asked.has(email)).length;
  console.log(`${rows.length} rows, ${twice} twice, ${unasked} that nobody asked for`);
  if (twice > 0 || unasked > 0) process.exitCode = 1;
}

async function readEmails(): Promise<readonly string[]> {
  const database = await openDatabase(parseDatabaseUrl({ DATABASE_URL: ground.url }));
  try {
    const rows = await database.withSession(
      async (session) => await session.query<{ email: string }>("SELECT email FROM users"),
    );
    return rows.map(({ email }) => email);
  } finally {
    await database.close();
  }
}
