import type { PgTarget } from "../../database-url/index.ts";
import { connectPg } from "../pg-connect.ts";
import type { PgConnection } from "../pg-connection.ts";
import { PooledDatabase } from "../pooled-database.ts";
import { SessionPool } from "../session-pool.ts";
import type { Database } from "../session.ts";
import type { Finding } from "./checkup.ts";
import { layerTimeoutMs } from "./network.ts";

const APPLICATION_NAME = "wellhead doctor";

/** What it takes to log in. */
export interface Login {
  readonly target: PgTarget;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Logs in as any command does, once, and says who we are there. The database is to be closed. */
export async function checkLogin(login: Login): Promise<Finding<Database>> {
  const pool = new SessionPool({ open: async () => await logIn(login), maxSessions: 1 });
  pool.add(await logIn(login));
  const database = new PooledDatabase(pool);
  try {
    return { kind: "holds", detail: await whoWeAre(database), value: database };
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** One more session; end it. */
export async function logIn({ target, env }: Login): Promise<PgConnection> {
  const timeoutMs = layerTimeoutMs(target);
  return await connectPg(target, { applicationName: APPLICATION_NAME, timeoutMs, env });
}

async function whoWeAre(database: Database): Promise<string> {
  const [row] = await database.withSession(
    async (session) =>
      await session.query<{ user: string; database: string; application: string }>(
        `SELECT current_user::text AS user, current_database()::text AS database, pg_catalog.current_setting('application_name') AS application`,
      ),
  );
  return `user "${row?.user}" in database "${row?.database}", application name "${row?.application}"`;
}
