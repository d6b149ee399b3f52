/** The four numbers of a dotted IPv4 address; leading zeros are refused, since some resolvers read them as octal. */
export function parseIpv4(text: string): readonly number[] | undefined {
  if (!/^(?:0|[1-9]\d{0,2})(?:\.(?:0|[1-9]\d{0,2})){3}$/.test(text)) return undefined;
  const numbers = text.split(".").map(Number);
  return numbers.every((number) => number <= 255) ? numbers : undefined;
}

/** The eight groups of an IPv6 address, its zone (`%eth0`) left aside. */
export function parseIpv6(text: string): readonly number[] | undefined {
  const address = withGroupsForIpv4(text.replace(/%[\w.-]+$/, ""));
  if (address === undefined) return undefined;
  const [left, right, ...more] = address.split("::");
  if (left === undefined || more.length > 0) return undefined;
  const head = parseGroups(left);
  if (right === undefined) return head?.length === 8 ? head : undefined;
  const tail = parseGroups(right);
  if (head === undefined || tail === undefined || head.length + tail.length > 7) return undefined;
  return [...head, ...Array.from({ length: 8 - head.length - tail.length }, () => 0), ...tail];
}

/** Whether the name ends like a number, so that a resolver takes it for an IPv4 address (`127.1`, `2130706433`, `0x7f.1`). */
export function looksLikeIpv4(name: string): boolean {
  return /(?:^|\.)(?:\d+|0x[0-9a-f]*)$/i.test(name);
}

/** `::ffff:10.0.0.1` as `::ffff:a00:1`. */
function withGroupsForIpv4(text: string): string | undefined {
  const lastColon = text.lastIndexOf(":");
  const last = text.slice(lastColon + 1);
  if (!last.includes(".")) return text;
  const [a, b, c, d] = parseIpv4(last) ?? [];
  if (a === undefined || b === undefined || c === undefined || d === undefined) return undefined;
  return `${text.slice(0, lastColon + 1)}${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
}

function parseGroups(text: string): readonly number[] | undefined {
  if (text === "") return [];
  const groups = text.split(":");
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  return groups.map((group) => Number.parseInt(group, 16));
}
