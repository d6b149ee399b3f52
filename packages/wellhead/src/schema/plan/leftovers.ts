import type { SchemaDifference } from "../compare-schemas.ts";
import type { SchemaObject } from "../schema-object.ts";

/**
 * Statements for differences that `planChange` knows nothing of, and that a definition of ours tells all about: how a
 * column is stored and counted, statistics over several columns, and grants on a column that a REVOKE on its table took
 * away again. Nothing for any other difference.
 */
export function leftoverStatements(differences: readonly SchemaDifference[]): readonly string[] {
  return differences.flatMap((difference) => {
    switch (difference.kind) {
      case "added":
        if (difference.after.kind === "grant") return columnGrant(difference.after);
        return difference.after.kind === "statistics" ? createStatistics(difference.after) : [];
      case "removed":
        return difference.before.kind === "statistics" ? dropStatistics(difference.before) : [];
      case "changed":
        if (difference.after.kind === "statistics")
          return [...dropStatistics(difference.before), ...createStatistics(difference.after)];
        if (difference.after.kind === "grant") return columnGrant(difference.after);
        return difference.after.kind === "column" ? columnSettings(difference.before, difference.after) : [];
      case "incomparable":
        return [];
      default:
        return difference satisfies never;
    }
  });
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

/** What a column has beside its type and its default, each with the clause that sets it. */
const settings: readonly {
  readonly pattern: RegExp;
  readonly set: (value: string) => string;
  readonly reset: (definition: string) => string;
}[] = [
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
  const [, table, column] = /^(.*)\.("(?:[^"]|"")*"|[^."]+)$/s.exec(after.name) ?? [];
  return settings.flatMap(({ pattern, set, reset }) => {
    const [had, has] = [pattern.exec(before.definition)?.[1], pattern.exec(after.definition)?.[1]];
    if (had === has) return [];
    return [
      `ALTER TABLE ${table} ALTER COLUMN ${column} ${has === undefined ? reset(after.definition) : set(has)}`,
    ];
  });
}
