import type { Database, Row } from "../session.ts";
import { checkWritable, ReadOnlyError } from "../writable.ts";
import { fails, holds, type Finding } from "./checkup.ts";

/** The oldest and the newest major version that Wellhead is made for. */
const OLDEST = 14;
const NEWEST = 18;

/** Which Postgres answers, and whether Wellhead is made for it. */
export async function checkServer(database: Database): Promise<Finding<true>> {
  const { version, number } = await askOne<{ version: string; number: number }>(
    database,
    "SELECT version() AS version, pg_catalog.current_setting('server_version_num')::int AS number",
  );
  // `PostgreSQL 18.4 on x86_64-pc-linux-gnu, compiled by …`
  const name = version.split(/ on |, /, 1)[0] ?? version;
  if (!version.startsWith("PostgreSQL"))
    return fails(`${name} speaks Postgres' protocol and is another database`, "connect to a Postgres server");
  const major = Math.floor(number / 10_000);
  if (major < OLDEST)
    return fails(
      `${name}: too old`,
      `Wellhead is made for Postgres ${OLDEST} to ${NEWEST}: upgrade the server`,
    );
  return holds(
    name,
    major > NEWEST ? `newer than Postgres ${NEWEST}, the newest that Wellhead was tested with` : undefined,
  );
}

/** Whether this is the server that takes writes or one that follows it. */
export async function checkRole(database: Database): Promise<Finding<true>> {
  const found = await database.withSession(async (session) => await checkWritable(session));
  if (found.kind === "standby") throw new ReadOnlyError("standby");
  return holds("primary");
}

/** Whether transactions may write unless they ask for it, and who says that they may not. */
export async function checkReadOnly(database: Database): Promise<Finding<true>> {
  const { setting, source, name, role } = await askOne<
    Record<"setting" | "source" | "name" | "role", string>
  >(
    database,
    `SELECT setting, source, quote_ident(current_database()) AS name, quote_ident(current_user) AS role
FROM pg_catalog.pg_settings WHERE name = 'default_transaction_read_only'`,
  );
  if (setting !== "on") return holds("transactions may write (default_transaction_read_only is off)");
  return fails(`default_transaction_read_only is on, set by the ${source}`, readOnlyHint(source, name, role));
}

function readOnlyHint(source: string, database: string, role: string): string {
  const reset = "RESET default_transaction_read_only";
  switch (source) {
    case "database":
      return `switch it off: ALTER DATABASE ${database} ${reset}; a host that is over its plan's limit may have set it`;
    case "user":
      return `switch it off: ALTER ROLE ${role} ${reset}`;
    case "database user":
      return `switch it off: ALTER ROLE ${role} IN DATABASE ${database} ${reset}`;
    case "client":
      return "take default_transaction_read_only out of the URL's options, or of PGOPTIONS";
    default:
      return "switch it off in the server's configuration, or see the host's console: a full disk or a plan's limit sets it";
  }
}

/** The only row that a query gives. */
export async function askOne<R extends Row>(database: Database, sql: string): Promise<R> {
  const [row] = await database.withSession(async (session) => await session.query<R>(sql));
  if (row === undefined) throw new Error(`no row came back from: ${sql}`);
  return row;
}
