import { WellheadError } from "../wellhead-error.ts";

/** A target that names no revision and no branch. */
export class RevisionNotFoundError extends WellheadError {
  readonly target: string;
  readonly nearest: string | undefined;

  constructor(target: string, message: string, hint: string | undefined, nearest?: string) {
    super("E_REVISION_NOT_FOUND", message, hint === undefined ? {} : { hint });
    this.target = target;
    this.nearest = nearest;
  }
}

/** Versions of a database that no revision file declares. */
export class UnknownVersionError extends WellheadError {
  readonly versions: readonly string[];
  readonly nearest: string | undefined;

  constructor(versions: readonly string[], nearest: string | undefined) {
    const several = versions.length > 1;
    const near = nearest === undefined ? "" : ` The nearest revision there is: ${nearest}.`;
    super(
      "E_REVISION_NOT_FOUND",
      `The database stands at ${versions.join(", ")}, which no revision file declares.${near}`,
      {
        hint:
          "either this code is older than the database, or another branch is checked out: take the code that has " +
          `${several ? "these revisions" : "this revision"}. If ${several ? "they are" : "it is"} gone for good, ` +
          "compare the schema and set the versions anew with `stamp --purge TARGET`.",
      },
    );
    this.versions = versions;
    this.nearest = nearest;
  }
}

/** A partial id that several revisions or labels start with. */
export class AmbiguousRevisionError extends WellheadError {
  readonly target: string;
  readonly candidates: readonly string[];

  constructor(target: string, candidates: readonly string[]) {
    super(
      "E_AMBIGUOUS_REVISION",
      `Several revisions or labels start with ${quoted(target)}: ${listed(candidates)}.`,
      {
        hint: "write more of the id",
      },
    );
    this.target = target;
    this.candidates = candidates;
  }
}

/** A target that stands for one head where there are several. */
export class MultipleHeadsError extends WellheadError {
  readonly target: string;
  readonly heads: readonly string[];

  constructor(
    target: string,
    heads: readonly string[],
    details: { heads: readonly string[]; note?: string; hint: string },
  ) {
    const note = details.note === undefined ? "" : ` ${details.note}`;
    super(
      "E_MULTIPLE_HEADS",
      `${counted(heads.length)} heads: ${listed(details.heads)}. Cannot tell which one ${quoted(target)} means.${note}`,
      { hint: details.hint },
    );
    this.target = target;
    this.heads = heads;
  }
}

/** A walk of N steps that comes to a fork, or does not know where to start. */
export class AmbiguousWalkError extends WellheadError {
  readonly target: string;
  readonly candidates: readonly string[];

  constructor(target: string, message: string, candidates: readonly string[], hint: string) {
    super("E_AMBIGUOUS_WALK", message, { hint });
    this.target = target;
    this.candidates = candidates;
  }
}

/** A range whose ends do not lie on one line, or a downgrade to where the database does not come from. */
export class RangeNotAncestorError extends WellheadError {
  readonly lower: string;
  readonly upper: readonly string[];

  constructor(lower: string, upper: readonly string[], message: string, hint: string) {
    super("E_RANGE_NOT_ANCESTOR", message, { hint });
    this.lower = lower;
    this.upper = upper;
  }
}

/** A target that is written wrongly, leads off the graph, or is none for this command. */
export class InvalidTargetError extends WellheadError {
  readonly target: string;

  constructor(target: string, message: string, hint: string) {
    super("E_INVALID_TARGET", message, { hint });
    this.target = target;
  }
}

/** A revision beside its own ancestor, as targets or as versions of a database. */
export class OverlappingRevisionsError extends WellheadError {
  readonly revision: string;
  readonly ancestor: string;

  constructor(revision: string, ancestor: string, message: string, hint: string) {
    super("E_OVERLAPPING_REVISIONS", message, { hint });
    this.revision = revision;
    this.ancestor = ancestor;
  }
}

/** A new revision on one that is no head, without `splice`. */
export class NotAHeadError extends WellheadError {
  readonly revision: string;
  readonly children: readonly string[];

  constructor(revision: string, children: readonly string[]) {
    super("E_NOT_A_HEAD", `Revision ${revision} is no head: it is revised by ${listed(children)}.`, {
      hint: "say --splice to start a new branch there, or name a head",
    });
    this.revision = revision;
    this.children = children;
  }
}

/** The same revision named twice as what a new one revises. */
export class DuplicateHeadError extends WellheadError {
  readonly revision: string;

  constructor(revision: string) {
    super("E_DUPLICATE_HEAD", `Revision ${revision} is named twice.`, { hint: "name each revision once" });
    this.revision = revision;
  }
}

/** A list of ids for a message: the first five, and how many more. */
function listed(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(", ");
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}

function counted(count: number): string {
  return ["No", "One", "Two", "Three", "Four", "Five", "Six"][count] ?? String(count);
}

function quoted(text: string): string {
  return `"${text}"`;
}
