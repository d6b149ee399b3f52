import { compareLockModes, lockModes, type LockMode } from "../../revisions/index.ts";
import type { Counters, DroppedRelation, Relation, TouchedRelation } from "./relation.ts";

/** What a lock keeps others from. */
export type Blocked = "reads" | "writes";

/** The strongest lock that a statement takes on a relation. */
export interface TakenLock {
  readonly relation: string;
  readonly mode: LockMode;
  readonly blocks: readonly Blocked[];
}

/** With what is known of the relation. */
interface MeasuredLock extends TakenLock {
  /** A pending revision has made it, so that nobody uses it yet where all of them run at once. */
  readonly isNewInRun: boolean;
}

/** What a statement does to relations that were there before it. */
export interface Effect {
  readonly locks: readonly MeasuredLock[];
  /** Tables, materialized views and indexes that are written anew. */
  readonly rewrites: readonly string[];
  /** Tables of which all rows are read. */
  readonly scans: readonly string[];
  readonly dataLoss: boolean;
}

export const NO_EFFECT: Effect = { locks: [], rewrites: [], scans: [], dataLoss: false };

/**
 * What a lock of this mode blocks: reading is ACCESS SHARE, writing is ROW EXCLUSIVE.
 *
 * @see https://www.postgresql.org/docs/current/explicit-locking.html#TABLE-LOCK-COMPATIBILITY
 */
export function blockedBy(mode: LockMode): readonly Blocked[] {
  if (mode === "AccessExclusiveLock") return ["reads", "writes"];
  return compareLockModes(mode, "ShareLock") >= 0 ? ["writes"] : [];
}

type Touched = TouchedRelation | DroppedRelation;

/** What is known around a statement. */
export interface Surroundings {
  /** The oids of those that were there before the first pending revision. */
  readonly initial: ReadonlySet<string>;
  /** The relations that were there before the revision. */
  readonly existing: ReadonlyMap<string, Relation>;
  /** The same as the statement found them. */
  readonly before: ReadonlyMap<string, Relation>;
  /** The locks that the transaction held already when the statement began. */
  readonly held: ReadonlyMap<string, readonly LockMode[]>;
  readonly counted: ReadonlyMap<string, Counters>;
  /** The statement may write files anew, and keeps every row: ALTER TABLE, CLUSTER. */
  readonly keepsRows: boolean;
}

/** What became of the relations between two looks at the transaction. */
export function effectOf(touched: readonly Touched[], surroundings: Surroundings): Effect {
  const { existing, before, counted } = surroundings;
  const old = touched.filter(({ oid }) => existing.has(oid));
  const nameOf = (oid: string): string => before.get(oid)?.name ?? existing.get(oid)?.name ?? oid;
  const rewritten = old.filter((each) => isRewritten(each, before.get(each.oid)));
  const scanned = old.filter(
    // The indexes of a materialized view are built from what has just been written.
    (each) => isScanned(each, counted.get(each.oid)) && !(each.kind === "m" && rewritten.includes(each)),
  );
  const rebuilt = rebuiltIndexes(touched, surroundings);
  const isWithTable = ({ oid }: { readonly oid: string }): boolean =>
    rewritten.some((each) => each.oid === existing.get(oid)?.indexOf);
  return {
    locks: locksOf(old, surroundings, nameOf),
    rewrites: sorted(
      [...rewritten, ...rebuilt].filter((each) => !isWithTable(each)).map(({ oid }) => nameOf(oid)),
    ),
    scans: sorted(scanned.map(({ oid }) => nameOf(oid))),
    dataLoss: old.some((each) => losesData(each, surroundings)),
  };
}

function locksOf(
  old: readonly Touched[],
  { initial, existing, held }: Surroundings,
  nameOf: (oid: string) => string,
): readonly MeasuredLock[] {
  const taken = new Map<string, LockMode>();
  for (const { oid, modes } of old) {
    const had = held.get(oid) ?? [];
    const mode = lockModes.findLast((each) => modes.includes(each) && !had.includes(each));
    if (mode !== undefined) taken.set(oid, mode);
  }
  const gone = new Set(old.filter(({ name }) => name === null).map(({ oid }) => oid));
  const isTableGone = [...gone].some((oid) => existing.get(oid)?.kind === "r");
  const isTold = ([oid, mode]: readonly [string, LockMode]): boolean => {
    const relation = existing.get(oid);
    if (relation === undefined || mode === "AccessShareLock") return false;
    // nextval takes ROW EXCLUSIVE; a sequence that goes along with its table is no news.
    if (relation.kind === "S")
      return compareLockModes(mode, "RowExclusiveLock") > 0 && !(gone.has(oid) && isTableGone);
    if (relation.indexOf === null) return true;
    // An index goes along with its table: only what it is locked beyond that matters.
    const ofTable = taken.get(relation.indexOf) ?? "AccessShareLock";
    return compareLockModes(mode, "RowExclusiveLock") > 0 && compareLockModes(mode, ofTable) > 0;
  };
  const told = [...taken].filter(isTold);
  return byStrength(
    told.map(([oid, mode]) => ({
      relation: nameOf(oid),
      mode,
      blocks: blockedBy(mode),
      isNewInRun: !initial.has(oid),
    })),
  );
}

function byStrength(locks: readonly MeasuredLock[]): readonly MeasuredLock[] {
  return locks.toSorted((a, b) => compareLockModes(b.mode, a.mode) || (a.relation < b.relation ? -1 : 1));
}

function isRewritten(now: Touched, before: Relation | undefined): boolean {
  if (now.name === null || now.kind === "S") return false;
  return before !== undefined && before.file !== null && now.file !== before.file;
}

/** Indexes that were dropped and made anew under their name, as ALTER COLUMN TYPE does where the old ones do not fit. */
function rebuiltIndexes(
  touched: readonly Touched[],
  { existing, before }: Surroundings,
): readonly Relation[] {
  const gone = touched.filter(({ oid, name }) => name === null && existing.get(oid)?.indexOf != null);
  return gone.flatMap(({ oid }) => {
    const old = before.get(oid);
    const isBack = touched.some(
      (each) => each.name !== null && each.oid !== oid && each.name === old?.name && each.file !== old.file,
    );
    return old !== undefined && isBack ? [old] : [];
  });
}

function isScanned(now: Touched, counted: Counters | undefined): now is TouchedRelation {
  return now.name !== null && ["r", "m"].includes(now.kind) && now.rowsRead > (counted?.rowsRead ?? 0);
}

/** A table that is gone, columns that are gone, rows that are gone. */
function losesData(now: Touched, { existing, before, counted, keepsRows }: Surroundings): boolean {
  const old = existing.get(now.oid);
  if (old === undefined || old.kind !== "r") return false;
  if (now.name === null) return before.has(now.oid);
  const known = before.get(now.oid);
  const isColumnGone = old.columns.some(
    (number) => known?.columns.includes(number) === true && !now.columns.includes(number),
  );
  const deletedBefore = counted.get(now.oid)?.rowsDeleted ?? 0;
  // A table of deleted rows alone has a file, until it is written anew.
  const isEmptied = !keepsRows && (known?.bytes ?? 0) > 0 && now.bytes === 0;
  return isColumnGone || now.rowsDeleted > deletedBefore || isEmptied;
}

function sorted(names: readonly string[]): readonly string[] {
  return [...new Set(names)].toSorted();
}
