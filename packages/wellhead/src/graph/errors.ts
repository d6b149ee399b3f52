import { WellheadError } from "../wellhead-error.ts";

/** A revision as messages name it: its id and, where it is known, its file. */
export interface NamedRevision {
  readonly revision: string;
  readonly path?: string | undefined;
}

/** An id that holds a character which targets use, or is empty. */
export class InvalidRevisionIdError extends WellheadError {
  readonly revision: string;
  readonly characters: readonly string[];
  readonly path: string | undefined;

  constructor(revision: string, characters: readonly string[], path?: string) {
    const reason = revision === "" ? "is empty" : `holds ${characters.map(quoted).join(", ")}`;
    super("E_INVALID_REVISION_ID", `The revision id ${quoted(revision)} ${reason}${inFile(path)}.`, {
      hint: "Targets use @ - + and : themselves; use letters, digits and _ for an id.",
    });
    this.revision = revision;
    this.characters = characters;
    this.path = path;
  }
}

/** An id that does not fit the version table. */
export class RevisionIdTooLongError extends WellheadError {
  readonly revision: string;
  readonly length: number;
  readonly limit: number;

  constructor(revision: string, length: number, limit: number) {
    super(
      "E_REVISION_ID_TOO_LONG",
      `The revision id ${quoted(revision)} has ${length} characters, but the version table holds ${limit}.`,
      { hint: `Choose an id of at most ${limit} characters.` },
    );
    this.revision = revision;
    this.length = length;
    this.limit = limit;
  }
}

/** Two files that declare one id. */
export class DuplicateRevisionError extends WellheadError {
  readonly revision: string;
  readonly paths: readonly string[];

  constructor(revision: string, paths: readonly string[]) {
    const where = paths.length > 0 ? `: ${paths.join(", ")}` : "";
    super("E_DUPLICATE_REVISION", `The revision id ${revision} is used more than once${where}.`, {
      hint: "Give one of them another id, or delete the copy.",
    });
    this.revision = revision;
    this.paths = paths;
  }
}

/** A branch label that is declared twice, or that is also the id of a revision. */
export class DuplicateLabelError extends WellheadError {
  readonly label: string;
  readonly revisions: readonly string[];

  constructor(label: string, first: NamedRevision, second: NamedRevision) {
    const fact =
      first.revision === label
        ? `The branch label ${quoted(label)} of revision ${named(second)} is also the id of revision ${named(first)}.`
        : `The branch label ${quoted(label)} of revision ${named(second)} is already the label of revision ${named(first)}.`;
    super("E_DUPLICATE_LABEL", fact, { hint: "A branch label names one revision: choose another name." });
    this.label = label;
    this.revisions = [first.revision, second.revision];
  }
}

/** A revision that revises one which no file declares. */
export class MissingParentError extends WellheadError {
  readonly revision: string;
  readonly parent: string;
  readonly path: string | undefined;
  readonly nearest: string | undefined;

  constructor(child: NamedRevision, parent: string, nearest: string | undefined) {
    super("E_MISSING_PARENT", `Revision ${named(child)} revises ${parent}, which no file declares.`, {
      hint: nearest
        ? `Did you mean ${nearest}? Otherwise bring back the file of ${parent}.`
        : `Bring back the file of ${parent}, or let ${child.revision} revise another.`,
    });
    this.revision = child.revision;
    this.parent = parent;
    this.path = child.path;
    this.nearest = nearest;
  }
}

/** A revision that depends on an id or label which no file declares. */
export class MissingDependencyError extends WellheadError {
  readonly revision: string;
  readonly dependency: string;
  readonly path: string | undefined;
  readonly nearest: string | undefined;

  constructor(child: NamedRevision, dependency: string, nearest: string | undefined) {
    super(
      "E_MISSING_DEPENDENCY",
      `Revision ${named(child)} depends on ${dependency}, which is neither a revision nor a branch label.`,
      {
        hint: nearest
          ? `Did you mean ${nearest}? A dependency is written in full.`
          : "A dependency is the full id of a revision, or a branch label.",
      },
    );
    this.revision = child.revision;
    this.dependency = dependency;
    this.path = child.path;
    this.nearest = nearest;
  }
}

/** A revision that revises itself. */
export class SelfLoopError extends WellheadError {
  readonly revisions: readonly string[];

  constructor(revision: NamedRevision) {
    super("E_SELF_LOOP", `Revision ${named(revision)} revises itself.`, {
      hint: "Name the revision before it, or none.",
    });
    this.revisions = [revision.revision];
  }
}

/** A revision that depends on itself. */
export class DependencySelfLoopError extends WellheadError {
  readonly revisions: readonly string[];

  constructor(revision: NamedRevision) {
    super("E_DEPENDENCY_SELF_LOOP", `Revision ${named(revision)} depends on itself.`, {
      hint: "Take it out of its own dependencies.",
    });
    this.revisions = [revision.revision];
  }
}

/** Revisions that revise each other in a circle. */
export class CycleError extends WellheadError {
  /** The circle: each revises the next, and the last the first. */
  readonly revisions: readonly string[];

  constructor(circle: readonly NamedRevision[]) {
    super("E_CYCLE", `These revisions revise each other in a circle: ${circleText(circle)}.`, {
      hint: "One of them has to revise a revision outside the circle, or none.",
    });
    this.revisions = circle.map((entry) => entry.revision);
  }
}

/** Revisions that need each other in a circle, by what they revise and depend on. */
export class DependencyCycleError extends WellheadError {
  /** The circle: each revises or depends on the next, and the last on the first. */
  readonly revisions: readonly string[];

  constructor(circle: readonly NamedRevision[]) {
    super("E_DEPENDENCY_CYCLE", `These revisions need each other in a circle: ${circleText(circle)}.`, {
      hint: "Take one of their dependencies away.",
    });
    this.revisions = circle.map((entry) => entry.revision);
  }
}

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
          "Either this code is older than the database, or another branch is checked out: take the code that has " +
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
        hint: "Write more of the id.",
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
      hint: "Say --splice to start a new branch there, or name a head.",
    });
    this.revision = revision;
    this.children = children;
  }
}

/** The same revision named twice as what a new one revises. */
export class DuplicateHeadError extends WellheadError {
  readonly revision: string;

  constructor(revision: string) {
    super("E_DUPLICATE_HEAD", `Revision ${revision} is named twice.`, { hint: "Name each revision once." });
    this.revision = revision;
  }
}

/** A list of ids for a message: the first five, and how many more. */
export function listed(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(", ");
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}

function named(entry: NamedRevision): string {
  return entry.path === undefined ? entry.revision : `${entry.revision} (${entry.path})`;
}

function inFile(path: string | undefined): string {
  return path === undefined ? "" : ` (in ${path})`;
}

function quoted(text: string): string {
  return `"${text}"`;
}

function counted(count: number): string {
  return ["No", "One", "Two", "Three", "Four", "Five", "Six"][count] ?? String(count);
}

function circleText(circle: readonly NamedRevision[]): string {
  const names = circle.map(named);
  const shown = names.length > 8 ? [...names.slice(0, 4), "…", ...names.slice(-3)] : names;
  return [...shown, names[0] ?? ""].join(" -> ");
}
