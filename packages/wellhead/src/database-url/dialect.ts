import type { DatabaseTarget } from "./database-target.ts";
import { DatabaseUrlNotAUrlError, UnsupportedDialectError } from "./errors.ts";
import { isKeywordValue, parseKeywordValue } from "./keyword-value.ts";
import { parsePglite, parseSqlite } from "./local-target.ts";
import { pgTarget } from "./pg-target.ts";
import { refusePlaceholdersInParameters, refusePlaceholdersInValue } from "./placeholders.ts";
import type { Environment } from "./settings.ts";
import { addressOfParameters, parseAddress } from "./written-address.ts";

// SQLAlchemy's, Django's (postgis, timescale) and PHP's names. A driver after a plus says which Python package
// connects; here pg does.
const POSTGRES = /^(?:postgres|postgresql|postgis|pgsql|timescale|timescalegis)(?:\+\w+)?$/;
const SQLITE = /^sqlite3?(?:\+\w+)?$/;

// Only these, and misspellings of postgres, are repeated in a message: any other text before a colon may be a secret.
const OTHER_DIALECTS: ReadonlySet<string> = new Set(
  `mysql mysql2 mysqlx mysqlgis mariadb mssql mssqlms sqlserver oracle oraclegis mongodb redis rediss valkey http https
  ws wss file libsql turso duckdb cockroach cockroachdb redshift snowflake bigquery spanner clickhouse cassandra scylla
  couchdb couchbase neo4j bolt elasticsearch db2 ibmi firebird sybase teradata trino presto databricks hive h2 hsqldb
  derby access ecto prisma planetscale vitess tidb amqp amqps kafka nats tcp unix socket op vault memory idb dynamodb
  s3 ssh ftp r2dbc odbc psql`.split(/\s+/),
);
const LIKE_POSTGRES = /^(?:postg[a-z]{0,10}|pg[a-z]{0,6})$/;

/**
 * Reads one connection string, already without what was pasted around it, and makes its target.
 *
 * @throws UnsupportedDialectError `E_DB_UNSUPPORTED_DIALECT` for the URL of something else than Postgres
 * @throws DatabaseUrlNotAUrlError `E_DB_URL_NOT_A_URL`
 * @throws DatabaseUrlPlaceholderError `E_DB_URL_PLACEHOLDER`
 */
export function parseConnectionString(text: string, env: Environment, variable: string): DatabaseTarget {
  refusePlaceholdersInValue(text, variable);
  if (isKeywordValue(text)) return keywordTarget(text, env, variable);
  const { isJdbc, scheme, rest } = splitScheme(text, variable);
  if (SQLITE.test(scheme)) return parseSqlite(rest, variable);
  if (scheme === "pglite") return parsePglite(rest, variable);
  if (!POSTGRES.test(scheme)) throw refusal(scheme, isJdbc, rest, variable);
  return pgTarget(parseAddress(authorityText(rest, isJdbc, variable), variable), env, variable);
}

function keywordTarget(text: string, env: Environment, variable: string): DatabaseTarget {
  const parameters = parseKeywordValue(text, variable);
  const pairs = [...parameters].flatMap(([name, values]) => values.map((value) => [name, value] as const));
  refusePlaceholdersInParameters(pairs, variable);
  return pgTarget(addressOfParameters(parameters), env, variable);
}

function splitScheme(
  text: string,
  variable: string,
): { readonly isJdbc: boolean; readonly scheme: string; readonly rest: string } {
  const [, jdbc, scheme, rest] = /^(jdbc:)?([a-z][a-z0-9+.-]*):(.*)$/is.exec(text) ?? [];
  if (scheme === undefined || rest === undefined)
    throw new DatabaseUrlNotAUrlError(variable, "it does not begin with a scheme such as postgresql://");
  return { isJdbc: jdbc !== undefined, scheme: scheme.toLowerCase(), rest };
}

function refusal(scheme: string, isJdbc: boolean, rest: string, variable: string): Error {
  const isUrl = rest.startsWith("//") || isJdbc || scheme === "file";
  if (!isUrl) return new DatabaseUrlNotAUrlError(variable, "it does not begin with postgresql://");
  if (scheme === "prisma+postgres") return prismaAccelerate(variable, scheme);
  const [dialect = ""] = scheme.split("+");
  const isKnown = OTHER_DIALECTS.has(dialect) || LIKE_POSTGRES.test(dialect);
  return new UnsupportedDialectError(variable, isKnown ? scheme : undefined);
}

function prismaAccelerate(variable: string, scheme: string): Error {
  const advice = `A Prisma Accelerate URL is no connection to a database. Use the direct URL of the database, postgres://… or postgresql://…`;
  return new UnsupportedDialectError(variable, scheme, advice);
}

/** The text after the two slashes. pgjdbc connects to localhost when none is named. */
function authorityText(rest: string, isJdbc: boolean, variable: string): string {
  const authority = isJdbc
    ? rest.replace(/^(?!\/\/)\/?/, "//localhost/").replace(/^\/\/\//, "//localhost/")
    : rest;
  if (!authority.startsWith("//"))
    throw new DatabaseUrlNotAUrlError(variable, "two slashes must follow the scheme, as in postgresql://");
  const text = authority.slice(2);
  if (/^(?:jdbc:)?[a-z]+(?:\+\w+)?:\/\//i.test(text))
    throw new DatabaseUrlNotAUrlError(variable, "the scheme is written twice");
  return text;
}
