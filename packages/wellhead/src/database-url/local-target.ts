import type { PgliteTarget, SqliteTarget } from "./database-target.ts";
import { DatabaseUrlDatabaseError, DatabaseUrlHostError } from "./errors.ts";

/** Where the embedded Postgres keeps its data when nothing is said. */
const DEFAULT_FOLDER = "./.data/pglite";

const IN_MEMORY = ":memory:";

const NO_SERVER = {
  host: null,
  port: null,
  user: null,
  password: null,
  sslmode: "disable",
  ssl: false,
  schema: null,
  poolMode: "direct",
} as const;

/** The embedded Postgres of development, without any URL. */
export function defaultEmbeddedTarget(): PgliteTarget {
  return embeddedTarget(DEFAULT_FOLDER);
}

/**
 * Reads the text after `pglite:`: everything behind the two slashes is the folder, as it is.
 *
 * @throws DatabaseUrlDatabaseError `E_DB_URL_DATABASE` without a folder, or with what looks like a user and a host
 */
export function parsePglite(text: string, variable: string): PgliteTarget {
  return embeddedTarget(checkPath(text.replace(/^\/\//, ""), variable));
}

/**
 * Reads the text after `sqlite:` as SQLAlchemy does: three slashes and a relative path, four and an absolute one,
 * none and the database is in memory. Also `sqlite:PATH`, as other tools have it.
 *
 * @throws DatabaseUrlHostError `E_DB_URL_HOST` when something stands where a host would
 */
export function parseSqlite(text: string, variable: string): SqliteTarget {
  const [address = ""] = text.split("?", 1);
  if (/^\/\/[^/]/.test(address)) {
    throw new DatabaseUrlHostError(
      variable,
      `The sqlite URL in ${variable} has a host, which a file has not.`,
      `write three slashes before a relative path, sqlite:///dev.db, and four before an absolute one`,
    );
  }
  refuseServer(text, variable);
  const path = address.replace(/^\/\/\/?/, "");
  const database = path === "" ? IN_MEMORY : checkPath(path, variable);
  return {
    dialect: "sqlite",
    driver: "sqlite",
    mode: "LOCAL_SQLITE",
    ...NO_SERVER,
    database,
    display: `sqlite:${database}`,
  };
}

function embeddedTarget(database: string): PgliteTarget {
  return {
    dialect: "postgres",
    driver: "pglite",
    mode: "EMBEDDED_PGLITE",
    ...NO_SERVER,
    database,
    display: `pglite:${database}`,
  };
}

/** The path is shown as it is, so it must not break a line. */
function checkPath(path: string, variable: string): string {
  refuseServer(path, variable);
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (path === "" || /[\u0000-\u001F\u007F]/.test(path) || !path.isWellFormed()) throw notAPath(variable);
  return path;
}

/** Neither may it be the address of a server, with a password in it. */
function refuseServer(text: string, variable: string): void {
  if (/:.*@/s.test(text)) throw notAPath(variable);
}

function notAPath(variable: string): DatabaseUrlDatabaseError {
  return new DatabaseUrlDatabaseError(
    variable,
    `${variable} names no folder or file.`,
    `write the path alone, without user or host: pglite://./.data/app`,
  );
}
