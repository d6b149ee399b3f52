// A change of a text as `git apply` takes it.
// See https://git-scm.com/docs/diff-format

import { structuredPatch } from "diff";

/** A file and how its text changes. */
export interface PatchedFile {
  /** From the top of the repository, with `/`. */
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

/** The patch of files whose texts differ; nothing of one whose text is the same. */
export function patchText(files: readonly PatchedFile[]): string {
  return files.map(filePatch).join("");
}

function filePatch({ path, before, after }: PatchedFile): string {
  if (before === after) return "";
  // A tab ends a name that holds a blank.
  const end = path.includes(" ") ? "\t" : "";
  const [one, other] = [quoted(`a/${path}`), quoted(`b/${path}`)];
  const { hunks } = structuredPatch("", "", before, after, undefined, undefined, { context: 3 });
  const lines = hunks.flatMap(({ oldStart, oldLines, newStart, newLines, lines }) => [
    `@@ -${oldStart},${oldLines} +${newStart},${newLines} @@`,
    ...lines,
  ]);
  return [`diff --git ${one} ${other}`, `--- ${one}${end}`, `+++ ${other}${end}`, ...lines, ""].join("\n");
}

/** As git writes a name that would be read wrongly. */
function quoted(name: string): string {
  if (!/["\\\p{Cc}]/u.test(name)) return name;
  const octal = (sign: string): string => `\\${sign.charCodeAt(0).toString(8).padStart(3, "0")}`;
  return `"${name.replaceAll(/["\\]/g, String.raw`\$&`).replaceAll(/\p{Cc}/gu, octal)}"`;
}
