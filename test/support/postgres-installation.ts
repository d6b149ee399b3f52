import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative, resolve } from "node:path";

/** A user and its group, as `spawn` takes them; empty where the current user will do. */
export type SystemUser = { readonly uid: number; readonly gid: number } | Record<string, never>;

/** Postgres binaries that `user` can run, with a cluster straight from initdb to copy. It survives being sent to another process. */
export interface PostgresInstallation {
  readonly major: number;
  /** The folder that holds `bin`, `lib` and `share`. */
  readonly home: string;
  /** A cluster that has never been started: trusts everyone, superuser `postgres`. */
  readonly emptyCluster: string;
  readonly user: SystemUser;
}

/**
 * Prepares the binaries of one major version, which npm brought as `postgres-<major>-<platform>`; nothing when there
 * are none for this platform. What it has to write goes into `folder`.
 */
export function preparePostgres(major: number, folder: string): PostgresInstallation | undefined {
  const native = findBinaries(major);
  if (native === undefined) return undefined;
  const user = unprivilegedUser();
  const home = runnableHome(native, user, join(folder, `postgres-${major}`));
  const emptyCluster = join(folder, `cluster-${major}`);
  mkdirSync(emptyCluster, { mode: 0o700 });
  giveTo(user, emptyCluster);
  const initdb = spawnSync(
    join(home, "bin", "initdb"),
    ["-D", emptyCluster, "-U", "postgres", "-A", "trust", "--encoding=UTF8", "--locale=C", "--no-sync"],
    { ...user, env: environmentOf(home), cwd: emptyCluster, encoding: "utf8" },
  );
  if (initdb.status !== 0) throw new Error(`initdb ${major}: ${initdb.stderr || String(initdb.error)}`);
  return { major, home, emptyCluster, user };
}

/** The environment in which the binaries find their own libraries and speak English. */
export function environmentOf(home: string): NodeJS.ProcessEnv {
  return { ...process.env, LC_ALL: "C", LD_LIBRARY_PATH: join(home, "lib") };
}

/** Hands files over to the user that Postgres runs as. */
export function giveTo(user: SystemUser, ...paths: readonly string[]): void {
  if (user["uid"] === undefined) return;
  spawnSync("chown", ["-R", `${user["uid"]}:${user["gid"]}`, ...paths]);
}

function findBinaries(major: number): string | undefined {
  const name = `postgres-${major}-${process.platform}-${process.arch}`;
  try {
    return resolve(dirname(createRequire(import.meta.url).resolve(name)), "..", "native");
  } catch {
    return undefined;
  }
}

/** Postgres refuses to run as root, and initdb wants a user that the system knows by name. */
function unprivilegedUser(): SystemUser {
  if (process.getuid?.() !== 0) return {};
  for (const name of ["postgres", "nobody"]) {
    const [uid, gid] = ["-u", "-g"].map((flag) => spawnSync("id", [flag, name], { encoding: "utf8" }));
    if (uid?.status === 0 && gid?.status === 0) return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  }
  throw new Error("Postgres cannot run as root, and there is neither a user postgres nor nobody to run it.");
}

/** The binaries where they are, or a copy when that user may not read the checkout or it cannot be completed. */
function runnableHome(native: string, user: SystemUser, copy: string): string {
  if (completeLibraries(native) && runs(native, user)) return native;
  cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
  completeLibraries(copy);
  if (!runs(copy, user)) throw new Error(`The Postgres binaries in ${native} do not run on this machine.`);
  return copy;
}

function runs(home: string, user: SystemUser): boolean {
  const version = spawnSync(join(home, "bin", "postgres"), ["--version"], {
    ...user,
    env: environmentOf(home),
  });
  return version.status === 0;
}

/** Makes the links between library names that the package's own install script makes, for `npm ci --ignore-scripts`. */
function completeLibraries(native: string): boolean {
  const list = join(native, "pg-symlinks.json");
  if (!existsSync(list)) return true;
  const links: { source: string; target: string }[] = JSON.parse(readFileSync(list, "utf8"));
  const inside = (path: string) => join(native, relative("native", path));
  for (const { source, target } of links) {
    const link = inside(target);
    if (existsSync(link)) continue;
    try {
      symlinkSync(relative(dirname(link), inside(source)), link);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") return false;
    }
  }
  return true;
}
