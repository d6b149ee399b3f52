import { findHeadBlock } from "./comment-head.ts";
import { sha256 } from "./digest.ts";
import type { RevisionFile } from "./revision-file.ts";
import { revisionText } from "./revision-text.ts";
import { splitSections } from "./sections.ts";
import type { SqlScript } from "./sql-sections.ts";

/**
 * What the ledger remembers of a revision: the SHA-256, in hex, of its upgrade. Line ends, blanks at the ends of lines
 * and empty lines at the end do not count, and neither does the head: a new parent or message is no new upgrade.
 * For a `.sql` file that is the upgrade section, for `.ts` the module below the head, for `.py` the whole module.
 *
 * @throws the errors of `loadSqlRevision`
 */
export function upgradeChecksum(
  file: Pick<RevisionFile, "file" | "path" | "language" | "inMemory" | "text">,
): string {
  return textChecksum(upgradeText(revisionText(file), file));
}

/** The same of the upgrade of a `.sql` revision that is loaded already. */
export function scriptChecksum({ text }: SqlScript): string {
  return textChecksum(text);
}

function textChecksum(text: string): string {
  const normalised = text.replaceAll(/[^\S\n\r]*(?:\r\n|\n|\r|$)/gu, "\n").replace(/\n+$/u, "\n");
  return sha256(normalised);
}

function upgradeText(text: string, { path, language }: Pick<RevisionFile, "path" | "language">): string {
  if (language === "py") return text;
  if (language === "sql") return splitSections(text, path).upgrade.text;
  const head = findHeadBlock(text, "//", path, true);
  return head.kind === "head" ? text.slice(head.endOffset) : text;
}
