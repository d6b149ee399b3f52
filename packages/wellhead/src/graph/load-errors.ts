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
      hint: "targets use @ - + and : themselves; use letters, digits and _ for an id",
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
      { hint: `choose an id of at most ${limit} characters` },
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
      hint: "give one of them another id, or delete the copy",
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
    super("E_DUPLICATE_LABEL", fact, { hint: "a branch label names one revision: choose another name" });
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
        ? `did you mean ${nearest}? Otherwise bring back the file of ${parent}.`
        : `bring back the file of ${parent}, or let ${child.revision} revise another`,
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
          ? `did you mean ${nearest}? A dependency is written in full.`
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
      hint: "name the revision before it, or none",
    });
    this.revisions = [revision.revision];
  }
}

/** A revision that depends on itself. */
export class DependencySelfLoopError extends WellheadError {
  readonly revisions: readonly string[];

  constructor(revision: NamedRevision) {
    super("E_DEPENDENCY_SELF_LOOP", `Revision ${named(revision)} depends on itself.`, {
      hint: "take it out of its own dependencies",
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
      hint: "one of them has to revise a revision outside the circle, or none",
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
      hint: "take one of their dependencies away",
    });
    this.revisions = circle.map((entry) => entry.revision);
  }
}

function named(entry: NamedRevision): string {
  return entry.path === undefined ? entry.revision : `${entry.revision} (${entry.path})`;
}

function inFile(path: string | undefined): string {
  return path === undefined ? "" : ` (in ${path})`;
}

function circleText(circle: readonly NamedRevision[]): string {
  const names = circle.map(named);
  const shown = names.length > 8 ? [...names.slice(0, 4), "…", ...names.slice(-3)] : names;
  return [...shown, names[0] ?? ""].join(" -> ");
}

function quoted(text: string): string {
  return `"${text}"`;
}
