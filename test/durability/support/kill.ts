import { setTimeout as sleep } from "node:timers/promises";

import { Client } from "pg";

import type { PostgresServer } from "../../support/postgres-server.ts";
import type { CliResult, RunningCli } from "../../support/run-cli.ts";
import type { ClientMessage, Cut } from "./cutting-proxy.ts";
import { pick } from "./random.ts";

/** What is killed, or where the network is cut. */
export const KILLS = {
  "our process (kill -9)": { kind: "client" },
  "our session (pg_terminate_backend)": { kind: "terminate" },
  "a server process (kill -9)": { kind: "backend" },
  "Postgres (immediate shutdown)": { kind: "server", signal: "SIGQUIT" },
  "Postgres (kill -9)": { kind: "server", signal: "SIGKILL" },
  "the network, message lost": { kind: "cut", cut: "before" },
  "the network, behind a message": { kind: "cut", cut: "behind" },
  "the network, answer lost": { kind: "cut", cut: "answer" },
} as const satisfies Readonly<
  Record<
    string,
    | { readonly kind: "client" | "terminate" | "backend" }
    | { readonly kind: "server"; readonly signal: "SIGQUIT" | "SIGKILL" }
    | { readonly kind: "cut"; readonly cut: Cut }
  >
>;

export type KillName = keyof typeof KILLS;

/** A kill that is to come: at which message of the run, counted from 0, and how long after it. */
export interface PlannedKill {
  readonly name: KillName;
  readonly atMessage: number;
  /** In milliseconds. A cut has none. */
  readonly delayMs: number;
}

/** What a run was doing when it was killed, by the message that was sent last. */
export type Phase = (typeof PHASES)[number];

export const PHASES = [
  "reading and taking the lock",
  "in a revision's transaction",
  "COMMIT",
  "a counted statement outside",
  "a lone statement",
  "a word in the ledger",
] as const;

export function phaseOf({ sql }: ClientMessage): Phase {
  if (sql.startsWith("/* wellhead"))
    return sql.includes("WITH line") ? "a counted statement outside" : "a lone statement";
  if (sql === "COMMIT") return "COMMIT";
  if (sql.includes("WITH line") || /wellhead_ledger" \(/.test(sql.slice(0, 80)))
    return "a word in the ledger";
  return /^(BEGIN|SELECT|ROLLBACK|\s*WITH relation)/.test(sql) || sql === ""
    ? "reading and taking the lock"
    : "in a revision's transaction";
}

/** Whether the outcome of the message is unknown to who sent it when the answer does not come. */
export function commits(message: ClientMessage): boolean {
  return phaseOf(message) === "COMMIT";
}

/** Kills what is to be killed; false when it was not there any more. */
export async function strike(
  name: KillName,
  { child }: RunningCli,
  server: PostgresServer,
  database: string,
  random: () => number,
): Promise<boolean> {
  const kill = KILLS[name];
  switch (kill.kind) {
    case "client":
      return child.kill("SIGKILL");
    case "server":
      await server.crash(kill.signal);
      return true;
    case "cut":
      return false;
    case "terminate":
    case "backend": {
      const pid = await someSession(server, database, random);
      if (pid === undefined) return false;
      if (kill.kind === "backend") return killProcess(pid);
      await asking(server, async (client) => await client.query("SELECT pg_terminate_backend($1)", [pid]));
      return true;
    }
  }
}

/** False when it has ended by itself since it was found. */
function killProcess(pid: number): boolean {
  try {
    return process.kill(pid, "SIGKILL");
  } catch {
    return false;
  }
}

async function someSession(
  server: PostgresServer,
  database: string,
  random: () => number,
): Promise<number | undefined> {
  const { rows } = await asking(
    server,
    async (client) =>
      await client.query<{ pid: number }>(
        "SELECT pid FROM pg_stat_activity WHERE datname = $1 AND application_name = 'wellhead' AND backend_type = 'client backend'",
        [database],
      ),
  );
  return rows.length === 0 ? undefined : pick(random, rows).pid;
}

/** Brings the server back where the kill took it down. */
export async function mend(name: KillName, server: PostgresServer): Promise<void> {
  if (KILLS[name].kind === "server") return await server.restart();
  if (KILLS[name].kind !== "backend") return;
  // The server ends every session and recovers.
  for (;;) {
    try {
      return void (await asking(server, async (client) => await client.query("SELECT 1")));
    } catch {
      await sleep(50);
    }
  }
}

export async function asking<T>(
  server: PostgresServer,
  work: (client: Client) => Promise<T>,
  database = "postgres",
): Promise<T> {
  const client = new Client({ connectionString: server.url(database) });
  client.on("error", () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** What is wrong with the way a run ended that was not killed itself; undefined when nothing is. */
export function badEnd({ exitCode, signal, stderr }: CliResult): string | undefined {
  if (signal !== null || exitCode === 0) return undefined;
  if (exitCode !== 1) return `exit status ${exitCode}`;
  if (!/^error: /m.test(stderr)) return "no error is told";
  if (!/^hint: /m.test(stderr)) return "no hint is given";
  return /^\s+at /m.test(stderr) ? "a stack is shown" : undefined;
}
