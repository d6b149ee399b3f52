import {
  matchesAny,
  schemaMatchesAny,
  type SchemaObject,
  type SchemaScope,
  type SchemaSnapshot,
  type ScopedObject,
} from "../schema/index.ts";
import type { ModelsReach } from "./models.ts";

/** What every source of tables can say. */
const TABLE_KINDS = ["schema", "table", "column", "constraint", "index", "sequence", "type"];

/**
 * What models are responsible for, among what they declare and what there is instead. Who owns what they never say.
 *
 * @param never tables that are nobody's model, such as the version table
 */
export function modelsScope(
  reach: ModelsReach,
  { declared, there }: { readonly declared: SchemaSnapshot; readonly there: SchemaSnapshot },
  never: readonly string[],
): SchemaScope {
  const excluded = [...reach.exclude, ...never];
  const isReached = ({ schema, table }: Pick<SchemaObject, "schema" | "table">): boolean => {
    if (schema === undefined) return true;
    if (table === undefined) {
      if (reach.exclude.includes(`${schema}.*`)) return false;
      return reach.include.length === 0 || schemaMatchesAny(schema, reach.include);
    }
    if (matchesAny({ schema, table }, excluded)) return false;
    return reach.include.length === 0 || matchesAny({ schema, table }, reach.include);
  };
  if (reach.declares === "everything") {
    return {
      includes: (object) => object.kind !== "owner" && isReached(object),
      isLogical: false,
      hasRowSecurity: true,
    };
  }
  const said = [...declared.values()].map(({ kind }) => kind);
  const kinds = new Set([...TABLE_KINDS, ...reach.kinds, ...said]);
  const all = [...declared.values(), ...there.values()];
  const isBeyond = (object: SchemaObject): boolean => isPartition(object) || isOtherRelation(object, kinds);
  const beyond = new Set(all.filter(isBeyond).map(({ schema, table }) => `${schema}.${table}`));
  const ownSequences = reach.kinds.includes("sequence") || [...declared.values()].some(isLoneSequence);
  const includes = (object: ScopedObject): boolean =>
    kinds.has(object.kind) &&
    isReached(object) &&
    !beyond.has(`${object.schema}.${object.table}`) &&
    isSayable(object) &&
    (ownSequences || !isLoneSequence(object));
  const schemasBeyond = new Set(
    all.filter((object) => object.kind !== "schema" && !includes(object)).map(({ schema }) => schema),
  );
  for (const { kind, schema } of declared.values()) if (kind === "schema") schemasBeyond.delete(schema);
  return {
    includes: (object) => includes(object) && !(object.kind === "schema" && schemasBeyond.has(object.schema)),
    isLogical: true,
    hasRowSecurity: kinds.has("policy"),
  };
}

/** An enum is a type that ORMs know; an exclusion constraint and a domain's check are none of theirs. */
function isSayable({ kind, table, definition }: ScopedObject): boolean {
  if (kind === "type") return definition.startsWith("enum");
  if (kind === "constraint") return table !== undefined && !/^(EXCLUDE|NOT NULL)\b/.test(definition);
  return kind !== "table" || !/^foreign|, foreign/.test(definition);
}

/** A sequence that belongs to no column. */
function isLoneSequence({ kind, table }: ScopedObject): boolean {
  return kind === "sequence" && table === undefined;
}

/** A view where the source cannot say views: what hangs on it is beyond it too. */
function isOtherRelation({ kind }: ScopedObject, kinds: ReadonlySet<string>): boolean {
  return (kind === "view" || kind === "materialized view") && !kinds.has(kind);
}

function isPartition({ kind, definition }: SchemaObject): boolean {
  return kind === "table" && /(^|, )partition of /.test(definition);
}
