import type { Schema } from "./operations.ts";
import { pick, type Random } from "../../durability/support/random.ts";

/** What no answer and no log may show again: it stands in every password and every token that is sent. */
export const SECRET = "fuzz-Secret-9417";

const NUL = "\u0000";
const LONE = "\ud800";

/** Texts that have broken somebody's server. */
const TEXTS: readonly string[] = [
  "",
  " ",
  NUL,
  `a${NUL}b`,
  LONE,
  `\udfff${LONE}`,
  "\u202e\u200b\ufeff",
  "ﬁ".repeat(50),
  "\u0301".repeat(300),
  "𝒜".repeat(600),
  "İıßẞςΣ",
  "a".repeat(5_000),
  "'; DROP TABLE users; --",
  '"><script>alert(1)</script>',
  "{{7*7}}${7*7}<%= 7 %>",
  "../../../../etc/passwd",
  "%00%ff%c0%af",
  "ada@example.com\r\nBcc: eve@example.com",
  "a@b",
  "@",
  `${"a".repeat(64)}@${"b".repeat(63)}.${"c".repeat(63)}.example`,
  `${"a".repeat(65)}@example.com`,
  "ada@[127.0.0.1]",
  "ada@xn--a.xn--b",
  "ada@\u3002com",
  "__proto__",
  "constructor",
];

const OTHERS: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1e308,
  -0.5,
  2 ** 60,
  [],
  {},
  [[]],
  [null],
  { toString: 1 },
  { length: -1 },
  { valueOf: 1 },
];

/** A text of random bytes, some of them of no use to anybody. */
function noise(random: Random): string {
  const length = Math.floor(random() * 40);
  return Array.from({ length }, () => String.fromCharCode(Math.floor(random() * 0x1_0000))).join("");
}

export function hostileText(random: Random): string {
  return random() < 0.3 ? noise(random) : pick(random, TEXTS);
}

/** A value of any type; now and then nested deeper than a stack is. */
export function hostileValue(random: Random): unknown {
  const chance = random();
  if (chance < 0.5) return hostileText(random);
  if (chance < 0.9) return pick(random, OTHERS);
  return nested(pick(random, [3, 50, 900]));
}

function nested(depth: number): unknown {
  let value: unknown = "bottom";
  for (let level = 0; level < depth; level++) value = level % 2 === 0 ? [value] : { a: value };
  return value;
}

/** A value that the field takes. */
function goodValue(name: string, schema: Schema, random: Random): unknown {
  if (name === "email" || name === "username") return `fuzz-${Math.floor(random() * 1e9)}@example.com`;
  if (name === "password") return `${SECRET}-${Math.floor(random() * 1e6)}`;
  if (name === "grant_type") return "password";
  if (schema.enum !== undefined) return pick(random, schema.enum);
  if (schema.type === "boolean") return random() < 0.5;
  return name === "session" ? String(Math.floor(random() * 100)) : "Ada";
}

/** The fields of a body: most of them as they should be, so that the bad one gets past the first check. */
export function hostileFields(schema: Schema, random: Random): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(schema.properties ?? {})) {
    const chance = random();
    if (chance < 0.05) continue;
    fields[name] = chance < 0.65 ? goodValue(name, field, random) : hostileValue(random);
    if (name === "password" && typeof fields[name] === "string") fields[name] += SECRET;
  }
  if (random() < 0.1) Object.defineProperty(fields, hostileText(random), { value: 1, enumerable: true });
  return fields;
}
