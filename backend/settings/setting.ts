/** One variable of the environment: what may stand in it, what it means, and how its text becomes a value. */
export interface Setting<T> {
  /** What is allowed, in words that go on after «must be». */
  readonly allowed: string;
  /** What it is when the variable is not set. */
  readonly otherwise: T;
  /** The same as it would be written; undefined: there is nothing in its place. */
  readonly default?: string;
  readonly meaning: string;
  /** Whether its value must never be shown. */
  readonly isSecret: boolean;
  /** What `.env.example` shows where there is no default. */
  readonly example?: string;
  /** The value of a text that is trimmed and not empty; undefined when it is not allowed. */
  readonly parse: (text: string) => T | undefined;
}

/** What a setting's variable becomes. */
export type ValueOf<S> = S extends Setting<infer T> ? T : never;

interface Described {
  readonly meaning: string;
  readonly example?: string;
}

/** A whole number. */
export function integer(
  options: Described & { readonly default: number; readonly min: number; readonly max: number },
): Setting<number> {
  const { min, max, meaning } = options;
  return {
    allowed: `a whole number from ${min} to ${max}`,
    otherwise: options.default,
    default: String(options.default),
    meaning,
    isSecret: false,
    parse: (text) => within(min, /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN, max),
  };
}

const UNIT_MS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** A duration such as `30s`, in milliseconds. A number alone counts seconds. */
export function duration(
  options: Described & { readonly default: string; readonly min: string; readonly max: string },
): Setting<number> {
  const { min, max, meaning } = options;
  return {
    allowed: `a duration from ${min} to ${max} (30 or 30s, 500ms, 5m, 12h, 7d)`,
    otherwise: milliseconds(options.default),
    default: options.default,
    meaning,
    isSecret: false,
    parse: (text) => within(milliseconds(min), milliseconds(text), milliseconds(max)),
  };
}

function milliseconds(text: string): number {
  const [, number = "", unit = "s"] = /^(\d{1,9})\s*(ms|[smhd])?$/.exec(text) ?? [];
  return number === "" ? Number.NaN : Number(number) * UNIT_MS[unit as keyof typeof UNIT_MS];
}

function within(min: number, value: number, max: number): number | undefined {
  return value >= min && value <= max ? value : undefined;
}

/** One of several words. */
export function oneOf<const T extends string>(
  options: Described & { readonly choices: readonly T[]; readonly default: T },
): Setting<T> {
  const { choices, meaning } = options;
  return {
    allowed: `one of ${choices.join(", ")}`,
    otherwise: options.default,
    default: options.default,
    meaning,
    isSecret: false,
    parse: (text) => choices.find((choice) => choice === text),
  };
}

/** A switch: `1` or `0`, off by default. */
export function flag({ meaning }: Described): Setting<boolean> {
  return {
    allowed: "1 or 0",
    otherwise: false,
    default: "0",
    meaning,
    isSecret: false,
    parse: (text) => (text === "1" ? true : text === "0" ? false : undefined),
  };
}

/** A token that travels in a header. */
export function token({ meaning }: Described): Setting<string | undefined> {
  return {
    allowed: "printable ASCII without blanks",
    otherwise: undefined,
    meaning,
    isSecret: true,
    parse: (text) => (/^[\x21-\x7e]+$/.test(text) ? text : undefined),
  };
}

interface TextOptions extends Described {
  readonly allowed: string;
  readonly default?: string;
  readonly isSecret?: boolean;
}

/** Any text; also for what the package reads by itself, and judges better than a rule here could. */
export function text(options: TextOptions & { readonly default: string }): Setting<string>;
export function text(options: TextOptions): Setting<string | undefined>;
export function text(options: TextOptions): Setting<string | undefined> {
  return { isSecret: false, ...options, otherwise: options.default, parse: (value) => value };
}

/** Origins of web pages, with commas between them. */
export function origins({ meaning, example }: Described): Setting<readonly string[]> {
  return {
    allowed: "origins such as https://app.example.com, with commas between them",
    otherwise: [],
    meaning,
    isSecret: false,
    ...(example !== undefined && { example }),
    parse: (value) => {
      const list = value.split(",").map((each) => each.trim().replace(/\/$/, ""));
      return list.every(isOrigin) ? list : undefined;
    },
  };
}

function isOrigin(value: string): boolean {
  return /^https?:\/\//.test(value) && URL.canParse(value) && new URL(value).origin === value;
}
