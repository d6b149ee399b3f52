import { readFileSync } from "node:fs";
import { readText } from "./read-text.ts";
import { replaceHead, type HeadChange } from "./replace-head.ts";
import type { RevisionFile } from "./revision-file.ts";
import type { FileRewrite } from "./rewrite-files.ts";

/**
 * How a file has to change for its revision to have another head, everything else byte for byte as it is. Nothing is
 * written.
 *
 * @throws the errors of `replaceHead`, and of reading the file
 */
export function headRewrite(
  { file, path, language }: Pick<RevisionFile, "file" | "path" | "language">,
  change: HeadChange,
): FileRewrite {
  const text = readText(file, path);
  const mark = readFileSync(file).subarray(0, 3).equals(Buffer.from("\uFEFF")) ? "\uFEFF" : "";
  return { file, before: mark + text, after: mark + replaceHead(text, change, { path, language }) };
}
