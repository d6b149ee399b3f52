import type { Migrations } from "../../migrate/index.ts";
import type { CommuteProof, PendingRehearsal } from "../../prove/index.ts";
import type { LockMode } from "../../revisions/index.ts";
import type { Scratch } from "../../scratch/index.ts";
import type { WellheadError } from "../../wellhead-error.ts";
import type { Landing } from "../branches/landing.ts";
import type { UnitedBranches } from "../branches/unite-branches.ts";
import type { ProvableMigrations } from "../provable-migrations.ts";
import type { Workspace } from "../workspace.ts";

/** One thing that a pull request must hold. */
export interface CheckSection {
  readonly name: string;
  readonly run: (subject: CheckSubject) => Promise<SectionOutcome>;
  /** What is said of it where `run` ends in an error of ours, which then is the finding; without it, the command ends. */
  readonly failed?: string;
}

/** What is known of a project before anything is run. */
export type LoadedSubject = Pick<CheckSubject, "workspace" | "migrations" | "problems" | "united">;

/** What is checked: the project, and its revisions as far as they load. */
export interface CheckSubject {
  readonly workspace: Workspace;
  /** Undefined when the files do not make a graph; `problems` says why. */
  readonly migrations: Migrations | undefined;
  readonly problems: readonly Finding[];
  /** The branches that `--git` names, united with the work tree; their revisions are among `migrations`. */
  readonly united: UnitedBranches | undefined;
  /**
   * The scratch database that all sections share, opened when the first one asks and closed after the last; whoever
   * uses it rolls back what is done there. Only where the revisions load.
   */
  readonly scratch: () => Promise<Scratch>;
  /**
   * An empty scratch database for a section that commits to it: whoever asks next gets another. Only where the revisions
   * load.
   */
  readonly emptyScratch: () => Promise<Scratch>;
  /**
   * The revisions as proofs run them, those in Python with the SQL that Alembic writes for them (their downgrades too);
   * worked out once. Only where the revisions load.
   */
  readonly provable: () => Promise<ProvableMigrations>;
  /** What is proved of the heads, once for all sections that look at it. Only where the revisions load. */
  readonly commute: () => Promise<CommuteProof>;
  /** The strongest lock that may be taken on what is there already, where there is a limit. */
  readonly maxLock: LockMode | undefined;
  /** What is pending, run on tables with rows; undefined where nothing is. All sections share it. */
  readonly rehearsal: () => Promise<CheckedRehearsal | undefined>;
  /** In which order the branches of `united` can land; undefined without any. Only where the revisions load. */
  readonly landing: () => Promise<Landing | undefined>;
  /** Says what goes on right now, to whoever watches a terminal. */
  readonly tell: (doing: string) => void;
  /** Aborted when somebody asks the command to end. */
  readonly signal: AbortSignal | undefined;
}

/** A rehearsal, and what is known of the run that it stands for. */
export interface CheckedRehearsal extends PendingRehearsal {
  /** It begins where a database stands, or where `--since` says, and all of it runs at once. */
  readonly runsAtOnce: boolean;
}

/** It was looked at, and holds when nothing was found; or it was not, and `reason` says why. */
export type SectionOutcome =
  | {
      readonly kind: "looked";
      readonly findings: readonly Finding[];
      readonly summary: string;
      /** What is worth knowing and no failure. */
      readonly notes?: readonly Note[];
      /** What would mend it, for `git apply`. */
      readonly patch?: string;
    }
  | { readonly kind: "skipped"; readonly reason: string };

/** What does not hold, as an error says it. */
export interface Finding extends Note {
  readonly code: string;
  readonly hint: string;
}

/** A message and, where it has one, its place. */
export interface Note {
  readonly message: string;
  readonly path?: string;
  readonly line?: number;
}

/** An error as a finding; `pathOf` knows the file of a revision, for errors that name no file. */
export function findingOf(
  error: WellheadError,
  pathOf: (revision: string) => string | undefined = () => undefined,
): Finding {
  const facts = error.toJSON();
  const named = textIn(facts["revision"]) ?? textIn(listIn(facts["revisions"])[0]) ?? "";
  const path = textIn(facts["path"]) ?? textIn(listIn(facts["paths"]).at(-1)) ?? pathOf(named);
  const line = facts["line"];
  return {
    code: error.code,
    message: error.message,
    hint: error.hint ?? "",
    ...(path !== undefined && { path }),
    ...(typeof line === "number" && { line }),
  };
}

function textIn(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function listIn(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
