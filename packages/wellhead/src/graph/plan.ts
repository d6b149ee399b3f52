import type { RevisionId } from "./revision.ts";

/** One revision to run, and where the database stands after it. */
export interface Step<Direction extends "upgrade" | "downgrade" = "upgrade" | "downgrade"> {
  readonly direction: Direction;
  readonly revision: RevisionId;
  /** The versions after the step, sorted. Worked out when it is read; reading the steps in order is cheapest. */
  readonly versionsAfter: readonly RevisionId[];
}

/** One change of the versions that runs nothing. */
export interface StampStep {
  /** `up`: towards the heads, or to a branch not yet there. `down`: towards base. */
  readonly direction: "up" | "down";
  /** The versions that the step takes away. */
  readonly from: readonly RevisionId[];
  /** The version that the step puts there; empty for base. */
  readonly to: readonly RevisionId[];
  /** The versions after the step, sorted. */
  readonly versionsAfter: readonly RevisionId[];
}

export interface PlanUpgradeOptions {
  /** The versions the database stands at, in the order of the SELECT. */
  readonly from: readonly string[];
  /** A target, or several. Default: `heads`. */
  readonly to?: string | readonly string[] | undefined;
}

export interface PlanDowngradeOptions {
  /** The versions the database stands at. Their order matters for `-N` with several: the first is meant. */
  readonly from: readonly string[];
  /** One target. */
  readonly to: string;
}

export interface PlanStampOptions {
  /** The versions the database stands at. */
  readonly from: readonly string[];
  readonly to: string | readonly string[];
  /** Forget the old versions first, whatever they are. Default: false. */
  readonly purge?: boolean | undefined;
}

export interface HeadsOptions {
  /** Leave out the heads that something depends on. Default: false. */
  readonly resolveDependencies?: boolean | undefined;
}

export interface HistoryOptions {
  /** `A:B`, both ends included; either may be empty. Default: everything. */
  readonly range?: string | undefined;
  /** What `current` stands for as an end of the range. */
  readonly versions?: readonly string[] | undefined;
}

export interface ResolveOptions {
  /** What `current` stands for. Without them `current` is no target. */
  readonly versions?: readonly string[] | undefined;
}

export interface CreateOptions {
  /** What the new revision revises. Default: `head`. */
  readonly head?: string | readonly string[] | undefined;
  /** Allow what it revises not to be a head, which makes a new branch. Default: false. */
  readonly splice?: boolean | undefined;
  readonly branchLabel?: string | readonly string[] | undefined;
  /** Revisions or branch labels that have to be applied first. */
  readonly dependsOn?: string | readonly string[] | undefined;
  /** Its id, when it is known already: it is checked too. */
  readonly revision?: string | undefined;
  readonly message?: string | undefined;
}

/** What the file of a new revision has to say. */
export interface NewRevision {
  readonly revises: readonly RevisionId[];
  /** Ids in full, labels as labels; sorted, since their order says nothing. */
  readonly dependsOn: readonly string[];
  /** The labels it declares; those of the branches it joins come to it by themselves. */
  readonly labels: readonly string[];
}

export interface MergeOptions {
  /** Allow a revision that is no head. Default: false. */
  readonly splice?: boolean | undefined;
  readonly branchLabel?: string | readonly string[] | undefined;
  /** The id of the merge, when it is known already: it is checked too. */
  readonly revision?: string | undefined;
  readonly message?: string | undefined;
}

export interface RebaseOptions {
  /** The target that the lines are to begin at, or several; `base` for none. */
  readonly onto: string | readonly string[];
}

/** What has to change for lines of revisions to begin somewhere else. */
export interface RebasePlan {
  /** What the target stands for; none for base. */
  readonly onto: readonly RevisionId[];
  /** All that lies elsewhere afterwards, in load order: the lines and what builds on them. */
  readonly moved: readonly RevisionId[];
  /** The revisions whose file has to say something else, in load order; none where all is so already. */
  readonly changes: readonly Reparented[];
}

/** A revision with other down revisions. */
export interface Reparented {
  readonly revision: RevisionId;
  readonly from: readonly RevisionId[];
  readonly to: readonly RevisionId[];
}
