import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { giveTo, type SystemUser } from "../../support/postgres-installation.ts";
import { freePort } from "../../support/postgres-server.ts";

/** How a pooler lends its server connections: for a transaction, or for as long as the client stays. */
export type PoolMode = "transaction" | "session";

export interface PgBouncerOptions {
  readonly mode: PoolMode;
  /** The server behind it: a URL of any of its databases, whose role everyone becomes. */
  readonly server: string;
  /** Who runs it; it refuses to be root. */
  readonly user: SystemUser;
  /** How many server connections a database gets; default 20. */
  readonly poolSize?: number;
}

/** A real PgBouncer on 127.0.0.1 that goes away with the process that started it. */
export interface PgBouncer {
  /** The same database, through the pooler. */
  through(url: string): string;
  log(): string;
  stop(): Promise<void>;
}

/** Where PgBouncer is installed (Debian: `apt-get install pgbouncer`); undefined when it is not. */
export const pgBouncerPath: string | undefined = findPgBouncer();

export async function startPgBouncer(options: PgBouncerOptions): Promise<PgBouncer> {
  const folder = mkdtempSync(join(tmpdir(), "wellhead-pgbouncer-"));
  const port = await freePort();
  configure(folder, port, options);
  giveTo(options.user, folder);
  const keeper = spawn("sh", ["-c", keeperScript, "keeper", folder, pgBouncerPath ?? "pgbouncer"], {
    ...options.user,
    cwd: folder,
    detached: true,
    stdio: ["pipe", "ignore", "pipe"],
  });
  let log = "";
  keeper.stderr.setEncoding("utf8").on("data", (text: string) => (log = (log + text).slice(-100_000)));
  const stop = async () => await endKeeper(keeper);
  try {
    await untilListening(keeper, () => log);
  } catch (error) {
    await stop();
    throw error;
  }
  const through = (url: string): string => {
    const pooled = new URL(url);
    pooled.port = String(port);
    return pooled.href;
  };
  return { through, log: () => log, stop };
}

/** The shell that is PgBouncer's parent: when its standard input closes, however the tests end, the pooler goes too. */
const keeperScript = `
folder=$1
"$2" "$folder/pgbouncer.ini" &
cat > /dev/null
kill -TERM $! 2> /dev/null
wait
rm -rf "$folder"
`;

function configure(folder: string, port: number, { mode, server, poolSize = 20 }: PgBouncerOptions): void {
  const { hostname, port: serverPort, username, password } = new URL(server);
  const role = decodeURIComponent(username);
  writeFileSync(join(folder, "users.txt"), `"${role}" "${decodeURIComponent(password)}"\n`);
  const lines = [
    "[databases]",
    `* = host=${hostname} port=${serverPort || "5432"}`,
    "[pgbouncer]",
    "listen_addr = 127.0.0.1",
    `listen_port = ${port}`,
    "unix_socket_dir =",
    "auth_type = trust",
    `auth_file = ${join(folder, "users.txt")}`,
    `pool_mode = ${mode}`,
    `default_pool_size = ${poolSize}`,
    // A client that asks for more than there is should fail in a test, not keep it waiting for two minutes.
    "query_wait_timeout = 20",
    "max_client_conn = 200",
    // After a server that was killed, its next start is met soon.
    "server_login_retry = 1",
  ];
  writeFileSync(join(folder, "pgbouncer.ini"), `${lines.join("\n")}\n`);
}

function findPgBouncer(): string | undefined {
  const { status, stdout } = spawnSync("sh", ["-c", "PATH=$PATH:/usr/sbin command -v pgbouncer"], {
    encoding: "utf8",
  });
  return status === 0 ? stdout.trim() : undefined;
}

function untilListening(keeper: ChildProcess, log: () => string): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setInterval(() => {
      if (!log().includes("process up")) return;
      clearInterval(timer);
      resolve();
    }, 10);
    keeper.once("exit", () => {
      clearInterval(timer);
      reject(new Error(`PgBouncer did not start: ${log()}`));
    });
  });
}

function endKeeper(keeper: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (keeper.exitCode !== null || keeper.signalCode !== null) return resolve();
    keeper.once("exit", () => resolve());
    keeper.stdin?.end();
  });
}
