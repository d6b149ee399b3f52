import type { SchemaObject, SchemaSnapshot } from "./schema-object.ts";

/** How one object differs between two schemas. */
export type SchemaDifference =
  | { readonly kind: "added"; readonly after: SchemaObject }
  | { readonly kind: "removed"; readonly before: SchemaObject }
  | { readonly kind: "changed"; readonly before: SchemaObject; readonly after: SchemaObject }
  /** Two servers wrote down the query inside it in their own ways (see `queryStyle`): whether it is the same cannot be told from the texts. */
  | { readonly kind: "incomparable"; readonly before: SchemaObject; readonly after: SchemaObject };

/** What is different from one schema to the other, sorted by the objects' keys; empty when they are the same. */
export function compareSchemas(before: SchemaSnapshot, after: SchemaSnapshot): readonly SchemaDifference[] {
  const keys = [...new Set([...before.keys(), ...after.keys()])].sort();
  return keys.flatMap((key) => difference(before.get(key), after.get(key)) ?? []);
}

/** The object that a difference is about, as it was last. */
export function differingObject(difference: SchemaDifference): SchemaObject {
  return difference.kind === "removed" ? difference.before : difference.after;
}

function difference(
  before: SchemaObject | undefined,
  after: SchemaObject | undefined,
): SchemaDifference | undefined {
  if (before === undefined) return after && { kind: "added", after };
  if (after === undefined) return { kind: "removed", before };
  if (before.definition === after.definition) return undefined;
  const kind = before.queryStyle === after.queryStyle ? "changed" : "incomparable";
  return { kind, before, after };
}
