import { ConnectError, showEndpoint, type Endpoint } from "./connect-errors.ts";

/** What can be wrong with TLS: the server has none, wants it, or shows a certificate that does not verify. */
export type TlsProblem =
  | "not-offered"
  | "required"
  | "self-signed"
  | "unknown-authority"
  | "expired"
  | "not-yet-valid"
  | "host-mismatch"
  | "not-verified"
  | "handshake"
  | "unreadable-file";

/** E_DB_CONNECT_TLS: client and server do not agree on an encrypted connection. */
export class TlsError extends ConnectError {
  readonly problem: TlsProblem;

  constructor(problem: TlsProblem, endpoint: Endpoint, detail: string, cause?: unknown) {
    const { reason, hint } = words[problem](showEndpoint(endpoint), detail);
    super("E_DB_CONNECT_TLS", `TLS: ${reason}`, hint, cause);
    this.problem = problem;
  }
}

const trustIt =
  "name the certificate authority with sslrootcert=FILE or DATABASE_CA_CERT; sslmode=require encrypts without verifying";

const words: Record<TlsProblem, (server: string, detail: string) => { reason: string; hint: string }> = {
  "not-offered": (server, sslmode) => ({
    reason: `${server} offers none, and sslmode=${sslmode} demands it`,
    hint: "switch TLS on at the server, or write sslmode=disable if nobody can listen on that network",
  }),
  required: (server) => ({
    reason: `${server} takes no connection without it`,
    hint: "write sslmode=require in DATABASE_URL, or better verify-full",
  }),
  "self-signed": (server) => ({
    reason: `the certificate of ${server} is self-signed, by nobody this machine trusts`,
    hint: trustIt,
  }),
  "unknown-authority": (server) => ({
    reason: `the certificate of ${server} comes from an authority that this machine does not know`,
    hint: trustIt,
  }),
  expired: (server) => ({
    reason: `the certificate of ${server} has expired`,
    hint: "renew it at the server, and check this machine's clock",
  }),
  "not-yet-valid": (server) => ({
    reason: `the certificate of ${server} is not valid yet`,
    hint: "check the clocks of both machines",
  }),
  "host-mismatch": (server, detail) => ({
    reason: `the certificate of ${server} is for another host${detail}`,
    hint: "connect by a name that the certificate holds, or write sslmode=verify-ca to trust the authority alone",
  }),
  "not-verified": (server, detail) => ({
    reason: `the certificate of ${server} does not verify (${detail})`,
    hint: trustIt,
  }),
  handshake: (server, detail) => ({
    reason: `the handshake with ${server} failed (${detail})`,
    hint: "check that a Postgres server answers on that port, and which TLS versions it takes",
  }),
  "unreadable-file": (_server, detail) => ({
    reason: detail,
    hint: "correct sslrootcert, sslcert or sslkey, or the file's rights",
  }),
};
