import { isLoopback, type Client } from "../http/index.ts";

/**
 * What is counted as one client's address: an IPv4 address, or the /64 that an IPv6 customer gets. Undefined for
 * loopback, which is a test, or a proxy that `TRUST_PROXY` does not tell of and behind which everybody stands.
 */
export function networkOf({ address }: Client): string | undefined {
  if (address === undefined || isLoopback(address)) return undefined;
  return address.includes(":") ? prefix64(address) : address;
}

function prefix64(address: string): string {
  const [head = "", tail] = address.split("::");
  const before = head === "" ? [] : head.split(":");
  const after = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length);
  const groups = [...before, ...Array.from({ length: zeros }, () => "0"), ...after];
  return `${groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ""))
    .join(":")}::/64`;
}
