import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Client, escapeLiteral } from "pg";

import { environmentOf, giveTo, type PostgresInstallation } from "./postgres-installation.ts";

/** How a test's own server differs from a plain one. */
export interface PostgresServerOptions {
  /** Default: a free one. */
  readonly port?: number;
  /** More lines of `postgresql.conf`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** When given, TCP connections need this password of the role `postgres` (SCRAM); without, everyone is trusted. */
  readonly password?: string;
  /** When given the server offers TLS. */
  readonly tls?: ServerTls;
  /**
   * Starts as a standby: every session is read-only or, with `cold`, turned away as too early. It follows nobody unless
   * it is given a primary, which has to be of the same installation and to keep its WAL (`wal_keep_size`).
   */
  readonly standby?: boolean | "cold" | { readonly primary: PostgresServer };
}

/** How a server does TLS; the texts are PEM. */
export interface ServerTls {
  readonly certificate: string;
  readonly key: string;
  /** Whether it turns plain TCP connections away. */
  readonly required?: boolean;
  /** The authority that clients' certificates must come from; without, clients need none. */
  readonly clientAuthority?: string;
}

/** A real Postgres server on 127.0.0.1 that goes away with the process that started it. */
export interface PostgresServer {
  readonly major: number;
  readonly port: number;
  /** The folder of its unix socket. */
  readonly socketFolder: string;
  /** What it has logged so far. */
  log(): string;
  /** A URL of one of its databases, by default `postgres`. */
  url(database?: string): string;
  /** Ends the server at once, as a crash does: sessions are cut and nothing is written out. By default an immediate shutdown; SIGKILL leaves the other server processes to find out. */
  crash(signal?: "SIGQUIT" | "SIGKILL"): Promise<void>;
  /** Starts it again after a crash, on the same files and the same port; resolves when it answers. */
  restart(): Promise<void>;
  /** Ends it and removes its files. */
  stop(): Promise<void>;
}

/** Starts a server of its own on a copy of the installation's empty cluster; about 0.2 s. */
export async function startPostgresServer(
  installation: PostgresInstallation,
  options: PostgresServerOptions = {},
): Promise<PostgresServer> {
  for (let attempt = 1; ; attempt += 1) {
    const port = options.port ?? (await freePort());
    try {
      return await startOn(port, installation, options);
    } catch (error) {
      const portWasTaken = error instanceof Error && error.message.includes("Address already in use");
      if (!portWasTaken || options.port !== undefined || attempt === 5) throw error;
    }
  }
}

/** A port that nobody listens on right now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}

async function startOn(
  port: number,
  installation: PostgresInstallation,
  options: PostgresServerOptions,
): Promise<PostgresServer> {
  const { home, emptyCluster, user, major } = installation;
  const folder = mkdtempSync(join(tmpdir(), "wellhead-postgres-"));
  giveTo(user, folder);
  const data = join(folder, "data");
  const copied = spawnSync("cp", ["-R", emptyCluster, data], { ...user, encoding: "utf8" });
  if (copied.status !== 0) throw new Error(`cannot copy ${emptyCluster}: ${copied.stderr}`);
  configure(data, folder, port, options);
  giveTo(user, data);

  const keeper = spawn(
    "sh",
    ["-c", keeperScript, "keeper", folder, join(home, "bin", "postgres"), "-D", data],
    {
      ...user,
      env: environmentOf(home),
      cwd: folder,
      // A group of its own, so that Ctrl-C in the terminal does not end the keeper before it has cleaned up.
      detached: true,
      stdio: ["pipe", "ignore", "pipe"],
    },
  );
  let log = "";
  keeper.stderr.setEncoding("utf8").on("data", (text: string) => (log = (log + text).slice(-100_000)));
  const stop = () => endKeeper(keeper);
  const server: PostgresServer = {
    major,
    port,
    socketFolder: folder,
    log: () => log,
    url: (database = "postgres") =>
      `postgres://postgres${options.password === undefined ? "" : `:${encodeURIComponent(options.password)}`}@127.0.0.1:${port}/${database}`,
    crash: (signal) => crash(data, signal),
    restart: async () => {
      log = "";
      while (!(await startsAgain(keeper, () => log))) log = "";
    },
    stop,
  };
  try {
    await untilReady(keeper, () => log, options);
    if (options.password !== undefined && options.standby === undefined)
      await setPassword(server, options.password);
  } catch (error) {
    await stop();
    throw error;
  }
  return server;
}

/**
 * The shell that is the server's parent. Its standard input is a pipe from the test process, which closes however
 * that process ends, kill -9 included: then the server goes, and its files with it. A line asks for a new start. It is
 * read by a program of its own, because the shell takes note of the server's end only while it waits for one.
 */
const keeperScript = `
folder=$1; shift
"$@" &
while head -n 1 > "$folder/line"; [ -s "$folder/line" ]; do
  wait $!
  "$@" &
done
kill -QUIT $! 2> /dev/null
wait
rm -rf "$folder"
`;

function configure(data: string, folder: string, port: number, options: PostgresServerOptions): void {
  const settings: Record<string, string> = {
    port: String(port),
    listen_addresses: "127.0.0.1",
    unix_socket_directories: folder,
    // A test's database need not outlive the machine.
    fsync: "off",
    synchronous_commit: "off",
    full_page_writes: "off",
    ...options.settings,
  };
  if (options.tls !== undefined) {
    settings["ssl"] = "on";
    writeFileSync(join(data, "server.crt"), options.tls.certificate);
    writeFileSync(join(data, "server.key"), options.tls.key, { mode: 0o600 });
    if (options.tls.clientAuthority !== undefined) {
      settings["ssl_ca_file"] = "clients.crt";
      writeFileSync(join(data, "clients.crt"), options.tls.clientAuthority);
    }
  }
  if (options.standby === "cold") settings["hot_standby"] = "off";
  if (typeof options.standby === "object") {
    // Both have begun as copies of one cluster, so that the primary's WAL from its first byte fits.
    settings["primary_conninfo"] = `host=127.0.0.1 port=${options.standby.primary.port} user=postgres`;
  }
  const lines = Object.entries(settings).map(([name, value]) => `${name} = '${value.replaceAll("'", "''")}'`);
  writeFileSync(join(data, "postgresql.auto.conf"), `${lines.join("\n")}\n`);
  const host = options.tls?.required === true ? "hostssl" : "host";
  const method = options.password === undefined ? "trust" : "scram-sha-256";
  const clients = options.tls?.clientAuthority === undefined ? "" : "clientcert=verify-ca";
  const who = ["all", "replication"].map(
    (databases) => `${host} ${databases} all all ${method} ${clients}\n`,
  );
  writeFileSync(join(data, "pg_hba.conf"), `local all all trust\n${who.join("")}`);
  if (options.standby !== undefined && options.standby !== false)
    writeFileSync(join(data, "standby.signal"), "");
}

function untilReady(
  keeper: ChildProcess,
  log: () => string,
  { standby }: PostgresServerOptions,
): Promise<void> {
  // A cold standby never takes anybody in.
  const isReady = standby === "cold" ? /entering standby mode/ : /ready to accept (read-only )?connections/;
  return new Promise((resolve, reject) => {
    const timer = setInterval(() => {
      if (isReady.test(log())) {
        clearInterval(timer);
        resolve();
      } else if (
        /database system is shut down|could not (bind|create any)|FATAL:  (?!the database system is starting up)/.test(
          log(),
        )
      ) {
        clearInterval(timer);
        reject(new Error(`Postgres did not start: ${log()}`));
      }
    }, 10);
    keeper.once("exit", () => {
      clearInterval(timer);
      reject(new Error(`Postgres did not start: ${log()}`));
    });
  });
}

/** False while the processes of the server that was killed are still going: it cannot start beside them. */
async function startsAgain(keeper: ChildProcess, log: () => string): Promise<boolean> {
  keeper.stdin?.write("start\n");
  for (;;) {
    if (log().includes("ready to accept connections")) return true;
    if (/FATAL: .*(still in use|postmaster\.pid|Address already in use)/.test(log())) return false;
    if (keeper.exitCode !== null) throw new Error(`Postgres did not start again: ${log()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function setPassword(server: PostgresServer, password: string): Promise<void> {
  const client = new Client({
    host: server.socketFolder,
    port: server.port,
    user: "postgres",
    database: "postgres",
    ssl: false,
  });
  await client.connect();
  try {
    await client.query(`ALTER ROLE postgres PASSWORD ${escapeLiteral(password)}`);
  } finally {
    await client.end();
  }
}

async function crash(data: string, signal: "SIGQUIT" | "SIGKILL" = "SIGQUIT"): Promise<void> {
  const postmaster = Number(readFileSync(join(data, "postmaster.pid"), "utf8").split("\n")[0]);
  process.kill(postmaster, signal);
  while (isAlive(postmaster)) await new Promise((resolve) => setTimeout(resolve, 10));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function endKeeper(keeper: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (keeper.exitCode !== null || keeper.signalCode !== null) return resolve();
    keeper.once("exit", () => resolve());
    keeper.stdin?.end();
  });
}
