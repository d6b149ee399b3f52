import { findHeadBlock, readCommentHead, type HeadBlock } from "./comment-head.ts";
import { RevisionHeadMissingError } from "./errors.ts";
import { readModule, readPythonHead } from "./python-head.ts";
import type { RevisionLanguage } from "./revision-file.ts";
import { docstringText, oneOrTuple } from "./templates/py.ts";

/** What of a head is to be another. */
export interface HeadChange {
  /** The new down revisions, in order; none makes the revision a base. */
  readonly revises: readonly string[];
}

/**
 * The text of a revision with other down revisions, everything else left as it is. In a `.py` file that is the value of
 * `down_revision`, and the docstring's `Revises:` line where there is one.
 *
 * @param path - as shown to people, for the errors
 * @throws RevisionHeadMissingError E_REVISION_HEAD_MISSING; RevisionHeadError E_REVISION_HEAD
 */
export function replaceHead(
  text: string,
  change: HeadChange,
  { path, language }: { readonly path: string; readonly language: RevisionLanguage },
): string {
  if (language === "py") return replaceInPython(text, change, path);
  const marker = language === "sql" ? "--" : "//";
  const head = findHeadBlock(text, marker, path, true);
  if (head.kind !== "head") {
    throw new RevisionHeadMissingError(
      { path, line: 1 },
      "The file has no head.",
      `begin it with \`${marker} revision: ID\``,
    );
  }
  readCommentHead(head, path);
  return replaceInComments(text, change, head, marker);
}

function replaceInComments(
  text: string,
  { revises }: HeadChange,
  { lines }: HeadBlock,
  marker: string,
): string {
  const wanted = `${marker} revises: ${revises.join(", ")}`.trimEnd();
  const written = lines.find(({ key }) => key === "revises");
  const anchor = written ?? lines.find(({ key }) => key === "revision");
  const rows = text.split(/(?<=\n|\r(?!\n))/u);
  const index = (anchor?.line ?? 1) - 1;
  const row = rows[index] ?? "";
  const end = /[\r\n]*$/u.exec(row)?.[0] ?? "";
  rows[index] =
    written === undefined
      ? `${row.slice(0, row.length - end.length)}${end || "\n"}${wanted}${end}`
      : wanted + end;
  return rows.join("");
}

function replaceInPython(text: string, { revises }: HeadChange, path: string): string {
  readPythonHead(text, path);
  const assignment = readModule(text, path).variables.get("down_revision");
  if (assignment === undefined) return text;
  const { valueStart, valueEnd } = assignment;
  const above = text
    .slice(0, valueStart)
    .replace(/^(Revises:)[^\n\r]*/mu, (_, key: string) => `${key} ${docstringText(revises.join(", "))}`);
  return `${above}${oneOrTuple(revises)}${text.slice(valueEnd)}`;
}
