import { WellheadError } from "../wellhead-error.ts";

/** One place to connect to. */
export interface Endpoint {
  /** A name or address, or the directory of a unix socket. */
  readonly host: string;
  readonly port: number;
}

/** The place as people write it: `host:port`, `[::1]:5432`, `unix:/run/postgresql:5432`. */
export function showEndpoint({ host, port }: Endpoint): string {
  if (host.startsWith("/")) return `unix:${host}:${port}`;
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

/**
 * The database cannot be used. `reason` is a phrase for one line of a log, `hint` says what to do; neither holds a
 * password.
 */
export abstract class ConnectError extends WellheadError {
  /** What is wrong, and where: `connection refused by db.example.com:5432`. */
  readonly reason: string;
  /** Whether waiting may mend it, as when the server is only starting. */
  readonly mayHeal: boolean = false;
  /** How often it was tried, and for how long; filled in by whoever tried. */
  attempts = 1;
  triedForMs = 0;

  constructor(code: string, reason: string, hint: string, cause?: unknown) {
    super(code, `Cannot connect to the database: ${reason}.`, {
      hint,
      ...(cause !== undefined && { cause }),
    });
    this.reason = reason;
  }
}

/** E_DB_CONNECT_NAME_NOT_FOUND: the host's name has no address. */
export class NameNotFoundError extends ConnectError {
  override readonly mayHeal = true;

  constructor(endpoint: Endpoint, cause: unknown) {
    super(
      "E_DB_CONNECT_NAME_NOT_FOUND",
      `name not found: ${endpoint.host}`,
      "check the host for a typing error; a private name only resolves inside its own network",
      cause,
    );
  }
}

/** E_DB_CONNECT_REFUSED: nothing listens there. */
export class ConnectionRefusedError extends ConnectError {
  override readonly mayHeal = true;

  constructor(endpoint: Endpoint, cause: unknown) {
    const isSocket = endpoint.host.startsWith("/");
    super(
      "E_DB_CONNECT_REFUSED",
      isSocket
        ? `no server at the socket ${endpoint.host}/.s.PGSQL.${endpoint.port}`
        : `connection refused by ${showEndpoint(endpoint)}`,
      isSocket
        ? "start the server, or correct the socket's folder or the port"
        : "nothing listens there: start the server, or correct the host or the port",
      cause,
    );
  }
}

/** E_DB_CONNECT_TIMEOUT: no answer in time. */
export class ConnectTimeoutError extends ConnectError {
  override readonly mayHeal = true;

  constructor(endpoint: Endpoint, timeoutMs: number | undefined, cause: unknown) {
    super(
      "E_DB_CONNECT_TIMEOUT",
      `timed out: no answer from ${showEndpoint(endpoint)}${timeoutMs === undefined ? "" : ` within ${seconds(timeoutMs)}`}`,
      "a firewall or an allow list may drop the packets: check that this machine may reach that address and port",
      cause,
    );
  }
}

/** E_DB_CONNECT_UNREACHABLE: the network knows no way there. */
export class HostUnreachableError extends ConnectError {
  override readonly mayHeal = true;

  constructor(endpoint: Endpoint, cause: unknown) {
    super(
      "E_DB_CONNECT_UNREACHABLE",
      `no route to ${showEndpoint(endpoint)}`,
      "check the network; a host that has only an IPv6 address needs IPv6 here",
      cause,
    );
  }
}

/** E_DB_CONNECT_DROPPED: the connection was closed before the session began. */
export class ConnectionDroppedError extends ConnectError {
  override readonly mayHeal = true;

  constructor(endpoint: Endpoint, cause: unknown) {
    super(
      "E_DB_CONNECT_DROPPED",
      `${showEndpoint(endpoint)} closed the connection before the session began`,
      "a proxy without a database behind it does this, and a port that speaks something else than Postgres",
      cause,
    );
  }
}

/** E_DB_CONNECT_STARTING_UP: the server is there and takes no sessions yet, or no more. */
export class StartingUpError extends ConnectError {
  override readonly mayHeal = true;

  constructor(endpoint: Endpoint, answer: string, cause: unknown) {
    super(
      "E_DB_CONNECT_STARTING_UP",
      `${showEndpoint(endpoint)} is not ready: ${answer}`,
      "wait until the server has started; its log says what it is doing",
      cause,
    );
  }
}

/** E_DB_CONNECT_TOO_MANY: the server, the role or the database has no session left. */
export class TooManyConnectionsError extends ConnectError {
  override readonly mayHeal = true;

  constructor(endpoint: Endpoint, answer: string, cause: unknown) {
    super(
      "E_DB_CONNECT_TOO_MANY",
      `too many connections at ${showEndpoint(endpoint)}: ${answer}`,
      "close other clients, lower their pool sizes, raise max_connections, or connect through a pooler",
      cause,
    );
  }
}

/** E_DB_CONNECT_PASSWORD: the password is wrong or missing. */
export class PasswordError extends ConnectError {
  constructor(endpoint: Endpoint, problem: "wrong" | "missing", cause: unknown) {
    super(
      "E_DB_CONNECT_PASSWORD",
      problem === "wrong"
        ? `password not accepted by ${showEndpoint(endpoint)}`
        : `${showEndpoint(endpoint)} asks for a password, and none is given`,
      problem === "wrong"
        ? "check user and password in DATABASE_URL; a character such as @ : / # % in them must be percent-encoded"
        : "put the password into DATABASE_URL, after the user and a colon",
      cause,
    );
  }
}

/** E_DB_CONNECT_ROLE: the server knows the role and does not let it in, or does not know it. */
export class RoleRefusedError extends ConnectError {
  constructor(endpoint: Endpoint, answer: string, cause: unknown) {
    super(
      "E_DB_CONNECT_ROLE",
      `${showEndpoint(endpoint)} does not let this user in: ${answer}`,
      "check the user in DATABASE_URL, and the server's pg_hba.conf and the role's rights (LOGIN, CONNECT)",
      cause,
    );
  }
}

/** E_DB_CONNECT_DATABASE_MISSING: the server has no database of that name. */
export class DatabaseMissingError extends ConnectError {
  readonly database: string;

  constructor(endpoint: Endpoint, database: string, cause: unknown) {
    super(
      "E_DB_CONNECT_DATABASE_MISSING",
      `database missing: ${showEndpoint(endpoint)} has no database "${database}"`,
      `create it (CREATE DATABASE "${database.replaceAll('"', '""')}"), or correct the name in DATABASE_URL`,
      cause,
    );
    this.database = database;
  }
}

/** E_DB_CONNECT_SERVER_KIND: the server answers and is not of the kind that target_session_attrs asks for. */
export class NoSuitableServerError extends ConnectError {
  override readonly mayHeal = true;

  constructor(endpoint: Endpoint, wanted: string) {
    super(
      "E_DB_CONNECT_SERVER_KIND",
      `${showEndpoint(endpoint)} is not what target_session_attrs=${wanted} asks for`,
      "name a server of that kind in DATABASE_URL, or take target_session_attrs out",
    );
  }
}

/** E_DB_CONNECT_REJECTED: the server refused the session for a reason that is its own. */
export class ServerRejectedError extends ConnectError {
  /** SQLSTATE of the refusal. */
  readonly sqlState: string;

  constructor(endpoint: Endpoint, sqlState: string, answer: string, cause: unknown) {
    super(
      "E_DB_CONNECT_REJECTED",
      `${showEndpoint(endpoint)} refused the session: ${answer} (SQLSTATE ${sqlState})`,
      "the words are the server's or its pooler's: its documentation or log tells more",
      cause,
    );
    this.sqlState = sqlState;
  }
}

/** E_DB_CONNECT_FAILED: something else went wrong on the way. */
export class ConnectFailedError extends ConnectError {
  constructor(endpoint: Endpoint, what: string, cause: unknown) {
    super("E_DB_CONNECT_FAILED", `${showEndpoint(endpoint)}: ${what}`, "check host, port and network", cause);
  }
}

/** E_DB_CONNECT_ABORTED: whoever asked for the database no longer wants it. */
export class ConnectAbortedError extends ConnectError {
  constructor(cause: unknown) {
    super("E_DB_CONNECT_ABORTED", "given up on request", "nothing is wrong with the database", cause);
  }
}

/** Milliseconds for people: `30 s`, `1.5 s`. */
export function seconds(ms: number): string {
  return `${Math.round(ms / 100) / 10} s`;
}
