import type { WellheadConfiguration } from "./configuration.ts";
import { ConfigurationInvalidError } from "./errors.ts";

const text = { test: (value: unknown) => typeof value === "string" && value.trim() !== "", wanted: "a text" };

const FIELDS: Readonly<Record<keyof WellheadConfiguration, Field>> = {
  migrations: {
    test: (value) => text.test(value) || (Array.isArray(value) && value.length > 0 && value.every(text.test)),
    wanted: "a folder or a list of folders",
  },
  url: text,
  versionTable: text,
  versionTableSchema: text,
  models: {
    test: (value) => text.test(value) || isModels(value),
    wanted: `a path, or one of { drizzle: path }, { sql: path } and { command: "…" }, with include, exclude and declares where they are needed`,
  },
  transaction: oneOf("all", "each"),
  singleHead: oneOf("when-conflicting", "required"),
  seed: text,
};

interface Field {
  readonly test: (value: unknown) => boolean;
  readonly wanted: string;
}

/** The value as a configuration, or an error that names everything wrong with it; the values stay out of the message. */
export function validateConfiguration(value: unknown, path: string): WellheadConfiguration {
  if (!isRecord(value)) throw new ConfigurationInvalidError(path, ["it must be an object"]);
  const problems: string[] = [];
  for (const [key, given] of Object.entries(value)) {
    const field = Object.hasOwn(FIELDS, key) ? FIELDS[key as keyof WellheadConfiguration] : undefined;
    if (field === undefined) problems.push(`"${key}" is not a field`);
    else if (given !== undefined && !field.test(given)) problems.push(`"${key}" must be ${field.wanted}`);
  }
  if (problems.length > 0) throw new ConfigurationInvalidError(path, problems);
  return value;
}

const texts = (value: unknown): boolean => Array.isArray(value) && value.every(text.test);

/** What can stand beside each other in `models`, each with what it may be. */
const MODELS_FIELDS: Readonly<Record<string, (value: unknown) => boolean>> = {
  drizzle: (value) => text.test(value) || texts(value),
  sql: (value) => text.test(value) || texts(value),
  command: text.test,
  casing: (value) => value === "snake_case" || value === "camelCase",
  include: texts,
  exclude: texts,
  declares: (value) => value === "tables" || value === "everything",
};

function isModels(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const given = Object.entries(value).filter(([, field]) => field !== undefined);
  const sources = given.filter(([key]) => ["drizzle", "sql", "command"].includes(key));
  return sources.length === 1 && given.every(([key, field]) => MODELS_FIELDS[key]?.(field) === true);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function oneOf(...words: readonly string[]): Field {
  return {
    test: (value) => typeof value === "string" && words.includes(value),
    wanted: words.map((word) => `"${word}"`).join(" or "),
  };
}
