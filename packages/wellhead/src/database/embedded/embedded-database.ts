import { Client } from "pg";

import { PgConnection } from "../pg-connection.ts";
import { PooledDatabase } from "../pooled-database.ts";
import { SessionPool } from "../session-pool.ts";
import type { Database } from "../session.ts";
import { PgliteSocket } from "./pglite-socket.ts";
import type { PostgresExchange } from "./postgres-exchange.ts";

/** How an embedded Postgres becomes a database. */
export interface EmbeddedDatabaseOptions {
  readonly applicationName: string;
  /** Runs once, when the instance has ended. */
  readonly afterClose?: () => void;
}

/** A database over an embedded Postgres. It has one session, which callers share in turn. */
export async function embeddedDatabase(
  postgres: PostgresExchange,
  { applicationName, afterClose }: EmbeddedDatabaseOptions,
): Promise<Database> {
  const open = async () => await connect(postgres, applicationName);
  const pool = new SessionPool({ open, maxSessions: 1, idleTimeoutMs: "never" });
  const close = async () => {
    await postgres.close().catch(() => undefined);
    afterClose?.();
  };
  try {
    pool.add(await open());
    return new PooledDatabase(pool, { isEmbedded: true, afterClose: close });
  } catch (error) {
    await close();
    throw error;
  }
}

/** A connection in a clean state: there is one session behind all of them, which the one before may have left in a mess. */
async function connect(postgres: PostgresExchange, applicationName: string): Promise<PgConnection> {
  await postgres.start();
  const client = new Client({
    stream: () => new PgliteSocket(postgres),
    user: "postgres",
    database: "postgres",
    host: "embedded",
    port: 5432,
    password: () => "",
    ssl: false,
    sslnegotiation: "postgres",
    client_encoding: "utf8",
  });
  const connection = new PgConnection(client);
  await client.connect();
  await connection.run("ROLLBACK");
  await connection.run("DISCARD ALL");
  await connection.query("SELECT pg_catalog.set_config('application_name', $1, false)", [applicationName]);
  return connection;
}
