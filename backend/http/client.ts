import { isIP, type Socket } from "node:net";
import type { Context, MiddlewareHandler } from "hono";

/** Who sent a request, as far as it can be told. */
export interface Client {
  /** The IP address; undefined where nothing trustworthy tells it. */
  readonly address: string | undefined;
  /** Whether the client speaks TLS with us or with the proxy in front. */
  readonly isSecure: boolean;
  /** What the client calls itself, cut off where it is endless. */
  readonly userAgent: string;
}

declare module "hono" {
  interface ContextVariableMap {
    client: Client;
  }
}

const USER_AGENT_MAX_LENGTH = 256;

/**
 * Finds out who sent a request. A proxy appends the address that it sees to `X-Forwarded-For`, so with `n` proxies in
 * front the client's is the n-th from the right; what stands further left, or all of it with none, anybody can write.
 */
export function identifyClient({ trustProxy }: { readonly trustProxy: number }): MiddlewareHandler {
  let hasWarned = false;
  return async (c, next) => {
    if (trustProxy === 0 && !hasWarned && c.req.header("X-Forwarded-For") !== undefined) {
      hasWarned = true;
      c.get("log").warn("X-Forwarded-For is not believed: set TRUST_PROXY to the number of proxies in front");
    }
    c.set("client", {
      address: clientAddress(c, trustProxy),
      isSecure: isSecure(c, trustProxy),
      userAgent: (c.req.header("User-Agent") ?? "").slice(0, USER_AGENT_MAX_LENGTH),
    });
    await next();
  };
}

/** Whether it is this machine that asks: a test, a probe, or a proxy that was not told of. */
export function isLoopback(address: string): boolean {
  return address === "::1" || address.startsWith("127.");
}

function clientAddress(c: Context, trustProxy: number): string | undefined {
  const address =
    trustProxy === 0
      ? socketOf(c)?.remoteAddress
      : (fromTheRight(c.req.header("X-Forwarded-For"), trustProxy) ?? socketOf(c)?.remoteAddress);
  return address === undefined ? undefined : plainAddress(address);
}

function isSecure(c: Context, trustProxy: number): boolean {
  const protocol = trustProxy === 0 ? undefined : fromTheRight(c.req.header("X-Forwarded-Proto"), trustProxy);
  return (protocol ?? new URL(c.req.url).protocol.slice(0, -1)).toLowerCase() === "https";
}

/** The n-th entry from the right, or the leftmost where there are fewer: the nearer proxies have added none. */
function fromTheRight(list: string | undefined, place: number): string | undefined {
  const entries = (list ?? "").split(",").flatMap((entry) => entry.trim() || []);
  return entries.at(-place) ?? entries[0];
}

/** An address without a port and without the IPv6 form of an IPv4 one; undefined when it is none. */
function plainAddress(text: string): string | undefined {
  const bare = /^\[(.*)\](?::\d+)?$/.exec(text)?.[1] ?? /^([\d.]+):\d+$/.exec(text)?.[1] ?? text;
  const address = bare.replace(/^::ffff:(?=\d+\.)/i, "").toLowerCase();
  return isIP(address) === 0 ? undefined : address;
}

/** The connection, where the app serves a port of its own; another host of `fetch` has none to show. */
function socketOf(c: Context): Socket | undefined {
  const { incoming } = (c.env ?? {}) as { readonly incoming?: { readonly socket?: Socket } };
  return incoming?.socket;
}
