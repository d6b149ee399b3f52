// A .sql or .ts file without a head is either something else (a seed, a helper) or a revision that lost its head. The
// second must not be passed over in silence: the graph would be another one.

import { headKeys } from "./head-line.ts";
import { RevisionHeadMissingError } from "./errors.ts";
import { editDistance } from "./nearest.ts";

/** What is known of a file in which no head was found. */
export interface HeadlessFile {
  readonly name: string;
  /** As shown to people. */
  readonly path: string;
  readonly language: "sql" | "ts";
  readonly text: string;
}

/**
 * Passes a file by that is plainly something else, and refuses one that looks like a revision: its name begins with
 * an id (`0001_…`, `9f3c0d2b71aa_…`: a first part that holds a digit, or is twelve hex digits), or one of its lines
 * reads like a head (`-- revises: …`), or it has an `-- upgrade` marker or exports `upgrade`.
 *
 * @throws RevisionHeadMissingError E_REVISION_HEAD_MISSING
 */
export function checkNotMeantAsRevision(file: HeadlessFile): void {
  const sign = signInText(file) ?? signInName(file);
  if (sign === undefined) return;
  const mark = file.language === "sql" ? "--" : "//";
  throw new RevisionHeadMissingError(
    { path: file.path, line: sign.line },
    sign.message,
    `begin the file with its head (\`${mark} revision: ID\`, \`${mark} revises: ID\`, \`${mark} message: …\`); if it is no ` +
      "revision, move it out of the migrations folder, or name it so that it does not begin with an id (`seed.sql`)",
  );
}

interface Sign {
  readonly line: number;
  readonly message: string;
}

function signInName({ name }: HeadlessFile): Sign | undefined {
  const first = /^([^_]+)_/u.exec(name)?.[1] ?? "";
  if (!/\d/u.test(first) && !/^[0-9a-f]{12}$/u.test(first)) return undefined;
  return { line: 1, message: "The file is named like a revision, but has no head." };
}

function signInText({ text, language }: HeadlessFile): Sign | undefined {
  for (const [index, line] of text.split(/\r\n|\n|\r/u).entries()) {
    const message = signInLine(line, language);
    if (message !== undefined) return { line: index + 1, message };
  }
  return undefined;
}

function signInLine(line: string, language: "sql" | "ts"): string | undefined {
  const [, mark, word, value = ""] = /^\s*(--|\/\/|\/\*+|\*)\s*([A-Za-z]+(?: on)?)\b(.*)$/u.exec(line) ?? [];
  if (mark === undefined || word === undefined) return signInCode(line, language);
  if (language === "sql" && /^upgrade$/iu.test(word) && /^\s*:?\s*$/u.test(value)) {
    return "The file has an `-- upgrade` section, but no head above it.";
  }
  const isRightMark = mark === (language === "sql" ? "--" : "//");
  if (!/^\s*:/u.test(value)) {
    const isBare = isRightMark && /^revis(?:ion|es)$/iu.test(word) && /^\s+[\w.]+\s*$/u.test(value);
    return isBare ? `\`${line.trim()}\` reads like a head, but has no colon.` : undefined;
  }
  if (/^revis(?:ion|es)$/iu.test(word)) {
    return isRightMark
      ? "The head must be the first thing in the file."
      : `The head must be written in lines that begin with \`${language === "sql" ? "--" : "//"}\`.`;
  }
  return isMisspelt(word)
    ? `\`${word}:\` reads like a head's \`${headKeys[0]}:\` or \`${headKeys[1]}:\`.`
    : undefined;
}

function signInCode(line: string, language: "sql" | "ts"): string | undefined {
  return language === "ts" && /^\s*export\s+(?:async\s+)?(?:function|const)\s+(?:up|down)grade\b/u.test(line)
    ? "The module exports an upgrade, but has no head."
    : undefined;
}

function isMisspelt(word: string): boolean {
  const lower = word.toLowerCase();
  return lower.startsWith("rev") && headKeys.slice(0, 2).some((key) => editDistance(lower, key) <= 2);
}
