/**
 * How many registrations or sign-ins a second the backend answers, against the pure rate of their hash measured in the
 * same run, and how long `/healthz` takes meanwhile:
 *
 *   node --conditions=wellhead-source bench/register.ts [--login] [--bare] [--seconds 10] [--connections 16] [--major 18]
 *
 * `--bare` measures, in place of the backend, the least that a registration can cost in Node.
 * The load comes from the same machine: what its processes use of the processors is taken off before the comparison.
 * It ends with what it was held against, line by line.
 */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { startBackend, startBareServer, type BackendProcess } from "./support/backend.ts";
import { threadUsageOf, usageOf } from "./support/cpu.ts";
import { openConnections, type Connections } from "./support/load.ts";
import { describeMachine } from "./support/machine.ts";
import { one, startScratchServer } from "./support/scratch-server.ts";
import { mean, quantile } from "./support/statistics.ts";

const { values } = parseArgs({
  options: {
    login: { type: "boolean", default: false },
    bare: { type: "boolean", default: false },
    seconds: { type: "string", default: "10" },
    connections: { type: "string", default: "16" },
    major: { type: "string", default: "18" },
  },
});
const seconds = Number(values.seconds);
const connectionCount = Number(values.connections);
const PASSWORD = "seven purple herons";
/** How many users sign in: fewer would wait for each other's rows. */
const USERS = 64;
/** Where the whole hash rate is measured: half before and half after, because machines change their pace. */
const FLOOR_SECONDS = Math.max(2, Math.min(5, seconds / 2));

/** So long it runs before anything is measured: what is loaded late and compiled late is not what a server does all day. */
const WARM_SECONDS = 5;
/** What is asked of the backend. */
const AIMS = { share: 0.9, healthzMs: 30, growth: 1.1 };

let count = USERS;

interface Floor {
  readonly perSecond: number;
  readonly cpuMs: number;
}

const postgres = await startScratchServer(Number(values.major));
try {
  console.log(describeMachine(postgres.version));
  const url = await postgres.emptyDatabase("register");
  const postmaster = Number(await one(url, "SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1)"));
  const before = hashFloor();
  const backend = await (values.bare ? startBareServer(url) : startBackend(url));
  const measured = await measure(backend, postmaster);
  await backend.kill("SIGTERM");
  const after = hashFloor();
  print(measured, {
    perSecond: (before.perSecond + after.perSecond) / 2,
    cpuMs: (before.cpuMs + after.cpuMs) / 2,
  });
} finally {
  await postgres.stop();
}

function hashFloor(): Floor {
  const program = fileURLToPath(new URL("support/hash-floor.mjs", import.meta.url));
  const env = { ...process.env, UV_THREADPOOL_SIZE: String(availableParallelism() + 4) };
  return JSON.parse(
    execFileSync(process.execPath, [program, String(FLOOR_SECONDS)], { encoding: "utf8", env }),
  ) as Floor;
}

interface Measured {
  readonly elapsedMs: number;
  readonly times: readonly number[];
  readonly healthz: readonly number[];
  readonly cpuMs: {
    readonly backend: number;
    /** Of the backend's: the thread that answers, and those that hash. */
    readonly mainThread: number;
    readonly hashThreads: number;
    readonly postgres: number;
    readonly load: number;
  };
  /** Resident, in MB, every second, or more often in a short run. */
  readonly memory: readonly number[];
}

async function measure(backend: BackendProcess, postmaster: number): Promise<Measured> {
  const connections = openConnections(backend.url, connectionCount);
  if (values.login)
    for (let i = 0; i < USERS; i += 1) await send(connections, "/auth/register", user(i), 201);
  await load(connections, WARM_SECONDS * 1000);
  const watch = startWatch(backend.url);
  const usages = () => ({
    backend: usageOf(backend.pid).cpuMs,
    mainThread: threadUsageOf(backend.pid, "main"),
    hashThreads: threadUsageOf(backend.pid, "libuv-worker"),
    postgres: usageOf(postmaster).cpuMs,
    load: ownCpuMs() + usageOf(watch.pid).cpuMs,
  });
  const memory: number[] = [];
  const sampler = setInterval(
    () => memory.push(usageOf(backend.pid).residentMb),
    Math.min(seconds * 50, 1000),
  );
  const from = usages();
  const begun = performance.now();
  const times = await load(connections, seconds * 1000);
  const elapsedMs = performance.now() - begun;
  const to = usages();
  clearInterval(sampler);
  connections.close();
  const healthz = await watch.end();
  const cpuMs = {
    backend: to.backend - from.backend,
    mainThread: to.mainThread - from.mainThread,
    hashThreads: to.hashThreads - from.hashThreads,
    postgres: to.postgres - from.postgres,
    load: to.load - from.load,
  };
  return { elapsedMs, times, healthz, cpuMs, memory };
}

/** Keeps every connection busy for so long; the milliseconds of each answer. */
async function load(connections: Connections, durationMs: number): Promise<readonly number[]> {
  const end = performance.now() + durationMs;
  const times: number[] = [];
  const clients = Array.from({ length: connectionCount }, async () => {
    while (performance.now() < end) {
      times.push(
        values.login
          ? await send(connections, "/auth/login", user(next() % USERS), 200)
          : await send(connections, "/auth/register", user(next()), 201),
      );
    }
  });
  await Promise.all(clients);
  return times;
}

function next(): number {
  count += 1;
  return count;
}

function user(number: number): object {
  return { email: `user-${number}@example.com`, password: PASSWORD };
}

async function send(connections: Connections, path: string, body: object, expected: number): Promise<number> {
  const { durationMs, status } = await connections.post(path, body);
  if (status !== expected) throw new Error(`${path} was answered with ${status}`);
  return durationMs;
}

function startWatch(url: string) {
  const program = fileURLToPath(new URL("support/healthz-watch.ts", import.meta.url));
  const child = spawn(process.execPath, ["--conditions=wellhead-source", program, url], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  let said = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (said += text));
  return {
    pid: child.pid ?? 0,
    end: async () => {
      child.stdin.end();
      await once(child, "close");
      return JSON.parse(said) as readonly number[];
    },
  };
}

function ownCpuMs(): number {
  const { user: inUser, system } = process.cpuUsage();
  return (inUser + system) / 1000;
}

function print({ cpuMs, elapsedMs, healthz, memory, times }: Measured, floor: Floor): void {
  const perSecond = (times.length * 1000) / elapsedMs;
  const loadShare = cpuMs.load / (elapsedMs * availableParallelism());
  const share = perSecond / (floor.perSecond * (1 - loadShare));
  // Other work on the machine changes the rates, before, during and after; processor time hardly.
  const shareOf = (total: number) => percent(floor.cpuMs / (total / times.length));
  const each = (total: number) => (total / times.length).toFixed(1);
  const what = values.login ? "sign-ins" : "registrations";
  const healthzMs = quantile(healthz, 0.99);
  const halves = [memory.slice(0, memory.length / 2), memory.slice(memory.length / 2)].map(mean);
  const [first = 0, second = 0] = halves;
  console.log(`${what}, ${connectionCount} connections, ${(elapsedMs / 1000).toFixed(0)} s
  ${what} a second      ${perSecond.toFixed(1)}
  pure hashes a second  ${floor.perSecond.toFixed(1)}, CPU ms each ${floor.cpuMs.toFixed(1)}
  share of the hash rate  ${percent(share)} (the load's own ${percent(loadShare)} of the processors taken off)
  the same by CPU time    ${shareOf(cpuMs.backend + cpuMs.postgres)}, of the backend alone ${shareOf(cpuMs.backend)}
  answer, ms            p50 ${quantile(times, 0.5).toFixed(0)}, p99 ${quantile(times, 0.99).toFixed(0)}
  CPU ms each           backend ${each(cpuMs.backend)} (main thread ${each(cpuMs.mainThread)}, hashes ${each(cpuMs.hashThreads)}), Postgres ${each(cpuMs.postgres)}, load ${each(cpuMs.load)}
  /healthz meanwhile, ms  p50 ${quantile(healthz, 0.5).toFixed(1)}, p99 ${healthzMs.toFixed(1)}, ${healthz.length} answers
  memory of the backend, MB  ${twentieths(memory).join(" ")}
    first half ${first.toFixed(0)} on average, second half ${second.toFixed(0)}, at most ${Math.max(...memory).toFixed(0)}
verdict
  ${verdict(share >= AIMS.share)}  at least ${percent(AIMS.share)} of the hash rate
  ${verdict(healthzMs <= AIMS.healthzMs)}  /healthz in at most ${AIMS.healthzMs} ms (p99)
  ${seconds < 60 ? "too short to tell" : verdict(second <= first * AIMS.growth)}  memory flat: the second half at most ${percent(AIMS.growth - 1)} above the first`);
}

function verdict(isMet: boolean): string {
  return isMet ? "met   " : "missed";
}

function percent(part: number): string {
  return `${(part * 100).toFixed(0)} %`;
}

/** The course of many values in twenty: averages of what lies between. */
function twentieths(all: readonly number[]): readonly string[] {
  const size = Math.max(1, Math.ceil(all.length / 20));
  return Array.from({ length: Math.ceil(all.length / size) }, (_, place) =>
    mean(all.slice(place * size, (place + 1) * size)).toFixed(0),
  );
}
