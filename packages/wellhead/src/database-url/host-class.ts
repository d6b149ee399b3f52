import { parseIpv4, parseIpv6 } from "./ip-address.ts";

/** How far away a host is, from near to far: what decides the default of TLS. */
export type HostClass = "socket" | "loopback" | "private" | "public";

const FROM_NEAR_TO_FAR = ["socket", "loopback", "private", "public"] as const satisfies readonly HostClass[];

// Names that public DNS does not serve: reserved ones (RFC 6762, RFC 8375, .internal), routers' .lan, Kubernetes' and Fly's.
const PRIVATE_SUFFIXES = [".internal", ".local", ".lan", ".home.arpa", ".svc", ".cluster.local", ".flycast"];

/** The class of the host that is farthest away: a list is treated as its most exposed member. */
export function farthestClass(hosts: readonly string[]): HostClass {
  const classes = new Set(hosts.map(hostClass));
  return FROM_NEAR_TO_FAR.findLast((one) => classes.has(one)) ?? "public";
}

/** The class of one host, given without brackets and in lower case. */
export function hostClass(host: string): HostClass {
  if (isSocket(host)) return "socket";
  const ipv4 = parseIpv4(host);
  if (ipv4 !== undefined) return ipv4Class(ipv4);
  const ipv6 = parseIpv6(host);
  if (ipv6 !== undefined) return ipv6Class(ipv6);
  return nameClass(host);
}

/** Whether the host is the directory of a unix socket. */
export function isSocket(host: string): boolean {
  return host.startsWith("/");
}

function nameClass(name: string): HostClass {
  if (name === "localhost" || name.endsWith(".localhost") || name === "localhost.localdomain")
    return "loopback";
  // One label is resolved by a search list or a compose network. ASCII only: other digits could turn into an address.
  if (/^[a-z0-9_-]+$/.test(name)) return "private";
  return PRIVATE_SUFFIXES.some((suffix) => name.endsWith(suffix)) ? "private" : "public";
}

function ipv4Class([a = 0, b = 0, c = 0, d = 0]: readonly number[]): HostClass {
  // 0.0.0.0 is no destination; systems that accept it connect to themselves.
  if (a === 127 || a + b + c + d === 0) return "loopback";
  const isPrivate =
    a === 10 ||
    (a === 172 && b >= 16 && b <= 31) ||
    (a === 192 && b === 168) ||
    (a === 100 && b >= 64 && b <= 127) ||
    (a === 169 && b === 254);
  return isPrivate ? "private" : "public";
}

function ipv6Class(groups: readonly number[]): HostClass {
  const [first = 0] = groups;
  const [fifth = 0, sixth = 0, seventh = 0, eighth = 0] = groups.slice(4);
  const startsWithZeros = groups.slice(0, 4).every((group) => group === 0) && fifth === 0;
  if (startsWithZeros && sixth === 0xffff)
    return ipv4Class([seventh >> 8, seventh & 255, eighth >> 8, eighth & 255]);
  if (startsWithZeros && sixth === 0 && seventh === 0 && eighth <= 1) return "loopback";
  const isUniqueLocal = (first & 0xfe00) === 0xfc00;
  const isLinkLocal = (first & 0xffc0) === 0xfe80;
  return isUniqueLocal || isLinkLocal ? "private" : "public";
}
