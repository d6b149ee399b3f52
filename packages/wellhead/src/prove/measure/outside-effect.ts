// What statements do that cannot run in a transaction, where nobody can look at their locks: as the manual has it.

import type { LockMode, SqlStatement } from "../../revisions/index.ts";
import { blockedBy, NO_EFFECT, type Effect } from "./effect.ts";
import type { Relation } from "./relation.ts";
import { commandsOf, nodeOf } from "./statement-kind.ts";

interface RangeVar {
  readonly schemaname?: string;
  readonly relname?: string;
}

/** What is known of the relations around a statement. */
export interface KnownRelations {
  readonly relations: readonly Relation[];
  /** It was there before the revision. */
  readonly isOld: (relation: Relation) => boolean;
  /** It was there before the first pending revision. */
  readonly isInitial: (relation: Relation) => boolean;
}

/** The effect on those of the relations that are old. */
export function outsideEffect(
  tree: SqlStatement["tree"],
  { relations, isOld, isInitial }: KnownRelations,
): Effect {
  const { locks, rewrites, scans } = effectOf(tree, relations);
  const old = new Set(relations.filter(isOld).map(({ name }) => name));
  const initial = new Set(relations.filter(isInitial).map(({ name }) => name));
  return {
    locks: locks
      .filter(({ relation }) => old.has(relation))
      .map((lock) => ({ ...lock, isNewInRun: !initial.has(lock.relation) })),
    rewrites: rewrites.filter((name) => old.has(name)),
    scans: scans.filter((name) => old.has(name)),
    dataLoss: false,
  };
}

function effectOf(tree: SqlStatement["tree"], relations: readonly Relation[]): Effect {
  const { name, fields } = nodeOf(tree);
  const find = (range: unknown): Relation | undefined => findRelation(range as RangeVar, relations);
  switch (name) {
    // https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY
    case "IndexStmt": {
      const table = find(fields["relation"]);
      return { ...lockOn([table], "ShareUpdateExclusiveLock"), scans: namesOf([table]) };
    }
    // https://www.postgresql.org/docs/current/sql-dropindex.html
    case "DropStmt": {
      const tables = droppedNames(fields["objects"]).map((range) => tableOf(find(range), relations));
      return lockOn(tables, "ShareUpdateExclusiveLock");
    }
    // https://www.postgresql.org/docs/current/sql-reindex.html#SQL-REINDEX-CONCURRENTLY
    case "ReindexStmt": {
      const target = find(fields["relation"]);
      const table = tableOf(target, relations);
      const indexes =
        target?.indexOf === null ? relations.filter(({ indexOf }) => indexOf === target.oid) : [target];
      return {
        ...lockOn([table], "ShareUpdateExclusiveLock"),
        rewrites: namesOf(indexes),
        scans: namesOf([table]),
      };
    }
    // https://www.postgresql.org/docs/current/sql-vacuum.html
    case "VacuumStmt": {
      const named = (fields["rels"] ?? []) as readonly {
        readonly VacuumRelation?: { readonly relation?: RangeVar };
      }[];
      const tables =
        named.length > 0
          ? named.map((each) => find(each.VacuumRelation?.relation))
          : relations.filter(isTable);
      if (!isFull(fields["options"]))
        return { ...lockOn(tables, "ShareUpdateExclusiveLock"), scans: namesOf(tables) };
      return { ...lockOn(tables, "AccessExclusiveLock"), rewrites: namesOf(tables), scans: namesOf(tables) };
    }
    // https://www.postgresql.org/docs/current/sql-cluster.html
    case "ClusterStmt":
      return NO_EFFECT;
    // https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DETACH-PARTITION
    case "AlterTableStmt": {
      const parts = commandsOf(tree).map(({ def }) =>
        find((def["PartitionCmd"] as { name?: RangeVar })?.name),
      );
      const onParent = lockOn([find(fields["relation"])], "ShareUpdateExclusiveLock");
      return { ...onParent, locks: [...lockOn(parts, "AccessExclusiveLock").locks, ...onParent.locks] };
    }
    default:
      return NO_EFFECT;
  }
}

function lockOn(relations: readonly (Relation | undefined)[], mode: LockMode): Effect {
  const locks = namesOf(relations).map((relation) => ({
    relation,
    mode,
    blocks: blockedBy(mode),
    isNewInRun: false,
  }));
  return { ...NO_EFFECT, locks };
}

function namesOf(relations: readonly (Relation | undefined)[]): readonly string[] {
  return [...new Set(relations.flatMap((each) => (each === undefined ? [] : [each.name])))].toSorted();
}

function findRelation(range: RangeVar | undefined, relations: readonly Relation[]): Relation | undefined {
  const { schemaname, relname } = range ?? {};
  const plain = (name: string): string => name.replaceAll('"', "");
  return relations.find(({ name }) =>
    schemaname === undefined
      ? plain(name) === relname || plain(name) === `public.${relname}`
      : plain(name) === `${schemaname}.${relname}` || plain(name) === relname,
  );
}

function tableOf(relation: Relation | undefined, relations: readonly Relation[]): Relation | undefined {
  if (relation === undefined || relation.indexOf === null) return relation;
  return relations.find(({ oid }) => oid === relation.indexOf);
}

function isTable({ kind }: Relation): boolean {
  return kind === "r" || kind === "m";
}

function droppedNames(objects: unknown): readonly RangeVar[] {
  if (!Array.isArray(objects)) return [];
  return objects.map(
    (each: {
      readonly List?: { readonly items?: readonly { readonly String?: { readonly sval?: string } }[] };
    }) => {
      const parts = (each.List?.items ?? []).map((item) => item.String?.sval ?? "");
      const [relname = "", schemaname] = parts.toReversed();
      return { relname, ...(schemaname !== undefined && { schemaname }) };
    },
  );
}

function isFull(options: unknown): boolean {
  return (
    Array.isArray(options) &&
    options.some(
      (each: { readonly DefElem?: { readonly defname?: string } }) => each.DefElem?.defname === "full",
    )
  );
}
