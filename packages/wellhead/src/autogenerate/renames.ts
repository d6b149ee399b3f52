import type { Session } from "../database/index.ts";
import { readableName, type SchemaObject, type SchemaSnapshot } from "../schema/index.ts";

/** A table, a column or a value of an enum under another name, with the statements there and back. */
export interface Rename {
  /** In words: `column users.nick → nickname`. */
  readonly text: string;
  readonly there: string;
  readonly back: string;
}

/** A table, a column or a value of an enum that is gone and one that is new and could be the same. */
export interface RenameCandidate {
  readonly kind: "table" | "column" | "value";
  /** As `--rename` takes it: `users.nick`. */
  readonly from: string;
  readonly to: string;
  /** The two, where they are objects of their own; of a value, its type. */
  readonly before: SchemaObject;
  readonly after: SchemaObject;
}

/**
 * Tables with the same columns, columns of one table with the same type, and values of one enum in the same place, of
 * which one is gone and one is new.
 */
export function renameCandidates(there: SchemaSnapshot, wished: SchemaSnapshot): readonly RenameCandidate[] {
  const gone = [...there.values()].filter((object) => !wished.has(keyOf(object)));
  const added = [...wished.values()].filter((object) => !there.has(keyOf(object)));
  const goneTables = new Set(gone.filter(isTable).map(tableOf));
  const newTables = new Set(added.filter(isTable).map(tableOf));
  const pairs = [
    ...pairsOf(
      gone.filter(isTable),
      added.filter(isTable),
      (before, after) =>
        before.schema === after.schema && columnsOf(there, before) === columnsOf(wished, after),
    ),
    ...pairsOf(
      gone.filter((object) => isColumn(object) && !goneTables.has(tableOf(object))),
      added.filter((object) => isColumn(object) && !newTables.has(tableOf(object))),
      (before, after) => tableOf(before) === tableOf(after) && typeOf(before) === typeOf(after),
    ),
  ];
  const objects = pairs.map(([before, after]) => ({
    kind: isTable(before) ? ("table" as const) : ("column" as const),
    from: shortName(before.name),
    to: shortName(after.name),
    before,
    after,
  }));
  return [...objects, ...valueCandidates(there, wished)];
}

function valueCandidates(there: SchemaSnapshot, wished: SchemaSnapshot): readonly RenameCandidate[] {
  return [...there.values()].flatMap((before) => {
    const after = wished.get(keyOf(before));
    if (after === undefined) return [];
    const type = shortName(before.name);
    return changedValues(before, after).map(([from, to]) => ({
      kind: "value" as const,
      from: `${type}.${valueName(from)}`,
      to: `${type}.${valueName(to)}`,
      before,
      after,
    }));
  });
}

/** A value of an enum as `--rename` takes it. */
function valueName(literal: string): string {
  return readableName(literal.slice(1, -1).replaceAll("''", "'"));
}

/**
 * The renaming of a candidate: several steps for a table that moves to another schema, which may have to be made, and
 * gets another name there.
 */
export function renamesOf(candidate: RenameCandidate, there: SchemaSnapshot): readonly Rename[] {
  const { kind, before, after } = candidate;
  if (kind === "value") {
    const [from, to] = [candidate.from, candidate.to].map((name) => literalOf(lastName(name)));
    return [valueRename(before, String(from), String(to))];
  }
  const [from, to] = [lastName(before.name), lastName(after.name)];
  const prefix = before.name.slice(0, before.name.length - from.length - 1);
  if (kind === "column") {
    return [
      {
        text: `column ${shortName(before.name)} → ${to}`,
        there: `ALTER TABLE ${prefix} RENAME COLUMN ${from} TO ${to}`,
        back: `ALTER TABLE ${prefix} RENAME COLUMN ${to} TO ${from}`,
      },
    ];
  }
  const schema = after.name.slice(0, after.name.length - to.length - 1);
  const renamed = {
    text: `table ${shortName(before.name)} → ${to}`,
    there: `ALTER TABLE ${before.name} RENAME TO ${to}`,
    back: `ALTER TABLE ${prefix}.${to} RENAME TO ${from}`,
  };
  const moved = {
    text: `table ${shortName(`${prefix}.${to}`)} → ${after.name}`,
    there: `ALTER TABLE ${prefix}.${to} SET SCHEMA ${schema}`,
    back: `ALTER TABLE ${after.name} SET SCHEMA ${prefix}`,
  };
  const made = { text: `schema ${schema}`, there: `CREATE SCHEMA ${schema}`, back: `DROP SCHEMA ${schema}` };
  return [
    ...(from === to ? [] : [renamed]),
    ...(prefix === schema || there.has(`schema ${schema}`) ? [] : [made]),
    ...(prefix === schema ? [] : [moved]),
  ];
}

function valueRename({ name }: SchemaObject, from: string, to: string): Rename {
  return {
    text: `value ${from} → ${to} of the enum ${shortName(name)}`,
    there: `ALTER TYPE ${name} RENAME VALUE ${from} TO ${to}`,
    back: `ALTER TYPE ${name} RENAME VALUE ${to} TO ${from}`,
  };
}

/** Values of enums that have another name and the same place, one a type: nothing else can be meant, because a value cannot be taken away. */
export function enumValueRenames(there: SchemaSnapshot, wished: SchemaSnapshot): readonly Rename[] {
  return [...there.values()].flatMap((before) => {
    const after = wished.get(keyOf(before));
    const [only, ...more] = after === undefined ? [] : changedValues(before, after);
    return only === undefined || more.length > 0 ? [] : [valueRename(before, ...only)];
  });
}

/** Values of an enum that are new and stand where one was that is gone, as they stand in SQL; none where values moved. */
function changedValues(before: SchemaObject, after: SchemaObject): readonly (readonly [string, string])[] {
  if (before.kind !== "type") return [];
  const [had, has] = [enumValues(before.definition), enumValues(after.definition)];
  if (had === undefined || had.length !== has?.length) return [];
  const pairs = had.flatMap((value, index) => {
    const other = has[index] ?? value;
    return value === other ? [] : [[value, other] as const];
  });
  return pairs.some(([from, to]) => had.includes(to) || has.includes(from)) ? [] : pairs;
}

/**
 * Constraints, indexes and sequences that have another name and are the same otherwise, as they are after a table or
 * a column got another name. Where two could be meant none is.
 */
export function followingRenames(there: SchemaSnapshot, wished: SchemaSnapshot): readonly Rename[] {
  const kinds = ["constraint", "index", "sequence"];
  const isOne = (object: SchemaObject): boolean => kinds.includes(object.kind) && object.table !== undefined;
  const gone = [...there.values()].filter((object) => isOne(object) && !wished.has(keyOf(object)));
  const added = [...wished.values()].filter((object) => isOne(object) && !there.has(keyOf(object)));
  const pairs = pairsOf(
    gone,
    added,
    (before, after) =>
      before.kind === after.kind && tableOf(before) === tableOf(after) && sameButName(before, after),
  );
  const single = pairs.filter(([b, a]) => pairs.filter(([x, y]) => x === b || y === a).length === 1);
  return single.map(([before, after]) => {
    const [from, to] = [lastName(before.name), lastName(after.name)];
    const prefix = before.name.slice(0, before.name.length - from.length - 1);
    if (before.kind === "constraint") {
      return {
        text: `constraint ${from} → ${to}`,
        there: `ALTER TABLE ${prefix} RENAME CONSTRAINT ${from} TO ${to}`,
        back: `ALTER TABLE ${prefix} RENAME CONSTRAINT ${to} TO ${from}`,
      };
    }
    const word = before.kind.toUpperCase();
    return {
      text: `${before.kind} ${from} → ${to}`,
      there: `ALTER ${word} ${before.name} RENAME TO ${to}`,
      back: `ALTER ${word} ${prefix}.${to} RENAME TO ${from}`,
    };
  });
}

/** Runs renames in the transaction that is open. */
export async function runRenames(session: Session, renames: readonly Rename[]): Promise<void> {
  for (const { there } of renames) await session.run(there);
}

/** A name without the schema `public`. */
export function shortName(name: string): string {
  return name.startsWith("public.") ? name.slice("public.".length) : name;
}

/** The quoted form that a snapshot has of names that a person wrote, with or without quotes. */
export function writtenName(name: string): string {
  return (name.match(/"(?:[^"]|"")*"|[^".]+/g) ?? [])
    .map((part) => readableName(part.startsWith('"') ? part.slice(1, -1).replaceAll('""', '"') : part))
    .join(".");
}

/** A name, quoted or not, as a text in SQL. */
export function literalOf(name: string): string {
  const text = name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name;
  return `'${text.replaceAll("'", "''")}'`;
}

function pairsOf(
  gone: readonly SchemaObject[],
  added: readonly SchemaObject[],
  isSame: (before: SchemaObject, after: SchemaObject) => boolean,
): (readonly [SchemaObject, SchemaObject])[] {
  return gone.flatMap((before) =>
    added.filter((after) => isSame(before, after)).map((after) => [before, after] as const),
  );
}

function sameButName(before: SchemaObject, after: SchemaObject): boolean {
  const without = ({ name, definition }: SchemaObject): string =>
    definition.replace(` ${lastName(name)} ON `, " ON ");
  return without(before) === without(after);
}

const isTable = ({ kind }: SchemaObject): boolean => kind === "table";
const isColumn = ({ kind }: SchemaObject): boolean => kind === "column";

function keyOf({ kind, name }: SchemaObject): string {
  return `${kind} ${name}`;
}

function tableOf({ schema, table }: SchemaObject): string {
  return `${schema}.${table}`;
}

function typeOf({ definition }: SchemaObject): string {
  return definition.split(/ (?:collate|not null|default|generated|storage) ?/, 1)[0] ?? "";
}

/** The names and types of all columns of a table, as one text. */
function columnsOf(snapshot: SchemaSnapshot, table: SchemaObject): string {
  return [...snapshot.values()]
    .filter((object) => isColumn(object) && tableOf(object) === tableOf(table))
    .map((column) => `${lastName(column.name)} ${typeOf(column)}`)
    .join("\n");
}

/** The values of an enum as they stand in SQL; undefined for what is none. */
export function enumValues(definition: string): readonly string[] | undefined {
  if (!definition.startsWith("enum (")) return undefined;
  return definition.slice("enum (".length, -1).match(/'(?:[^']|'')*'/g) ?? [];
}

/** The last part of a qualified name, as it is quoted. */
export function lastName(name: string): string {
  return /(?:"(?:[^"]|"")*"|[^."]+)$/.exec(name)?.[0] ?? name;
}
