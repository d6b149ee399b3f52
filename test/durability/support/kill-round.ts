import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import type { PostgresServer } from "../../support/postgres-server.ts";
import { startCli, type CliResult, type RunningCli } from "../../support/run-cli.ts";
import { startCuttingProxy, type ClientMessage, type Watch } from "./cutting-proxy.ts";
import {
  asking,
  badEnd,
  commits,
  KILLS,
  mend,
  phaseOf,
  strike,
  type Phase,
  type PlannedKill,
} from "./kill.ts";
import { prepare, snapshot, writeMixedPlan } from "./mixed-plan.ts";

export type TransactionMode = "all" | "each";

/** A run of the command that was to be killed, and what became of it. */
export interface KilledRun {
  readonly kill: PlannedKill;
  /** What it was doing when it was killed; undefined when it was done before. */
  readonly phase: Phase | undefined;
  readonly end: CliResult;
}

/** The ways through the mixed plan, one after the other. */
const WAYS = [
  { argv: ["upgrade"], nothingLeft: "Nothing to upgrade" },
  { argv: ["downgrade", "base"], nothingLeft: "Nothing to downgrade" },
] as const;

/** What each way leaves behind, and how many messages it takes. */
export type Undisturbed = readonly {
  readonly snapshot: readonly string[];
  readonly messages: number;
}[];

/** Where the rounds take place. */
export interface Arena {
  readonly server: PostgresServer;
  /** What the command connects to instead of the server: a pooler in front of it. */
  readonly through?: (url: string) => string;
  readonly mode: TransactionMode;
  readonly random: () => number;
}

/** Up and down without any kill. */
export async function runUndisturbed(arena: Arena): Promise<Undisturbed> {
  return await inNewDatabase(arena, async ({ run, look }) => {
    const left: { snapshot: readonly string[]; messages: number }[] = [];
    for (const { argv } of WAYS) {
      let messages = 0;
      const end = await run(argv, () => {
        messages += 1;
        return undefined;
      });
      if (end.exitCode !== 0) throw new Error(`${argv.join(" ")} without a kill failed: ${end.stderr}`);
      left.push({ snapshot: await look(), messages });
    }
    return left;
  });
}

/** Gives the kills of one way, which takes so many messages, one after the other. */
export type KillPlanner = (messages: number) => () => PlannedKill | undefined;

/**
 * Goes up and down in a new database, and kills each way as it is planned, again and again until that gives no kill
 * any more; then lets it end. Throws when a run ends badly, or when what is left differs from the runs without a kill.
 */
export async function runKilled(
  arena: Arena,
  undisturbed: Undisturbed,
  planKills: KillPlanner,
): Promise<readonly KilledRun[]> {
  const runs: KilledRun[] = [];
  await inNewDatabase(arena, async (place) => {
    for (const [index, { argv, nothingLeft }] of WAYS.entries()) {
      const { snapshot: expected = [], messages = 0 } = undisturbed[index] ?? {};
      const planKill = planKills(messages);
      for (let kill = planKill(); kill !== undefined; kill = planKill()) {
        const run = await killOnce(arena, place, argv, kill);
        runs.push(run);
        const bad = badEnd(run.end) ?? missingDoubt(run);
        if (bad !== undefined) throw new RoundError(bad, runs);
        if (run.end.exitCode === 0) break;
      }
      const last = await place.run(argv);
      if (last.exitCode !== 0) throw new RoundError(`the run after the kills failed: ${last.stderr}`, runs);
      const again = await place.run(argv);
      if (!again.stdout.includes(nothingLeft))
        throw new RoundError(`there was more to do: ${again.stdout}${again.stderr}`, runs);
      const difference = differenceOf(expected, await place.look());
      if (difference !== "") throw new RoundError(`the database differs:\n${difference}`, runs);
    }
  });
  return runs;
}

/** A round that did not come out right, with the kills that led there. */
class RoundError extends Error {
  constructor(what: string, runs: readonly KilledRun[]) {
    const story = runs.map(
      ({ kill, phase, end }) =>
        `${kill.name} at message ${kill.atMessage} + ${kill.delayMs} ms (${phase ?? "not reached"}): exit ${end.exitCode ?? end.signal}\n${end.stderr}`,
    );
    super(`${what}\n${story.join("\n")}`);
  }
}

/** Who does not hear the answer to COMMIT must not claim to know: it looks again, or says so. */
function missingDoubt({ kill, phase, end }: KilledRun): string | undefined {
  const isLost = KILLS[kill.name].kind === "cut" && phase === "COMMIT";
  const word = end.exitCode === 0 ? "the connection was lost" : "is not known";
  return isLost && !end.stderr.includes(word) ? "COMMIT was not answered, and it does not say so" : undefined;
}

interface Place {
  readonly database: string;
  /** Runs the command; `watch` sees each of its messages. */
  readonly run: (
    argv: readonly string[],
    watch?: Watch,
    onStart?: (process: RunningCli) => void,
  ) => Promise<CliResult>;
  readonly look: () => Promise<readonly string[]>;
}

async function killOnce(
  { server, random }: Arena,
  place: Place,
  argv: readonly string[],
  kill: PlannedKill,
): Promise<KilledRun> {
  const how = KILLS[kill.name];
  let messages = 0;
  let phase: Phase | undefined;
  let striking: Promise<void> | undefined;
  let process: RunningCli | undefined;
  const strikeNow = async (message: ClientMessage): Promise<void> => {
    await sleep(kill.delayMs);
    if (process === undefined || process.child.exitCode !== null) return;
    const last = lastMessage ?? message;
    if (!(await strike(kill.name, process, server, place.database, random))) return;
    phase = phaseOf(last);
    // At once, since the run waits for a server that comes back.
    await mend(kill.name, server);
  };
  let lastMessage: ClientMessage | undefined;
  const end = await place.run(
    argv,
    (message) => {
      lastMessage = message;
      messages += 1;
      if (how.kind === "cut") {
        // Of the messages from there on the next that commits, or that one itself.
        const isIt =
          phase === undefined && messages > kill.atMessage && (kill.delayMs === 0 || commits(message));
        if (!isIt) return undefined;
        phase = phaseOf(message);
        return how.cut;
      }
      if (messages === kill.atMessage + 1) striking = strikeNow(message);
      return undefined;
    },
    (started) => (process = started),
  );
  await striking;
  return { kill, phase, end };
}

async function inNewDatabase<T>(
  { server, through = (url) => url, mode, random }: Arena,
  work: (place: Place) => Promise<T>,
): Promise<T> {
  const database = `kills_${Math.floor(random() * 1e9).toString(36)}`;
  const extra = `${database}_extra`;
  const folder = mkdtempSync(join(tmpdir(), "wellhead-kills-"));
  const migrations = join(folder, "migrations");
  mkdirSync(migrations);
  writeMixedPlan(migrations, extra);
  writeFileSync(
    join(folder, "wellhead.config.json"),
    JSON.stringify({ migrations: "migrations", transaction: mode }),
  );
  await asking(
    server,
    async (client) => await client.query(`CREATE DATABASE ${database} TEMPLATE template0`),
  );
  try {
    await asking(server, prepare, database);
    return await work({
      database,
      run: async (argv, watch = () => undefined, onStart = () => undefined) => {
        const proxy = await startCuttingProxy(through(server.url()), watch);
        try {
          const env = { DATABASE_URL: proxy.through(server.url(database)) };
          const process = startCli(argv, { cwd: folder, env, limitMs: 60_000 });
          onStart(process);
          return await process.result;
        } finally {
          await proxy.close();
        }
      },
      look: async () => {
        const lines = await asking(server, snapshot, database);
        const { rows } = await asking(
          server,
          async (client) =>
            await client.query("SELECT count(*)::int AS n FROM pg_database WHERE datname = $1", [extra]),
        );
        return [...lines, `extra databases ${rows[0].n}`];
      },
    });
  } finally {
    for (const name of [database, extra])
      await asking(
        server,
        async (client) => await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
      );
    rmSync(folder, { recursive: true, force: true });
  }
}

function differenceOf(expected: readonly string[], found: readonly string[]): string {
  const left = [...found];
  const missing = expected.filter((line) => {
    const index = left.indexOf(line);
    if (index !== -1) left.splice(index, 1);
    return index === -1;
  });
  return [...missing.map((line) => `- ${line}`), ...left.map((line) => `+ ${line}`)].join("\n");
}
