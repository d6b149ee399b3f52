import { snapshotOf } from "./read-schema.ts";
import type { SchemaObject, SchemaSnapshot } from "./schema-object.ts";

/** What a scope looks at: of an object as much as is known. */
export type ScopedObject = Pick<SchemaObject, "kind" | "schema" | "table" | "definition">;

/** Which objects are meant, and how much of them. */
export interface SchemaScope {
  readonly includes: (object: ScopedObject) => boolean;
  /** Only what a table is for those who use it counts, not how it is stored, sorted by a collation or partitioned. */
  readonly isLogical: boolean;
  /** Whether row security counts, where `isLogical`. */
  readonly hasRowSecurity: boolean;
}

/** Everything, save who owns what. */
export const wholeSchema: SchemaScope = {
  includes: ({ kind }) => kind !== "owner",
  isLogical: false,
  hasRowSecurity: true,
};

/** The objects of a schema that are meant, with as much of each as is. */
export function withinScope(snapshot: SchemaSnapshot, scope: SchemaScope): SchemaSnapshot {
  const objects = [...snapshot.values()].filter(scope.includes);
  return snapshotOf(scope.isLogical ? objects.map((object) => logicalPart(object, scope)) : objects);
}

/** The objects that are not. */
export function outsideScope(snapshot: SchemaSnapshot, scope: SchemaScope): SchemaSnapshot {
  return snapshotOf([...snapshot.values()].filter((object) => !scope.includes(object)));
}

function logicalPart(object: SchemaObject, { hasRowSecurity }: SchemaScope): SchemaObject {
  const { kind, definition } = object;
  if (kind === "table") {
    const isSecured = hasRowSecurity && /(^|, )row security(,|$)/.test(definition);
    return { ...object, definition: isSecured ? "row security" : "" };
  }
  if (kind === "column") return { ...object, definition: logicalColumn(definition) };
  return object;
}

/** What `catalog/relations.ts` writes behind a type and at the end of a column. */
function logicalColumn(definition: string): string {
  const physical =
    /( storage \w+)?( compression \w+)?( statistics \d+)?( with \(.*\))?( options \(.*\))?( inherited( and own)?)?$/s;
  const [type = "", ...rest] = definition.split(/(?= not null| default | generated )/s);
  return type.replace(/ collate (?:"(?:[^"]|"")*"|[\w.]+)+/, "") + rest.join("").replace(physical, "");
}
