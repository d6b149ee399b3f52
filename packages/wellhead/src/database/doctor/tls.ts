import { once } from "node:events";
import { isIP, type Socket } from "node:net";
import { connect, type ConnectionOptions, type TLSSocket } from "node:tls";

import type { PgTarget } from "../../database-url/index.ts";
import { ConnectionDroppedError, ConnectTimeoutError } from "../connect-errors.ts";
import { connectFailure } from "../connect-failure.ts";
import { TlsError } from "../tls-errors.ts";
import { readTlsOptions } from "../tls-options.ts";
import { holds, type Finding } from "./checkup.ts";
import { isSocketFolder, layerTimeoutMs, openSocket, type ResolvedEndpoint } from "./network.ts";

/** The message that asks for TLS. @see https://www.postgresql.org/docs/current/protocol-message-formats.html */
const SSL_REQUEST = Uint8Array.of(0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f);
const YES = 0x53;
const NO = 0x4e;

const DAY_MS = 86_400_000;
const SOON_DAYS = 14;

interface Way {
  readonly endpoint: ResolvedEndpoint;
  readonly target: PgTarget;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Does the handshake with the client's own options: version, cipher, and whether the certificate is verified. */
export async function checkTls({ endpoint, target, env }: Way): Promise<Finding<true>> {
  if (isSocketFolder(endpoint)) return holds("none: a unix socket does not leave the machine");
  const options = readTlsOptions(target, endpoint, env);
  if (options === false) return holds("none: sslmode=disable");
  const socket = await openSocket(endpoint, target);
  try {
    if (await offersTls(socket, endpoint, target)) return await handshake(socket, endpoint, target, options);
  } finally {
    socket.destroy();
  }
  if (target.sslFallback !== "plain") throw new TlsError("not-offered", endpoint, target.sslmode);
  return holds(`none: the server offers none, and sslmode=${target.sslmode} takes it plain`);
}

async function offersTls(socket: Socket, endpoint: ResolvedEndpoint, target: PgTarget): Promise<boolean> {
  socket.write(SSL_REQUEST);
  const [answer] = await inTime(once(socket, "data"), socket, endpoint, target);
  const [first] = answer instanceof Uint8Array ? answer : [];
  if (first === YES) return true;
  if (first === NO) return false;
  throw new TlsError("handshake", endpoint, "the answer to the request is not Postgres'");
}

async function handshake(
  socket: Socket,
  endpoint: ResolvedEndpoint,
  target: PgTarget,
  options: ConnectionOptions,
): Promise<Finding<true>> {
  // As `pg` does it: the name goes along for SNI, an address does not.
  const name = isIP(endpoint.host) === 0 && { servername: endpoint.host };
  const secure = connect({ socket, ...options, ...name });
  // What is said after the handshake is the login's to hear.
  secure.on("error", () => undefined);
  await inTime(once(secure, "secureConnect"), secure, endpoint, target);
  const certificate = `certificate ${verification(secure, target)}, ${validity(secure)}`;
  const detail = `${secure.getProtocol()}, ${secure.getCipher().standardName}; ${certificate}`;
  const finding = holds(detail, expiryHint(secure));
  secure.destroy();
  return finding;
}

/** What the server says, or ours for what went wrong on the way, a silence that is too long included. */
async function inTime<T>(
  event: Promise<T>,
  socket: Socket,
  endpoint: ResolvedEndpoint,
  target: PgTarget,
): Promise<T> {
  const timeoutMs = layerTimeoutMs(target);
  const timer = setTimeout(
    () => socket.destroy(new ConnectTimeoutError(endpoint, timeoutMs, undefined)),
    timeoutMs,
  );
  const closed = () => void socket.destroy(new ConnectionDroppedError(endpoint, undefined));
  socket.once("end", closed);
  try {
    return await event;
  } catch (error) {
    throw connectFailure(error, endpoint, target);
  } finally {
    clearTimeout(timer);
    socket.off("end", closed);
  }
}

function verification({ authorized, authorizationError }: TLSSocket, { sslmode }: PgTarget): string {
  if (sslmode === "verify-ca") return "verified, its host's name not compared (sslmode=verify-ca)";
  if (sslmode === "verify-full") return "verified";
  if (authorized) return `not verified (sslmode=${sslmode}); it would be with verify-full`;
  const reason =
    authorizationError instanceof Error ? authorizationError.message : String(authorizationError);
  return `not verified (sslmode=${sslmode}); verify-full would refuse it: ${reason}`;
}

function validity(socket: TLSSocket): string {
  const until = new Date(socket.getPeerCertificate().valid_to);
  return Number.isNaN(until.getTime())
    ? "validity unknown"
    : `valid until ${until.toISOString().slice(0, 10)}`;
}

function expiryHint(socket: TLSSocket): string | undefined {
  const left = (Date.parse(socket.getPeerCertificate().valid_to) - Date.now()) / DAY_MS;
  return left < SOON_DAYS ? `the certificate is valid for ${Math.floor(left)} days: renew it` : undefined;
}
