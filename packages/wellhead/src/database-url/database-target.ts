import type { DatabaseUrlWarningCode } from "./warnings.ts";

/** A database to connect to, as explicit fields; switch on `driver`. Made by `parseDatabaseUrl`. */
export type DatabaseTarget = PgTarget | PgliteTarget | SqliteTarget;

/**
 * How TLS is used, in libpq's words. `allow` does not occur: it is lifted to `prefer`.
 *
 * @see https://www.postgresql.org/docs/current/libpq-ssl.html#LIBPQ-SSL-SSLMODE-STATEMENTS
 */
export type SslMode = "disable" | "prefer" | "require" | "verify-ca" | "verify-full";

/**
 * What lies between the client and the server. `direct`: nothing. `session`: a pooler that keeps one server
 * connection for one client. `transaction`: a pooler that may change the server connection after each transaction, so
 * no named statements, no session-level locks, no SET and no `options`.
 */
export type PoolMode = "direct" | "session" | "transaction";

/** What the TLS client is given. Files and variables are named, not read: reading belongs to the edge. */
export interface TlsOptions {
  /** Whether a certificate that does not verify ends the connection. */
  readonly rejectUnauthorized: boolean;
  /** The path of the file with the certificate authority (PEM). */
  readonly caFile?: string;
  /** The environment variable that holds the certificate authority as text (PEM). */
  readonly caEnv?: "DATABASE_CA_CERT";
  /** The path of the client's certificate. */
  readonly certFile?: string;
  /** The path of the client's key. */
  readonly keyFile?: string;
  /** The pass phrase of the client's key; a secret. */
  readonly passphrase?: string;
  /** Present for `verify-ca`: the chain is verified, the host's name is not compared. */
  readonly checkServerIdentity?: "skip";
}

/** One server of a list. */
export interface HostAndPort {
  /** A name or address without brackets in lower case, or the directory of a unix socket. */
  readonly host: string;
  readonly port: number;
}

/** Settings for the client, under one name each whatever the URL called them. */
export interface ConnectionParameters {
  readonly applicationName?: string;
  /** Whether SCRAM must be bound to the TLS channel. Never a startup parameter of the server. */
  readonly channelBinding?: "disable" | "prefer" | "require";
  /** How long one attempt to connect may take, in milliseconds; 0 waits without limit. */
  readonly connectTimeoutMs?: number;
  /** Command-line options for the server's session, without `search_path`, which is in `schema`. Not to be sent when the pool mode is `transaction`. */
  readonly options?: string;
  /** How many connections a pool may hold. */
  readonly poolMax?: number;
  /** Which servers of a list are acceptable. */
  readonly targetSessionAttrs?: TargetSessionAttrs;
}

/** libpq's words for which server of a list will do. */
export type TargetSessionAttrs =
  | "any"
  | "read-write"
  | "read-only"
  | "primary"
  | "standby"
  | "prefer-standby";

/** Where migrations connect instead, because a variable such as `DIRECT_URL` says so. `parseMigrationDatabaseUrl` gives the whole target. */
export interface MigrationRoute {
  /** The environment variable it comes from. */
  readonly from: string;
  readonly host: string;
  readonly port: number;
  readonly poolMode: PoolMode;
}

/** A Postgres server. */
export interface PgTarget {
  readonly dialect: "postgres";
  readonly driver: "pg";
  readonly mode: "EXTERNAL_POSTGRES";
  /** The (first) server: a name or address without brackets in lower case, or the directory of a unix socket. Also the name for SNI. */
  readonly host: string;
  readonly port: number;
  readonly database: string;
  /** Null leaves the user to the driver; only on this machine. */
  readonly user: string | null;
  /** Null where none is given, the empty string where an empty one is. A secret. */
  readonly password: string | null;
  /** The mode in effect, which may be stricter than the one written. */
  readonly sslmode: SslMode;
  /** What the client gets as `ssl`, always: an undefined `ssl` would be overridden by PGSSLMODE in pg. */
  readonly ssl: false | TlsOptions;
  /** With `prefer`: try again without TLS, but only if the server answers that it has none. */
  readonly sslFallback?: "plain";
  /** The schema to work in, or a `search_path` list with commas as the URL wrote it; null for the server's default. */
  readonly schema: string | null;
  readonly poolMode: PoolMode;
  /** All servers in the order to try them, where there are several. */
  readonly hosts?: readonly HostAndPort[];
  readonly params?: ConnectionParameters;
  /** What a person should know, in alphabetical order; `databaseUrlWarning` has the sentences. */
  readonly warnings?: readonly DatabaseUrlWarningCode[];
  readonly migrate?: MigrationRoute;
  /** For the banner, after `url=`: host, port, database and the mode in effect, never the user or the password. */
  readonly display: string;
}

/** The fields of a target that a server has and a file has not. */
interface LocalTarget {
  readonly host: null;
  readonly port: null;
  readonly user: null;
  readonly password: null;
  readonly sslmode: "disable";
  readonly ssl: false;
  readonly schema: null;
  readonly poolMode: "direct";
  /** For the banner, after `url=`. */
  readonly display: string;
}

/** The embedded Postgres. */
export interface PgliteTarget extends LocalTarget {
  readonly dialect: "postgres";
  readonly driver: "pglite";
  readonly mode: "EMBEDDED_PGLITE";
  /** The folder of its data as written, or `:memory:`. */
  readonly database: string;
}

/** A SQLite file: recognised, so that the refusal can be clear; Wellhead does not connect to it. */
export interface SqliteTarget extends LocalTarget {
  readonly dialect: "sqlite";
  readonly driver: "sqlite";
  readonly mode: "LOCAL_SQLITE";
  /** The path of the file as written, or `:memory:`. */
  readonly database: string;
}
