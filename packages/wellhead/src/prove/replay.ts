import type { Migrations } from "../migrate/index.ts";
import type { Scratch } from "../scratch/index.ts";
import type { WellheadError } from "../wellhead-error.ts";
import type { Seed } from "./commute/seed.ts";
import { rehearsePending } from "./measure/rehearse-pending.ts";
import type { RehearsedRevision } from "./measure/rehearsal.ts";
import type { RevisionFailure } from "./run-revision.ts";

/** Whether revisions run from base, on tables with rows, in the order that their graph gives them. */
export interface ReplayProof {
  /** What ran, in its order; on empty tables at least. */
  readonly revisions: readonly string[];
  /** The Postgres that it ran on. */
  readonly version: string;
  /** The first that did not run, whether there are rows or not. */
  readonly error?: RevisionFailure;
  /** Those that run on empty tables alone. */
  readonly failOnRows: readonly RevisionFailure[];
  /** Why nobody knows what one of them runs: the first such one was left out, or all. */
  readonly unseen?: WellheadError;
}

export interface ProveReplayOptions {
  readonly migrations: Migrations;
  /** The revisions to come to. */
  readonly to: readonly string[];
  /** Why nobody knows what a revision runs, of those of which nobody does. */
  readonly unseen: ReadonlyMap<string, WellheadError>;
  /** The project's own rows; default: rows are made up. */
  readonly seed?: Seed | undefined;
  readonly scratch: {
    readonly open: () => Promise<Scratch>;
    readonly spend: () => Promise<Scratch>;
  };
}

/**
 * Runs revisions from base on, as `upgrade` would on a new database, with rows in the tables.
 *
 * @returns undefined where there is nothing to run
 */
export async function proveReplay(options: ProveReplayOptions): Promise<ReplayProof | undefined> {
  const { migrations, to, unseen, seed, scratch } = options;
  const rehearsal = await rehearsePending({ migrations, versions: [], target: to, unseen, seed, scratch });
  if (rehearsal === undefined) return undefined;
  const steps = rehearsal.revisions;
  const failures = steps.flatMap(({ outcome }) => (outcome.kind === "failed" ? [outcome] : []));
  const error = failures.find(({ onRowsOnly }) => !onRowsOnly)?.failure;
  const [reason] = steps.flatMap(({ outcome }) => (outcome.kind === "unseen" ? [outcome.reason] : []));
  return {
    revisions: steps.filter(({ outcome }) => ran(outcome)).map(({ step }) => step.info.revision),
    version: rehearsal.version,
    ...(error !== undefined && { error }),
    failOnRows: failures.flatMap(({ failure, onRowsOnly }) => (onRowsOnly ? [failure] : [])),
    ...(reason !== undefined && { unseen: reason }),
  };
}

function ran(outcome: RehearsedRevision["outcome"]): boolean {
  return outcome.kind === "done" || (outcome.kind === "failed" && outcome.onRowsOnly);
}
