import { DatabaseError } from "pg";

import type { PgTarget } from "../database-url/index.ts";
import {
  ConnectError,
  ConnectFailedError,
  ConnectionDroppedError,
  ConnectionRefusedError,
  ConnectTimeoutError,
  DatabaseMissingError,
  HostUnreachableError,
  NameNotFoundError,
  PasswordError,
  RoleRefusedError,
  ServerRejectedError,
  StartingUpError,
  TooManyConnectionsError,
  type Endpoint,
} from "./connect-errors.ts";
import { TlsError, type TlsProblem } from "./tls-errors.ts";

/** Thrown by the password callback, so that a server that asks for one is told from one that rejects it. */
export class NoPasswordGiven extends Error {}

/** Which of our errors an attempt to connect has failed with. */
export function connectFailure(error: unknown, endpoint: Endpoint, target: PgTarget): ConnectError {
  if (error instanceof ConnectError) return error;
  if (error instanceof NoPasswordGiven) return new PasswordError(endpoint, "missing", error);
  if (error instanceof DatabaseError) return serverFailure(error, endpoint, target);
  return networkFailure(error, endpoint, target);
}

/** The server has answered, with a SQLSTATE. */
function serverFailure(error: DatabaseError, endpoint: Endpoint, target: PgTarget): ConnectError {
  const answer = withoutPassword(error.message, target);
  const sqlState = error.code ?? "";
  switch (sqlState) {
    case "57P03":
    case "57P01":
    case "57P02":
      return new StartingUpError(endpoint, answer, error);
    case "53300":
      return new TooManyConnectionsError(endpoint, answer, error);
    case "28P01":
      return new PasswordError(endpoint, "wrong", error);
    case "3D000":
      return new DatabaseMissingError(endpoint, target.database, error);
    case "28000":
      if (wantsTls(answer, target)) return new TlsError("required", endpoint, "", error);
      return new RoleRefusedError(endpoint, answer, error);
    case "42501":
      return new RoleRefusedError(endpoint, answer, error);
    default:
      return poolerFailure(error, answer, endpoint, target);
  }
}

/** Poolers answer with one SQLSTATE for everything, PgBouncer with 08P01; only the words tell. */
function poolerFailure(
  error: DatabaseError,
  answer: string,
  endpoint: Endpoint,
  target: PgTarget,
): ConnectError {
  if (/no such database/i.test(answer)) return new DatabaseMissingError(endpoint, target.database, error);
  if (/password authentication failed|SASL authentication failed/i.test(answer)) {
    return new PasswordError(endpoint, "wrong", error);
  }
  if (/no such user/i.test(answer)) return new RoleRefusedError(endpoint, answer, error);
  if (/no more connections|too many connections|max client connections/i.test(answer)) {
    return new TooManyConnectionsError(endpoint, answer, error);
  }
  if (
    /server login has been failing|cannot connect to server|server_login_retry|shutting down/i.test(answer)
  ) {
    return new StartingUpError(endpoint, answer, error);
  }
  if (wantsTls(answer, target)) return new TlsError("required", endpoint, "", error);
  return new ServerRejectedError(endpoint, error.code ?? "", answer, error);
}

/** `no pg_hba.conf entry …, no encryption`, `connection is insecure`, `SSL required`: said to a client without TLS. */
function wantsTls(answer: string, target: PgTarget): boolean {
  const isPlain = target.ssl === false || target.sslFallback === "plain";
  return isPlain && /no encryption|SSL off|insecure|(SSL|TLS)[^.]* required/i.test(answer);
}

/** The network or TLS has failed, with a code of the system, of Node or of OpenSSL. */
function networkFailure(error: unknown, endpoint: Endpoint, target: PgTarget): ConnectError {
  const { code, message } = describe(error);
  switch (code) {
    case "ENOTFOUND":
    case "EAI_AGAIN":
    case "EAI_NODATA":
    case "EAI_NONAME":
      return new NameNotFoundError(endpoint, error);
    case "ECONNREFUSED":
    case "ENOENT":
      return new ConnectionRefusedError(endpoint, error);
    case "ETIMEDOUT":
      return new ConnectTimeoutError(endpoint, undefined, error);
    case "EHOSTUNREACH":
    case "ENETUNREACH":
    case "EHOSTDOWN":
    case "EADDRNOTAVAIL":
      return new HostUnreachableError(endpoint, error);
    case "ECONNRESET":
    case "EPIPE":
    case "ECONNABORTED":
      return new ConnectionDroppedError(endpoint, error);
    default:
      break;
  }
  if (message.startsWith("Connection terminated")) return new ConnectionDroppedError(endpoint, error);
  if (/^SASL:.*password/.test(message)) return new PasswordError(endpoint, "wrong", error);
  const tls = tlsProblem(error, code, message);
  if (tls === undefined) return new ConnectFailedError(endpoint, withoutPassword(message, target), error);
  return new TlsError(tls.problem, endpoint, tls.detail ?? target.sslmode, error);
}

function tlsProblem(
  error: unknown,
  code: string,
  message: string,
): { problem: TlsProblem; detail?: string } | undefined {
  if (message === NO_TLS) return { problem: "not-offered" };
  const problem = certificateProblems[code];
  if (problem !== undefined) return { problem, detail: problem === "host-mismatch" ? namesIn(error) : code };
  if (/^(CERT_|UNABLE_TO_|CRL_|INVALID_CA|PATH_LENGTH)/.test(code))
    return { problem: "not-verified", detail: code };
  if (/^(ERR_SSL|ERR_TLS|ERR_OSSL|EPROTO)/.test(code)) return { problem: "handshake", detail: code };
  if (message.includes("establishing an SSL connection"))
    return { problem: "handshake", detail: "no TLS in the answer" };
  return undefined;
}

/** What `pg` says when the server answers that it has no TLS. */
const NO_TLS = "The server does not support SSL connections";

/** @see https://nodejs.org/api/tls.html#x509-certificate-error-codes */
const certificateProblems: Readonly<Record<string, TlsProblem>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: "self-signed",
  SELF_SIGNED_CERT_IN_CHAIN: "unknown-authority",
  UNABLE_TO_GET_ISSUER_CERT: "unknown-authority",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "unknown-authority",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "unknown-authority",
  CERT_HAS_EXPIRED: "expired",
  CERT_NOT_YET_VALID: "not-yet-valid",
  ERR_TLS_CERT_ALTNAME_INVALID: "host-mismatch",
};

/** The names in a certificate that is for another host. */
function namesIn(error: unknown): string {
  const { cert } = error as { readonly cert?: { readonly subjectaltname?: string } };
  const names = cert?.subjectaltname?.replaceAll(/(DNS|IP Address):/g, "");
  return names === undefined ? "" : `: it is for ${names}`;
}

/** The code and message; several addresses that all failed come as one AggregateError without a message. */
function describe(error: unknown): { code: string; message: string } {
  const [inner] = error instanceof AggregateError ? error.errors : [];
  const { code, message } = (inner ?? error) as { code?: unknown; message?: unknown };
  return {
    code: typeof code === "string" ? code : "",
    message: typeof message === "string" ? message : String(error),
  };
}

/** The words of a server, in which the password must not show whatever the server does. */
function withoutPassword(text: string, { password }: PgTarget): string {
  return password === null || password === "" ? text : text.replaceAll(password, "***");
}
