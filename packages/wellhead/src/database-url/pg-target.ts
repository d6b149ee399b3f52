import { readClientSettings } from "./connection-parameters.ts";
import type { PgTarget } from "./database-target.ts";
import { displayAddress } from "./display.ts";
import { DatabaseUrlDatabaseError, DatabaseUrlUserError } from "./errors.ts";
import { farthestClass } from "./host-class.ts";
import { poolModeOf } from "./pool-mode.ts";
import { serversOf } from "./servers.ts";
import type { Environment, Settings } from "./settings.ts";
import { chooseTls } from "./tls.ts";
import type { DatabaseUrlWarningCode } from "./warnings.ts";
import {
  databaseOf,
  hasRawPasswordCharacters,
  passwordOf,
  userOf,
  type WrittenAddress,
} from "./written-address.ts";

/** Makes the target of a Postgres server from what its address says, libpq's environment and the defaults. */
export function pgTarget(written: WrittenAddress, env: Environment, variable: string): PgTarget {
  const settings: Settings = { variable, parameters: written.parameters, env };
  const servers = serversOf(written, settings);
  const farthest = farthestClass(servers.map(({ host }) => host));
  const user = userOf(written, settings)?.value;
  if (user === undefined && (farthest === "private" || farthest === "public"))
    throw new DatabaseUrlUserError(variable);
  const password = passwordOf(written, settings, farthest === "public");
  const named = databaseOf(written, settings);
  const database = named ?? user;
  if (database === undefined) throw noDatabase(variable);
  const tls = chooseTls(servers, settings);
  const { schema, params } = readClientSettings(settings);
  const poolMode = poolModeOf(servers, written.parameters, variable);
  const warnings = warningsOf({
    W_DATABASE_DEFAULTED: named === undefined,
    W_MIGRATE_THROUGH_POOLER: poolMode === "transaction",
    W_RAW_PASSWORD_CHARS: hasRawPasswordCharacters(written),
    W_TLS_DISABLED_PUBLIC: tls.sslmode === "disable" && farthest === "public",
    W_TLS_NOT_VERIFIED: tls.sslmode === "require",
  });
  return {
    dialect: "postgres",
    driver: "pg",
    mode: "EXTERNAL_POSTGRES",
    ...servers[0],
    ...(servers.length > 1 ? { hosts: servers } : {}),
    database,
    user: user ?? null,
    password: password ?? null,
    ...tls,
    schema,
    poolMode,
    ...(params === undefined ? {} : { params }),
    ...(warnings.length > 0 ? { warnings } : {}),
    display: displayAddress(servers, named, tls.sslmode),
  };
}

function warningsOf(found: Record<DatabaseUrlWarningCode, boolean>): readonly DatabaseUrlWarningCode[] {
  return (Object.keys(found) as DatabaseUrlWarningCode[]).filter((code) => found[code]).sort();
}

function noDatabase(variable: string): DatabaseUrlDatabaseError {
  return new DatabaseUrlDatabaseError(
    variable,
    `${variable} names neither a database nor a user to derive one from.`,
    `write the database after the host, postgresql://HOST:5432/DATABASE, or set PGDATABASE`,
  );
}
