import type { DatabaseTarget } from "./database-target.ts";
import { parseConnectionString } from "./dialect.ts";
import { DatabaseUrlMissingError, EphemeralDatabaseError } from "./errors.ts";
import { defaultEmbeddedTarget } from "./local-target.ts";
import { migrationVariable, withMigrationRoute } from "./migration-route.ts";
import { unwrapPastedValue } from "./pasted-value.ts";
import { pgTarget } from "./pg-target.ts";
import type { Environment } from "./settings.ts";
import { addressOfParameters } from "./written-address.ts";

/**
 * Turns the environment into the one database that the app and its migrations speak to. Reads DATABASE_URL, else
 * PGHOST and its family, else takes the embedded Postgres, but never in production. Pure: it reads no file and opens
 * no connection.
 *
 * What the URL leaves out comes from libpq's variables (PGUSER, PGPASSWORD, PGSSLMODE, …); what it says wins.
 * NODE_ENV, ALLOW_EMBEDDED_DB, DATABASE_CA_CERT and the variables of `parseMigrationDatabaseUrl` are read as well.
 *
 * @throws DatabaseUrlError or a subclass, `E_DB_URL_…`, `E_DB_UNSUPPORTED_DIALECT` or `E_DB_EPHEMERAL`; never with
 * the user, the password or the raw text in it
 * @example
 * const target = parseDatabaseUrl(process.env);
 * if (target.driver === "pg") console.log(target.host, target.port, target.display);
 */
export function parseDatabaseUrl(env: Environment): DatabaseTarget {
  const migrations = migrationVariable(env);
  const target = parseVariable("DATABASE_URL", env) ?? targetWithoutUrl(env, migrations);
  const route = migrations === undefined ? undefined : parseVariable(migrations, env);
  if (migrations === undefined || route === undefined) return target;
  return withMigrationRoute(target, migrations, route);
}

/**
 * The database as migrations must reach it: past a pooler, where MIGRATION_DATABASE_URL, DIRECT_URL,
 * DATABASE_URL_UNPOOLED or POSTGRES_URL_NON_POOLING (the first of them that is set) says how; else the same as
 * `parseDatabaseUrl`. Without DATABASE_URL one of these is enough.
 *
 * @throws what `parseDatabaseUrl` throws
 */
export function parseMigrationDatabaseUrl(env: Environment): DatabaseTarget {
  const variable = migrationVariable(env);
  const target = variable === undefined ? undefined : parseVariable(variable, env);
  if (target === undefined) return parseDatabaseUrl(env);
  // Both are read, so that two databases instead of one are noticed here as well.
  if (isSet(env["DATABASE_URL"])) parseDatabaseUrl(env);
  return target;
}

/**
 * A URL that was given by itself and not by the environment, such as a flag's. It is the way of migrations as well,
 * whatever variables say; what it leaves out comes from libpq's variables, as in `parseDatabaseUrl`.
 *
 * @param name - what the errors call it
 * @throws what `parseDatabaseUrl` throws
 */
export function parseGivenUrl(url: string, name: string, env: Environment = {}): DatabaseTarget {
  const target = parseVariable(name, { ...env, [name]: url });
  if (target !== undefined) return target;
  throw new DatabaseUrlMissingError(
    name,
    `${name} is empty, so it names no database.`,
    "give the address of a Postgres server, postgresql://…, or leave it out",
  );
}

function parseVariable(variable: string, env: Environment): DatabaseTarget | undefined {
  const text = unwrapPastedValue(env[variable] ?? "", variable);
  if (text === "") return undefined;
  const target = parseConnectionString(text, env, variable);
  if (target.driver !== "pg" && isProduction(env) && !allowsEmbedded(env))
    throw new EphemeralDatabaseError(variable, target.driver);
  return target;
}

function targetWithoutUrl(env: Environment, migrations: string | undefined): DatabaseTarget {
  if (isSet(env["PGHOST"]) || isSet(env["PGHOSTADDR"]))
    return pgTarget(addressOfParameters(new Map()), env, "PGHOST");
  if (migrations !== undefined) {
    throw new DatabaseUrlMissingError(
      "DATABASE_URL",
      `DATABASE_URL is not set, but ${migrations} is: migrations and the app would use two databases.`,
      `set DATABASE_URL to the address of the app as well; it may be the same as ${migrations}`,
    );
  }
  if (isProduction(env) && !allowsEmbedded(env)) {
    throw new DatabaseUrlMissingError(
      "DATABASE_URL",
      `DATABASE_URL is not set, and NODE_ENV is production: an embedded database would lose its data with the next deploy.`,
      `set DATABASE_URL to a Postgres server, postgresql://… If the disk is really kept, set ALLOW_EMBEDDED_DB=1.`,
    );
  }
  return defaultEmbeddedTarget();
}

function isProduction(env: Environment): boolean {
  return env["NODE_ENV"]?.trim().toLowerCase() === "production";
}

function allowsEmbedded(env: Environment): boolean {
  return ["1", "true", "yes", "on"].includes(env["ALLOW_EMBEDDED_DB"]?.trim().toLowerCase() ?? "");
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value.trim() !== "";
}
