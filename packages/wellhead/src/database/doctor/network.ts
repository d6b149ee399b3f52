import { lookup } from "node:dns/promises";
import type { LookupAddress } from "node:dns";
import { connect, isIP, type LookupFunction, type Socket } from "node:net";

import type { PgTarget } from "../../database-url/index.ts";
import { showEndpoint, ConnectTimeoutError, type Endpoint } from "../connect-errors.ts";
import { connectFailure } from "../connect-failure.ts";
import type { Finding } from "./checkup.ts";

/** A server of the target and the addresses its name has; none for a unix socket. */
export interface ResolvedEndpoint extends Endpoint {
  readonly addresses: readonly LookupAddress[];
}

const DEFAULT_TIMEOUT_MS = 10_000;

/** How long one layer may take to answer, in milliseconds: the URL's connect_timeout, else ten seconds. */
export function layerTimeoutMs({ params }: PgTarget): number {
  return params?.connectTimeoutMs || DEFAULT_TIMEOUT_MS;
}

/** Looks the names of the servers up. Of several servers one that has an address is enough, as it is to connect. */
export async function checkNames(target: PgTarget): Promise<Finding<readonly ResolvedEndpoint[]>> {
  const found: ResolvedEndpoint[] = [];
  const missing: string[] = [];
  let failure: unknown;
  for (const endpoint of target.hosts ?? [{ host: target.host, port: target.port }]) {
    try {
      found.push({ ...endpoint, addresses: await addressesOf(endpoint, target) });
    } catch (error) {
      failure = error;
      missing.push(endpoint.host);
    }
  }
  if (found.length === 0) throw failure;
  return {
    kind: "holds",
    detail: found.map(namePhrase).join("; "),
    hint: missing.length === 0 ? undefined : `no address for ${missing.join(", ")}: is the name right?`,
    value: found,
  };
}

async function addressesOf(endpoint: Endpoint, target: PgTarget): Promise<readonly LookupAddress[]> {
  if (isSocketFolder(endpoint)) return [];
  const timeoutMs = layerTimeoutMs(target);
  let timer: NodeJS.Timeout | undefined;
  // A look-up cannot be ended; it can only be left.
  const tooLate = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new ConnectTimeoutError(endpoint, timeoutMs, undefined)), timeoutMs);
  });
  try {
    return await Promise.race([lookup(endpoint.host, { all: true }), tooLate]);
  } catch (error) {
    throw connectFailure(error, endpoint, target);
  } finally {
    clearTimeout(timer);
  }
}

function namePhrase({ addresses, ...endpoint }: ResolvedEndpoint): string {
  if (isSocketFolder(endpoint)) return `${endpoint.host} is a unix socket's folder, no name`;
  if (isIP(endpoint.host) !== 0) return `${endpoint.host} is an address, no name`;
  return `${endpoint.host} is ${addresses.map(({ address }) => address).join(", ")}`;
}

/** Connects to the first server that takes the connection, and ends it again. */
export async function checkTcp({
  named,
  target,
}: {
  readonly named: readonly ResolvedEndpoint[];
  readonly target: PgTarget;
}): Promise<Finding<ResolvedEndpoint>> {
  const silent: string[] = [];
  let failure: unknown;
  for (const endpoint of named) {
    try {
      const socket = await openSocket(endpoint, target);
      const to = isSocketFolder(endpoint) ? showEndpoint(endpoint) : remotePhrase(socket);
      socket.destroy();
      return {
        kind: "holds",
        detail: `connected to ${to}`,
        hint:
          silent.length === 0
            ? undefined
            : `the servers before it in the list did not answer: ${silent.join("; ")}`,
        value: endpoint,
      };
    } catch (error) {
      const reason = connectFailure(error, endpoint, target);
      silent.push(reason.reason);
      failure = reason;
    }
  }
  throw failure;
}

function remotePhrase({ remoteAddress = "", remotePort }: Socket): string {
  return showEndpoint({ host: remoteAddress, port: remotePort ?? 0 });
}

/**
 * A connection to the server, at the addresses that were found.
 *
 * @throws {ConnectError}
 */
export async function openSocket(endpoint: ResolvedEndpoint, target: PgTarget): Promise<Socket> {
  const socket = isSocketFolder(endpoint)
    ? connect(`${endpoint.host}/.s.PGSQL.${endpoint.port}`)
    : connect({ host: endpoint.host, port: endpoint.port, lookup: known(endpoint.addresses) });
  const timeoutMs = layerTimeoutMs(target);
  const timer = setTimeout(
    () => socket.destroy(new ConnectTimeoutError(endpoint, timeoutMs, undefined)),
    timeoutMs,
  );
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once("connect", resolve);
      socket.once("error", reject);
    });
    return socket;
  } catch (error) {
    socket.destroy();
    throw connectFailure(error, endpoint, target);
  } finally {
    clearTimeout(timer);
  }
}

/** Names were looked up one layer before, so that their time does not count here. */
function known(addresses: readonly LookupAddress[]): LookupFunction {
  return (_host, { all }, found) => {
    const [first] = addresses;
    if (all === true) found(null, [...addresses]);
    else found(null, first?.address ?? "", first?.family);
  };
}

export function isSocketFolder({ host }: Endpoint): boolean {
  return host.startsWith("/");
}
