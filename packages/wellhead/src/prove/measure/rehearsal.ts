// What comes of a rehearsal.

import type { PreparedStep } from "../../migrate/index.ts";
import type { SqlStatement } from "../../revisions/index.ts";
import type { WellheadError } from "../../wellhead-error.ts";
import type { RevisionFailure } from "../run-revision.ts";
import type { Effect } from "./effect.ts";

/** A revision to look at, or one of which nobody knows what it runs, and why. */
export type PendingStep = PreparedStep | UnseenStep;

interface UnseenStep {
  readonly info: PreparedStep["info"];
  readonly file: PreparedStep["file"];
  readonly body: { readonly kind: "unseen"; readonly reason: WellheadError };
}

/** What a revision did on tables with rows. */
export interface RehearsedRevision {
  readonly step: PendingStep;
  readonly outcome: RevisionOutcome;
  /** In the order in which they ran; none where they were not measured. */
  readonly statements: readonly MeasuredStatement[];
}

export type RevisionOutcome =
  | { readonly kind: "done" }
  /** `onRowsOnly`: on empty tables it works. */
  | { readonly kind: "failed"; readonly failure: RevisionFailure; readonly onRowsOnly: boolean }
  /** It builds on a revision that fails; or it fails itself, and builds on one that is not seen. */
  | { readonly kind: "not-tried"; readonly after: string }
  | { readonly kind: "unseen"; readonly reason: WellheadError };

export interface MeasuredStatement {
  readonly line: number | undefined;
  readonly sql: string;
  readonly tree: SqlStatement["tree"];
  readonly effect: Effect;
  readonly fails: (Pick<RevisionFailure, "code" | "message"> & { readonly onRowsOnly: boolean }) | undefined;
  /** `known`: it cannot be watched, and the manual says what it does; `not-run`: nothing is known of it. */
  readonly source: "measured" | "known" | "not-run";
}

/** What came of it. */
export interface Rehearsal {
  readonly revisions: readonly RehearsedRevision[];
  /** Tables that held no row, with the reason: nothing was proved of them. */
  readonly unfilled: readonly { readonly table: string; readonly reason: string }[];
}

/** Whether it is known what it runs. */
export function isPrepared(step: PendingStep): step is PreparedStep {
  return step.body.kind !== "unseen";
}
