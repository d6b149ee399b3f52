import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { NewRevisionError, RevisionFileExistsError } from "./errors.ts";
import { defaultFileTemplate, fillFileTemplate } from "./file-template.ts";
import { shownPath } from "./folder-entries.ts";
import { forbiddenInId } from "./head-values.ts";
import { makeFolder } from "./make-folder.ts";
import type { RevisionLanguage } from "./revision-file.ts";
import { defaultSlugLength, slugOf } from "./slug.ts";
import { pyTemplate } from "./templates/py.ts";
import type { RevisionText } from "./templates/revision-text.ts";
import { sqlTemplate } from "./templates/sql.ts";
import { tsTemplate } from "./templates/ts.ts";

/** A revision that is to be written. */
export interface NewRevisionOptions {
  /** The migrations folder that the file goes into. */
  readonly folder: string;
  readonly revision: string;
  /** Its down revisions, in order; none for a base. */
  readonly revises: readonly string[];
  readonly dependsOn?: readonly string[];
  readonly labels?: readonly string[];
  /** One line; line ends in it become blanks. Default: none. */
  readonly message?: string;
  readonly created: Date;
  readonly language: RevisionLanguage;
  readonly transaction?: "none";
  readonly irreversible?: string;
  readonly proved?: string | undefined;
  /** The body of the upgrade in the file's language. Default: left to the author. */
  readonly upgrade?: string;
  readonly downgrade?: string;
  /** Alembic's `file_template`. Default: `%(rev)s_%(slug)s`. */
  readonly fileTemplate?: string;
  /** Alembic's `truncate_slug_length`. Default: 40. */
  readonly slugLength?: number;
  /** Alembic's `timezone`, for the date in the name and in a `.py` file. Default: UTC. */
  readonly timezone?: string;
}

/** A revision file that is not yet on the disk. */
export interface NewRevisionFile {
  /** In the folder that was named. */
  readonly file: string;
  readonly text: string;
}

/**
 * The file of a new revision: its name and its text. Nothing is written.
 *
 * Every text in the head is made one line: line ends and control characters become blanks. `.py` files have no line for
 * `transaction`, `irreversible` and `proved`.
 *
 * @throws NewRevisionError E_REVISION_NOT_WRITABLE for an id, label or name that a revision file cannot carry
 */
export function newRevisionFile(options: NewRevisionOptions): NewRevisionFile {
  const text = revisionText(options);
  const name = fileName(options, text);
  return {
    file: join(options.folder, `${name}.${options.language}`),
    text: templates[options.language](text),
  };
}

/**
 * Writes a new revision file, with the folders of its `file_template` where it has some. A file that is already there
 * stays as it is.
 *
 * @throws RevisionFileExistsError E_REVISION_FILE_EXISTS; NewRevisionError E_REVISION_NOT_WRITABLE
 */
export function writeRevisionFile({ file, text }: NewRevisionFile): void {
  const path = shownPath(file, process.cwd());
  try {
    makeFolder(dirname(file));
  } catch (error) {
    throw notWritable(path, error);
  }
  try {
    writeFileSync(file, text, { flag: "wx" });
  } catch (error) {
    if (errorCode(error) === "EEXIST") throw new RevisionFileExistsError(path);
    throw notWritable(path, error);
  }
}

function notWritable(path: string, error: unknown): unknown {
  const code = errorCode(error);
  if (code === undefined) return error;
  return new NewRevisionError(
    `${path} cannot be written (${code}).`,
    "see that the folder can be written to, and that the disk has room",
    error,
  );
}

function errorCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error ? String(error.code) : undefined;
}

const templates: Readonly<Record<RevisionLanguage, (text: RevisionText) => string>> = {
  sql: sqlTemplate,
  ts: tsTemplate,
  py: pyTemplate,
};

function revisionText(options: NewRevisionOptions): RevisionText {
  const { revision, revises, dependsOn = [], labels = [], upgrade = "", downgrade = "" } = options;
  for (const id of [revision, ...revises]) checkId(id);
  for (const name of [...dependsOn, ...labels]) checkName(name);
  for (const label of labels) checkLabel(label);
  return {
    revision,
    revises,
    dependsOn,
    labels,
    message: oneLine(options.message ?? ""),
    created: options.created,
    timezone: options.timezone ?? "UTC",
    transaction: options.transaction,
    irreversible: options.irreversible === undefined ? undefined : oneLine(options.irreversible),
    proved: options.proved === undefined ? undefined : oneLine(options.proved),
    upgrade,
    downgrade,
  };
}

/** A text that fits into one line of a comment, in SQL as in TypeScript, and into a docstring. */
function oneLine(text: string): string {
  // U+2028 and U+2029 end a comment in TypeScript; half a surrogate pair cannot be written as UTF-8.
  return text
    .replaceAll(/[\s\p{Cc}\u{2028}\u{2029}]+/gu, " ")
    .trim()
    .toWellFormed();
}

function checkId(id: string): void {
  const characters = forbiddenInId(id);
  if (id === "") throw new NewRevisionError("A revision needs an id.", "leave `--rev-id` out to get one");
  if (characters.length === 0 && !/[/\\]/u.test(id) && id.isWellFormed()) return;
  const what = characters.length === 0 ? "characters that no file name holds" : characters.join(" and ");
  throw new NewRevisionError(
    `\`${id}\` cannot be the id of a revision: it holds ${what}.`,
    "use letters, digits, `_` and `.`",
  );
}

/** A label or a dependency stands in a comma list. */
function checkName(name: string): void {
  if (name === "") {
    throw new NewRevisionError(
      "A branch label or a dependency is empty.",
      "name one, or leave the option out",
    );
  }
  if (name.isWellFormed() && name === oneLine(name) && !name.includes(",")) return;
  throw new NewRevisionError(
    `\`${oneLine(name)}\` cannot be a branch label or a dependency: it stands in a list separated by commas.`,
    "use letters, digits, `_` and `.`",
  );
}

/** A label that no target could name: `x@y@head` is y's, `line-2@head` walks two steps down from `line`. */
function checkLabel(label: string): void {
  const isTarget = ["head", "heads", "base", "current"].includes(label);
  if (!isTarget && !/[@:+]|-\d/u.test(label)) return;
  throw new NewRevisionError(
    isTarget
      ? `\`${label}\` cannot be a branch label: as a target it means something else.`
      : `\`${label}\` cannot be a branch label: targets use its signs themselves.`,
    "use letters, digits, `_` and `.`",
  );
}

function fileName(options: NewRevisionOptions, text: RevisionText): string {
  const { fileTemplate = defaultFileTemplate, slugLength = defaultSlugLength } = options;
  const slug = slugOf(text.message, slugLength);
  try {
    return fillFileTemplate(fileTemplate, { ...text, slug });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new NewRevisionError(
      `The name of the revision file cannot be made: ${error.message}.`,
      "see `file_template` and `timezone` in the configuration",
      error,
    );
  }
}
