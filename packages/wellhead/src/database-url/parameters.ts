import { DatabaseUrlConflictError } from "./errors.ts";
import { decodePercent } from "./percent-encoding.ts";

/** The parameters of a URL's query or of a `key=value` string, each by its one name, with all its values, decoded. */
export type Parameters = ReadonlyMap<string, readonly string[]>;

// Other clients' names, in lower case, for what libpq or Prisma calls differently.
const ALIASES: ReadonlyMap<string, string> = new Map([
  ["ssl_mode", "sslmode"],
  ["ssl-mode", "sslmode"],
  ["currentschema", "schema"],
  ["search_path", "schema"],
  ["applicationname", "application_name"],
  ["connecttimeout", "connect_timeout"],
]);

// The names that mean something here.
const UNDERSTOOD = `
  host hostaddr port user password dbname options schema sslmode ssl sslrootcert sslcert sslkey sslpassword
  application_name fallback_application_name connect_timeout channel_binding target_session_attrs targetservertype
  connection_limit pgbouncer statement_cache_size prepared_statement_cache_size preparethreshold`;

// Names that some client knows and that must not reach the server as settings of the session.
const DROPPED = `
  sslcompression sslcrl sslcrldir sslsni sslnegotiation sslcertmode sslidentity sslaccept sslfactory uselibpqcompat
  requiressl ssl_min_protocol_version ssl_max_protocol_version gssencmode gsslib krbsrvname require_auth requirepeer
  passfile service replication client_encoding keepalives keepalives_idle keepalives_interval keepalives_count
  tcp_user_timeout load_balance_hosts pool_timeout pool_max_conns socket_timeout sockettimeout logintimeout
  statement_timeout workaround supa`;

const KEYWORDS: ReadonlySet<string> = new Set([
  ...`${UNDERSTOOD}${DROPPED}`.trim().split(/\s+/),
  ...ALIASES.keys(),
]);

/** Whether some Postgres client knows a parameter of this name, in any case of its letters. */
export function isConnectionKeyword(name: string): boolean {
  return KEYWORDS.has(name.toLowerCase());
}

/**
 * Reads the text after the `?`. Names fold case, `&amp;` counts as `&`, a plus is a plus.
 *
 * @throws DatabaseUrlEncodingError `E_DB_URL_ENCODING` when a value is not UTF-8 or holds a NUL
 */
export function parseQuery(query: string, variable: string): Parameters {
  const pairs = query.split("&").filter((pair) => pair !== "");
  return collectParameters(
    pairs.map((pair) => {
      const [name, value] = splitPair(pair);
      const key = decodePercent(name, "parameter name", variable);
      // An unknown name could be anything, so it is not named.
      const part = isConnectionKeyword(key) ? `parameter ${key.toLowerCase()}` : "parameter value";
      return [key, decodePercent(value, part, variable)];
    }),
  );
}

/** Whether a query holds nothing but `name=value` with names that some Postgres client knows. */
export function isKnownQuery(query: string): boolean {
  return query.split("&").every((pair) => pair.includes("=") && isConnectionKeyword(splitPair(pair)[0]));
}

/** Puts pairs together by the one name of each. */
export function collectParameters(pairs: readonly (readonly [name: string, value: string])[]): Parameters {
  const parameters = new Map<string, string[]>();
  for (const [written, value] of pairs) {
    const lowerCase = written.toLowerCase();
    const name = ALIASES.get(lowerCase) ?? lowerCase;
    const values = parameters.get(name);
    if (values === undefined) parameters.set(name, [value]);
    else values.push(value);
  }
  return parameters;
}

/**
 * The one value of a parameter, or undefined when it is absent.
 *
 * @throws DatabaseUrlConflictError `E_DB_URL_CONFLICT` when it is given twice: with two values, or twice at all for
 * `sslmode`, where drivers silently take the last
 */
export function parameterValue(parameters: Parameters, name: string, variable: string): string | undefined {
  const [value, ...others] = parameters.get(name) ?? [];
  const isContradicted = others.some((other) => other !== value) || (name === "sslmode" && others.length > 0);
  if (isContradicted) {
    throw new DatabaseUrlConflictError(
      variable,
      `${variable} gives ${name} more than once.`,
      `keep the one ${name} that is meant`,
    );
  }
  return value;
}

function splitPair(pair: string): readonly [name: string, value: string] {
  const unescaped = pair.replace(/^amp;/i, "");
  const equals = unescaped.indexOf("=");
  return equals < 0 ? [unescaped, ""] : [unescaped.slice(0, equals), unescaped.slice(equals + 1)];
}
