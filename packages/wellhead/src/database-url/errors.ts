import { WellheadError } from "../wellhead-error.ts";

// No message here is given the text it speaks of: a URL that cannot be read cannot be redacted either, so the
// errors name the variable and the part, and say what to write instead.

/** The shape to write, for hints. */
const EXAMPLE = "postgresql://USER:PASSWORD@HOST:5432/DATABASE?sslmode=require";

/** What every error about the address of the database shares. None of them holds the user, the password or the raw text. */
export class DatabaseUrlError extends WellheadError {
  /** The environment variable at fault, such as `DATABASE_URL` or `PGPORT`. */
  readonly variable: string;

  constructor(code: string, variable: string, message: string, hint: string) {
    super(code, message, { hint });
    this.variable = variable;
  }
}

/** E_DB_URL_MISSING: nothing names the database, where an embedded one must not step in. */
export class DatabaseUrlMissingError extends DatabaseUrlError {
  constructor(variable: string, message: string, hint: string) {
    super("E_DB_URL_MISSING", variable, message, hint);
  }
}

/** E_DB_URL_PLACEHOLDER: a template was copied, or a variable in it was never filled in. */
export class DatabaseUrlPlaceholderError extends DatabaseUrlError {
  /** What still has to be filled in, such as `${DB_PASSWORD}`; the default inside a shell's `${NAME:-default}` is left out. */
  readonly placeholders: readonly string[];

  constructor(variable: string, placeholders: readonly string[]) {
    super(
      "E_DB_URL_PLACEHOLDER",
      variable,
      `${variable} is not filled in: ${placeholders.join(", ")}`,
      `put the real value in its place. If the shell or the platform was to fill it in, look why it did not. In a URL, a value that really reads so is written percent-encoded.`,
    );
    this.placeholders = placeholders;
  }
}

/** E_DB_URL_NOT_A_URL: neither a URL nor a libpq `key=value` string. */
export class DatabaseUrlNotAUrlError extends DatabaseUrlError {
  constructor(variable: string, reason: string) {
    super(
      "E_DB_URL_NOT_A_URL",
      variable,
      `${variable} is not a database URL: ${reason}.`,
      `write it as ${EXAMPLE}`,
    );
  }
}

/** E_DB_URL_MULTILINE: a line break inside the value. */
export class DatabaseUrlMultilineError extends DatabaseUrlError {
  constructor(variable: string) {
    super(
      "E_DB_URL_MULTILINE",
      variable,
      `${variable} has a line break in it.`,
      `give the variable one URL on one line; a whole .env file does not belong in it`,
    );
  }
}

/** E_DB_URL_AMBIGUOUS: the text has two readings, and the wrong one would send the password to the wrong host. */
export class DatabaseUrlAmbiguousError extends DatabaseUrlError {
  constructor(variable: string, message: string, hint: string) {
    super("E_DB_URL_AMBIGUOUS", variable, message, hint);
  }
}

/** E_DB_URL_ENCODING: a part that cannot be sent to a server: a NUL, or percent sequences that are not UTF-8. */
export class DatabaseUrlEncodingError extends DatabaseUrlError {
  /** The part of the URL, such as `password` or `database name`. */
  readonly part: string;

  constructor(variable: string, part: string, reason: string) {
    super(
      "E_DB_URL_ENCODING",
      variable,
      `The ${part} in ${variable} ${reason}.`,
      `percent-encode the UTF-8 bytes of the ${part}, as encodeURIComponent does; "é" is %C3%A9`,
    );
    this.part = part;
  }
}

/** E_DB_URL_HOST: no host, or one that no server can have. */
export class DatabaseUrlHostError extends DatabaseUrlError {
  constructor(variable: string, message: string, hint: string) {
    super("E_DB_URL_HOST", variable, message, hint);
  }
}

/** E_DB_URL_PORT: a port that is no number from 1 to 65535. */
export class DatabaseUrlPortError extends DatabaseUrlError {
  constructor(variable: string, message?: string) {
    super(
      "E_DB_URL_PORT",
      variable,
      message ?? `The port in ${variable} is not a whole number from 1 to 65535.`,
      `write the server's port from 1 to 65535 after the host, or leave it out for 5432. If a raw ":" belongs to the password, write %3A.`,
    );
  }
}

/** E_DB_URL_USER: a server elsewhere and no user; a driver would log in as the operating system's user, often root. */
export class DatabaseUrlUserError extends DatabaseUrlError {
  constructor(variable: string) {
    super(
      "E_DB_URL_USER",
      variable,
      `${variable} names a server on another machine but no user.`,
      `write the user before the host, ${EXAMPLE}, or set PGUSER`,
    );
  }
}

/** E_DB_URL_DATABASE: no database is named and none can be derived, or the name cannot be one. */
export class DatabaseUrlDatabaseError extends DatabaseUrlError {
  constructor(variable: string, message: string, hint: string) {
    super("E_DB_URL_DATABASE", variable, message, hint);
  }
}

/** E_DB_URL_SSLMODE: a word that libpq does not know. */
export class DatabaseUrlSslModeError extends DatabaseUrlError {
  constructor(variable: string, parameter: string) {
    const what = parameter === variable ? variable : `${parameter} in ${variable}`;
    super(
      "E_DB_URL_SSLMODE",
      variable,
      `The value of ${what} is none of disable, allow, prefer, require, verify-ca, verify-full.`,
      `write sslmode=require for TLS without a check of the certificate, sslmode=verify-full with one`,
    );
  }
}

/** E_DB_URL_CA_REQUIRED: `verify-ca` and nothing to verify against. */
export class DatabaseUrlCaRequiredError extends DatabaseUrlError {
  constructor(variable: string) {
    super(
      "E_DB_URL_CA_REQUIRED",
      variable,
      `${variable} asks for sslmode=verify-ca, but no certificate authority is named: any publicly trusted certificate would pass.`,
      `name the host's CA with sslrootcert=FILE, PGSSLROOTCERT or DATABASE_CA_CERT (its text), or use sslmode=verify-full, which also checks the name`,
    );
  }
}

/** E_DB_URL_CONFLICT: two statements that cannot both be meant. */
export class DatabaseUrlConflictError extends DatabaseUrlError {
  constructor(variable: string, message: string, hint: string) {
    super("E_DB_URL_CONFLICT", variable, message, hint);
  }
}

/** E_DB_URL_PARAMETER: a known parameter with a value that libpq would refuse too. */
export class DatabaseUrlParameterError extends DatabaseUrlError {
  constructor(variable: string, parameter: string, words: readonly string[]) {
    super(
      "E_DB_URL_PARAMETER",
      variable,
      `The value of ${parameter} in ${variable} is not one that Postgres knows.`,
      `write one of ${words.join(", ")}, or leave ${parameter} out`,
    );
  }
}

/** E_DB_UNSUPPORTED_DIALECT: a URL of something that is not Postgres, or not a database. */
export class UnsupportedDialectError extends DatabaseUrlError {
  /** The dialect as written, in lower case, such as `mysql+pymysql`; undefined where it is none that is known. */
  readonly dialect: string | undefined;

  constructor(variable: string, dialect: string | undefined, advice?: string) {
    super(
      "E_DB_UNSUPPORTED_DIALECT",
      variable,
      dialect === undefined
        ? `${variable} begins with a scheme that is not Postgres.`
        : `${variable} is a "${dialect}" URL, which is not a Postgres connection.`,
      advice ?? `Wellhead speaks to Postgres: the URL begins with postgresql:// or postgres://`,
    );
    this.dialect = dialect;
  }
}

/** E_DB_EPHEMERAL: a database in a local file, in production, where the disk is thrown away with the next deploy. */
export class EphemeralDatabaseError extends DatabaseUrlError {
  constructor(variable: string, driver: "pglite" | "sqlite") {
    super(
      "E_DB_EPHEMERAL",
      variable,
      `${variable} names a ${driver} database, and NODE_ENV is production: a platform's disk is emptied with each deploy, and what was written is lost.`,
      `set DATABASE_URL to a Postgres server, postgresql://… If the disk is really kept, set ALLOW_EMBEDDED_DB=1.`,
    );
  }
}
