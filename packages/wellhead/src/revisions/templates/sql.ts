import { commentHead } from "./comment-head.ts";
import type { RevisionText } from "./revision-text.ts";

/** A new `.sql` revision. An irreversible one has no downgrade section. */
export function sqlTemplate(revision: RevisionText): string {
  const upgrade = `-- upgrade\n${body(revision.upgrade)}`;
  const downgrade = revision.irreversible === undefined ? `\n-- downgrade\n${body(revision.downgrade)}` : "";
  return `${commentHead(revision, "--")}\n${upgrade}${downgrade}`;
}

function body(sql: string): string {
  return sql.trim() === "" ? "" : `${sql.trim()}\n`;
}
