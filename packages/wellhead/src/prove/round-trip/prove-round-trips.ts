import type { Session } from "../../database/index.ts";
import { NoDowngradeError, type Migrations } from "../../migrate/index.ts";
import { compareSchemas, hashTables, type SchemaDifference } from "../../schema/index.ts";
import { fillTables, type Scratch } from "../../scratch/index.ts";
import {
  needsNoTransaction,
  ProofRevisions,
  type PrepareStep,
  type ProofRevision,
} from "../proof-revision.ts";
import { readSchemaAgain } from "../read-schema-again.ts";
import { commitRevision, RevisionFailed, runRevision } from "../run-revision.ts";
import { ProofBaseError } from "../errors.ts";
import { Gaps } from "../gaps.ts";
import { onBase } from "../on-base.ts";
import type { RoundTrip, RoundTripDifference } from "./round-trip.ts";

/** What to prove, and with what. */
export interface ProveRoundTripsOptions {
  readonly migrations: Migrations;
  /** The revisions to prove; default: all. */
  readonly revisions?: readonly string[];
  /** An empty scratch database, to keep: what runs here is committed. */
  readonly scratch: Scratch;
  /** How a revision is read; default: `prepareStep`. */
  readonly prepare?: PrepareStep | undefined;
  /** Revisions of which nobody knows what they run: they are left out, and so is what does not run without them. */
  readonly unseen?: ReadonlySet<string> | undefined;
  readonly onRevision?: ((revision: string, index: number, total: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs revisions forward, back and forward again, on tables with rows, and compares what is there with what was
 * there. A revision that has nothing to undo (a merge) is fine by itself.
 *
 * @throws {ProofBaseError} `E_PROOF_BASE` when a revision that another one needs does not run
 */
export async function proveRoundTrips(options: ProveRoundTripsOptions): Promise<readonly RoundTrip[]> {
  const { migrations, scratch, prepare, onRevision, signal, unseen = new Set() } = options;
  const { graph } = migrations;
  const all = graph.planUpgrade({ from: [], to: "heads" }).map(({ revision }) => revision);
  const wanted = new Set<string>(options.revisions ?? all);
  const needed = neededFor(all, wanted, migrations).filter((revision) => !unseen.has(revision));
  const gaps = new Gaps(unseen);
  const broken = new Set<string>();
  const revisions = new ProofRevisions(migrations, prepare);
  const ways = new Map<string, OneRevision>();
  for (const revision of needed) {
    const upgrade = await revisions.get(revision, "upgrade");
    const downgrade = wanted.has(revision) ? await downgradeOf(revisions, revision) : undefined;
    ways.set(revision, { upgrade, downgrade });
  }
  // What comes behind the last one that is run has no need of a base.
  const last = needed.findLastIndex((revision) => runs(ways.get(revision)));
  const proofs: RoundTrip[] = [];
  for (const [index, revision] of needed.entries()) {
    signal?.throwIfAborted();
    const { upgrade, downgrade } = ways.get(revision) as OneRevision;
    const isAboveGap = gaps.below(upgrade.file) !== undefined;
    if ([...upgrade.file.revises, ...upgrade.file.dependsOn].some((id) => broken.has(id))) {
      broken.add(revision);
      continue;
    }
    if (downgrade !== undefined) {
      onRevision?.(revision, proofs.length, wanted.size);
      const proof = await proveOne(scratch, upgrade, downgrade, signal);
      if (proof.failedIn === "upgrade" && isAboveGap) {
        broken.add(revision);
        continue;
      }
      proofs.push(proof);
      if (proof.failedIn === "upgrade") break;
    }
    if (index >= last) continue;
    try {
      await scratch.database.withSession(async (session) =>
        onBase(async () => commitRevision(session, upgrade, { signal })),
      );
    } catch (error) {
      if (!(error instanceof ProofBaseError && isAboveGap)) throw error;
      broken.add(revision);
    }
  }
  return proofs;
}

/** The wanted ones and all that come before them, in the order of a plan. */
function neededFor(
  all: readonly string[],
  wanted: ReadonlySet<string>,
  { graph }: Migrations,
): readonly string[] {
  if (wanted.size === all.length) return all;
  const needed = new Set<string>();
  for (const revision of wanted) {
    for (const step of graph.planUpgrade({ from: [], to: revision })) needed.add(step.revision);
  }
  return all.filter((revision) => needed.has(revision));
}

/** A revision that is needed; with its downgrade where it is wanted. */
interface OneRevision {
  readonly upgrade: ProofRevision;
  readonly downgrade: Downgrade | undefined;
}

/** Whether there is something to run forward and back. */
function runs(one: OneRevision | undefined): boolean {
  if (one?.downgrade === undefined || "missing" in one.downgrade) return false;
  return !isEmpty(one.upgrade) || !isEmpty(one.downgrade.body);
}

/** A downgrade, or why there is none. */
type Downgrade = { readonly body: ProofRevision } | { readonly missing: NoDowngradeError };

async function downgradeOf(revisions: ProofRevisions, revision: string): Promise<Downgrade> {
  try {
    return { body: await revisions.get(revision, "downgrade") };
  } catch (error) {
    if (error instanceof NoDowngradeError) return { missing: error };
    throw error;
  }
}

async function proveOne(
  scratch: Scratch,
  upgrade: ProofRevision,
  downgrade: Downgrade,
  signal: AbortSignal | undefined,
): Promise<RoundTrip> {
  const { revision, path } = upgrade;
  if ("missing" in downgrade) {
    const { reason } = downgrade.missing;
    return {
      revision,
      path,
      schemaRestored: false,
      dataRestored: false,
      hasDowngrade: false,
      ...(reason !== undefined && { irreversible: reason }),
    };
  }
  if (isEmpty(upgrade) && isEmpty(downgrade.body))
    return { revision, path, schemaRestored: true, dataRestored: true };
  const result = await tripAnyhow(scratch, { upgrade, downgrade: downgrade.body, signal });
  // A section without a statement is a downgrade that nobody wrote.
  const isUnwritten = isEmpty(downgrade.body) && !result.schemaRestored && result.failedIn !== "upgrade";
  return isUnwritten
    ? { revision, path, schemaRestored: false, dataRestored: false, hasDowngrade: false }
    : result;
}

/** In a transaction that is rolled back where that will do, else on a copy. */
async function tripAnyhow(scratch: Scratch, ways: Ways): Promise<RoundTrip> {
  if (needsNoTransaction(ways.upgrade) || needsNoTransaction(ways.downgrade))
    return await tripOnCopy(scratch, ways);
  const inside = await scratch.database.withSession(async (session) => {
    const trip = await tripInside(session, ways, true);
    if (trip.error === undefined || !isAboutRows(trip.error.code)) return trip;
    // That it fails on rows is for another proof to tell.
    return { ...(await tripInside(session, ways, false)), withoutRows: true } as const;
  });
  return inside.error?.code === UNSAFE_NEW_ENUM_VALUE ? await tripOnCopy(scratch, ways) : inside;
}

/** A value of an enum must be committed before it is used. */
const UNSAFE_NEW_ENUM_VALUE = "55P04";

interface Ways {
  readonly upgrade: ProofRevision;
  readonly downgrade: ProofRevision;
  readonly signal: AbortSignal | undefined;
}

async function tripInside(session: Session, ways: Ways, hasRows: boolean): Promise<RoundTrip> {
  await session.run("BEGIN");
  try {
    return await trip(session, ways, hasRows, runRevision);
  } finally {
    await session.run("ROLLBACK");
  }
}

/** What cannot run in a transaction runs on a copy, with commits. */
async function tripOnCopy(scratch: Scratch, ways: Ways): Promise<RoundTrip> {
  for (const hasRows of [true, false]) {
    const copy = await scratch.copy();
    try {
      const result = await copy.database.withSession(async (session) =>
        trip(session, ways, hasRows, commitRevision),
      );
      if (!hasRows) return { ...result, withoutRows: true };
      if (result.error === undefined || !isAboutRows(result.error.code)) return result;
    } finally {
      await copy.close();
    }
  }
  throw new Error("unreachable: the second trip returns");
}

async function trip(
  session: Session,
  { upgrade, downgrade, signal }: Ways,
  hasRows: boolean,
  run: typeof runRevision,
): Promise<RoundTrip> {
  const { revision, path } = upgrade;
  const before = await readSchemaAgain(session);
  if (hasRows) await fillTables(session);
  const rows = await hashTables(session);
  let doing: RoundTrip["failedIn"] = "upgrade";
  try {
    await run(session, upgrade, { signal });
    const upgraded = await readSchemaAgain(session);
    doing = "downgrade";
    await run(session, downgrade, { signal });
    const restored = compareSchemas(before, await readSchemaAgain(session));
    const tables = await changedRows(session, rows);
    doing = "second upgrade";
    await run(session, upgrade, { signal });
    const again = compareSchemas(upgraded, await readSchemaAgain(session));
    const difference = (restored.length > 0 ? restored : again).map(asReported);
    return {
      revision,
      path,
      schemaRestored: difference.length === 0,
      dataRestored: tables.length === 0,
      ...(difference.length > 0 && { difference }),
      ...(tables.length > 0 && { tables }),
    };
  } catch (error) {
    if (!(error instanceof RevisionFailed)) throw error;
    return {
      revision,
      path,
      schemaRestored: false,
      dataRestored: false,
      error: error.failure,
      failedIn: doing,
    };
  }
}

/** The tables whose rows are not what they were, or that are gone. */
async function changedRows(
  session: Session,
  before: ReadonlyMap<string, string>,
): Promise<readonly string[]> {
  const after = await hashTables(session);
  return [...before].flatMap(([table, hash]) => (after.get(table) === hash ? [] : [table]));
}

function asReported(difference: SchemaDifference): RoundTripDifference {
  const before = "before" in difference ? difference.before : undefined;
  const after = "after" in difference ? difference.after : undefined;
  const { kind = "", name = "" } = after ?? before ?? {};
  return { kind, name, definitions: [before?.definition ?? null, after?.definition ?? null] };
}

function isEmpty({ body }: ProofRevision): boolean {
  return body.kind === "statements" && body.statements.length === 0;
}

/** Data exceptions and violated constraints: classes 22 and 23 of SQLSTATE. */
function isAboutRows(code: string): boolean {
  return /^2[23]/.test(code);
}
