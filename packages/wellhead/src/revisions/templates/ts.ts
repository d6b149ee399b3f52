import { commentHead } from "./comment-head.ts";
import type { RevisionText } from "./revision-text.ts";

/** A new `.ts` revision. The import is of a type only, so that the file runs where the package is not installed. */
export function tsTemplate(revision: RevisionText): string {
  const functions = [asyncFunction("upgrade", revision.upgrade)];
  if (revision.irreversible === undefined) functions.push(asyncFunction("downgrade", revision.downgrade));
  return `${commentHead(revision, "//")}
import type { RevisionDatabase } from "wellhead";

${functions.join("\n")}`;
}

function asyncFunction(name: string, body: string): string {
  const lines = body.trim() === "" ? ["// await db.run(`…`);"] : body.trim().split("\n");
  const indented = lines.map((line) => (line === "" ? "" : `  ${line}`)).join("\n");
  return `export async function ${name}(db: RevisionDatabase): Promise<void> {\n${indented}\n}\n`;
}
