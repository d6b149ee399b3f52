// Reads the head of a .sql or .ts revision: the first block of comment lines that holds one of the head's keys.

import { readAllowance } from "./allowance.ts";
import { RevisionHeadError } from "./errors.ts";
import { headKeys, repeatableKeys, type HeadKey, type HeadLine } from "./head-line.ts";
import { checkCreated, checkHeadId, readHeadList } from "./head-values.ts";
import { nearest } from "./nearest.ts";
import type { RevisionHead } from "./revision-file.ts";

/** What was found: the head; no head; or only comments up to the end of the text, so that it may follow. */
export type HeadSearch = HeadBlock | { readonly kind: "none" } | { readonly kind: "unfinished" };

/** The head's lines, and where the text below it begins. */
export interface HeadBlock {
  readonly kind: "head";
  readonly lines: readonly HeadLine[];
  /** The line after the head, counted from 1. */
  readonly endLine: number;
  /** Where that line begins in the text. */
  readonly endOffset: number;
}

/**
 * Finds the head in the text of a file. Comments that stand above it, apart from it by an empty line, are skipped;
 * anything else above it means that there is none.
 *
 * Inside the head every line is `key: value`, the keys in any order and in any case. A comment line without a colon
 * is a remark, unless it begins with a key (then the colon was forgotten).
 *
 * @param path - as shown to people, for the errors
 * @param isWhole - whether `text` is the whole file; when not, a head that reaches its end is unfinished
 * @throws RevisionHeadError E_REVISION_HEAD for an unknown or repeated key and for a forgotten colon
 */
export function findHeadBlock(text: string, marker: "--" | "//", path: string, isWhole: boolean): HeadSearch {
  const block = firstBlockWithKey(text, marker);
  if (block === undefined) return { kind: "none" };
  if (block.reachesEnd && !isWhole) return { kind: "unfinished" };
  if (!block.isHead) return { kind: "none" };
  const lines: HeadLine[] = [];
  for (const comment of block.comments) {
    const found = readHeadLine(comment, path);
    if (found === undefined) continue;
    const earlier = lines.find((other) => other.key === found.key);
    if (earlier !== undefined && !repeatableKeys.includes(found.key)) {
      throw new RevisionHeadError(
        { path, line: found.line },
        found.value,
        `\`${found.key}\` is said twice, in line ${earlier.line} as well.`,
        "keep one of the two lines; several ids or labels go on one line, separated by commas",
      );
    }
    lines.push(found);
  }
  return { kind: "head", lines, endLine: block.endLine, endOffset: block.endOffset };
}

/**
 * The head that a block's lines say, checked.
 *
 * @throws RevisionHeadError E_REVISION_HEAD naming file, line and value
 */
export function readCommentHead(block: HeadBlock, path: string): RevisionHead {
  const said: { [key in HeadKey]?: HeadLine } = {};
  for (const line of block.lines) said[line.key] = line;
  const { revises } = said;
  return {
    revision: readRevisionId(said.revision, block, path),
    revises: readHeadList(revises, path).map((id) => checkHeadId(id, revises?.line ?? 1, path)),
    dependsOn: readHeadList(said["depends on"], path),
    labels: readHeadList(said.labels, path),
    message: said.message?.value ?? "",
    created: checkCreated(said.created, path),
    transaction: readTransaction(said.transaction, path),
    irreversible: readIrreversible(said.irreversible, path),
    allows: block.lines.filter(({ key }) => key === "allow").map((line) => readAllowance(line, path)),
    proved: said.proved?.value,
    docstring: undefined,
  };
}

/** The comment's text when the line is a whole-line comment, undefined otherwise. */
function commentContent(line: string, marker: "--" | "//"): string | undefined {
  const trimmed = line.trim();
  return trimmed.startsWith(marker) ? trimmed.slice(marker.length).trim() : undefined;
}

const keyLine = /^([A-Za-z]+(?:[ _-][A-Za-z]+)?)\s*:(.*)$/u;
/** A section marker ends the head when there is no empty line between them. */
const sectionMarker = /^(?:up|down)grade\s*:?$/iu;

interface CommentLine {
  readonly content: string;
  readonly line: number;
  /** Where it has the form `word: value`. */
  readonly entry: { readonly word: string; readonly value: string } | undefined;
}

function commentLine(content: string, line: number): CommentLine {
  const parts = keyLine.exec(content);
  return {
    content,
    line,
    entry: parts === null ? undefined : { word: parts[1] ?? "", value: parts[2] ?? "" },
  };
}

interface CommentBlock {
  readonly comments: readonly CommentLine[];
  readonly endLine: number;
  readonly endOffset: number;
  readonly isHead: boolean;
  /** Nothing but comments and empty lines up to the end of the text. */
  readonly reachesEnd: boolean;
}

/** undefined when something else than comments stands above any head. */
function firstBlockWithKey(text: string, marker: "--" | "//"): CommentBlock | undefined {
  let comments: CommentLine[] = [];
  let signs = 0;
  let inBlockComment = false;
  let line = 0;
  let offset = 0;
  while (offset < text.length) {
    const end = endOfLine(text, offset);
    const content = text.slice(offset, end.content);
    line += 1;
    const comment = inBlockComment ? undefined : commentContent(content, marker);
    if (comment !== undefined && !sectionMarker.test(comment)) {
      const read = commentLine(comment, line);
      comments.push(read);
      signs += signsOfHead(read);
    } else if (signs >= SURE) {
      return { comments, endLine: line, endOffset: offset, isHead: true, reachesEnd: false };
    } else {
      comments = [];
      signs = 0;
      const isSkipped: boolean = inBlockComment || content.trim() === "" || content.trim().startsWith("/*");
      if (!isSkipped) return undefined;
      inBlockComment = (inBlockComment || content.trim().startsWith("/*")) && !content.includes("*/");
    }
    offset = end.next;
  }
  return { comments, endLine: line + 1, endOffset: offset, isHead: signs >= SURE, reachesEnd: true };
}

/** Where the line that begins at `offset` ends, with and without its line end (`\n`, `\r\n` or `\r`). */
function endOfLine(text: string, offset: number): { content: number; next: number } {
  const feed = text.indexOf("\n", offset);
  const end = feed === -1 ? text.length : feed;
  const carriage = text.indexOf("\r", offset);
  if (carriage === -1 || carriage >= end) return { content: end, next: feed === -1 ? end : end + 1 };
  return { content: carriage, next: carriage + 1 === feed ? feed + 1 : carriage + 1 };
}

/** One key that only a head has is enough, or two of the others: `-- created: 2025` also stands above a seed. */
const SURE = 2;

function signsOfHead({ entry }: CommentLine): number {
  const key = knownKey(entry?.word ?? "");
  if (key === undefined) return 0;
  return key === "revision" || key === "revises" ? SURE : 1;
}

function knownKey(word: string): HeadKey | undefined {
  const lower = word.toLowerCase();
  return headKeys.find((key) => key === lower);
}

function readHeadLine({ content, line, entry }: CommentLine, path: string): HeadLine | undefined {
  if (entry === undefined) {
    checkForForgottenColon(content, line, path);
    return undefined;
  }
  const { word, value } = entry;
  const key = knownKey(word);
  if (key !== undefined) return { key, value: value.trim(), line };
  // "https://…" and "a::b" are remarks.
  if (/^[^\s]/u.test(value)) return undefined;
  const near = nearest(word.toLowerCase().replaceAll(/[_-]/gu, " "), headKeys);
  throw new RevisionHeadError(
    { path, line },
    word,
    `The head of a revision has no key \`${word}\`.`,
    near === undefined
      ? `the keys are ${headKeys.join(", ")}; put a remark below the head, after an empty line`
      : `did you mean \`${near}\`?`,
  );
}

function checkForForgottenColon(content: string, line: number, path: string): void {
  const key = headKeys.find(
    (key) => content.toLowerCase() === key || content.toLowerCase().startsWith(`${key} `),
  );
  if (key === undefined) return;
  throw new RevisionHeadError(
    { path, line },
    content,
    `\`${content}\` begins with the key \`${key}\`, but has no colon after it.`,
    `write \`${key}: …\`; put a remark below the head, after an empty line`,
  );
}

function readRevisionId(found: HeadLine | undefined, block: HeadBlock, path: string): string {
  if (found !== undefined) return checkHeadId(found.value, found.line, path);
  throw new RevisionHeadError(
    { path, line: block.lines[0]?.line ?? 1 },
    "",
    "The head has no `revision` line.",
    "add `revision: ID` as its first line, with the id that the file's name begins with",
  );
}

function readTransaction(found: HeadLine | undefined, path: string): "none" | undefined {
  if (found === undefined) return undefined;
  if (found.value === "none") return "none";
  throw new RevisionHeadError(
    { path, line: found.line },
    found.value,
    `\`transaction: ${found.value}\` is not known.`,
    "the only value is `transaction: none`; leave the line out for a revision that runs in a transaction",
  );
}

function readIrreversible(found: HeadLine | undefined, path: string): string | undefined {
  if (found === undefined || found.value !== "") return found?.value;
  throw new RevisionHeadError(
    { path, line: found.line },
    "",
    "`irreversible` gives no reason.",
    "say why there is no way back (`irreversible: the column's values are gone`), or leave the line out",
  );
}
