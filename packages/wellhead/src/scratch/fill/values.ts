// Values for a column, written as SQL, by its type.

import type { ValueType } from "./catalogue.ts";
import { constantsIn, NO_CONSTANTS, type Constants } from "./conditions.ts";
import { likeTexts, matchingTexts } from "./matching-text.ts";
import { quoteText } from "./quote.ts";

/** What a value is wanted for. */
export interface ValueWish {
  /** Counted from 0. Different rows get different values where `isDistinct`. */
  readonly row: number;
  readonly isDistinct: boolean;
  /** A value at the edge of what the type holds: long texts, fractions, numbers that a narrower type does not hold. */
  readonly isEdge: boolean;
  /** What the conditions on the column speak of. */
  readonly constants: Constants;
}

type Types = ReadonlyMap<string, ValueType>;

/**
 * Values to try, the best first. Those of columns that no two rows may share are far away from what people use, so
 * that a revision that inserts the ids 1 to 10 does not meet them.
 */
export function valuesFor(types: Types, oid: string, modifier: number, wish: ValueWish): readonly string[] {
  const type = types.get(oid);
  if (type === undefined) return [];
  const typed = (text: string): string => `${quoteText(text)}::${typeSql(type, modifier)}`;
  switch (type.kind) {
    case "enum":
      return rotate(type.labels, wish.isDistinct ? wish.row : 0).map(typed);
    case "domain":
      return domainValues(types, type, wish);
    case "range":
      return rangeTexts(types, type, wish).map(typed);
    case "multirange":
      return rangeTexts(types, type, wish).map((range) => typed(`{${range}}`));
    case "composite":
      return compositeValues(types, type, wish);
    case "base":
      return type.element === null
        ? texts(type, modifier, wish).map(typed)
        : arrays(types, type, modifier, wish);
    case "pseudo":
      return [];
    default:
      return type.kind satisfies never;
  }
}

/** The type with its length, so that a value is cut to it. */
function typeSql({ name, sql }: ValueType, modifier: number): string {
  // The standard's names of these two mean a length of one.
  if (modifier < 0) return name === "bpchar" ? "bpchar" : name === "bit" ? '"bit"' : sql;
  switch (name) {
    case "varchar":
    case "bpchar":
      return `${sql}(${modifier - 4})`;
    case "bit":
    case "varbit":
      return `${sql}(${modifier})`;
    case "numeric": {
      const { precision, scale } = numericSize(modifier);
      return `numeric(${precision},${scale})`;
    }
    default:
      return sql;
  }
}

/** Precision and scale as numeric packs them into its modifier; the scale is signed. */
function numericSize(modifier: number): { readonly precision: number; readonly scale: number } {
  const packed = modifier - 4;
  const scale = packed & 0x7ff;
  return { precision: (packed >> 16) & 0xffff, scale: scale >= 0x400 ? scale - 0x800 : scale };
}

/** What a condition on a domain leaves is found out where the row is made: here the values are those of its base. */
function domainValues(types: Types, type: ValueType, wish: ValueWish): readonly string[] {
  if (type.base === null) return [];
  const constants = merge(wish.constants, constantsIn(type.checks));
  return valuesFor(types, type.base, type.baseModifier, { ...wish, constants });
}

function rangeTexts(types: Types, type: ValueType, wish: ValueWish): readonly string[] {
  const subtype = types.get(type.subtype ?? "");
  if (subtype === undefined) return [];
  const bound = (place: number): string | undefined => rangeBounds(subtype, place);
  const first = wish.isDistinct ? wish.row * 2 : 0;
  const [from, to] = [bound(first), bound(first + 1)];
  return [from === undefined || to === undefined ? "empty" : `[${from},${to})`, "empty", "(,)"];
}

/** Bounds in rising order. */
function rangeBounds(subtype: ValueType, place: number): string | undefined {
  switch (subtype.name) {
    case "int2":
    case "int4":
    case "int8":
    case "numeric":
    case "float4":
    case "float8":
      return String(10 * (place + 1));
    case "date":
      return day(place);
    case "timestamp":
    case "timestamptz":
      return `"${day(place)} 09:00:00"`;
    case "time":
    case "timetz":
      return `${String(Math.min(place, 23)).padStart(2, "0")}:00:00`;
    case "text":
    case "varchar":
      return word(place);
    case "inet":
      return `10.9.${Math.trunc(place / 256)}.${place % 256}`;
    default:
      return undefined;
  }
}

function compositeValues(types: Types, type: ValueType, wish: ValueWish): readonly string[] {
  const parts = type.attributes.map(
    (attribute) =>
      valuesFor(types, attribute.type, attribute.modifier, { ...wish, constants: NO_CONSTANTS })[0] ?? "NULL",
  );
  const nothing = type.attributes.map(() => "NULL");
  return [parts, nothing].map((values) => `ROW(${values.join(", ")})::${type.sql}`);
}

function arrays(types: Types, type: ValueType, modifier: number, wish: ValueWish): readonly string[] {
  if (type.name === "int2vector" || type.name === "oidvector") return [`'1'::${type.sql}`];
  const values = valuesFor(types, type.element ?? "", modifier, wish);
  const array = (...members: readonly string[]): string => `ARRAY[${members.join(", ")}]::${type.sql}`;
  const [first] = values;
  if (first === undefined) return [array()];
  return [
    array(first),
    array(first, values[1] ?? first),
    ...values.slice(1, 8).map((value) => array(value)),
    array(),
  ];
}

function texts(type: ValueType, modifier: number, wish: ValueWish): readonly string[] {
  const { row, isDistinct, isEdge, constants } = wish;
  const k = isDistinct ? row : 0;
  switch (type.name) {
    case "bool":
      return k % 2 === 0 && !isEdge ? ["true", "false"] : ["false", "true"];
    case "int2":
      return integers(isDistinct ? 30_000 + k : isEdge ? 300 : undefined, constants, 32_767);
    case "int4":
      return integers(isDistinct ? FAR_AWAY + k : isEdge ? 70_000 : undefined, constants, 2_147_483_647);
    case "int8":
      return integers(
        isDistinct ? FAR_AWAY + k : isEdge ? 3_000_000_000 : undefined,
        constants,
        Number.MAX_SAFE_INTEGER,
      );
    case "oid":
    case "xid":
    case "xid8":
    case "cid":
      return [String(FAR_AWAY + k)];
    case "numeric":
      return numerics(modifier, wish);
    case "float4":
    case "float8":
      return [
        ...integers(isDistinct ? FAR_AWAY + k * 1000 : undefined, constants, 1e15),
        ...middles(constants.numbers).map(String),
        isEdge ? "0.1" : "1.5",
      ];
    case "money":
      return integers(isDistinct ? 900_001 + k : isEdge ? 70_000 : undefined, constants, 1e12);
    case "text":
    case "varchar":
    case "bpchar":
    case "name":
    case "citext":
      return words(type.name, modifier, wish);
    case "char":
      return ["abcdefghijklmnopqrstuvwxyz"[k % 26] ?? "a", ...constants.texts];
    case "uuid":
      return [uuid(k), ...constants.texts.filter((text) => /^[0-9a-f-]{36}$/iu.test(text))];
    case "date":
    case "timestamp":
    case "timestamptz":
      return moments(type.name, k, isEdge, constants);
    case "time":
    case "timetz":
      return [clock(9, k), ...constants.texts.filter((text) => /^\d\d:\d\d/u.test(text)), "00:00", "23:00"];
    case "interval":
      return [
        `${k + 1} days`,
        ...constants.texts.filter((text) => /^-?\d+ \w|^-?\d\d:\d\d/u.test(text)),
        "1 hour",
        "10 minutes",
        "0",
        "-1 day",
        "1 mon",
        "1 year",
        "100 years",
      ];
    case "json":
    case "jsonb":
      return documents(k, isDistinct, constants);
    case "jsonpath":
      return [`$.${word(k)}`];
    case "xml":
      return [`<${word(k)}/>`];
    case "bytea":
      return [
        `\\x${(0xdeadbe00 + k).toString(16)}`,
        ...lengths(constants).map((size) => `\\x${"ab".repeat(size)}`),
      ];
    case "bit":
    case "varbit": {
      const size = modifier < 0 ? 8 : modifier;
      return [(k + 1).toString(2).padStart(size, "0").slice(-size)];
    }
    case "inet":
      return [
        `10.9.${Math.trunc(k / 256)}.${k % 256}`,
        ...constants.texts.filter(isAddress),
        "2001:db8::1",
        "10.0.0.0/8",
      ];
    case "cidr":
      return [`10.9.${k % 256}.0/24`, ...constants.texts.filter(isAddress), "2001:db8::/32"];
    case "macaddr":
      return [`08:00:2b:01:${hexByte(k / 256)}:${hexByte(k)}`];
    case "macaddr8":
      return [`08:00:2b:01:02:03:${hexByte(k / 256)}:${hexByte(k)}`];
    case "point":
      return [`(${k},${k})`];
    case "line":
      return [`{1,-1,${k}}`];
    case "lseg":
      return [`[(${k},0),(${k},1)]`];
    case "box":
      return [`(${3 * k + 1},1),(${3 * k},0)`];
    case "path":
      return [`((${k},0),(${k},1),(${k + 1},1))`, `[(${k},0),(${k},1)]`];
    case "polygon":
      return [`((${3 * k},0),(${3 * k},1),(${3 * k + 1},1))`];
    case "circle":
      return [`<(${3 * k},0),1>`];
    case "tsvector":
    case "tsquery":
      return [word(k)];
    case "pg_lsn":
      return [`16/B37${(k % 4096).toString(16).padStart(3, "0")}`];
    case "txid_snapshot":
    case "pg_snapshot":
      return ["10:20:10,14,15"];
    case "tid":
      return [`(0,${k + 1})`];
    case "regclass":
      return ["pg_catalog.pg_class"];
    case "regtype":
      return ["integer"];
    case "regproc":
      return ["pg_catalog.now"];
    case "regprocedure":
      return ["pg_catalog.now()"];
    case "regnamespace":
      return ["pg_catalog"];
    case "hstore":
      return [`wellhead=>${word(k)}`];
    case "ltree":
      return [word(k).replaceAll("-", ".")];
    case "vector":
    case "halfvec":
      return [`[${Array.from({ length: Math.max(modifier, 1) }, (_, i) => (i + k) % 7).join(",")}]`];
    case "cube":
      return [`(${k})`];
    default:
      // A type of somebody's own: what many of them read.
      return [word(k), String(k + 1), `(${k},${k})`, `[${k},${k}]`, "{}", "2024-01-01", ""];
  }
}

/** Above any id that people give out by hand, and within an int4. */
const FAR_AWAY = 1_900_000_001;

function integers(first: number | undefined, constants: Constants, most: number): readonly string[] {
  const around = constants.numbers.flatMap((each) => [each, each + 1, each - 1, -each]);
  const all = [
    first ?? 1,
    ...around,
    ...middles(constants.numbers),
    1,
    2,
    0,
    3,
    5,
    10,
    50,
    100,
    1000,
    2024,
    -1,
  ];
  return unique(all.map((each) => Math.trunc(each)).filter((each) => Math.abs(each) <= most)).map(String);
}

function numerics(modifier: number, { row, isDistinct, isEdge, constants }: ValueWish): readonly string[] {
  const { precision, scale } = modifier < 0 ? { precision: 20, scale: 2 } : numericSize(modifier);
  const most = 10 ** Math.min(precision - scale, 15) - 1;
  const fraction = scale > 0 ? 5 / 10 ** Math.min(scale, 6) : 0;
  const far = Math.min(FAR_AWAY, Math.max(Math.trunc(most * 0.9), 1));
  const first = isDistinct
    ? far + (scale > 0 && most < 10 ? row / 10 ** scale : row)
    : isEdge
      ? 1 + fraction
      : 1;
  const around = constants.numbers.flatMap((each) => [
    each,
    each + 1,
    each - 1,
    each + fraction,
    each - fraction,
  ]);
  const all = [first, ...around, ...middles(constants.numbers), 1, 0, 2, 10, 0.5, 100, -1];
  return unique(all.filter((each) => Math.abs(each) <= most)).map((each) => String(Number(each.toFixed(8))));
}

function words(
  name: string,
  modifier: number,
  { row, isDistinct, isEdge, constants }: ValueWish,
): readonly string[] {
  const limit = name === "name" ? 63 : modifier < 0 ? undefined : modifier - 4;
  const k = isDistinct ? row : 0;
  const plain = isEdge ? "x".repeat(Math.min(limit ?? 24, 255)) : word(k);
  const letter = word(k).charAt(0);
  const sized = lengths(constants).flatMap((size) => [
    letter.repeat(size),
    letter.toUpperCase().repeat(size),
  ]);
  const told = constants.texts.flatMap((text) => [text, ...matchingTexts(text), ...likeTexts(text)]);
  const pool = [
    letter,
    letter.toUpperCase(),
    `${letter}@example.com`,
    `https://example.com/${letter}`,
    `+1555010${String(1000 + k)}`,
    "2024-01-01",
    String(k + 1),
    "#aabbcc",
    "{}",
    "",
    "UTC",
  ];
  const isNarrow = constants === NO_CONSTANTS;
  const all = isNarrow ? [plain] : [plain, ...rotate(told, isDistinct ? row : 0), ...sized, ...pool];
  // A text that is cut to the limit would be another one than was meant.
  return unique(
    all.map((text) => (text === plain && limit !== undefined ? text.slice(0, limit) : text)),
  ).filter((text) => limit === undefined || text.length <= limit);
}

function moments(name: string, k: number, isEdge: boolean, constants: Constants): readonly string[] {
  const time = name === "date" ? "" : isEdge ? " 10:30:15.25" : " 09:00:00";
  const told = constants.texts.filter((text) => /^\d{4}-\d\d-\d\d/u.test(text));
  const near = told.flatMap((text) => {
    const at = Date.parse(text.slice(0, 10));
    return Number.isNaN(at) ? [] : [1, -1].map((days) => isoDay(at + days * DAY_MS));
  });
  const years = constants.numbers
    .filter((each) => each >= 1000 && each <= 9999)
    .map((year) => `${year}-06-15`);
  return unique([
    `${day(k)}${time}`,
    ...told,
    ...near,
    ...years,
    "2024-06-01",
    "2124-01-01",
    "1924-01-01",
    "now",
  ]);
}

function documents(k: number, isDistinct: boolean, constants: Constants): readonly string[] {
  const keys = constants.texts.filter((text) => /^\w+$/u.test(text));
  const members = (values: readonly unknown[]): string =>
    JSON.stringify(Object.fromEntries(keys.map((key, index) => [key, values[index] ?? values[0]])));
  const plain = isDistinct ? JSON.stringify({ wellhead: word(k) }) : "{}";
  const told =
    keys.length === 0
      ? []
      : [members([word(k)]), members([1]), members([[]]), members(keys.slice(1)), members([{}])];
  return [plain, ...told, "[]", `["${word(k)}"]`, '"text"', "1", "true"];
}

function lengths({ numbers }: Constants): readonly number[] {
  return unique(numbers.flatMap((each) => [each, each + 1, each - 1])).filter(
    (each) => Number.isInteger(each) && each >= 0 && each <= 1000,
  );
}

function middles(numbers: readonly number[]): readonly number[] {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted.slice(1).map((each, index) => (each + (sorted[index] ?? each)) / 2);
}

/** `sample`, `bsample`, …: a word that is no number, does with few letters and is another for each row. */
function word(k: number): string {
  return k === 0 ? "sample" : `${letters(k)}sample`;
}

function letters(k: number): string {
  const alphabet = "abcdefghijklmnopqrstuvwxyz";
  return k < 26 ? (alphabet[k] ?? "") : (alphabet[k % 26] ?? "") + letters(Math.trunc(k / 26));
}

function uuid(k: number): string {
  return `5eed0000-0000-4000-8000-${k.toString(16).padStart(12, "0")}`;
}

const DAY_MS = 86_400_000;

function day(k: number): string {
  return isoDay(Date.UTC(2024, 0, 1) + k * DAY_MS);
}

function isoDay(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

function clock(hour: number, k: number): string {
  return `${String(hour).padStart(2, "0")}:${String(k % 60).padStart(2, "0")}`;
}

function hexByte(value: number): string {
  return (Math.trunc(value) % 256).toString(16).padStart(2, "0");
}

function isAddress(text: string): boolean {
  return /^(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f:]+:[0-9a-f:]*)(?:\/\d+)?$/iu.test(text);
}

function merge(a: Constants, b: Constants): Constants {
  return {
    texts: [...a.texts, ...b.texts],
    numbers: [...a.numbers, ...b.numbers],
    isHashed: a.isHashed || b.isHashed,
  };
}

function rotate<T>(values: readonly T[], by: number): readonly T[] {
  const at = values.length === 0 ? 0 : by % values.length;
  return [...values.slice(at), ...values.slice(0, at)];
}

function unique<T>(values: readonly T[]): readonly T[] {
  return [...new Set(values)];
}
