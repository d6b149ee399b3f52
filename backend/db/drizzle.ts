import { createRequire } from "node:module";
import type * as DrizzleErrors from "drizzle-orm/errors";
import type * as PgCore from "drizzle-orm/pg-core";
import type * as PgProxy from "drizzle-orm/pg-proxy";
import type * as Sql from "drizzle-orm/sql";

/*
 * Drizzle comes in through `require`. For every file of a package Node's ES module loader reads the package's whole
 * list of `exports` again; Drizzle's is 180 kB long and its Postgres part is a hundred files. Measured on Node 24:
 * 400 ms and 250 MB by `import`, 54 ms and 20 MB by `require`. Types and behaviour are the same.
 */
const require = createRequire(import.meta.url);
const errors = require("drizzle-orm/errors") as typeof DrizzleErrors;
const pgCore = require("drizzle-orm/pg-core") as typeof PgCore;
const pgProxy = require("drizzle-orm/pg-proxy") as typeof PgProxy;
const queries = require("drizzle-orm/sql") as typeof Sql;

export const { DrizzleQueryError } = errors;
export const { foreignKey, index, integer, pgTable, serial, timestamp, varchar } = pgCore;
export const { drizzle } = pgProxy;
export const { and, count, desc, eq, gt, inArray, lt, sql } = queries;

/** A Drizzle handle that is bound to one session. */
export type Orm = PgProxy.PgRemoteDatabase;

/** Where a prepared query takes a value. */
export type Placeholder = Sql.Placeholder;
