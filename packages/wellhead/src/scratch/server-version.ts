import type { Database } from "../database/index.ts";

/** The version of Postgres without what a distribution adds to it. */
export async function serverVersion(database: Database): Promise<string> {
  const [row] = await database.withSession((session) =>
    session.query<{ version: string }>("SELECT current_setting('server_version') AS version"),
  );
  return row?.version.split(" ")[0] ?? "";
}
