import { randomBytes } from "node:crypto";

import { openDatabase, StatementError, type Database, type Session } from "../database/index.ts";
import { parseGivenUrl, type PgTarget } from "../database-url/index.ts";
import { NoServerUrlError, ScratchServerError } from "./errors.ts";
import { quoteName } from "./fill/quote.ts";
import type { Scratch, ScratchOptions } from "./scratch.ts";
import { serverVersion } from "./server-version.ts";

/** A scratch database of its own on a server. */
export async function openServerScratch(serverUrl: string, options: ScratchOptions): Promise<Scratch> {
  const target = parseGivenUrl(serverUrl, "--scratch-url");
  if (target.driver !== "pg") throw new NoServerUrlError(target.display);
  const server = new ScratchServer(target, options);
  return await server.open();
}

/** The server, as whoever makes and drops databases on it sees it. */
class ScratchServer {
  readonly #target: PgTarget;
  readonly #options: ScratchOptions;
  /** Roles that will be created and were not there before. */
  #newRoles: readonly string[] = [];

  constructor(target: PgTarget, options: ScratchOptions) {
    this.#target = target;
    this.#options = options;
  }

  async open(): Promise<Scratch> {
    await this.#lookForRoles(this.#options.createdRoles ?? []);
    const scratch = await this.#create("template0");
    const close = async (): Promise<void> => {
      await scratch.close();
      await this.#dropRoles();
    };
    return { ...scratch, close };
  }

  async #create(template: string): Promise<Scratch> {
    const name = `wellhead_scratch_${randomBytes(6).toString("hex")}`;
    await this.#administer(async (session) => {
      await session.run(`CREATE DATABASE ${name} TEMPLATE ${template}`);
    });
    const database = new PausingDatabase(async () => await this.#open(name));
    let dropped: Promise<void> | undefined;
    const close = async (): Promise<void> => {
      dropped ??= database.close().then(async () => await this.#drop(name));
      await dropped;
      this.#options.signal?.removeEventListener("abort", cutShort);
    };
    // Whatever runs there ends with it; who was waiting for that closes the rest.
    const cutShort = (): void => void this.#drop(name).catch(() => undefined);
    this.#options.signal?.addEventListener("abort", cutShort);
    try {
      return {
        database,
        engine: "server",
        version: await serverVersion(database),
        // Nobody may be connected to a database while it is copied.
        copy: async () => await database.paused(async () => await this.#create(name)),
        close,
      };
    } catch (error) {
      await close();
      throw error;
    }
  }

  async #open(name: string): Promise<Database> {
    const { statementLimitMs = 30_000, signal } = this.#options;
    const { params } = this.#target;
    const limit = `-c statement_timeout=${statementLimitMs}`;
    return await openDatabase(
      {
        ...this.#target,
        database: name,
        params: { ...params, options: `${params?.options ?? ""} ${limit}` },
      },
      { applicationName: "wellhead scratch", ...(signal !== undefined && { signal }) },
    );
  }

  /** Not `WITH (FORCE)`: it fails while autovacuum is in the database, whom only a superuser may end; without it Postgres does. */
  async #drop(name: string): Promise<void> {
    await this.#administer(async (session) => {
      await session.queryArrays(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = $1 AND usesysid = (SELECT oid FROM pg_roles WHERE rolname = session_user)`,
        [name],
      );
      await session.run(`DROP DATABASE IF EXISTS ${name}`);
    });
  }

  async #lookForRoles(created: readonly string[]): Promise<void> {
    if (created.length === 0) return;
    await this.#administer(async (session) => {
      const known = await session.queryArrays("SELECT rolname FROM pg_roles WHERE rolname = ANY($1)", [
        created,
      ]);
      this.#newRoles = created.filter((role) => !known.some(([name]) => name === role));
    });
  }

  async #dropRoles(): Promise<void> {
    if (this.#newRoles.length === 0) return;
    await this.#administer(async (session) => {
      for (const role of this.#newRoles) {
        // Somebody else may have begun to use it; that it stays then fails nothing.
        await session.run(`DROP ROLE IF EXISTS ${quoteName(role)}`).catch(() => undefined);
      }
    });
    this.#newRoles = [];
  }

  async #administer(work: (session: Session) => Promise<void>): Promise<void> {
    const database = await openDatabase(this.#target, { applicationName: "wellhead scratch" });
    try {
      await database.withSession(work);
    } catch (error) {
      if (error instanceof StatementError) throw new ScratchServerError(this.#target.display, error);
      throw error;
    } finally {
      await database.close();
    }
  }
}

/** A database that can let go of its connection and take it up again, so that it can be copied. */
class PausingDatabase implements Database {
  readonly maxSessions = 1;
  readonly isEmbedded = false;
  /** It serves one after the other, so there is nothing to count. */
  readonly sessions = { inUse: 0, idle: 0, waiting: 0 } as const;
  readonly #open: () => Promise<Database>;
  #current: Promise<Database> | undefined;
  #closed = false;

  constructor(open: () => Promise<Database>) {
    this.#open = open;
  }

  async withSession<T>(work: (session: Session) => Promise<T>): Promise<T> {
    return await (await this.#database()).withSession(work);
  }

  async transaction<T>(work: (session: Session) => Promise<T>): Promise<T> {
    return await (await this.#database()).transaction(work);
  }

  async write(sql: string, parameters?: readonly unknown[]): Promise<readonly (readonly unknown[])[]> {
    return await (await this.#database()).write(sql, parameters);
  }

  /** Runs `work` while nobody is connected. */
  async paused<T>(work: () => Promise<T>): Promise<T> {
    await (await this.#current)?.close();
    this.#current = undefined;
    return await work();
  }

  async close(): Promise<void> {
    this.#closed = true;
    await (await this.#current?.catch(() => undefined))?.close();
  }

  async #database(): Promise<Database> {
    // A closed database says so itself.
    if (!this.#closed || this.#current === undefined) this.#current ??= this.#open();
    return await this.#current;
  }
}
