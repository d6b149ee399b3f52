import type { SchemaDifference } from "../compare-schemas.ts";
import type { SchemaObject } from "../schema-object.ts";
import { readableName } from "./readable.ts";

/**
 * Statements for differences that `planChange` knows nothing of or loses, and that a definition of ours tells all about:
 * how a column is stored and counted, what a view's column has by default, by which index a table is sorted, its TOAST
 * table's options, statistics over several columns, comments on what was made anew, and grants on a column that a
 * REVOKE on its table took away again. Nothing for any other difference.
 */
export function leftoverStatements(differences: readonly SchemaDifference[]): readonly string[] {
  return differences.flatMap((difference) => {
    switch (difference.kind) {
      case "added":
        return added(difference.after);
      case "removed":
        return removed(difference.before);
      case "changed":
        return changed(difference.before, difference.after);
      case "incomparable":
        return [];
      default:
        return difference satisfies never;
    }
  });
}

function added(object: SchemaObject): readonly string[] {
  switch (object.kind) {
    case "comment":
      return comment(object, literal(object.definition));
    case "grant":
      return columnGrant(object);
    case "statistics":
      return createStatistics(object);
    case "column":
      return viewDefault(object);
    default:
      return [];
  }
}

function removed(object: SchemaObject): readonly string[] {
  if (object.kind === "comment") return comment(object, "NULL");
  return object.kind === "statistics" ? dropStatistics(object) : [];
}

function changed(before: SchemaObject, after: SchemaObject): readonly string[] {
  switch (after.kind) {
    case "comment":
    case "grant":
      return added(after);
    case "statistics":
      return [...dropStatistics(before), ...createStatistics(after)];
    case "column":
      return columnSettings(before, after);
    case "table":
      return toastOptions(before, after);
    case "index":
    case "constraint":
      return sorting(before, after);
    default:
      return [];
  }
}

/** What a comment can be on, as Postgres calls it, with the word for it in SQL. */
const commented: readonly (readonly [type: string, word: string])[] = [
  ...["table", "view", "materialized view", "foreign table", "composite type"].map(
    (relation) => [`${relation} column`, "COLUMN"] as const,
  ),
  ["table constraint", "CONSTRAINT"],
  ["domain constraint", "CONSTRAINT"],
  ["composite type", "TYPE"],
  ["statistics object", "STATISTICS"],
  ..."materialized view, foreign table, event trigger, table, view, index, sequence, function, procedure, aggregate, type, trigger, policy, rule, schema, publication, collation"
    .split(", ")
    .map((type) => [type, type.toUpperCase()] as const),
];

function comment({ name }: SchemaObject, text: string): readonly string[] {
  const [type, word] = commented.find(([each]) => name.startsWith(`on ${each} `)) ?? [];
  if (type === undefined) return [];
  const identity = name.slice(`on ${type} `.length);
  const domain = type === "domain constraint" ? "DOMAIN " : "";
  const on = identity.replace(/^("(?:[^"]|"")*"|[^"\s]+) on /, `$1 ON ${domain}`);
  return [`COMMENT ON ${word} ${on} IS ${text}`];
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A column that a table does not have is planned; one with a default that is missing is a view's. */
function viewDefault({ name, definition }: SchemaObject): readonly string[] {
  const [, table, column] = columnOf(name);
  const [, value] = / default (.*)$/s.exec(definition) ?? [];
  return value === undefined ? [] : [`ALTER VIEW ${table} ALTER COLUMN ${column} SET DEFAULT ${value}`];
}

function columnOf(name: string): readonly string[] {
  return /^(.*)\.("(?:[^"]|"")*"|[^."]+)$/s.exec(name) ?? [];
}

const CLUSTERED = / clustered(?= replica identity|$| statistics )/;

function sorting(
  { definition: had }: SchemaObject,
  { schema, table, name, definition, kind }: SchemaObject,
): string[] {
  if (schema === undefined || table === undefined || CLUSTERED.test(had) === CLUSTERED.test(definition))
    return [];
  const of = `ALTER TABLE ${readableName(schema)}.${readableName(table)}`;
  if (CLUSTERED.test(had)) return [`${of} SET WITHOUT CLUSTER`];
  const [, , index] = kind === "index" || kind === "constraint" ? columnOf(name) : [];
  return [`${of} CLUSTER ON ${index}`];
}

function toastOptions(before: SchemaObject, after: SchemaObject): string[] {
  const pattern = /, toast with \(([^)]*)\)|^toast with \(([^)]*)\)/;
  const optionsOf = ({ definition }: SchemaObject): string | undefined => {
    const [, more, alone] = pattern.exec(definition) ?? [];
    return more ?? alone;
  };
  return optionChange(optionsOf(before), optionsOf(after), "toast.").map(
    (clause) => `ALTER TABLE ${after.name} ${clause}`,
  );
}

/** What leads from one list of `name=value` to another. */
function optionChange(had: string | undefined, has: string | undefined, prefix = ""): string[] {
  const [before, after] = [had, has].map((list = "") => list.split(", ").filter((option) => option !== ""));
  const nameOf = (option: string): string => option.replace(/=.*$/s, "");
  const gone = (before ?? []).filter(
    (option) => !(after ?? []).some((each) => nameOf(each) === nameOf(option)),
  );
  const set = (after ?? []).filter((option) => !(before ?? []).includes(option));
  const list = (options: readonly string[]): string => options.map((each) => `${prefix}${each}`).join(", ");
  return [
    ...(gone.length === 0 ? [] : [`RESET (${list(gone.map(nameOf))})`]),
    ...(set.length === 0 ? [] : [`SET (${list(set)})`]),
  ];
}

function columnGrant({ name, definition }: SchemaObject): string[] {
  const [, table, column, role] = /^on column (.*)\.("(?:[^"]|"")*"|[^."]+) to (.*)$/s.exec(name) ?? [];
  if (table === undefined || role === undefined) return [];
  const [rights = "", handedOn] = definition.split(", may grant ");
  const grant = (words: string): string =>
    `GRANT ${words
      .split(", ")
      .map((word) => `${word.toUpperCase()} (${column})`)
      .join(", ")} ON TABLE ${table} TO ${role}`;
  return [
    ...(rights === "nothing" ? [] : [grant(rights)]),
    ...(handedOn === undefined ? [] : [`${grant(handedOn)} WITH GRANT OPTION`]),
  ];
}

function createStatistics({ name, definition }: SchemaObject): string[] {
  const [, create = definition, target] = /^(.*?)(?: target (\d+))?$/s.exec(definition) ?? [];
  return [create, ...(target === undefined ? [] : [`ALTER STATISTICS ${name} SET STATISTICS ${target}`])];
}

function dropStatistics({ name }: SchemaObject): string[] {
  return [`DROP STATISTICS ${name}`];
}

/** What a column has beside its type, each with the clause that sets it. */
const settings: readonly {
  readonly pattern: RegExp;
  readonly set: (value: string) => string;
  readonly reset: (definition: string) => string;
}[] = [
  // Of a column that is inherited, with a default of its own.
  {
    pattern:
      / default (.*?)(?= storage \w+| compression \w+| statistics \d+| with \(| options \(| inherited$| inherited and own$|$)/s,
    set: (value) => `SET DEFAULT ${value}`,
    reset: () => "DROP DEFAULT",
  },
  {
    pattern: / storage (\w+)/,
    set: (value) => `SET STORAGE ${value.toUpperCase()}`,
    // SET STORAGE DEFAULT came with 16. Types of one length cannot be stored in another way.
    reset: (definition) => `SET STORAGE ${definition.startsWith("numeric") ? "MAIN" : "EXTENDED"}`,
  },
  {
    pattern: / compression (\w+)/,
    set: (value) => `SET COMPRESSION ${value}`,
    reset: () => "SET COMPRESSION DEFAULT",
  },
  {
    pattern: / statistics (\d+)/,
    set: (value) => `SET STATISTICS ${value}`,
    reset: () => "SET STATISTICS -1",
  },
];

function columnSettings(before: SchemaObject, after: SchemaObject): string[] {
  if (after.schema === undefined || after.table === undefined) return [];
  const [, table, column] = columnOf(after.name);
  const of = `ALTER TABLE ${table} ALTER COLUMN ${column}`;
  const optionsOf = ({ definition }: SchemaObject): string | undefined =>
    / with \(([^)]*)\)/.exec(definition)?.[1];
  const options = optionChange(optionsOf(before), optionsOf(after)).map((clause) => `${of} ${clause}`);
  const others = settings.flatMap(({ pattern, set, reset }) => {
    const [had, has] = [pattern.exec(before.definition)?.[1], pattern.exec(after.definition)?.[1]];
    if (had === has) return [];
    return [`${of} ${has === undefined ? reset(after.definition) : set(has)}`];
  });
  return [...others, ...options];
}
