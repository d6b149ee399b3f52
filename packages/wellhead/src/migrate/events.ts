import type { Blocker } from "./blockers.ts";
import type { LockHolder } from "./lock-holder.ts";

/** One step of a run, as it is told and as the result lists it. */
export interface StepInfo {
  readonly direction: "upgrade" | "downgrade";
  readonly revision: string;
  readonly revises: readonly string[];
  readonly message: string;
  /** The revision's file, as shown to people. */
  readonly path: string;
  /** The version table's rows after the step, sorted. */
  readonly versionsAfter: readonly string[];
}

/** What a run tells while it goes on. The set is closed: switch over `kind`. */
export type MigrateEvent =
  /** The versions were read and the steps are known; none when there is nothing to do. */
  | { readonly kind: "planned"; readonly from: readonly string[]; readonly steps: readonly StepInfo[] }
  /** Applied revisions whose upgrade text has changed since. */
  | { readonly kind: "edited"; readonly revisions: readonly EditedRevision[] }
  /** Another process is migrating the same database; told when the wait begins and then about every 5 seconds. */
  | { readonly kind: "waiting-for-lock"; readonly holder: LockHolder | undefined; readonly waitedMs: number }
  /** A lock was not had in time, or a deadlock broke the transaction: it was rolled back and is tried again after `waitMs`. */
  | {
      readonly kind: "retrying";
      readonly attempt: number;
      readonly reason: string;
      readonly blockers: readonly Blocker[];
      readonly waitMs: number;
    }
  /** The connection was lost, or cannot be had yet: what was not committed is rolled back, and the run is taken up again on another one after `waitMs`. */
  | {
      readonly kind: "reconnecting";
      /** Since the connection was lost, from 1. */
      readonly attempt: number;
      readonly reason: string;
      readonly waitMs: number;
    }
  | { readonly kind: "step-started"; readonly step: StepInfo; readonly index: number; readonly total: number }
  | {
      readonly kind: "step-finished";
      readonly step: StepInfo;
      readonly index: number;
      readonly total: number;
      readonly durationMs: number;
    };

/** An applied revision whose upgrade text is not the one that ran. */
export interface EditedRevision {
  readonly revision: string;
  readonly path: string;
}
